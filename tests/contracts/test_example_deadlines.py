"""The deadlines that the examples tell of are those that the office's calendar gives."""

from datetime import datetime
from pathlib import Path

import pytest

from contracts.catalogue import SUBSCRIBERS
from contracts.data_request import HandoverSigned
from contracts.envelope import CloudEvent, DeadlineDay, DeadlineView, EventData
from contracts.event_schemas import schema_name
from contracts.examples import example
from standards import catalogue
from standards.calendar import WorkCalendar
from standards.clock import step_due
from standards.deadline import Pause, compute_deadline

STANDARDS = {"VRF": "aid_verification", "DTA": "data_request", "ADU": "complaint"}


def calendar(folder: Path, because: list[DeadlineDay]) -> WorkCalendar:
    """The office's calendar with these days closed by its override file."""
    closed = "".join(
        f'[[closed_days]]\ndate = {day.date}\nreason_id = "Banjir"\nreason_en = "Flood"\n'
        for day in because
    )
    override = folder / "override.toml"
    override.write_text(closed)
    return WorkCalendar.load(override)


def explained(event: CloudEvent) -> DeadlineView:
    return DeadlineView.model_validate(event.data["deadline"])


@pytest.mark.parametrize(
    "event", [e for e in SUBSCRIBERS if example(e).data.get("deadline")], ids=schema_name
)
def test_a_promise_is_explained_as_the_standards_explain_it(
    event: type[EventData], tmp_path: Path
) -> None:
    """Every day, pause and moment, to the letter; with the closed days that a change names."""
    view = explained(example(event))
    closed = [day for day in view.steps if day.reason == "override"]
    pauses = [Pause(pause.start, pause.end, pause.reason_code) for pause in view.pauses]
    office = calendar(tmp_path, closed)
    computed = compute_deadline(view.received_at, view.working_days, office, pauses)
    assert view == DeadlineView.model_validate(computed.as_dict())


# A first signature leaves the step of the handover as it is.
STEPS_BEGUN = [
    example(event)
    for event in SUBSCRIBERS
    if isinstance(example(event).data.get("step"), dict) and event is not HandoverSigned
]


@pytest.mark.parametrize("message", STEPS_BEGUN, ids=lambda message: message.type)
def test_a_step_is_due_when_its_standard_says(message: CloudEvent) -> None:
    """Counted from the event that begins it."""
    standard = catalogue.load(STANDARDS[message.subject[:3]])
    step = message.data["step"]
    due = step_due(standard.step(step["step"]), message.time, WorkCalendar.load(None))
    assert datetime.fromisoformat(step["due"]) == due
