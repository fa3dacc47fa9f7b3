"""A broker that is away for long: the gateway still answers, and nobody's memory grows."""

import time
from contextlib import closing

import eventlet

from tests.faults.clients import Desk
from tests.faults.fault import Arena
from tests.faults.visitor import Visitor

LOOK_SECONDS = 5.0
GROWTH = 64 * 2**20
"""Bytes that a process may have grown by in the end."""


class BrokerDown:
    """The broker is dead for so many seconds, and no other fault happens meanwhile.

    Reads are answered, writes refused with 503 and Retry-After in time; memory stays bounded.
    """

    lane = "servers"

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.name = f"broker down {seconds:g} s"

    def inject(self, arena: Arena) -> None:
        fleet = arena.system.fleet
        desk = Desk(fleet.url, fleet.folder / "secrets")
        with arena.alone(), closing(Visitor(desk, arena.record)) as visitor:
            arena.system.wait_all_ready()
            case = arena.system.rows("gateway", "SELECT max(tracking_number) FROM cases")[0][0]
            before = arena.system.memory()
            arena.system.broker.kill()
            until = time.monotonic() + self.seconds
            eventlet.sleep(2)  # what was on its way is answered or not
            while time.monotonic() < until:
                visitor.look(case)
                visitor.submit()
                eventlet.sleep(LOOK_SECONDS)
            self._report(arena, visitor, before)

    def heal(self, arena: Arena) -> None:
        arena.system.broker.start()

    def _report(self, arena: Arena, visitor: Visitor, before: dict[str, int]) -> None:
        after = arena.system.memory()
        grown = {name: after[name] - before[name] for name in after if name in before}
        most = max(grown, key=lambda name: grown[name])
        arena.count("reads answered without a broker", visitor.read)
        arena.count("writes refused without a broker", visitor.refused)
        arena.measured["slowest refusal without a broker"] = f"{visitor.slowest:.1f} s"
        arena.measured["largest growth of memory without a broker"] = (
            f"{grown[most] / 2**20:.1f} MiB ({most}, {before[most] / 2**20:.0f} MiB before)"
        )
        arena.findings += [f"{said}, without a broker" for said in visitor.findings]
        arena.findings += [
            f"{name} grew by {by / 2**20:.0f} MiB without a broker"
            for name, by in grown.items()
            if by > GROWTH
        ]
