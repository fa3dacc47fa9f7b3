"""What the rig's proxy does between the services and their servers."""

import time
from datetime import UTC, datetime, timedelta

import eventlet

from tests.faults.fault import Arena, Fault, NotNow

SERVERS = ("broker", "database")


class NetworkFault:
    """A mode of the proxy for some seconds, before one of the two servers."""

    lane = "network"

    def __init__(self, mode: str, server: str, seconds: float, each: float = 0.0) -> None:
        self.name = f"{server} {mode} {seconds:g} s" if seconds else f"{server} {mode}"
        self._mode, self._server, self._seconds, self._each = mode, server, seconds, each

    def inject(self, arena: Arena) -> None:
        assert arena.proxy is not None
        arena.proxy.set(self._server, self._mode, self._each)
        eventlet.sleep(self._seconds)

    def heal(self, arena: Arena) -> None:
        """What was held back goes on its way, or was cut."""
        if arena.proxy is not None:
            arena.proxy.set(self._server, "pass")


class LostCommit:
    """The next COMMIT of anybody takes effect, and its answer never comes."""

    name = "database lost_commit"
    lane = "network"

    def __init__(self, patience: float = 15.0) -> None:
        self._patience = patience

    def inject(self, arena: Arena) -> None:
        """Raises NotNow when no COMMIT was cut in time."""
        assert arena.proxy is not None
        before = arena.proxy.lost_commits("database")
        arena.proxy.set("database", "lost_commit")
        until = time.monotonic() + self._patience
        while (lost := arena.proxy.lost_commits("database") - before) == 0:
            if time.monotonic() > until:
                raise NotNow("nobody committed")
            eventlet.sleep(0.1)
        arena.count("commits whose answer was lost", lost)

    def heal(self, arena: Arena) -> None:
        """It was cut, or none is waited for any more."""
        if arena.proxy is not None:
            arena.proxy.set("database", "pass")


class HeldAndCut:
    """What is written to the broker is held for some seconds and then lost with its connection.

    The clock jumps meanwhile: deadlines are told of without a broker, so there is much to write.
    """

    name = "broker held and cut"
    lane = "network"
    seconds = 6.0
    days = 12

    def inject(self, arena: Arena) -> None:
        assert arena.proxy is not None
        arena.proxy.set("broker", "half_open")
        arena.system.fleet.set_clock(datetime.now(UTC) + timedelta(days=self.days))
        eventlet.sleep(self.seconds)
        arena.proxy.set("broker", "reset")

    def heal(self, arena: Arena) -> None:
        """It is cut, and open again; the clock goes back."""
        arena.system.fleet.set_clock(datetime.now(UTC))


def network_faults(longest: float) -> list[Fault]:
    """Delays, half-open connections and resets, none longer than `longest` seconds."""
    faults: list[Fault] = [LostCommit() for _ in range(3)]
    faults.append(HeldAndCut())
    for server in SERVERS:
        faults.append(NetworkFault("reset", server, 0.0))
        for seconds in {min(10.0, longest), longest}:
            faults.append(NetworkFault("delay", server, seconds, each=1.0))
            faults.append(NetworkFault("half_open", server, seconds))
    return faults
