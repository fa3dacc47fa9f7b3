"""A complaint on which every text that the API takes holds a mark."""

from typing import Any

from ops.demo.complaint import SCORES
from ops.demo.office import CaseJourney
from tests.e2e.marked_journey import Counter
from tests.e2e.marks import COMPLAINT_MARKS as MARKS
from tests.e2e.marks import notified

OFFICER = "complaint_officer"


class MarkedComplaint(CaseJourney):
    """The mechanism with all its detours: incomplete, supplemented, at LAPOR!, reopened."""

    moves = "/v1/complaints"
    office: Counter

    def __init__(self, office: Counter) -> None:
        super().__init__(office)
        self.files: dict[str, str] = {}

    def travel(self) -> None:
        self._complain()
        self._coordinate()
        self._pass_to_lapor()
        response = {"response": f"Kami sampaikan {MARKS['response']}."}
        self.as_staff("response", response, OFFICER, "responded")
        self.documents("complaint_response")
        resolution = {"resolution": f"Sudah: {MARKS['resolution']}."}
        self.as_staff("resolution", resolution, OFFICER, "resolved")
        self.as_resident("rating", {"score": 2, "words": f"Memang {MARKS['rating']}."})
        words = f"Memang {MARKS['complaint survey words']}."
        self.as_resident("survey", {"scores": SCORES, "words": words})
        self.as_resident("reopening", {"words": f"Sungguh {MARKS['reopening']}."})
        self.until(lambda status: not status["closed"], "reopened")

    def lapor_record(self, suffix: str = "") -> str:
        """What is entered at LAPOR!."""
        path = f"{self.moves}/{self.tracking_number}/lapor{suffix}"
        return self.office.as_role(path, OFFICER).text

    def _complain(self) -> None:
        self.files["evidence"] = self._evidence()
        body = marked_complaint(self.files["evidence"])
        self.registered(self.office.post("/v1/complaints", body))
        note = f"Mohon {MARKS['check note']}."
        incomplete = {"result": "incomplete", "missing": ["evidence"], "note": note}
        self.as_staff("check", incomplete, OFFICER, "incomplete")
        notes = f"Pada {MARKS['complaint supplement']}."
        self.as_resident("supplement", {"notes": notes, "attachments": [self._evidence()]})
        self.until(lambda status: status["status"] == "received", "supplemented")
        self.as_staff("check", {"result": "complete"}, OFFICER, "checked")

    def _evidence(self) -> str:
        return str(self.office.attach(MARKS["evidence"], query="?for=complaints")["id"])

    def _coordinate(self) -> None:
        question = {
            "scope": "external",
            "partner": f"Kantor {MARKS['partner']}",
            "question": f"Tahukah {MARKS['coordination question']}?",
        }
        self.as_staff("coordination", question, OFFICER, "coordinating")
        answer = {"answer": f"Ialah {MARKS['coordination answer']}."}
        self.as_staff("coordination/1/answer", answer, OFFICER)

    def _pass_to_lapor(self) -> None:
        upward = {"to": "lapor", "words": f"Ini {MARKS['escalation']}."}
        self.as_staff("escalation", upward, OFFICER)
        self.until(lambda status: status["escalated_to"] == "lapor", "at LAPOR!")
        came_back = {
            "lapor_number": MARKS["lapor number"],
            "status": "forwarded",
            "occurred_at": self.office.now().isoformat(),
            "words": f"Diteruskan, {MARKS['lapor words']}.",
        }
        self.as_staff("lapor", came_back, OFFICER)


def marked_complaint(evidence: str) -> dict[str, Any]:
    """The body of a complaint in which every field that takes a text holds a mark."""
    return {
        "complainant": {
            "name": f"{MARKS['complainant']} binti Amir",
            "nik": MARKS["complainant nik"],
            "address": f"Jl. {MARKS['complainant address']} No. 8",
            "phone": MARKS["complainant phone"],
            "email": f"{MARKS['complainant email']}@surel.example",
        },
        "matter": f"Ada {MARKS['matter']} di loket.",
        "attachments": [evidence],
        "notify": notified("complainant"),
    }
