"""The relay: publishes what units of work wrote into the outbox, and deletes it once confirmed."""

import contextlib
import time
from collections.abc import Callable
from typing import Any, Protocol

import eventlet
import structlog
from eventlet.event import Event
from sqlalchemy import Engine, Row, delete, func, select

from chassis import metrics
from chassis.kill_points import reached
from chassis.publishing import BrokerPublisher, Outgoing
from chassis.retry import failure_of, waits
from chassis.tables import MessagingTables
from chassis.topology import events_exchange
from chassis.work import numbered

BATCH = 500
SWEEP_SECONDS = 1.0
"""How often the outbox is looked at without being woken: rows of a process that was killed."""

MEASURE_SECONDS = 5.0
"""How often what waits is counted, also while it cannot be published."""

LINGER_SECONDS = 0.005
LONGEST_LINGER = 0.05
"""When rows come in a stream, wait for more, this long for each that came: a batch costs as much
as a row. A row that comes alone is followed at once."""

log = structlog.get_logger()


class Relay(Protocol):
    def pump(self) -> int:
        """Publish one batch; returns how many rows are done with."""

    def pending(self) -> int:
        """Rows that are not confirmed yet."""

    def close(self) -> None:
        """Give back what it published with."""


class BrokerRelay:
    """Deletes rows, publishes them with pipelined confirms, then commits.

    Replicas skip each other's rows. A kill between confirm and commit leaves the rows: they are
    published again with the same message ids, which the inboxes drop.
    """

    def __init__(
        self, service: str, engine: Engine, tables: MessagingTables, publisher: BrokerPublisher
    ) -> None:
        self._service = service
        self._engine = engine
        self._outbox = outbox = tables.outbox
        self._publisher = publisher
        oldest = select(outbox.c.id).order_by(outbox.c.id).limit(BATCH)
        self._take = (
            delete(outbox)
            .where(outbox.c.id.in_(oldest.with_for_update(skip_locked=True).scalar_subquery()))
            .returning(outbox)
        )

    def pump(self) -> int:
        with self._engine.begin() as connection:
            rows = sorted(connection.execute(self._take), key=lambda row: row.id)
            if rows:
                self._publisher.publish([outgoing(self._service, row) for row in rows])
                reached("before_outbox_delete")
        if rows:
            reached("after_outbox_delete")
        return len(rows)

    def pending(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(self._outbox)).scalar_one()

    def close(self) -> None:
        self._publisher.close()


def outgoing(service: str, row: Row[*tuple[Any, ...]]) -> Outgoing:
    """An outbox row as a message on the service's exchange."""
    return Outgoing(
        exchange=events_exchange(service).name,
        routing_key=row.event,
        body=numbered(row.body, row.sequence).encode(),
        message_id=row.message_id,
    )


class RelayLoop:
    """Runs a relay in a green thread: woken after each commit, and sweeping besides.

    `measure` is called now and then, to tell how much waits.
    """

    def __init__(
        self, service: str, relay: Relay, measure: Callable[[], None] = lambda: None
    ) -> None:
        self.service = service
        self.relay = relay
        self._measure = measure
        self._measured = float("-inf")
        self._bell = Event()
        self._stopping = False
        self._thread: Any = None

    def start(self) -> None:
        self._thread = eventlet.spawn(self._run)

    def wake(self) -> None:
        """There is something new in the outbox."""
        if not self._bell.ready():
            self._bell.send()

    def stop(self, grace: float) -> None:
        """Publish what is left, for at most `grace` seconds; the rest waits in the database."""
        self._stopping = True
        self.wake()
        if self._thread is not None:
            with contextlib.suppress(eventlet.Timeout), eventlet.Timeout(grace):
                self._thread.wait()
            self._thread.kill()
        self.relay.close()

    def _run(self) -> None:
        pauses = waits()
        while True:
            try:
                self._measure_now_and_then()
                done = self.relay.pump()
            except Exception as error:  # a loop that ends would keep every later event back
                log.warning(
                    "relay_failed",
                    service=self.service,
                    failure=str(failure_of(error)),
                    error=type(error).__name__,
                )
                if self._stopping:
                    return
                self._pause(min(next(pauses), SWEEP_SECONDS * 5))
                continue
            pauses = waits()
            if done:
                metrics.PUBLISHED.labels(self.service).inc(done)
                if 1 < done < BATCH and not self._stopping:
                    eventlet.sleep(min(done * LINGER_SECONDS, LONGEST_LINGER))
            elif self._stopping:
                return
            else:
                self._pause(SWEEP_SECONDS)

    def _measure_now_and_then(self) -> None:
        if time.monotonic() - self._measured >= MEASURE_SECONDS:
            self._measured = time.monotonic()
            self._measure()

    def _pause(self, seconds: float) -> None:
        with contextlib.suppress(eventlet.Timeout), eventlet.Timeout(seconds):
            self._bell.wait()
        if self._bell.ready():
            self._bell = Event()
