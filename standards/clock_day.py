"""One working day of a clock, to the minute: how much of it passes, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil

from standards.calendar import Interval, WorkCalendar

# A stretch that does not count; without an end it lasts.
Gap = tuple[datetime, datetime | None]

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ClockDay:
    """One working day of a clock, in whole minutes.

    `available`: its office time once the clock has started; `running`: that without the gaps;
    `whole`: the minutes of the full day, started or not.
    """

    day: date
    available: tuple[Interval, ...]
    running: tuple[Interval, ...]
    whole: int

    @property
    def running_minutes(self) -> int:
        """Office minutes of the day during which the clock runs."""
        return _minutes(self.running)

    @property
    def available_share(self) -> Fraction:
        """The available part of the day, 0 to 1."""
        return Fraction(_minutes(self.available), self.whole)

    @property
    def running_share(self) -> Fraction:
        """The part of the day during which the clock runs, 0 to 1."""
        return Fraction(self.running_minutes, self.whole)

    def reached(self, share: Fraction) -> datetime | None:
        """When the clock has run for that share of the day (to the minute, up), if it has."""
        if share > self.running_share:
            return None
        left = ceil(share * self.whole) * _MINUTE
        for starts, ends in self.running:
            if left <= ends - starts:
                return starts + left
            left -= ends - starts
        return None

    def minutes_stopped(self, until: datetime | None) -> int:
        """Office minutes lost to the gaps, until that moment or the day's end."""
        after: tuple[Gap, ...] = ((until, None),) if until else ()
        return _minutes(_without(self.available, after)) - _minutes(_without(self.running, after))


def clock_day(on: date, since: datetime, gaps: Iterable[Gap], calendar: WorkCalendar) -> ClockDay:
    """A working day of a clock that started at `since`, in the calendar's offset."""
    sessions = calendar.sessions(on)
    available = _without(sessions, [(calendar.opening(on), to_minute(since))])
    exact = [(to_minute(start), to_minute(end) if end else None) for start, end in gaps]
    return ClockDay(on, available, _without(available, exact), _minutes(sessions))


def to_minute(moment: datetime) -> datetime:
    """The moment without its seconds."""
    return moment.replace(second=0, microsecond=0)


def _without(intervals: Iterable[Interval], gaps: Iterable[Gap]) -> tuple[Interval, ...]:
    left = list(intervals)
    for start, end in gaps:
        pieces = [(opens, min(closes, start)) for opens, closes in left]
        if end is not None:
            pieces += [(max(opens, end), closes) for opens, closes in left]
        left = [(opens, closes) for opens, closes in pieces if opens < closes]
    return tuple(left)


def _minutes(intervals: Iterable[Interval]) -> int:
    return sum((closes - opens) // _MINUTE for opens, closes in intervals)
