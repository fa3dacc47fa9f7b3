"""Messages whose handling ends the process: found, and buried before they do it for ever.

A process that dies gives back all it had in hand, and the broker charges the innocent like the
guilty. So what has come back `SUSPECT_AFTER` times is handled with nothing else in hand, and its
beginning is noted first, where a death does not erase it. What began `LAST_CHANCES` times and
never came to an end is a dead letter. Without a broker nobody counts: there is no suspicion.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from eventlet.event import Event as Signal
from nameko.extensions import SharedExtension
from sqlalchemy import delete
from sqlalchemy.orm import Session

from chassis.database import next_value
from chassis.retry import EndsTheProcess

SUSPECT_AFTER = 2
LAST_CHANCES = 3

log = structlog.get_logger()


class Seclusion(SharedExtension):
    """Of one service process: many messages at once, or one alone, who waits first."""

    def __init__(self) -> None:
        self._in_hand = 0
        self._waiting = 0
        self._secluded = False
        self._changed = Signal()

    @contextmanager
    def among_others(self) -> Iterator[None]:
        """Wait until nobody is alone or wants to be; many may be here."""
        while self._secluded or self._waiting:
            self._changed.wait()
        self._in_hand += 1
        try:
            yield
        finally:
            self._in_hand -= 1
            self._tell()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until nobody else is here, and let nobody in meanwhile."""
        self._waiting += 1
        try:
            while self._secluded or self._in_hand:
                self._changed.wait()
            self._secluded = True
        finally:
            self._waiting -= 1
            self._tell()
        try:
            yield
        finally:
            self._secluded = False
            self._tell()

    def _tell(self) -> None:
        changed, self._changed = self._changed, Signal()
        changed.send()


class Trial:
    """The tries of one message in this process."""

    def __init__(self, seclusion: Seclusion, store: Any, message: Any) -> None:
        self._seclusion = seclusion
        self._store = store
        self._suspect = _times_returned(message) >= SUSPECT_AFTER

    @contextmanager
    def attempt(self, message_id: str) -> Iterator[None]:
        """Around one try. Raises EndsTheProcess for a suspect that had its last chance."""
        if not self._suspect:
            with self._seclusion.among_others():
                yield
            return
        with self._seclusion.alone():
            begun = self._note(message_id)
            try:
                if begun > LAST_CHANCES:
                    raise EndsTheProcess(f"begun {begun - 1} times, and never ended")
                yield
            finally:  # the process has lived through it, however it ended
                self._forget(message_id)

    def _note(self, message_id: str) -> int:
        suspects = self._store.tables.suspects
        with Session(self._store.engine) as session, session.begin():
            return next_value(session, suspects, {"message_id": message_id}, column="begun")

    def _forget(self, message_id: str) -> None:
        suspects = self._store.tables.suspects
        try:
            with self._store.engine.begin() as connection:
                connection.execute(delete(suspects).where(suspects.c.message_id == message_id))
        except Exception as error:  # it only costs the message a chance when it comes again
            log.warning("suspicion_kept", message_id=message_id, error=type(error).__name__)


def _times_returned(message: Any) -> int:
    return int(message.headers.get("x-delivery-count") or 0)
