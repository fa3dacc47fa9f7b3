"""Every exchange, queue and binding, named and declared in one place.

All of it is declared before the first publish: an event before its queue exists would be dropped.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from amqp.exceptions import NotFound
from kombu import Connection, Exchange, Queue, binding

AUDIT_STREAM = "audit"
STREAM_BYTES = 5_000_000_000
RPC_EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)
REPLY_QUEUE_EXPIRES = 300_000  # milliseconds without a consumer, as nameko has it

REPLAY_EXCHANGE = Exchange("sigap.replay", type="direct", durable=True)
"""Leads to each handler's queue by its name: where operators send dead letters back."""

# A worker that is killed charges every message it had prefetched; real failures are counted
# in the handler. So the broker's own limit is a last resort and high.
DELIVERY_LIMIT = 100

# RabbitMQ 4 drops what was given back 20 times, unless the queue has a limit of its own. A dead
# letter may be looked at as often as one likes.
LOOKS_AT_A_DEAD_LETTER = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Topology:
    """Who publishes, who takes which event, who takes every event, who asks whom.

    `subscriptions` holds (publishing service, event, subscribing service), `calls` (who asks,
    service, method). Of the observers `in_order` one process at a time takes the events, one after
    the other. Services `into_stream` put messages of their own into the audit stream.
    """

    publishers: tuple[str, ...]
    subscriptions: tuple[tuple[str, str, str], ...]
    observers: tuple[str, ...]
    in_order: tuple[str, ...] = ()
    calls: tuple[tuple[str, str, str], ...] = ()
    into_stream: tuple[str, ...] = ()

    @property
    def takers(self) -> tuple[str, ...]:
        """Who is sent anything: events or commands."""
        subscribers = {service for _, _, service in self.subscriptions}
        return tuple(sorted(subscribers.union(self.observers, self.publishers)))


def events_exchange(service: str) -> Exchange:
    """As nameko declares it, so that a stock event handler can bind to it."""
    return Exchange(f"{service}.events", type="topic", durable=True, delivery_mode=2)


def event_queue(source: str, event: str, service: str) -> Queue:
    """nameko's own name for the queue of handler `on_<event>`."""
    name = f"evt-{source}-{event}--{service}.on_{event}"
    return Queue(
        name,
        bindings=[
            binding(events_exchange(source), routing_key=event),
            binding(REPLAY_EXCHANGE, routing_key=name),
        ],
        durable=True,
        queue_arguments=_quorum(service),
    )


def observer_queue(
    service: str, publishers: tuple[str, ...] = (), *, in_order: bool = False
) -> Queue:
    """The one queue of a service that takes every event of these publishers.

    `in_order` gives it to one consumer at a time; when that one goes, the broker turns to another.
    """
    arguments = _quorum(service)
    if in_order:
        arguments["x-single-active-consumer"] = True
    name = f"evt-all--{service}"
    everything = [binding(events_exchange(source), routing_key="#") for source in publishers]
    return Queue(
        name,
        bindings=[*everything, binding(REPLAY_EXCHANGE, routing_key=name)],
        durable=True,
        queue_arguments=arguments,
    )


def dead_letter_exchange(service: str) -> Exchange:
    """The only way into the service's dead letters; by it nobody gets anything elsewhere."""
    return Exchange(f"{service}.dead", type="direct", durable=True)


def dead_letter_queue(service: str) -> Queue:
    """What the service could not handle lies here until an operator replays or discards it."""
    name = f"{service}.dead"
    return Queue(
        name,
        exchange=dead_letter_exchange(service),
        routing_key=name,
        durable=True,
        queue_arguments={"x-queue-type": "quorum", "x-delivery-limit": LOOKS_AT_A_DEAD_LETTER},
    )


def command_queue(service: str) -> Queue:
    """Commands and queries to the service, under nameko's own name."""
    return Queue(f"rpc-{service}", exchange=RPC_EXCHANGE, routing_key=f"{service}.*", durable=True)


def reply_queue(service: str, process: str, *, exchange_is_there: bool = False) -> Queue:
    """Where one process of a service gets its answers, under an address that names the service."""
    return Queue(
        f"rpc.reply-{service}-{process}",
        exchange=Exchange(
            RPC_EXCHANGE.name, type="topic", durable=True, no_declare=exchange_is_there
        ),
        routing_key=f"reply.{service}.{process}",
        queue_arguments={"x-expires": REPLY_QUEUE_EXPIRES},
    )


def stream_exchange(service: str) -> Exchange:
    """By which the service puts messages of its own into the audit stream."""
    return Exchange(f"{service}.stream", type="fanout", durable=True)


def audit_stream(publishers: tuple[str, ...], into_stream: tuple[str, ...] = ()) -> Queue:
    """A copy of every event for consumers of other teams; the database is the truth."""
    copies = [binding(events_exchange(source), routing_key="#") for source in publishers]
    own = [binding(stream_exchange(source), routing_key="") for source in into_stream]
    return Queue(
        AUDIT_STREAM,
        bindings=[*copies, *own],
        durable=True,
        queue_arguments={"x-queue-type": "stream", "x-max-length-bytes": STREAM_BYTES},
    )


def declare(connection: Connection, topology: Topology) -> None:
    """Declare everything; repeating it changes nothing. In memory nobody reads copies.

    Last comes an exchange that tells, by its name, that all of this topology is there.
    """
    channel = connection.default_channel
    for exchange in _exchanges(topology):
        exchange(channel).declare()
    for queue in _queues(topology):
        queue(channel).declare()
    if connection.transport.driver_type != "memory":
        audit_stream(topology.publishers, topology.into_stream)(channel).declare()
    _seal(topology)(channel).declare()


def is_declared(connection: Connection, topology: Topology) -> bool:
    """Whether somebody has declared all of it; to look needs no rights."""
    channel = connection.default_channel
    try:
        for exchange in (_seal(topology), *_exchanges(topology)):
            exchange(channel).declare(passive=True)
        for queue in (*_queues(topology), audit_stream(())):
            queue(channel).queue_declare(passive=True)
    except NotFound:
        return False
    return True


def _seal(topology: Topology) -> Exchange:
    """Of every topology its own: a binding that is missing shows in no other way."""
    stream = audit_stream(topology.publishers, topology.into_stream)
    shapes = sorted(map(_shape, (*_queues(topology), stream)))
    digest = hashlib.sha256(repr(shapes).encode()).hexdigest()
    return Exchange(f"sigap.topology.{digest[:16]}", type="direct", durable=True)


def _shape(queue: Queue) -> tuple[Any, ...]:
    own = [(queue.exchange, queue.routing_key)] if queue.exchange else []
    bound = [*own, *((each.exchange, each.routing_key) for each in queue.bindings)]
    ways = sorted((exchange.name, exchange.type, key) for exchange, key in bound)
    return queue.name, sorted((queue.queue_arguments or {}).items()), ways


def _exchanges(topology: Topology) -> Iterator[Exchange]:
    for service in topology.publishers:
        yield events_exchange(service)
    for service in topology.takers:
        yield dead_letter_exchange(service)
    for service in topology.into_stream:
        yield stream_exchange(service)
    yield REPLAY_EXCHANGE
    yield RPC_EXCHANGE


def _queues(topology: Topology) -> Iterator[Queue]:
    for service in topology.takers:
        yield dead_letter_queue(service)
    for service in topology.publishers:
        yield command_queue(service)
    for source, event, service in topology.subscriptions:
        yield event_queue(source, event, service)
    for service in topology.observers:
        in_order = service in topology.in_order
        yield observer_queue(service, topology.publishers, in_order=in_order)


def _quorum(service: str) -> dict[str, object]:
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": dead_letter_exchange(service).name,
        "x-dead-letter-routing-key": f"{service}.dead",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
