"""An aid request, from the counter to the signed letter."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ops.demo.office import CaseJourney

REQUEST: dict[str, Any] = {
    "kind": "assistance_verification",
    "channel": "counter",
    "purpose": "jamkesda",
    "target_institution": "RSUD Sultan Suriansyah",
    "applicant": {
        "name": "Siti Contoh",
        "nik": "6371034107900001",
        "family_card": "6371030101150001",
        "birth_date": "1990-07-01",
        "sex": "female",
        "phone": "0812 0000 0000",
    },
    "address": {"street": "Jl. Contoh No. 1", "rt": "12", "rw": "1", "village": "63.71.03.1003"},
    "notes": "Ibu akan menjalani operasi; keluarga belum terdaftar.",
}
FINDINGS = "Rumah sewa satu kamar, empat anggota keluarga, kepala keluarga bekerja harian lepas."
GROUNDS = "Hasil kunjungan menunjukkan keluarga tidak mampu menanggung biaya perawatan."


def _now() -> datetime:
    return datetime.now().astimezone()


class AidJourney(CaseJourney):
    """The six steps of the published procedure "Verifikasi segera permohonan"."""

    moves = "/v1/verifications"
    letter = "verification_letter"

    def travel(
        self, now: Callable[[], datetime] = _now, overnight: Callable[[], None] = lambda: None
    ) -> dict[str, Any]:
        """Walk the whole procedure; returns the final status.

        `now` is the office's time; `overnight` is called between the announcement and the visit.
        """
        self.registered(self.office.post("/v1/requests", REQUEST, "counter_officer"))
        checked = ("resident", "identity_document", "institution_documents")
        checklist = [{"requirement": name, "fulfilled": True} for name in checked]
        self.as_staff("identification", {"checklist": checklist}, "counter_officer", "announced")
        overnight()
        self.as_staff("claim", {}, "verifier", "assigned")
        self.as_staff("visit-report", visit(now()), "verifier", "visited")
        assessment = {"recommendation": "eligible", "grounds": GROUNDS}
        self.as_staff("assessment", assessment, "social_worker", "assessed")
        self.as_staff("decision", {"decision": "eligible", "grounds": GROUNDS}, "division_head")
        self.until(lambda status: len(status["documents"]) == 2, "receipt and letter")
        delivery = {"delivery": "oral_and_letter"}
        # Verification may hear of the letter a moment after the resident does.
        self.patiently(
            lambda: self.as_staff("delivery", delivery, "counter_officer"), "letter_not_ready"
        )
        return self.until(lambda status: status["status"] == "delivered", "delivered")


def visit(now: datetime) -> dict[str, Any]:
    """The report of a visit that ended a minute ago."""
    return {
        "visit": str(uuid.uuid4()),
        "outcome": "household_visited",
        "visited_at": (now - timedelta(minutes=1)).isoformat(),
        "findings": FINDINGS,
        "household_members": 4,
        "monthly_income_idr": 1_200_000,
        "position": {"latitude": -3.3186, "longitude": 114.5944, "accuracy_m": 8.5},
    }
