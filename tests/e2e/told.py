"""Cases of each kind go through the system with marks in every text; all that is said is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx

from ops.demo.office import CaseJourney
from standards.calendar import WorkCalendar
from standards.clock import next_office_moment
from tests.e2e import wrong_calls
from tests.e2e.addressees import Addressees, addressees
from tests.e2e.inspection import outboxes
from tests.e2e.marked_complaint import MarkedComplaint
from tests.e2e.marked_data_request import MarkedDataRequest
from tests.e2e.marked_journey import Counter, MarkedJourney
from tests.e2e.marks import MARKS, ON_COMPLAINT_PAPER, ON_DATA_PAPER, ON_PAPER, marked_request
from tests.e2e.taps import Caught, tap, untap
from tests.fleet import Fleet
from tests.real import eventually


@dataclass(frozen=True, slots=True)
class Told:
    """All that was said while the marks went through the system."""

    office: Counter
    aid: MarkedJourney
    second: MarkedJourney
    third: str
    data: MarkedDataRequest
    rejected: MarkedDataRequest
    complaint: MarkedComplaint
    messages: list[Caught]
    refused: list[httpx.Response]
    garbage: bytes
    addressees: Addressees

    @property
    def papers(self) -> Iterator[tuple[str, bytes, set[str]]]:
        """Every document of every kind of case: its kind, itself, and what it has to say."""
        for journey, expected in (
            (self.aid, ON_PAPER),
            (self.data, ON_DATA_PAPER),
            (self.complaint, ON_COMPLAINT_PAPER),
        ):
            found_papers = documents(journey)
            assert set(found_papers) == set(expected)
            for kind, paper in found_papers.items():
                yield kind, paper, expected[kind]


@contextmanager
def walked(fleet: Fleet, folder: Path) -> Iterator[Told]:
    """Every journey with all its detours, told of in office hours, read by the staff and by the
    resident, and every wrong call beside it; `folder` is for mails."""
    ahead = _to_office_hours(fleet)
    office = Counter(fleet.url, ahead)
    aid, second = MarkedJourney(office), MarkedJourney(office)
    data, rejected = MarkedDataRequest(office), MarkedDataRequest(office)
    complaint = MarkedComplaint(office)
    with addressees(fleet, office, folder) as outside:
        tap(fleet.amqp_url)
        aid.travel()
        second.until_assigned()
        data.travel()
        rejected.be_rejected()
        complaint.travel()
        third = with_nik_as_key(fleet)
        refused = list(wrong_calls.refused(fleet.url, office.bearer, second.tracking_number))
        garbage = wrong_calls.garbage(fleet.url)
        read_everything(office, aid, data, rejected, complaint)
        eventually(lambda: "result_delivered" in aid.event_names(), "the ledger")
        eventually(lambda: "complaint_reopened" in complaint.event_names(), "the ledger")
        eventually(lambda: _all_are_told(outside), "every message to arrive")
        eventually(lambda: not any(outboxes(fleet).values()), "empty outboxes")
        messages = untap(fleet.amqp_url)
        heard = (messages, refused, garbage, outside)
        yield Told(office, aid, second, third, data, rejected, complaint, *heard)


def _to_office_hours(fleet: Fleet) -> timedelta:
    """Nobody is told at night: move the fleet's clock to the next morning that the office works;
    by how much."""
    calendar = WorkCalendar.load()
    opens = next_office_moment(datetime.now(UTC) + timedelta(days=1), calendar)
    morning = next_office_moment(datetime.combine(opens, time(), opens.tzinfo), calendar)
    fleet.set_clock(morning)
    return morning - datetime.now(UTC)


def _all_are_told(outside: Addressees) -> bool:
    """Whether the last message of both cases with contacts has come by every way."""
    told = {"data_handed_over", "complaint_resolved"}
    texts = "".join(str(mail["Subject"]) for mail in outside.mails())
    return (
        all(
            told <= {body["status"] for body in outside.bodies(way)}
            for way in ("whatsapp", "telegram")
        )
        and all(text in texts for text in ("Data sudah diserahkan", "Pengaduan sudah diselesaikan"))
        and "complaint_reopened" in {body["event"] for body in outside.bodies("status")}
    )


def with_nik_as_key(fleet: Fleet) -> str:
    """The number of a case from a front end that takes the resident's for its idempotency key."""
    body = marked_request([], "web")
    sent = httpx.post(
        f"{fleet.url}/v1/requests", json=body, headers={"Idempotency-Key": MARKS["nik"]}
    )
    assert sent.status_code == 201, sent.text
    return str(sent.json()["tracking_number"])


def read_everything(office: Counter, *journeys: Any) -> None:
    """Every call that shows what was written."""
    for journey in journeys:
        case_detail(journey)
        correspondence(journey)
        for name in journey.files:
            attached(journey, name)
        if isinstance(journey, MarkedComplaint):
            journey.lapor_record("?format=csv")
    office.as_role("/v1/reports/data-register", "agency_head")
    office.as_role("/v1/deliveries", "administrator")


def reader(journey: CaseJourney) -> str:
    """Who of the staff reads such a case."""
    kind = journey.tracking_number[:3]
    return {"VRF": "counter_officer", "DTA": "social_worker", "ADU": "complaint_officer"}[kind]


def case_detail(journey: CaseJourney) -> str:
    path = f"/v1/cases/{journey.tracking_number}"
    return journey.office.as_role(path, reader(journey)).text


def correspondence(journey: CaseJourney) -> str:
    path = f"/v1/status/{journey.tracking_number}/correspondence"
    return journey.office.get(path, {"X-Access-Code": journey.access_code}).text


def attached(journey: Any, name: str) -> bytes:
    path = f"/v1/cases/{journey.tracking_number}/attachments/{journey.files[name]}"
    return bytes(journey.office.as_role(path, reader(journey)).content)


def documents(journey: CaseJourney) -> dict[str, bytes]:
    """The PDFs of the case, by kind."""
    return {each["kind"]: journey.document(each["code"]) for each in journey.status()["documents"]}
