"""The system under test: a fleet with replicas and the tally, kept running by a watch."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import eventlet
from kombu import Connection
from sqlalchemy import text

from chassis.kill_points import KILLED
from tests.e2e.inspection import database
from tests.faults.entry_names import POINT
from tests.faults.guards import WITHOUT
from tests.fleet import SERVICES, Fleet
from tests.real import Broker, PostgresServer

REPLICAS = ("intake#2", "complaints#2", "documents#2")
NAMES = ("tally", *(name for name in SERVICES if name != "tally"), *REPLICAS)
START_WITHIN = 180.0  # seconds
SILENCE = 120.0
KILL_EXITS = (KILLED, -signal.SIGKILL, -signal.SIGUSR1)
"""The last one: it was told a point to die at before it could take one."""
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
        self._over = False
        fleet.program = "tests.faults.entry"

    def start(self, without: str | None = None) -> None:
        """Databases, queues, processes; returns when all are ready. The tally's queue is first."""
        if without:
            self.fleet.extra[WITHOUT] = without
        self.fleet.prepare()
        for some in (NAMES[:1], NAMES[1:]):
            for name in some:
                self.launch(name)
            for name in some:
                if not self.wait_ready(name, START_WITHIN):
                    raise TimeoutError(f"{name} was not ready within {START_WITHIN:g} s")
        self._watch = eventlet.spawn(self._keep_running)

    def launch(self, name: str) -> None:
        """Start it, able to be told where to die; nothing is started once the system is over."""
        if self._over:
            return
        self._point(name).write_text("")
        self.fleet.launch(name, **{POINT: str(self._point(name))})

    def arm(self, name: str, point: str) -> None:
        """Let the process die at a kill point (`<name>:<nth>`), or at none."""
        self._point(name).write_text(point)
        self.fleet.signal(name, signal.SIGUSR1)

    def ready_ones(self, among: Sequence[str] = NAMES) -> list[str]:
        """Processes that are ready and in no fault's hands."""
        return [n for n in among if n not in self.held and self.fleet.ready(n)]

    def unready(self) -> list[str]:
        """Processes that are not ready."""
        return [name for name in NAMES if not self.fleet.ready(name)]

    def memory(self) -> dict[str, int]:
        """The resident memory of each process that runs, in bytes."""
        return {n: size for n in NAMES if (size := self.fleet.resident(n)) is not None}

    def rows(self, service: str, query: str) -> list[Any]:
        """What a service's database answers."""
        with database(self.fleet, service) as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def queued(self) -> int:
        """Messages that wait or are in hand; the stream and dead letters keep theirs."""
        return sum(
            count
            for name, count in self.broker.queues(self.fleet.amqp_url).items()
            if name != "audit" and not name.startswith("rpc.reply-") and not name.endswith(".dead")
        )

    def dead_letters(self) -> list[tuple[str, str, str]]:
        """Every dead letter: service, message id, reason. They stay where they are."""
        found = []
        with self.connection() as connection:
            for service in DATABASES:
                channel = connection.channel()
                while (letter := channel.basic_get(f"{service}.dead")) is not None:
                    headers: dict[str, Any] = letter.headers or {}
                    reason = str(headers.get("x-sigap-reason") or "broker")
                    found.append((service, str(letter.properties.get("message_id") or ""), reason))
                channel.close()  # gives them back
        return found

    def stop_watching(self) -> None:
        """Processes that end stay ended, whatever faults are still at work."""
        self._over = True
        if self._watch is not None:
            self._watch.kill()

    def kill(self, name: str) -> None:
        """kill -9, and a new start."""
        self.held.add(name)
        self.fleet.kill(name)
        self.launch(name)
        self.held.discard(name)

    def wait_ready(self, name: str, within: float = 60.0) -> bool:
        """Whether the process became ready in this many seconds."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if self.fleet.ready(name):
                return True
            eventlet.sleep(0.2)
        return False

    def wait_all_ready(self, within: float = START_WITHIN) -> None:
        """Raises TimeoutError."""
        for name in NAMES:
            if not self.wait_ready(name, within):
                raise TimeoutError(f"{name} was not ready within {within:g} s")

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """To the broker, past every proxy. Raises TimeoutError if it went away without a word."""
        connection = Connection(self.fleet.amqp_url, connect_timeout=5)
        try:
            with eventlet.Timeout(SILENCE, TimeoutError("the broker says nothing")):
                yield connection
        finally:
            with eventlet.Timeout(5, False):
                connection.release()

    def _point(self, name: str) -> Path:
        return self.fleet.folder / f"{name}.point"

    def _keep_running(self) -> None:
        while True:
            for name in NAMES:
                code = None if name in self.held else self.fleet.ended(name)
                if code is not None:
                    if code not in KILL_EXITS:
                        self.deaths.append(f"{name}: {code}")
                    self.launch(name)
            eventlet.sleep(0.2)
