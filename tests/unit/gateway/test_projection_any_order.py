"""Events may come in any order, and any number of times."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import complaints, data_request, intake, verification
from contracts.complaints import ComplaintWithdrawn, EscalationTarget
from contracts.data_request import DataRequestWithdrawn
from contracts.deadlines import ClockName
from contracts.documents import DocumentRevoked
from contracts.envelope import CloudEvent, EventData, Role
from contracts.intake import RequestReturned, RequestSupplemented, RequestWithdrawn
from contracts.verification import VerificationReoffered, VerificationWithdrawn
from gateway.order import in_order
from gateway.presentation import status_json
from gateway.projection import fold
from tests import complaint_events as adu
from tests import data_request_events as dta
from tests.case_events import (
    CASE,
    DEADLINE,
    DUE,
    NOBODY_HOME,
    PAUSED,
    SENT_BACK,
    TO_THE_LETTER,
    Story,
)

DAY = timedelta(days=1)
MOVED = DEADLINE.model_copy(update={"due": DUE + DAY})
SERVICES = (intake, verification, data_request, complaints)
CLOCKS = tuple(
    event
    for service in SERVICES
    for clock, step in ((ClockName.PROMISE, None), (ClockName.STEP, "visit"))
    for event in (
        service.DeadlineApproaching(clock=clock, step=step, due=DUE, role=Role.VERIFIER),
        service.DeadlineMissed(clock=clock, step=step, due=DUE, role=None, escalate_to=None),
        service.DeadlineChanged(
            clock=clock, step=step, was=DUE, due=DUE + DAY, because=(), deadline=MOVED
        ),
    )
)
VERIFICATION: tuple[EventData, ...] = (
    *TO_THE_LETTER,
    RequestReturned(missing=("resident",), deadline=PAUSED),
    RequestSupplemented(attachments=1, deadline=DEADLINE),
    RequestWithdrawn(stage="verification"),
    VerificationReoffered(wave=2, offered_to=("63.71.01",), offer_until=None),
    VerificationWithdrawn(),
    NOBODY_HOME,
    SENT_BACK,
    DocumentRevoked(code="L3TT3R", reason="superseded"),
    adu.SURVEYED,
)
DATA_REQUEST: tuple[EventData, ...] = (
    *dta.TO_THE_HANDOVER,
    dta.ASKED,
    dta.CLARIFIED,
    dta.REJECTED,
    DataRequestWithdrawn(),
    RequestWithdrawn(stage="data_request"),
    dta.PREPARED.model_copy(update={"edition": 2}),
    adu.SURVEYED,
)
COMPLAINT: tuple[EventData, ...] = (
    *adu.TO_THE_RESOLUTION,
    adu.INCOMPLETE,
    adu.SUPPLEMENTED,
    adu.NOT_OURS,
    adu.REMINDED,
    adu.REOPENED,
    adu.ESCALATED,
    adu.ESCALATED.model_copy(update={"to": EscalationTarget.LAPOR}),
    ComplaintWithdrawn(),
)
UNKNOWN = (
    ("notifications", "notification_sent", {"way": "email"}),
    ("couriers", "parcel_sent", {"channel": "van"}),
    ("intake", "deadline_missed", {}),
    ("intake", "personal_data_read", {"purpose": "visit", "fields": ["nik"]}),
    ("verification", "visit_reported", {"outcome": "unheard_of"}),
)


def known(steps: tuple[EventData, ...]) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """Source, name and data of each step."""
    return tuple((step.source, step.event, step.model_dump(mode="json")) for step in steps)


JOURNEYS = tuple(
    (*known(journey), *known(CLOCKS), *UNKNOWN)
    for journey in (VERIFICATION, DATA_REQUEST, COMPLAINT)
)


@st.composite
def stories(draw: st.DrawFn) -> list[CloudEvent]:
    """Whatever services may publish of a case, with clocks that disagree and causes that do not."""
    story = Story()
    steps: list[tuple[str, str, dict[str, Any]]] = draw(
        st.lists(st.sampled_from(draw(st.sampled_from(JOURNEYS))), min_size=1, max_size=14)
    )
    for source, name, data in steps:
        story.publish(source, name, data)
    skews = draw(st.lists(st.integers(-90, 90), min_size=len(steps), max_size=len(steps)))
    ids = [event.id for event in story.events]
    causes = draw(
        st.lists(st.sampled_from((*ids, "command")), min_size=len(ids), max_size=len(ids))
    )
    return [
        event.model_copy(
            update={"time": event.time + timedelta(seconds=skew), "causationid": cause}
        )
        for event, skew, cause in zip(story.events, skews, causes, strict=True)
    ]


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[CloudEvent], list[CloudEvent]]:
    """A story, and the same events as they happen to come: shuffled, some of them repeated."""
    story = draw(stories())
    repeated = draw(st.lists(st.sampled_from(story), max_size=5))
    return story, draw(st.permutations([*story, *repeated]))


@settings(deadline=None)
@given(arrivals())
def test_the_same_events_in_any_order_are_the_same_case(
    both: tuple[list[CloudEvent], list[CloudEvent]],
) -> None:
    """Repetition and order of arrival leave no trace, down to the byte."""
    story, arrived = both
    assert fold(CASE, arrived) == fold(CASE, story)
    assert status_json(fold(CASE, arrived)) == status_json(fold(CASE, story))


@settings(deadline=None)
@given(arrivals())
def test_every_part_of_a_story_can_be_shown(
    both: tuple[list[CloudEvent], list[CloudEvent]],
) -> None:
    """However few of the events are there yet; and no new one lowers the version."""
    _, arrived = both
    versions = []
    for count in range(len(arrived) + 1):
        case = fold(CASE, arrived[:count])
        assert status_json(case)
        versions.append(case.version)
    assert versions == sorted(versions)


@settings(deadline=None)
@given(arrivals())
def test_each_source_keeps_its_own_sequence(
    both: tuple[list[CloudEvent], list[CloudEvent]],
) -> None:
    """Also where times and causes contradict it."""
    story, arrived = both
    ordered = in_order({event.id: event for event in arrived}.values())
    for source in {event.source for event in story}:
        sequence = [int(event.sequence) for event in ordered if event.source == source]
        assert sequence == list(range(1, len(sequence) + 1))
