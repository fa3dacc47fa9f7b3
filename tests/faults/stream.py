"""Reading the audit stream and publishing what it holds again, as an outsider with pika or kombu
would."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from amqp import Message
from kombu import Connection

from chassis.topology import AUDIT_STREAM

IDLE_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Copy:
    """One message as it was published."""

    exchange: str
    routing_key: str
    message_id: str
    body: bytes


def read_stream(connection: Connection, first: int = 0) -> tuple[list[Copy], int]:
    """What the stream holds from this offset on, and the offset to read on from."""
    channel = connection.channel()
    copies: list[Copy] = []
    following = first

    def take(message: Any) -> None:
        nonlocal following
        offset = int(message.headers["x-stream-offset"])
        if offset >= first:  # the stream begins with the chunk that holds the offset
            copies.append(
                Copy(
                    message.delivery_info["exchange"],
                    message.delivery_info["routing_key"],
                    str(message.properties.get("message_id") or ""),
                    message.body if isinstance(message.body, bytes) else message.body.encode(),
                )
            )
            following = offset + 1
        channel.basic_ack(message.delivery_tag)

    channel.basic_qos(0, 200, False)
    channel.basic_consume(AUDIT_STREAM, callback=take, arguments={"x-stream-offset": first})
    while True:
        try:
            connection.drain_events(timeout=IDLE_SECONDS)
        except TimeoutError:
            channel.close()
            return copies, following


def publish(connection: Connection, copies: Iterable[Copy]) -> int:
    """Publish these, each as it was; returns how many when the broker has confirmed them."""
    channel = connection.channel()
    channel.confirm_select()
    count = 0
    for each in copies:
        message = Message(
            each.body,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=2,
            message_id=each.message_id,
        )
        channel.basic_publish_confirm(message, each.exchange, each.routing_key)
        count += 1
    channel.close()
    return count
