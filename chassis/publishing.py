"""Publishing with pipelined confirms: many messages are sent, then all their confirms awaited.

Delivery tags are tracked. After a timeout the connection is closed, because a late confirm must
never be taken for another message's.
"""

import contextlib
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from amqp import spec
from kombu import Connection
from kombu.transport import pyamqp

from chassis.kill_points import reached

CONFIRM_TIMEOUT = 10.0
"""Seconds to wait for the broker's confirms of one batch."""

CONNECT_TIMEOUT = 5.0


class PublishFailed(Exception):
    """The broker did not confirm: nothing is known of the messages. Publish them again."""


class Unroutable(PublishFailed):
    """The broker has no queue for a mandatory message."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to publish. `expiration` is in seconds."""

    exchange: str
    routing_key: str
    body: bytes
    message_id: str = ""
    headers: dict[str, Any] = field(default_factory=dict)
    content_type: str = "application/json"
    persistent: bool = True
    mandatory: bool = True
    reply_to: str | None = None
    correlation_id: str | None = None
    expiration: float | None = None

    def properties(self) -> dict[str, Any]:
        chosen = {
            "delivery_mode": 2 if self.persistent else 1,
            "message_id": self.message_id or None,
            "reply_to": self.reply_to,
            "correlation_id": self.correlation_id,
            "expiration": None if self.expiration is None else str(int(self.expiration * 1000)),
        }
        return {name: value for name, value in chosen.items() if value is not None}


class TidyConnection(pyamqp.Connection):
    """Leaves no socket open when a caller's timeout ends the handshake."""

    def connect(self, callback: Any = None) -> Any:
        try:
            return super().connect(callback)
        except BaseException:
            self.collect()
            raise


class ConfirmedChannel:
    """One connection with one channel in confirm mode, used by one green thread at a time."""

    def __init__(self, url: str) -> None:
        self._sent = 0
        self._outstanding: dict[int, str] = {}
        self._refused: list[str] = []
        self._returned: list[str] = []
        self._connection = Connection(url, connect_timeout=CONNECT_TIMEOUT)
        self._connection.transport.Connection = TidyConnection
        try:
            self._channel = self._open()
        except BaseException:
            self.close()
            raise

    def send(self, message: Outgoing) -> None:
        """Send without waiting. Unlike amqp's own method it reads nothing from the socket."""
        prepared = self._channel.prepare_message(
            message.body,
            content_type=message.content_type,
            content_encoding="utf-8",
            headers=message.headers,
            properties=message.properties(),
        )
        self._sent += 1
        self._outstanding[self._sent] = message.message_id
        self._channel.send_method(
            spec.Basic.Publish,
            "Bssbb",
            (0, message.exchange, message.routing_key, message.mandatory, False),
            prepared,
        )

    def await_confirms(self, timeout: float) -> None:
        """Return when every message sent is confirmed; raises PublishFailed or Unroutable."""
        until = time.monotonic() + timeout
        while self._outstanding:
            remaining = until - time.monotonic()
            if remaining <= 0:
                raise PublishFailed(f"{len(self._outstanding)} messages not confirmed in time")
            with contextlib.suppress(TimeoutError):
                self._connection.drain_events(timeout=remaining)
        returned, self._returned = self._returned, []
        refused, self._refused = self._refused, []
        if returned:
            raise Unroutable(f"no queue takes {len(returned)} messages")
        if refused:
            raise PublishFailed(f"the broker refused {len(refused)} messages")

    def alive(self) -> bool:
        """True if the broker has not closed the connection; takes in what it sent meanwhile."""
        try:
            while True:
                self._connection.drain_events(timeout=0.000_001)
        except TimeoutError:
            return bool(self._connection.connected)
        except Exception:  # any failure means the same here: not usable
            return False

    def close(self) -> None:
        self._connection.collect(socket_timeout=0.5)

    def _open(self) -> Any:
        self._connection.connect()
        channel = self._connection.default_channel
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        channel.events["basic_return"].add(self._on_return)
        return channel

    def _settled(self, tag: int, multiple: bool) -> list[str]:
        if not multiple:
            return [self._outstanding.pop(tag)] if tag in self._outstanding else []
        tags = [known for known in self._outstanding if known <= tag]
        return [self._outstanding.pop(known) for known in tags]

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settled(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._refused += self._settled(tag, multiple)

    def _on_return(self, *details: Any) -> None:
        self._returned.append(str(details[1]))


class BrokerPublisher:
    """Lends confirmed channels; a channel that failed is never used again."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: deque[ConfirmedChannel] = deque()

    def publish(
        self, messages: Sequence[Outgoing], timeout: float = CONFIRM_TIMEOUT, confirm: bool = True
    ) -> None:
        """Publish in order. With `confirm` return only when the broker holds all of them.

        Raises PublishFailed, Unroutable, or the connection's own error.
        """
        with self._channel() as channel:
            reached("before_publish")
            for message in messages:
                channel.send(message)
            reached("after_publish")
            if confirm:
                reached("before_confirm")
                channel.await_confirms(timeout)
                reached("after_confirm")

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    @contextlib.contextmanager
    def _channel(self) -> Iterator[ConfirmedChannel]:
        channel = self._borrow()
        try:
            yield channel
        except BaseException:
            channel.close()
            raise
        self._idle.append(channel)

    def _borrow(self) -> ConfirmedChannel:
        while self._idle:
            channel = self._idle.pop()
            if channel.alive():
                return channel
            channel.close()
        return ConfirmedChannel(self._url)
