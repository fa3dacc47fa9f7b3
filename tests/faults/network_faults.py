"""What the rig's proxy does between the services and their servers."""

from datetime import UTC, datetime, timedelta

import eventlet

from tests.faults.fault import Arena, Fault

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
        if arena.proxy is not None and self._mode != "lost_commit":
            arena.proxy.set(self._server, "pass")


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
    faults: list[Fault] = [NetworkFault("lost_commit", "database", 0.0) for _ in range(3)]
    faults.append(HeldAndCut())
    for server in SERVERS:
        faults.append(NetworkFault("reset", server, 0.0))
        for seconds in {min(10.0, longest), longest}:
            faults.append(NetworkFault("delay", server, seconds, each=1.0))
            faults.append(NetworkFault("half_open", server, seconds))
    return faults
