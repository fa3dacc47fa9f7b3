"""The days because of which a deadline moved."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from contracts.envelope import DeadlineDay
from standards.calendar import DayKind, WorkCalendar
from standards.deadline import Deadline, DeadlineStep


def differing_days(old: Deadline, new: Deadline) -> tuple[DeadlineDay, ...]:
    """The days that both explain, and the new one otherwise."""
    said = {step.date: _reading(step) for step in old.steps}
    return tuple(
        DeadlineDay(
            date=step.date,
            counted=step.counted,
            reason=step.reason.value,
            text_id=step.text_id,
            text_en=step.text_en,
        )
        for step in new.steps
        if step.date in said and said[step.date] != _reading(step)
    )


def changed_days(
    start: datetime, ends: Iterable[datetime | None], calendar: WorkCalendar
) -> tuple[DeadlineDay, ...]:
    """The days that the office itself changed, from `start` to the last of the ends."""
    first = calendar.local(start).date()
    last = max((calendar.local(end).date() for end in ends if end), default=first)
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return tuple(
        DeadlineDay(
            date=info.date,
            counted=info.working,
            reason=info.kind.value,
            text_id=info.name_id,
            text_en=info.name_en,
        )
        for info in map(calendar.day, days)
        if info.kind is DayKind.OVERRIDE
    )


def _reading(step: DeadlineStep) -> tuple[str, str]:
    # One day that falls out gives every later day another number, which is no change of theirs.
    return step.reason.value, re.sub(r"[0-9]+", "", step.text_id)
