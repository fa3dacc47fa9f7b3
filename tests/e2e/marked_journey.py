"""A journey on which every text that the API takes holds a mark."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import httpx

from ops.demo import AidJourney, Office
from ops.demo.aid import visit
from tests.e2e.marks import MARKS, marked_request, small_pdf

CHECKED = ("resident", "identity_document", "institution_documents")


class Counter(Office):
    """The front door, which takes files too; its clock is so far `ahead` of ours.

    `around` are the URL and the headers of every answer.
    """

    def __init__(self, url: str, ahead: timedelta = timedelta()) -> None:
        super().__init__(url)
        self._ahead = ahead
        self.around: list[str] = []

    def send(self, method: str, path: str, **content: Any) -> httpx.Response:
        """As every front end; what stands around the bodies is kept."""
        answer = super().send(method, path, **content)
        self.around.append(f"{answer.status_code} {answer.request.url} {answer.headers}")
        return answer

    def now(self) -> datetime:
        """The office's time."""
        return datetime.now().astimezone() + self._ahead

    def bearer(self, role: str) -> dict[str, str]:
        """The header of who is signed in as this role."""
        return self._authorization(role)

    def attach(self, text: str, role: str | None = None, query: str = "") -> dict[str, Any]:
        """Send a small PDF that holds the text, under a file name that holds it too."""
        files = {"file": (f"{text}.pdf", small_pdf(text), "application/pdf")}
        headers = {"Idempotency-Key": str(uuid.uuid4()), **self._authorization(role)}
        answer = self._checked("POST", f"/v1/attachments{query}", files=files, headers=headers)
        return dict(answer.json())


class MarkedJourney(AidJourney):
    """The procedure with its detours: returned and supplemented, sent back for another visit."""

    office: Counter

    def __init__(self, office: Counter) -> None:
        super().__init__(office)
        self.files: dict[str, str] = {}

    def travel(self) -> dict[str, Any]:
        self.until_assigned()
        self._visit_and_assess()
        self._decide("send_back", "send-back grounds")
        self.until(lambda status: status["status"] == "assigned", "sent back")
        self._visit_and_assess()
        self._decide("eligible", "decision grounds")
        self.until(lambda status: len(status["documents"]) == 2, "receipt and letter")
        return self.as_staff(
            "delivery", {"delivery": "oral_and_letter"}, "social_worker", "delivered"
        )

    def until_assigned(self) -> None:
        """The first half, to the verifier's claim."""
        self._register()
        note = f"KK atas nama {MARKS['checklist note']} belum ada"
        lacking = [{"requirement": name, "fulfilled": False, "note": note} for name in CHECKED]
        self.as_staff("identification", {"checklist": lacking}, "counter_officer", "returned")
        self._supplement()
        whole = [{"requirement": name, "fulfilled": True, "note": note} for name in CHECKED]
        self.as_staff("identification", {"checklist": whole}, "counter_officer", "announced")
        self.as_staff("claim", {}, "verifier", "assigned")

    def _register(self) -> None:
        upload = self.office.attach(MARKS["attachment"])
        self.files["attachment"] = upload["id"]
        body = marked_request([upload["id"]], "third_party")
        self.registered(self.office.post("/v1/requests", body))

    def _supplement(self) -> None:
        more = self.office.attach(MARKS["attachment"], "counter_officer")["id"]
        body = {"notes": f"KK {MARKS['supplement note']} terlampir.", "attachments": [more]}
        self.office.post(f"/v1/status/{self.tracking_number}/supplement", body, "counter_officer")
        self.until(lambda status: status["status"] == "received", "supplemented")

    def _visit_and_assess(self) -> None:
        self.as_staff("visit-report", self._marked_visit(), "verifier", "visited")
        assessment = {
            "recommendation": "eligible",
            "grounds": f"Keluarga {MARKS['assessment grounds']} tidak mampu.",
            "team_discussion": {
                "participants": [f"Dra. {MARKS['team participant']}"],
                "conclusion": f"Sepakat: {MARKS['team conclusion']} layak.",
            },
        }
        self.as_staff("assessment", assessment, "social_worker", "assessed")

    def _decide(self, decision: str, mark: str) -> None:
        grounds = f"Alasan {MARKS[mark]} diterima."
        self.as_staff("decision", {"decision": decision, "grounds": grounds}, "division_head")

    def _marked_visit(self) -> dict[str, Any]:
        photo = self.office.attach(MARKS["photo"], "verifier")
        self.files["photo"] = photo["id"]
        return visit(self.office.now()) | {
            "findings": f"Rumah {MARKS['findings']} sewa satu kamar.",
            "monthly_income_idr": int(MARKS["income"]),
            "photos": [{"attachment": photo["id"], "sha256": photo["sha256"]}],
            "position": {
                "latitude": -float(MARKS["latitude"]),
                "longitude": float(MARKS["longitude"]),
                "accuracy_m": 6.5,
            },
        }
