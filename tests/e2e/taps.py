"""What lies in queues, byte by byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kombu import Connection

from chassis.publishing import BrokerPublisher, Outgoing
from chassis.topology import RPC_EXCHANGE, events_exchange
from contracts.catalogue import SERVICES

TAP = "tap"
EXCHANGES = (RPC_EXCHANGE.name, *(events_exchange(service).name for service in SERVICES))


@dataclass(frozen=True, slots=True)
class Caught:
    """One message. `envelope` is all that is not the body: address, properties, headers."""

    address: str
    envelope: str
    body: bytes
    headers: dict[str, Any]


def tap(amqp_url: str) -> None:
    """From now on keep a copy of every event, command and answer."""
    with _channel(amqp_url) as channel:
        channel.queue_declare(TAP, durable=True, auto_delete=False)
        for exchange in EXCHANGES:
            channel.queue_bind(TAP, exchange, "#")


def untap(amqp_url: str) -> list[Caught]:
    """What came meanwhile; the tap is gone."""
    caught = taken(amqp_url, TAP)
    with _channel(amqp_url) as channel:
        channel.queue_delete(TAP)
    return caught


def publish(amqp_url: str, *messages: Outgoing) -> None:
    """Returns when the broker holds them all. What goes unconfirmed into a quorum queue may be lost
    when its channel is closed."""
    publisher = BrokerPublisher(amqp_url)
    try:
        publisher.publish(messages)
    finally:
        publisher.close()


def taken(amqp_url: str, queue: str) -> list[Caught]:
    """Every message in the queue, taken out."""
    with _channel(amqp_url) as channel:
        return [_caught(message) for message in _messages(channel, queue, no_ack=True)]


def seen(amqp_url: str, queue: str) -> list[Caught]:
    """Every message in the queue, left there."""
    with _channel(amqp_url) as channel:
        messages = list(_messages(channel, queue, no_ack=False))
        for message in messages:
            channel.basic_reject(message.delivery_info["delivery_tag"], requeue=True)
        return [_caught(message) for message in messages]


@contextmanager
def _channel(amqp_url: str) -> Iterator[Any]:
    with Connection(amqp_url) as connection:
        yield connection.default_channel


def _messages(channel: Any, queue: str, *, no_ack: bool) -> Iterator[Any]:
    while message := channel.basic_get(queue, no_ack=no_ack):
        yield message


def _caught(message: Any) -> Caught:
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    envelope = str((message.delivery_info, message.properties))
    headers = dict(message.properties.get("application_headers") or {})
    return Caught(message.delivery_info["routing_key"], envelope, body, headers)
