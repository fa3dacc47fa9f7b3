"""Every exchange, queue and binding, named and declared in one place.

Each process declares all of it at its start: a publish before the queue exists would be dropped.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kombu import Connection, Exchange, Queue, binding

AUDIT_STREAM = "audit"
STREAM_BYTES = 5_000_000_000
RPC_EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)

# A worker that is killed charges every message it had prefetched; real failures are counted
# in the handler. So the broker's own limit is a last resort and high.
DELIVERY_LIMIT = 100

# RabbitMQ 4 drops what was given back 20 times, unless the queue has a limit of its own. A dead
# letter may be looked at as often as one likes.
LOOKS_AT_A_DEAD_LETTER = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Topology:
    """Who publishes, who takes which event, who takes every event.

    `subscriptions` holds (publishing service, event, subscribing service). Of the observers
    `in_order` one process at a time takes the events, one after the other.
    """

    publishers: tuple[str, ...]
    subscriptions: tuple[tuple[str, str, str], ...]
    observers: tuple[str, ...]
    in_order: tuple[str, ...] = ()


def events_exchange(service: str) -> Exchange:
    """As nameko declares it, so that a stock event handler can bind to it."""
    return Exchange(f"{service}.events", type="topic", durable=True, delivery_mode=2)


def event_queue(source: str, event: str, service: str) -> Queue:
    """nameko's own name for the queue of handler `on_<event>`."""
    return Queue(
        f"evt-{source}-{event}--{service}.on_{event}",
        exchange=events_exchange(source),
        routing_key=event,
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
    return Queue(
        f"evt-all--{service}",
        bindings=[binding(events_exchange(source), routing_key="#") for source in publishers],
        durable=True,
        queue_arguments=arguments,
    )


def dead_letter_queue(service: str) -> Queue:
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": LOOKS_AT_A_DEAD_LETTER}
    return Queue(f"{service}.dead", durable=True, queue_arguments=arguments)


def command_queue(service: str) -> Queue:
    return Queue(f"rpc-{service}", exchange=RPC_EXCHANGE, routing_key=f"{service}.*", durable=True)


def audit_stream(publishers: tuple[str, ...]) -> Queue:
    """A copy of every event for consumers of other teams; the database is the truth."""
    return Queue(
        AUDIT_STREAM,
        bindings=[binding(events_exchange(source), routing_key="#") for source in publishers],
        durable=True,
        queue_arguments={"x-queue-type": "stream", "x-max-length-bytes": STREAM_BYTES},
    )


def declare(connection: Connection, topology: Topology) -> None:
    """Declare everything; repeating it changes nothing. In memory nobody reads copies."""
    channel = connection.default_channel
    in_memory = connection.transport.driver_type == "memory"
    for service in topology.publishers:
        events_exchange(service)(channel).declare()
    for queue in _queues(topology):
        queue(channel).declare()
    if not in_memory:
        audit_stream(topology.publishers)(channel).declare()


def _queues(topology: Topology) -> Iterator[Queue]:
    subscribers = {service for _, _, service in topology.subscriptions}
    for service in sorted(subscribers.union(topology.observers, topology.publishers)):
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
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": f"{service}.dead",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
