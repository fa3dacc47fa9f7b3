"""Processes that die or freeze."""

import signal
import time

import eventlet

from chassis.kill_points import KILLED
from tests.faults.fault import Arena, NotNow
from tests.faults.system import NAMES

FROZEN_SECONDS = 65.0
"""More than two heartbeats of 30 seconds: the broker gives the connection up."""


class KillService:
    """kill -9 of a random service, relay or the gateway; it is started again at once."""

    name = "kill -9"
    lane = "kills"

    def inject(self, arena: Arena) -> None:
        arena.system.kill(_a_ready_one(arena, NAMES))

    def heal(self, arena: Arena) -> None:
        """It comes back by itself."""


class Freeze:
    """SIGSTOP past the heartbeat, then SIGCONT: the process wakes with a dead connection."""

    name = "SIGSTOP"
    lane = "freeze"

    def __init__(self, seconds: float = FROZEN_SECONDS) -> None:
        self.seconds = seconds
        self._victim = ""

    def inject(self, arena: Arena) -> None:
        self._victim = _a_ready_one(arena, NAMES)
        arena.system.held.add(self._victim)
        arena.system.fleet.signal(self._victim, signal.SIGSTOP)
        eventlet.sleep(self.seconds)

    def heal(self, arena: Arena) -> None:
        if self._victim:
            arena.system.fleet.signal(self._victim, signal.SIGCONT)
            arena.system.held.discard(self._victim)
            self._victim = ""


class KillAt:
    """A process that dies at a named point of its work, the nth time it gets there: `latest` at
    most."""

    patience = 15.0

    def __init__(
        self, point: str, victims: tuple[str, ...], lane: str = "points", latest: int = 6
    ) -> None:
        self.name = f"die {point}"
        self.lane = lane
        self._point = point
        self._victims = victims
        self._latest = latest
        self._victim = ""

    def inject(self, arena: Arena) -> None:
        """Raises NotNow when the process does not come to its point in time."""
        system, self._victim = arena.system, _a_ready_one(arena, self._victims)
        system.held.add(self._victim)
        nth = arena.dice.randint(1, self._latest)
        system.arm(self._victim, f"{self._point}:{nth}")
        until = time.monotonic() + self.patience
        while (code := system.fleet.ended(self._victim)) is None:
            if time.monotonic() > until:
                raise NotNow(f"{self._victim} did not come there {nth} times")
            eventlet.sleep(0.05)
        if code != KILLED:
            raise NotNow(f"{self._victim} died of something else")

    def heal(self, arena: Arena) -> None:
        """The watch starts it again; one that never came there lives on."""
        if self._victim:
            arena.system.arm(self._victim, "")
            arena.system.held.discard(self._victim)
            self._victim = ""


def _a_ready_one(arena: Arena, among: tuple[str, ...]) -> str:
    ready = arena.system.ready_ones(among)
    if not ready:
        raise NotNow("none is ready")
    return arena.dice.choice(ready)
