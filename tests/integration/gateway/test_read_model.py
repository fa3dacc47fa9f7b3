"""The gateway's read model: built from events alone, whatever their order."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from contracts.envelope import CloudEvent, EventData
from gateway.models import CaseStatus, StoredEvent
from gateway.presentation import status_json
from gateway.projection import fold
from gateway.service import GatewayService
from gateway.status import StatusView, document_case, status_of
from tests.case_events import (
    CASE,
    COMPLETED,
    LETTER,
    NOBODY_HOME,
    OFFICE,
    RECEIPT,
    RECEIVED,
    TO_THE_LETTER,
    Story,
    told,
)
from tests.complaint_events import CHECKED, COMPLAINED, REOPENED, RESPONDED, TO_THE_RESOLUTION
from tests.data_request_events import TO_THE_HANDOVER
from tests.support import Bench

NUMBERS = count(1000)
A_VISIT_IN_VAIN = (*TO_THE_LETTER[:5], NOBODY_HOME, *TO_THE_LETTER[5:])
JOURNEYS = (
    ("VRF", A_VISIT_IN_VAIN, "delivered", "andi"),
    ("DTA", TO_THE_HANDOVER, "handed_over", "wulan"),
    ("ADU", TO_THE_RESOLUTION, "resolved", "dewi"),
)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Bench]:
    """The gateway's service on an empty database."""
    bench = Bench(GatewayService, tmp_path)
    yield bench
    bench.close()


def take(gateway: Bench, *events: CloudEvent) -> None:
    for event in events:
        gateway.deliver(event, "on_any_event")


def status(gateway: Bench, case: str = CASE) -> StatusView | None:
    with gateway.session() as session:
        return status_of(session, case)


def test_a_status_is_there_as_soon_as_the_request_is_received(gateway: Bench) -> None:
    """Its body is the JSON that callers get."""
    take(gateway, *told(RECEIVED))
    seen = status(gateway)
    assert seen is not None
    assert (seen.version, json.loads(seen.body)["status"]) == (1, "received")
    assert seen.updated_at.isoformat() == "2026-11-23T01:00:00+00:00"


def test_an_unknown_case_has_no_status(gateway: Bench) -> None:
    """Nothing is made up."""
    assert status(gateway) is None


def test_events_that_come_before_the_request_are_shown_once_it_has_come(gateway: Bench) -> None:
    """A receipt alone does not make a case; with the request both are there."""
    request, receipt = told(RECEIVED, RECEIPT)
    take(gateway, receipt)
    assert status(gateway) is None
    take(gateway, request)
    seen = status(gateway)
    assert seen is not None
    assert seen.version == 2
    assert len(json.loads(seen.body)["documents"]) == 1


def test_an_event_that_comes_twice_changes_nothing(gateway: Bench) -> None:
    """Neither through the inbox nor past it."""
    events = told(RECEIVED, COMPLETED)
    take(gateway, *events)
    before = status(gateway)
    assert gateway.deliver(events[1], "on_any_event") == "duplicate"
    with gateway.store.unit("test") as work:
        work.session.execute(gateway.store.tables.inbox.delete())
    assert gateway.deliver(events[1], "on_any_event") == "done"
    assert status(gateway) == before


def test_the_same_version_is_the_same_bytes(gateway: Bench) -> None:
    """So the tag names them, and another version has another."""
    request, completion = told(RECEIVED, COMPLETED)
    take(gateway, request)
    first, again = status(gateway), status(gateway)
    take(gateway, completion)
    later = status(gateway)
    assert first is not None
    assert again is not None
    assert later is not None
    assert (first.body, first.tag) == (again.body, again.tag)
    assert (later.version, later.tag != first.tag) == (2, True)


def test_a_read_of_personal_data_is_kept_but_moves_nothing(gateway: Bench) -> None:
    """The resident's status has the same version as before."""
    story = Story()
    story.tell(RECEIVED)
    story.publish("intake", "personal_data_read", {"purpose": "visit", "fields": ["nik"]})
    take(gateway, *story.events)
    seen = status(gateway)
    assert seen is not None
    assert seen.version == 1
    with gateway.session() as session:
        assert len(session.scalars(select(StoredEvent.id)).all()) == 2


def test_an_event_of_a_later_version_is_kept_and_shown_harmlessly(gateway: Bench) -> None:
    """It raises the version and stands in the timeline."""
    story = Story()
    story.tell(RECEIVED)
    story.publish("intake", "deadline_approaching", {"due": "soon"})
    take(gateway, *story.events)
    seen = status(gateway)
    assert seen is not None
    page = json.loads(seen.body)
    assert (seen.version, page["status"]) == (2, "received")
    assert page["timeline"][1]["event"] == "deadline_approaching"


def test_a_document_is_found_by_its_code(gateway: Bench) -> None:
    """The case whose access code opens it."""
    take(gateway, *told(*TO_THE_LETTER), *Story("VRF-20261123-0002").tell(RECEIVED))
    with gateway.session() as session:
        assert document_case(session, LETTER.code) == CASE
        assert document_case(session, "N0THING") is None


def test_a_document_event_that_cannot_be_read_opens_nothing(gateway: Bench) -> None:
    """Its code is no code; the event is kept as other events are."""
    story = Story()
    story.tell(RECEIVED)
    story.publish("documents", "document_issued", {"code": ["a", "list"]})
    take(gateway, *story.events)
    seen = status(gateway)
    assert seen is not None
    assert (seen.version, json.loads(seen.body)["documents"]) == (2, [])


def test_cases_do_not_touch_each_other(gateway: Bench) -> None:
    """Each is folded from its own events."""
    other = Story("VRF-20261123-0002")
    take(gateway, *told(*TO_THE_LETTER), *other.tell(RECEIVED))
    seen = status(gateway, other.case)
    assert seen is not None
    assert json.loads(seen.body)["status"] == "received"


def row_after(gateway: Bench, case: str, *steps: EventData) -> CaseStatus:
    """The case's row once these events have come."""
    take(gateway, *Story(case).tell(*steps))
    with gateway.session() as session:
        return session.get_one(CaseStatus, case)


def test_a_row_holds_when_it_is_due_and_how_the_promise_ended(gateway: Bench) -> None:
    """What is due first counts; a promise that has ended is due no more."""
    case = "ADU-20261123-0001"
    row = row_after(gateway, case, COMPLAINED)
    assert (row.kind, row.stage, row.closed) == ("complaint", "received", False)
    assert (row.standard, row.received_month, row.district) == ("complaint", "2026-11", None)
    assert (row.due, row.step_due) == (COMPLAINED.deadline.due, COMPLAINED.step.due)
    assert (row.next_due, row.done_at) == (row.step_due, None)
    row = row_after(gateway, case, COMPLAINED, CHECKED, RESPONDED)
    assert (row.due, row.next_due) == (None, RESPONDED.step.due)
    assert (row.done_at, row.in_time, row.working_minutes) == (RESPONDED.responded_at, True, 600)
    row = row_after(gateway, case, *TO_THE_RESOLUTION)
    assert (row.closed, row.next_due, row.surveyed_month) == (True, None, "2026-11")


def test_a_reopened_complaint_is_late_if_one_of_its_answers_was(gateway: Bench) -> None:
    """Until the next answer it is open again; then the minutes of both count."""
    case, late = "ADU-20261123-0002", RESPONDED.model_copy(update={"in_time": False})
    before = (COMPLAINED, CHECKED, late, REOPENED)
    assert row_after(gateway, case, *before).done_at is None
    row = row_after(gateway, case, *before, RESPONDED)
    assert (row.in_time, row.working_minutes) == (False, 1200)


def test_a_month_is_the_offices(gateway: Bench) -> None:
    """Half past midnight there is the evening before in UTC."""
    midnight = datetime(2026, 12, 1, 0, 30, tzinfo=OFFICE)
    row = row_after(
        gateway, "ADU-20261201-0001", COMPLAINED.model_copy(update={"received_at": midnight})
    )
    assert row.received_month == "2026-12"


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_the_table_is_the_fold_of_the_events_in_whatever_order_they_came(
    gateway: Bench, data: st.DataObject
) -> None:
    """After every single arrival, not only after the last."""
    prefix, steps, stage, owner = data.draw(st.sampled_from(JOURNEYS))
    case = f"{prefix}-20261123-{next(NUMBERS)}"
    events = Story(case).tell(*steps)
    arrived: list[CloudEvent] = []
    for event in data.draw(st.permutations(events)):
        take(gateway, event)
        arrived.append(event)
        expected, seen = fold(case, arrived), status(gateway, case)
        assert (seen.body if seen else None) == (status_json(expected) if expected.known else None)
    with gateway.session() as session:
        row = session.get_one(CaseStatus, case)
        assert (row.version, row.stage, row.assigned_to) == (len(events), stage, owner)
