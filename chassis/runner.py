"""The runner: waits for broker and database, starts the services, stops them gracefully."""

import gc
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import eventlet
import structlog
from eventlet import tpool
from eventlet.event import Event
from eventlet.queue import Queue
from kombu import Connection
from nameko.containers import ServiceContainer

from chassis.clock import Clock, clock_of
from chassis.health import serve_operations
from chassis.logs import shape
from chassis.publishing import CONNECT_TIMEOUT
from chassis.retry import waits
from chassis.settings import Settings
from chassis.topology import Topology, declare, is_declared
from chassis.transport import broker_url

log = structlog.get_logger()

NATIVE_THREADS = 4
"""Real threads for what would block the others; each keeps the memory of its largest task."""

MAX_WORKERS = 40
"""Messages handled at once by one service process: as many as its database pool serves."""


class Runner:
    """Runs service classes in this process.

    `databases_ready` raises or returns False until the services' databases can be used.
    """

    def __init__(
        self,
        services: Sequence[Any],
        topology: Topology,
        settings: Settings,
        *,
        environ: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        databases_ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self._settings = settings
        self._topology = topology
        self._databases_ready = databases_ready
        self._begun = Event()
        self._started = False
        self._stopping = False
        self._stopped = Event()
        self.waits_for: str | None = None
        """What is not up yet: database or broker."""
        config: dict[str, Any] = {
            "WEB_SERVER_ADDRESS": settings.http_address,
            "HEARTBEAT": 30,
            "max_workers": MAX_WORKERS,
            # nameko's default gives up after three tries
            "TRANSPORT_OPTIONS": {},
            "ACCEPT": ["json"],
            "settings": settings,
            "environ": dict(os.environ if environ is None else environ),
            "clock": clock or clock_of(settings),
            "topology": topology,
        }
        tpool.set_num_threads(NATIVE_THREADS)
        self.containers = [
            ServiceContainer(service, config | {"AMQP_URI": broker_url(settings, service.name)})
            for service in services
        ]

    def start(self) -> None:
        """Return when every service consumes and serves; waits for what is not up yet."""
        if self._settings.ops_address:
            address = self._settings.ops_address
            serve_operations(address, self.containers, lambda: self._started)
        self._wait_for("database", self._databases_ready)
        self._wait_for("broker", self._topology_is_there)
        for container in self.containers:
            container.start()
        self._started = True
        # What the start made lives as long as the process: no collection needs to look at it again.
        gc.collect()
        gc.freeze()
        log.info("started", services=self._names())

    def run(self) -> None:
        """Start, then serve until SIGTERM or SIGINT.

        When one container dies the others are stopped, and its error is raised.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: eventlet.spawn_n(self.stop))
        starting = eventlet.spawn(self.start)
        self._begun_or_told_to_stop(starting)
        endings = Queue()
        for container in self.containers:
            eventlet.spawn_n(_tell_end, container, endings)
        for _ in self.containers:
            error = endings.get()
            if error is not None:
                self.stop()
                raise error

    def stop(self) -> None:
        """Stop taking messages, finish those in hand, flush the outboxes. Once is enough."""
        if self._stopping:
            self._stopped.wait()
            return
        self._stopping = True
        log.info("stopping", services=self._names())
        grace = self._settings.stop_grace_seconds
        with eventlet.Timeout(grace, False):
            pool = eventlet.GreenPool()
            for container in self.containers:
                pool.spawn(_stop, container)
            pool.waitall()
        for container in self.containers:
            if not container._died.ready():  # past the grace: what is unfinished comes again
                container._died.send(None)
        log.info("stopped", services=self._names())
        self._stopped.send()
        self._begin()

    def _begin(self) -> None:
        if not self._begun.ready():
            self._begun.send()

    def _begun_or_told_to_stop(self, starting: Any) -> None:
        starting.link(lambda _: self._begin())
        self._begun.wait()
        if starting.dead:
            starting.wait()

    def _topology_is_there(self) -> bool:
        url = self.containers[0].config["AMQP_URI"]
        with Connection(url, connect_timeout=CONNECT_TIMEOUT) as connection:
            if self._settings.own_accounts:
                return is_declared(connection, self._topology)
            declare(connection, self._topology)
        return True

    def _wait_for(self, what: str, ready: Callable[[], bool]) -> None:
        self.waits_for = what
        for pause in waits(first=0.2, longest=5.0):
            try:
                if ready():
                    self.waits_for = None
                    return
                reason = "not_ready"
            except Exception as error:
                reason = type(error).__name__
            log.warning("waiting", services=self._names(), what=what, reason=reason)
            eventlet.sleep(pause)

    def _names(self) -> list[str]:
        return [container.service_name for container in self.containers]


def _stop(container: ServiceContainer) -> None:
    """One that fails to stop must not fail in silence."""
    if not container.started:
        return
    try:
        container.stop()
    except Exception as error:
        log.error("stop_failed", service=container.service_name, **shape(error))


def _tell_end(container: ServiceContainer, endings: Queue) -> None:
    try:
        container.wait()
    except Exception as error:
        endings.put(error)
    else:
        endings.put(None)
