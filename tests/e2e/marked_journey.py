"""A journey on which every text that the API takes holds a mark."""

import uuid
from typing import Any

from ops.demo import Journey, Office
from tests.e2e.marks import MARKS, marked_request, small_pdf

CHECKED = ("resident", "identity_document", "institution_documents")


class Counter(Office):
    """The front door, which takes files too."""

    def bearer(self, role: str) -> dict[str, str]:
        """The header of who is signed in as this role."""
        return self._authorization(role)

    def upload(self, text: str, role: str | None = None) -> dict[str, Any]:
        """Send a small PDF that holds the text, under a file name that holds it too."""
        files = {"file": (f"{text}.pdf", small_pdf(text), "application/pdf")}
        headers = {"Idempotency-Key": str(uuid.uuid4()), **self._authorization(role)}
        answer = self._checked("POST", "/v1/attachments", files=files, headers=headers)
        return dict(answer.json())


class MarkedJourney(Journey):
    """The procedure with its detours: returned and supplemented, sent back for another visit."""

    office: Counter

    def __init__(self, office: Counter) -> None:
        super().__init__(office)
        self.files: dict[str, str] = {}

    def travel(self) -> dict[str, Any]:
        self.until_assigned()
        self._visit_and_assess()
        self._decide("send_back", "send-back grounds")
        self._until(lambda status: status["status"] == "assigned", "sent back")
        self._visit_and_assess()
        self._decide("eligible", "decision grounds")
        self._until(lambda status: len(status["documents"]) == 2, "receipt and letter")
        return self._move("delivery", {"delivery": "oral_and_letter"}, "social_worker", "delivered")

    def until_assigned(self) -> None:
        """The first half, to the verifier's claim."""
        self._register()
        note = f"KK atas nama {MARKS['checklist note']} belum ada"
        lacking = [{"requirement": name, "fulfilled": False, "note": note} for name in CHECKED]
        self._move("identification", {"checklist": lacking}, "counter_officer", "returned")
        self._supplement()
        whole = [{"requirement": name, "fulfilled": True, "note": note} for name in CHECKED]
        self._move("identification", {"checklist": whole}, "counter_officer", "announced")
        self._move("claim", {}, "verifier", "assigned")

    def _register(self) -> None:
        upload = self.office.upload(MARKS["attachment"])
        self.files["attachment"] = upload["id"]
        body = marked_request([upload["id"]], "third_party")
        registered = self.office.post("/v1/requests", body)
        self.tracking_number = registered["tracking_number"]
        self.access_code = registered["access_code"]

    def _supplement(self) -> None:
        more = self.office.upload(MARKS["attachment"], "counter_officer")["id"]
        body = {"notes": f"KK {MARKS['supplement note']} terlampir.", "attachments": [more]}
        self.office.post(f"/v1/status/{self.tracking_number}/supplement", body, "counter_officer")
        self._until(lambda status: status["status"] == "received", "supplemented")

    def _visit_and_assess(self) -> None:
        self._move("visit-report", self._visit(), "verifier", "visited")
        assessment = {
            "recommendation": "eligible",
            "grounds": f"Keluarga {MARKS['assessment grounds']} tidak mampu.",
            "team_discussion": {
                "participants": [f"Dra. {MARKS['team participant']}"],
                "conclusion": f"Sepakat: {MARKS['team conclusion']} layak.",
            },
        }
        self._move("assessment", assessment, "social_worker", "assessed")

    def _decide(self, decision: str, mark: str) -> None:
        grounds = f"Alasan {MARKS[mark]} diterima."
        self._move("decision", {"decision": decision, "grounds": grounds}, "division_head")

    def _visit(self) -> dict[str, Any]:
        photo = self.office.upload(MARKS["photo"], "verifier")
        self.files["photo"] = photo["id"]
        return super()._visit() | {
            "findings": f"Rumah {MARKS['findings']} sewa satu kamar.",
            "monthly_income_idr": int(MARKS["income"]),
            "photos": [{"attachment": photo["id"], "sha256": photo["sha256"]}],
            "position": {
                "latitude": -float(MARKS["latitude"]),
                "longitude": float(MARKS["longitude"]),
                "accuracy_m": 6.5,
            },
        }
