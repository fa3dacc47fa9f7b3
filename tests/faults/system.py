"""The system under test: a fleet with replicas and the tally, kept running by a watch."""

import signal
import time
from typing import Any

import eventlet
from kombu import Connection

from tests.faults.guards import WITHOUT
from tests.fleet import SERVICES, Fleet
from tests.real import Broker, PostgresServer

REPLICAS = ("intake#2", "complaints#2")
NAMES = ("tally", *(name for name in SERVICES if name != "tally"), *REPLICAS)
START_WITHIN = 180.0  # seconds
KILL_EXITS = (137, -signal.SIGKILL)
DATABASES = ("tally", *(name for name in SERVICES if name != "tally"))


class System:
    """The fleet, its servers, and what keeps its processes alive."""

    def __init__(self, fleet: Fleet, broker: Broker, postgres: PostgresServer) -> None:
        self.fleet = fleet
        self.broker = broker
        self.postgres = postgres
        self.held: set[str] = set()
        """Processes that a fault has in its hands; the watch leaves them."""
        self.deaths: list[str] = []
        """Processes that ended without being killed, with their exit codes."""
        self._watch: Any = None
        fleet.program = "tests.faults.entry"

    def start(self, without: str | None = None) -> None:
        """Databases, queues, processes; returns when all are ready. The tally's queue is first."""
        if without:
            self.fleet.extra[WITHOUT] = without
        self.fleet.prepare()
        for some in (NAMES[:1], NAMES[1:]):
            for name in some:
                self.fleet.launch(name)
            for name in some:
                if not self.wait_ready(name, START_WITHIN):
                    raise TimeoutError(f"{name} was not ready within {START_WITHIN:g} s")
        self._watch = eventlet.spawn(self._keep_running)

    def stop_watching(self) -> None:
        """Processes that end stay ended."""
        if self._watch is not None:
            self._watch.kill()

    def kill(self, name: str) -> None:
        """kill -9, and a new start."""
        self.held.add(name)
        self.fleet.kill(name)
        self.fleet.launch(name)
        self.held.discard(name)

    def wait_ready(self, name: str, within: float = 60.0) -> bool:
        """Whether the process became ready in this many seconds."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if self.fleet.ready(name):
                return True
            eventlet.sleep(0.2)
        return False

    def connection(self) -> Connection:
        """To the broker, past every proxy."""
        return Connection(self.fleet.amqp_url, connect_timeout=5)

    def _keep_running(self) -> None:
        while True:
            for name in NAMES:
                code = None if name in self.held else self.fleet.ended(name)
                if code is not None:
                    if code not in KILL_EXITS:
                        self.deaths.append(f"{name}: {code}")
                    self.fleet.launch(name)
            eventlet.sleep(0.2)
