"""Wakes whoever waits for a case to change in this process."""

from collections.abc import Iterator
from contextlib import contextmanager

import eventlet
from eventlet.event import Event


class Bell:
    """Rings for one green thread that waits."""

    def __init__(self) -> None:
        self._rung = Event()

    def ring(self) -> None:
        """End the wait, the present one or the next."""
        if not self._rung.ready():
            self._rung.send()

    def wait(self, seconds: float) -> None:
        """Return when it rings, or after so many seconds."""
        with eventlet.Timeout(seconds, False):
            self._rung.wait()
        if self._rung.ready():
            self._rung = Event()


class Changes:
    """Who waits for which case."""

    def __init__(self) -> None:
        self._bells: dict[str, set[Bell]] = {}

    @contextmanager
    def watch(self, tracking_number: str) -> Iterator[Bell]:
        """A bell that rings whenever the case changes."""
        bell = Bell()
        self._bells.setdefault(tracking_number, set()).add(bell)
        try:
            yield bell
        finally:
            watching = self._bells[tracking_number]
            watching.discard(bell)
            if not watching:
                del self._bells[tracking_number]

    def announce(self, tracking_number: str) -> None:
        """The case has changed, and the change is committed."""
        for bell in tuple(self._bells.get(tracking_number, ())):
            bell.ring()


changes = Changes()
"""Of this process. Other replicas find a change by looking once a second."""
