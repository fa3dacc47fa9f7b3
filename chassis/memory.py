"""The embedded system's broker: kombu's in-memory transport, woken by a put instead of polling.

Nothing here outlives the process. What makes it safe is the outbox: a row is deleted only when
every queue that got the message has acknowledged it, so a restart publishes the rest again and
the inboxes drop what they have seen.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from queue import Empty
from typing import Any

import eventlet
from eventlet.event import Event
from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES, memory
from sqlalchemy import Engine, delete, func, select

from chassis.outbox import BATCH, outgoing
from chassis.publishing import Outgoing, Unroutable
from chassis.tables import MessagingTables
from chassis.topology import dead_letter_exchange

URL = "sigap-memory://localhost/"
DEAD_LETTER_SUFFIX = dead_letter_exchange("").name


class Doorbell:
    """Wakes every consumer that waits for a message."""

    def __init__(self) -> None:
        self._event = Event()

    def ring(self) -> None:
        event, self._event = self._event, Event()
        event.send()

    def wait(self, seconds: float) -> None:
        with contextlib.suppress(eventlet.Timeout), eventlet.Timeout(seconds):
            self._event.wait()


class Deliveries:
    """Counts in how many queues a message still lies, and tells when it is in none."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}
        self._on_consumed: dict[str, Callable[[str], None]] = {}

    def expect(self, message_id: str, on_consumed: Callable[[str], None]) -> None:
        self._open[message_id] = 0
        self._on_consumed[message_id] = on_consumed

    def put(self, message_id: str | None) -> None:
        if message_id in self._open:
            self._open[message_id] += 1

    def acknowledged(self, message_id: str | None) -> None:
        if message_id is None or message_id not in self._open:
            return
        self._open[message_id] -= 1
        if self._open[message_id] == 0:
            del self._open[message_id]
            self._on_consumed.pop(message_id)(message_id)

    def hold(self, message_id: str | None) -> None:
        """A dead letter: its outbox row stays, so that a later start tries the message again."""
        if message_id is not None:
            self._open.pop(message_id, None)
            self._on_consumed.pop(message_id, None)


doorbell = Doorbell()
deliveries = Deliveries()


class Channel(memory.Channel):
    """kombu's channel, telling of puts and acknowledgements."""

    def _put(self, queue: str, message: dict[str, Any], **options: Any) -> None:
        super()._put(queue, message, **options)
        deliveries.put(message["properties"].get("message_id"))
        doorbell.ring()

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        message = self.qos.get(delivery_tag)
        super().basic_ack(delivery_tag, multiple)
        deliveries.acknowledged(message.properties.get("message_id"))

    def basic_qos(self, *limits: Any, **options: Any) -> None:
        """No limit: it would count per channel, and a full one could not receive its replies."""


class Transport(memory.Transport):
    """Waits for a message instead of polling for one."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        until = time.monotonic() + (timeout if timeout is not None else 3600)
        while True:
            with contextlib.suppress(Empty):
                self.cycle.get(self._deliver)
                return
            remaining = until - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            doorbell.wait(remaining)


TRANSPORT_ALIASES["sigap-memory"] = f"{__name__}:{Transport.__name__}"


class MemoryPublisher:
    """Publishes into the process's own queues."""

    def __init__(self) -> None:
        self._connection = Connection(URL)

    def publish(
        self,
        messages: Sequence[Outgoing],
        timeout: float = 0,
        confirm: bool = True,
        on_consumed: Callable[[str], None] | None = None,
    ) -> None:
        """Put each message into its queues; `on_consumed` hears of it when all have taken it.

        Raises Unroutable for a mandatory message that no queue takes.
        """
        channel = self._connection.default_channel
        for message in messages:
            if message.exchange.endswith(DEAD_LETTER_SUFFIX):
                deliveries.hold(message.message_id)
                continue
            if message.mandatory and not self._queues(channel, message):
                raise Unroutable(f"no queue takes {message.routing_key}")
            if on_consumed is not None:
                deliveries.expect(message.message_id, on_consumed)
            prepared = channel.prepare_message(
                message.body.decode(),
                content_type=message.content_type,
                content_encoding="utf-8",
                headers=dict(message.headers),
                properties=message.properties(),
            )
            channel.basic_publish(prepared, message.exchange, message.routing_key)

    def close(self) -> None:
        self._connection.close()

    def _queues(self, channel: Any, message: Outgoing) -> list[str]:
        if not message.exchange:
            return [message.routing_key]
        found: list[str] = channel.typeof(message.exchange).lookup(
            channel.get_table(message.exchange), message.exchange, message.routing_key, None
        )
        return found


class MemoryRelay:
    """Publishes outbox rows in order, and deletes those that are consumed everywhere."""

    def __init__(
        self, service: str, engine: Engine, tables: MessagingTables, publisher: MemoryPublisher
    ) -> None:
        self._service = service
        self._engine = engine
        self._outbox = tables.outbox
        self._publisher = publisher
        self._published = 0
        self._consumed: list[str] = []

    def pump(self) -> int:
        outbox = self._outbox
        self._forget_consumed()
        unpublished = (
            select(outbox).where(outbox.c.id > self._published).order_by(outbox.c.id).limit(BATCH)
        )
        with self._engine.execution_options(reads_only=True).connect() as connection:
            rows = connection.execute(unpublished).all()
        for row in rows:
            self._publisher.publish(
                [outgoing(self._service, row)], on_consumed=self._consumed.append
            )
            self._published = row.id
        return len(rows)

    def pending(self) -> int:
        with self._engine.execution_options(reads_only=True).connect() as connection:
            return connection.execute(select(func.count()).select_from(self._outbox)).scalar_one()

    def close(self) -> None:
        self._publisher.close()

    def _forget_consumed(self) -> None:
        consumed, self._consumed[:] = list(self._consumed), []
        if consumed:
            with self._engine.begin() as connection:
                outbox = self._outbox
                connection.execute(delete(outbox).where(outbox.c.message_id.in_(consumed)))
