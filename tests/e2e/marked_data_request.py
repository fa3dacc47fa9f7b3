"""A request for data on which every text that the API takes holds a mark."""

from typing import Any

from ops.demo.complaint import SCORES
from ops.demo.office import CaseJourney
from tests.e2e.marked_journey import Counter
from tests.e2e.marks import DATA_MARKS as MARKS
from tests.e2e.marks import notified

TABLE = f"Kecamatan;{MARKS['table heading']}\n{MARKS['table cell']};412\nBanjarmasin Barat;506\n"


class MarkedDataRequest(CaseJourney):
    """The procedure with a question asked back; a second one that is rejected."""

    moves = "/v1/data-requests"
    office: Counter

    def __init__(self, office: Counter) -> None:
        super().__init__(office)
        self.files: dict[str, str] = {}

    def travel(self) -> None:
        self._register()
        question = {"decision": "clarify", "words": f"Mohon {MARKS['question']} dijelaskan."}
        self.as_staff("review", question, "division_head", "clarification_requested")
        answer = {"answer": f"Kami {MARKS['clarification']}."}
        self.as_resident("clarification", answer)
        approval = {
            "decision": "approve",
            "complexity": "simple",
            "social_worker": "social_worker",
        }
        self.as_staff("review", approval, "division_head", "in_preparation")
        self._prepare()
        self._sign()
        self.package = self._as_resident("/package").content
        words = f"Petugasnya {MARKS['data survey words']}."
        self.as_resident("survey", {"scores": SCORES, "words": words})
        self.until(lambda status: status["survey_answered"] and status["downloads"], "the end")

    def be_rejected(self) -> None:
        self._register()
        grounds = f"Tidak dapat: {MARKS['rejection']}."
        rejection = {"decision": "reject", "ground": "data_not_held", "words": grounds}
        self.as_staff("review", rejection, "division_head", "rejected")

    def _register(self) -> None:
        self.files["letter"] = self.office.attach(MARKS["letter"])["id"]
        body = marked_data_request(self.files["letter"])
        self.registered(self.office.post("/v1/requests", body))
        note = {"note": f"Mohon {MARKS['disposition note']}."}
        self.patiently(
            lambda: self.as_staff("disposition", note, "agency_head", "dispositioned"),
            "case_not_found",
        )

    def _prepare(self) -> None:
        path, name = f"{self.moves}/{self.tracking_number}/tables", f"{MARKS['table']}.csv"
        table = self.office.upload(path, name, TABLE.encode(), "social_worker")
        package = {
            "tables": [table["table"]],
            "data_source": f"Basis data {MARKS['data source']}",
            "data_method": f"Dengan {MARKS['data method']}.",
        }
        self.as_staff("package", package, "social_worker", "prepared")
        self.documents("handover_draft")

    def _sign(self) -> None:
        position = {"position": MARKS["office position"]}
        office = {"edition": 1, "name": MARKS["office signature"], **position}
        self.as_staff("handover", office, "division_head", "signed_by_office")
        requester = {
            "edition": 1,
            "name": MARKS["requester signature"],
            "position": MARKS["requester position"],
            "institution": f"Universitas {MARKS['institution']}",
            "terms_accepted": True,
        }
        self.as_resident("handover", requester)
        self.documents("handover_record")


def marked_data_request(letter: str) -> dict[str, Any]:
    """The body of a submission in which every field that takes a text holds a mark."""
    return {
        "kind": "data_request",
        "channel": "web",
        "purpose": "academic_research",
        "use": f"Skripsi tentang {MARKS['use']}.",
        "data_types": [f"Jumlah {MARKS['data type']}"],
        "coverage": f"Wilayah {MARKS['coverage']}",
        "years": [2025],
        "letter": letter,
        "requester": {
            "name": f"{MARKS['requester']} bin Amir",
            "institution": f"Universitas {MARKS['institution']}",
            "position": MARKS["requester position"],
            "nik": MARKS["requester nik"],
            "phone": MARKS["requester phone"],
            "email": f"{MARKS['requester email']}@surel.example",
            "address": f"Jl. {MARKS['requester address']} No. 9",
        },
        "notify": notified("requester"),
    }
