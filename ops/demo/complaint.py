"""A complaint, from the box to the answer and the rating."""

from datetime import datetime
from typing import Any

from ops.demo.data import LETTER
from ops.demo.office import CaseJourney

COMPLAINT: dict[str, Any] = {
    "channel": "box",
    "complainant": {
        "name": "Budi Contoh",
        "nik": "6371030507850002",
        "address": "Jl. Contoh No. 2, Pelambuan",
        "phone": "0813 0000 0000",
    },
    "matter": "Saya sudah dua kali datang ke loket dan diminta kembali tanpa penjelasan.",
}
SCORES = {
    "requirements": 4,
    "procedure": 3,
    "time": 3,
    "fee": 4,
    "product": 4,
    "competence": 3,
    "conduct": 4,
    "complaint_handling": 4,
    "facilities": 3,
}
"""Each element of the satisfaction survey, from 1 (bad) to 4 (very good)."""


class ComplaintJourney(CaseJourney):
    """The handling that both published standards describe: check, coordination, response."""

    moves = "/v1/complaints"
    letter = "complaint_response"

    def travel(self, received_at: datetime | None = None) -> dict[str, Any]:
        """Walk the whole procedure; returns the final status.

        `received_at` is when the letter lay in the box, if that was before today.
        """
        officer = "complaint_officer"
        scan = self.office.upload("/v1/attachments?for=complaints", "aduan.pdf", LETTER, officer)
        complaint = {**COMPLAINT, "attachments": [scan["id"]]}
        if received_at is not None:
            complaint["received_at"] = received_at.isoformat()
        self.registered(self.office.post("/v1/complaints", complaint, officer))
        self.as_staff("check", {"result": "complete"}, officer, "checked")
        question = {
            "scope": "internal",
            "partner": "Loket pelayanan",
            "question": "Mengapa pemohon diminta kembali?",
        }
        self.as_staff("coordination", question, officer, "coordinating")
        answer = {"answer": "Jadwal petugas belum terpasang di loket."}
        self.as_staff("coordination/1/answer", answer, officer)
        response = {"response": "Mohon maaf; jadwal petugas kini dipasang di loket."}
        self.as_staff("response", response, officer, "responded")
        self.documents(self.letter)
        resolution = {"resolution": "Jadwal petugas terpasang dan diperiksa setiap pagi."}
        self.as_staff("resolution", resolution, officer, "resolved")
        self.as_resident("rating", {"score": 5})
        self.as_resident("survey", {"scores": SCORES})
        return self.until(lambda status: status["score"] and status["survey_answered"], "rated")
