"""The office's calendar as this process reads it, and deadlines as they stand in events."""

from functools import cache
from pathlib import Path

from contracts.envelope import DeadlineView
from standards.calendar import WorkCalendar
from standards.deadline import Deadline


@cache
def office_calendar(override: Path | None) -> WorkCalendar:
    """The office's calendar with its override file, read once in a process.

    Raises standards.office.InvalidOfficeData, OSError.
    """
    return WorkCalendar.load(override)


def deadline_view(deadline: Deadline) -> DeadlineView:
    """The deadline as events and replies carry it."""
    return DeadlineView.model_validate(deadline.as_dict())
