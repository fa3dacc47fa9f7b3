"""Reading the audit stream and publishing what it holds again, as an outsider with pika or kombu
would."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from amqp import Message
from kombu import Connection

from chassis.topology import AUDIT_STREAM

IDLE_SECONDS = 1.5
WINDOW = 200
"""Messages on their way at once."""

CONFIRM_SECONDS = 30.0


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
    """Publish these in order, each as it was; returns how many when all are confirmed.

    Raises ConnectionError if the broker refused one; nothing is known of the others then.
    """
    channel = connection.channel()
    channel.confirm_select()
    answers = Answers()
    channel.events["basic_ack"].add(answers.confirmed)
    channel.events["basic_nack"].add(answers.refused)
    for each in copies:
        message = Message(
            each.body,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=2,
            message_id=each.message_id,
        )
        channel.basic_publish(message, each.exchange, each.routing_key)
        answers.sent += 1
        while answers.sent - answers.settled >= WINDOW:
            connection.drain_events(timeout=CONFIRM_SECONDS)
    while answers.settled < answers.sent:
        connection.drain_events(timeout=CONFIRM_SECONDS)
    channel.close()
    return answers.sent


class Answers:
    """The broker's, to one channel. It may answer for several messages at once."""

    def __init__(self) -> None:
        self.sent = 0
        self._open: set[int] = set()
        self._highest = 0

    @property
    def settled(self) -> int:
        """How many messages are confirmed."""
        return self._highest - len(self._open)

    def confirmed(self, tag: int, multiple: bool) -> None:
        """basic.ack."""
        self._open |= set(range(self._highest + 1, tag + 1))
        self._highest = max(self._highest, tag)
        self._open -= {each for each in self._open if each <= tag} if multiple else {tag}

    def refused(self, tag: int, multiple: bool) -> None:
        """basic.nack."""
        raise ConnectionError(f"the broker refused message {tag}")
