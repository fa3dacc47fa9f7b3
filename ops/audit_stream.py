"""Reading the audit stream, as any consumer of another team would."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pika

from chassis.topology import AUDIT_STREAM

PREFETCH = 200
QUIET_SECONDS = 2.0
"""A stream that sends nothing for so long has been read to its end."""


def messages(
    amqp_url: str, start: int | datetime | str, *, follow: bool
) -> Iterator[dict[str, Any]]:
    """Each message as {"offset", "event"}, oldest first; without `follow` to the stream's end.

    `start` is an offset, an aware time, or "first" or "next". A stream finds a time by its blocks
    only: events of before are left out here. Raises what pika raises.
    """
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=PREFETCH)
        consuming = channel.consume(
            AUDIT_STREAM,
            inactivity_timeout=QUIET_SECONDS,
            arguments={"x-stream-offset": start},
        )
        for method, properties, body in consuming:
            if method is None:
                if follow:
                    continue
                return
            channel.basic_ack(method.delivery_tag)
            message = {"offset": properties.headers["x-stream-offset"], "event": _readable(body)}
            if not _is_before(message, start):
                yield message


def _is_before(message: dict[str, Any], start: int | datetime | str) -> bool:
    """What tells no time is not left out."""
    if isinstance(start, int):
        return bool(message["offset"] < start)
    if isinstance(start, str) or not isinstance(message["event"], dict):
        return False
    try:
        return datetime.fromisoformat(message["event"]["time"]) < start
    except (KeyError, TypeError, ValueError):
        return False


def _readable(body: bytes) -> Any:
    """What is no JSON stands in the stream too; its text is not printed."""
    try:
        return json.loads(body)
    except ValueError:
        return None
