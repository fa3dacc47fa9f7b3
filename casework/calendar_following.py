"""Which of the calendars that processes read is in force, so that one alone moves the clocks.

The replicas of a service may read different calendars for a while: the file reaches one machine
before another, a process comes back with an old one. If each drew every clock to its own calendar,
they would tear at the deadlines for as long. So the database names the one in force. A process
that sees its file change puts the new one in the place of the one it gave up; any other process
that reads another one waits until nobody confirms the one in force any more.
"""

from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import MetaData, Table, select, update
from sqlalchemy.orm import Session

from casework.clock_tables import calendar_table
from chassis.database import insert_or_ignore

CONFIRMED_EVERY = timedelta(seconds=10)
ABANDONED_AFTER = timedelta(seconds=30)

log = structlog.get_logger()


class CalendarFollowing:
    """What one process knows of the calendars in one database; calendars are fingerprints."""

    def __init__(self) -> None:
        self._current: str | None = None
        self._given_up: str | None = None
        self._waits = False

    def read(self, calendar: str) -> None:
        """This is the office's calendar now."""
        if self._current is not None and self._current != calendar:
            self._given_up = self._current
        self._current = calendar

    def in_force(self, session: Session, table: Table, now: datetime) -> bool:
        """Whether this process's calendar is the one in force; it may become so here.

        The caller commits soon: the row that names it is locked where it changes.
        """
        known = session.execute(select(table)).one_or_none()
        if known is None:
            first = {"id": 1, "calendar": self._current, "confirmed_at": now}
            return insert_or_ignore(session, table, first)
        if known.calendar == self._current and abs(now - known.confirmed_at) < CONFIRMED_EVERY:
            self._given_up, self._waits = None, False
            return True
        return self._confirm_or_replace(session, table, now)

    def _confirm_or_replace(self, session: Session, table: Table, now: datetime) -> bool:
        known = session.execute(select(table).with_for_update()).one()
        abandoned = abs(now - known.confirmed_at) > ABANDONED_AFTER
        if known.calendar not in (self._current, self._given_up) and not abandoned:
            if not self._waits:
                log.warning("office_calendar_differs")
            self._waits = True
            return False
        session.execute(update(table).values(calendar=self._current, confirmed_at=now))
        self._given_up, self._waits = None, False
        return True


_by_database: WeakKeyDictionary[Any, CalendarFollowing] = WeakKeyDictionary()


def in_force(session: Session, metadata: MetaData, calendar: str, now: datetime) -> bool:
    """Whether the calendar that this process reads now is in force in the session's database."""
    found = _by_database.setdefault(session.get_bind(), CalendarFollowing())
    found.read(calendar)
    return found.in_force(session, calendar_table(metadata), now)
