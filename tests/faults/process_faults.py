"""Processes that die or freeze."""

import signal
import time

import eventlet

from chassis.kill_points import VARIABLE
from tests.faults.fault import Arena
from tests.faults.system import NAMES

START_PATIENCE = 60.0
FROZEN_SECONDS = 65.0
"""More than two heartbeats of 30 seconds: the broker gives the connection up."""


class KillService:
    """kill -9 of a random service, relay or the gateway; it is started again at once."""

    name = "kill -9"
    lane = "processes"

    def inject(self, arena: Arena) -> None:
        name = arena.dice.choice(NAMES)
        arena.system.wait_ready(name, 20)
        arena.system.kill(name)

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
        self._victim = arena.dice.choice([n for n in NAMES if n not in arena.system.held])
        arena.system.held.add(self._victim)
        arena.system.fleet.signal(self._victim, signal.SIGSTOP)
        eventlet.sleep(self.seconds)

    def heal(self, arena: Arena) -> None:
        arena.system.fleet.signal(self._victim, signal.SIGCONT)
        arena.system.held.discard(self._victim)


class KillAt:
    """A process that dies at a named point of its work, the nth time it gets there."""

    lane = "processes"
    patience = 15.0

    def __init__(self, point: str, victims: tuple[str, ...] = ("tally", "intake", "complaints")):
        self.name = f"die {point}"
        self._point = point
        self._victims = victims
        self._victim = ""
        self.hit = False

    def inject(self, arena: Arena) -> None:
        """Raises TimeoutError when the process does not come to its point in time."""
        system, self._victim = arena.system, arena.dice.choice(self._victims)
        system.held.add(self._victim)
        system.fleet.kill(self._victim)
        nth = arena.dice.randint(1, 6)
        system.fleet.launch(self._victim, **{VARIABLE: f"{self._point}:{nth}"})
        self.hit = self._dies(arena, START_PATIENCE, until_ready=True) or self._dies(
            arena, self.patience
        )
        if not self.hit:
            raise TimeoutError(f"{self._victim} did not come there {nth} times")

    def heal(self, arena: Arena) -> None:
        """Start it without a point; one that never came there is killed first."""
        arena.system.kill(self._victim)

    def _dies(self, arena: Arena, within: float, until_ready: bool = False) -> bool:
        fleet, until = arena.system.fleet, time.monotonic() + within
        while time.monotonic() < until:
            if fleet.ended(self._victim) is not None:
                return True
            if until_ready and fleet.ready(self._victim):
                return False
            eventlet.sleep(0.1)
        return False
