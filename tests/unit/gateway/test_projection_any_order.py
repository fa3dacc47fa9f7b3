"""Events may come in any order, and any number of times."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.documents import DocumentRevoked
from contracts.envelope import CloudEvent, EventData
from contracts.intake import RequestReturned, RequestSupplemented, RequestWithdrawn
from contracts.verification import VerificationReoffered, VerificationWithdrawn
from gateway.order import in_order
from gateway.presentation import status_json
from gateway.projection import fold
from tests.case_events import CASE, DEADLINE, NOBODY_HOME, PAUSED, SENT_BACK, TO_THE_LETTER, Story

STEPS: tuple[EventData, ...] = (
    *TO_THE_LETTER,
    RequestReturned(missing=("resident",), deadline=PAUSED),
    RequestSupplemented(attachments=1, deadline=DEADLINE),
    RequestWithdrawn(stage="verification"),
    VerificationReoffered(wave=2, offered_to=("63.71.01",), offer_until=None),
    VerificationWithdrawn(),
    NOBODY_HOME,
    SENT_BACK,
    DocumentRevoked(code="L3TT3R", reason="superseded"),
)
UNKNOWN = (
    ("notifications", "notification_sent", {"channel": "email"}),
    ("intake", "deadline_missed", {}),
    ("intake", "personal_data_read", {"purpose": "visit", "fields": ["nik"]}),
    ("verification", "visit_reported", {"outcome": "unheard_of"}),
)
KNOWN = tuple((step.source, step.event, step.model_dump(mode="json")) for step in STEPS)


@st.composite
def stories(draw: st.DrawFn) -> list[CloudEvent]:
    """Whatever services may publish of a case, with clocks that disagree and causes that do not."""
    story = Story()
    steps: list[tuple[str, str, dict[str, Any]]] = draw(
        st.lists(st.sampled_from((*KNOWN, *UNKNOWN)), min_size=1, max_size=14)
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
