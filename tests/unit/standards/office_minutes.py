"""How much office time lies between two moments, day by day: what the rules are held to."""

from datetime import datetime, timedelta

from standards.calendar import WorkCalendar


def office_minutes_between(earlier: datetime, later: datetime, calendar: WorkCalendar) -> int:
    """Whole office minutes from one moment to another, breaks left out; 0 if not later."""
    earlier, later = calendar.local(earlier), calendar.local(later)
    total = timedelta()
    day = earlier.date()
    while day <= later.date():
        for starts, ends in calendar.sessions(day):
            total += max(min(ends, later) - max(starts, earlier), timedelta())
        day += timedelta(days=1)
    return total // timedelta(minutes=1)
