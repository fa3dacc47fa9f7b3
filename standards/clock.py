"""Office time to the minute: waits, reminders, quiet hours, steps, and how long a clock has run."""

from datetime import datetime, timedelta

from standards.calendar import WorkCalendar
from standards.clock_day import clock_day
from standards.deadline import Deadline, compute_deadline
from standards.figures import StepTime

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


def office_minutes_after(start: datetime, minutes: int, calendar: WorkCalendar) -> datetime:
    """The earliest moment at which so many office minutes have passed since `start`.

    Breaks and days without work are left out; 0 gives `start`. Raises ValueError below 0 and for a
    moment without a time zone.
    """
    if minutes < 0:
        raise ValueError("minutes to wait cannot be negative")
    moment, left = calendar.local(start), minutes * _MINUTE
    day = moment.date()
    while left:
        for opens, closes in calendar.sessions(day):
            since = max(opens, moment)
            passing = min(left, closes - since)
            if passing > timedelta():
                moment, left = since + passing, left - passing
        day += _DAY
    return moment


def office_minutes_before(end: datetime, minutes: int, calendar: WorkCalendar) -> datetime:
    """The latest moment from which so many office minutes remain until `end`.

    Breaks and days without work are left out; 0 gives `end`. Raises ValueError below 0 and for a
    moment without a time zone.
    """
    if minutes < 0:
        raise ValueError("minutes that remain cannot be negative")
    moment, left = calendar.local(end), minutes * _MINUTE
    day = moment.date()
    while left:
        for opens, closes in reversed(calendar.sessions(day)):
            until = min(closes, moment)
            remaining = min(left, until - opens)
            if remaining > timedelta():
                moment, left = until - remaining, left - remaining
        day -= _DAY
    return moment


def next_office_moment(moment: datetime, calendar: WorkCalendar) -> datetime:
    """The moment itself while the office works, else when it next starts to work.

    A stretch of work holds its start and not its end. Raises ValueError without a time zone.
    """
    local = calendar.local(moment)
    day = local.date()
    while True:
        for starts, ends in calendar.sessions(day):
            if local < ends:
                return max(local, starts)
        day += _DAY


def closing_after(start: datetime, working_days: int, calendar: WorkCalendar) -> datetime:
    """The close of the last of so many working days, counted as in a promise, with the cut-off.

    Raises ValueError for a moment without a time zone.
    """
    return calendar.closing(compute_deadline(start, working_days, calendar).steps[-1].date)


def step_due(step: StepTime, start: datetime, calendar: WorkCalendar) -> datetime:
    """When a step that begins at `start` is due, with the office's offset.

    Working days end with the close of the last one; office minutes run from `start`. Raises
    ValueError for a moment without a time zone.
    """
    if step.working_days is not None:
        return closing_after(start, step.working_days, calendar)
    return office_minutes_after(start, step.office_minutes or 0, calendar)


def minutes_taken(deadline: Deadline, until: datetime, calendar: WorkCalendar) -> int:
    """Whole office minutes that the clock ran from `deadline.starts` to `until`, pauses left out.

    Seconds are dropped; 0 when `until` is not later. Raises ValueError without a time zone.
    """
    starts, end = calendar.local(deadline.starts), calendar.local(until)
    gaps = [*((pause.start, pause.end) for pause in deadline.pauses), (end, None)]
    day, total = starts.date(), 0
    while day <= end.date():
        if calendar.is_working(day):
            total += clock_day(day, starts, gaps, calendar).running_minutes
        day += _DAY
    return total
