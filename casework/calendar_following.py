"""Which clocks a process has to move when it reads the office's calendar otherwise than before.

The replicas of a service may read different calendars for a while: the file reaches one machine
before another, a library is upgraded. If each drew every clock to its own calendar, they would
tear at the deadlines for as long. So a process looks at every clock once, when it starts; after
that it moves those that run under a calendar that it has itself given up.
"""

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement


class CalendarFollowing:
    """What one process knows of the calendars in one database; calendars are fingerprints."""

    def __init__(self) -> None:
        self._current: str | None = None
        self._given_up: set[str] = set()
        self._looked_at_all = False

    def read(self, calendar: str) -> None:
        """This is the office's calendar now."""
        if self._current is not None and self._current != calendar:
            self._given_up.add(self._current)
        self._given_up.discard(calendar)
        self._current = calendar

    def is_outdated(self, calendar: str | None) -> bool:
        """Whether a clock under that calendar is to be moved."""
        if calendar is None or calendar == self._current:
            return False
        return calendar in self._given_up or not self._looked_at_all

    def outdated(self, column: Any) -> ColumnElement[bool] | None:
        """The same as a condition on the clocks' column; None when surely none is to be moved."""
        if not self._looked_at_all:
            every: ColumnElement[bool] = column != self._current
            return every
        return column.in_(sorted(self._given_up)) if self._given_up else None

    def looked_at_all(self) -> None:
        """No clock was left that is to be moved."""
        self._looked_at_all = True


_by_database: WeakKeyDictionary[Any, CalendarFollowing] = WeakKeyDictionary()


def following(database: Any, calendar: str) -> CalendarFollowing:
    """This process's knowledge, with the calendar that it reads now; `database` is an engine."""
    found = _by_database.setdefault(database, CalendarFollowing())
    found.read(calendar)
    return found
