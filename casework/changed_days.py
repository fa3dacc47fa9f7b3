"""The days because of which a deadline moved."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from contracts.envelope import DeadlineDay
from standards.calendar import DayInfo, WorkCalendar
from standards.deadline import Deadline, DeadlineStep
from standards.wording import Text

CALENDAR_CHANGED = Text("Kalender kantor berubah", "The office's calendar changed")
_WITHOUT_WORK = {"weekend", "national_holiday", "joint_leave", "override"}


def differing_days(old: Deadline, new: Deadline, calendar: WorkCalendar) -> tuple[DeadlineDay, ...]:
    """The days that read otherwise, and those after the old deadline that the office changed.

    A day without work for another reason than before explains nothing.
    """
    before = {step.date: step for step in old.steps}
    return tuple(
        _day(step.date, step.counted, step.reason.value, Text(step.text_id, step.text_en))
        for step in new.steps
        if (
            _differs(before[step.date], step)
            if step.date in before
            else calendar.changes_work(step.date)
        )
    )


def changed_days(
    start: datetime, ends: Iterable[datetime | None], calendar: WorkCalendar
) -> tuple[DeadlineDay, ...]:
    """The days that the office itself changed, from `start` to the last of the ends."""
    first = calendar.local(start).date()
    last = max((calendar.local(end).date() for end in ends if end), default=first)
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    found = (calendar.day(day) for day in days if calendar.changes_work(day))
    return tuple(_day(day.date, day.working, day.kind.value, _name(day)) for day in found)


def unnamed_change(due: datetime, calendar: WorkCalendar) -> DeadlineDay:
    """The day of the new due moment: which day was a holiday before is no longer known."""
    day = calendar.day(calendar.local(due).date())
    return _day(day.date, day.working, "calendar", CALENDAR_CHANGED)


def _day(day: date, counted: bool, reason: str, text: Text) -> DeadlineDay:
    return DeadlineDay(date=day, counted=counted, reason=reason, text_id=text.id, text_en=text.en)


def _name(day: DayInfo) -> Text:
    return Text(day.name_id, day.name_en)


def _differs(old: DeadlineStep, new: DeadlineStep) -> bool:
    if old.reason.value in _WITHOUT_WORK and new.reason.value in _WITHOUT_WORK:
        return False
    return _reading(old) != _reading(new)


def _reading(step: DeadlineStep) -> tuple[str, str]:
    # One day that falls out gives every later day another number, which is no change of theirs.
    return step.reason.value, re.sub(r"[0-9]+", "", step.text_id)
