"""Another team's consumer in plain pika, run as a program: a JSON line for each message.

`stranger.py events URL EXCHANGE...` binds a queue of its own; `stranger.py stream URL` reads the
audit stream from its first offset.
"""

import json
import sys
from typing import Any

import pika

STREAM = "audit"


def main(kind: str, url: str, *exchanges: str) -> None:
    """Consume until the program is ended."""
    channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
    channel.basic_qos(prefetch_count=100)
    if kind == "stream":
        arguments = {"x-stream-offset": "first"}
        channel.basic_consume(STREAM, _tell, arguments=arguments)
    else:
        queue = channel.queue_declare("", exclusive=True).method.queue
        for exchange in exchanges:
            channel.queue_bind(queue, exchange, "#")
        channel.basic_consume(queue, _tell)
    _write({"ready": True})
    channel.start_consuming()


def _tell(channel: Any, method: Any, properties: Any, body: bytes) -> None:
    told = {
        "exchange": method.exchange,
        "routing_key": method.routing_key,
        "message_id": properties.message_id,
        "content_type": properties.content_type,
        "delivery_mode": properties.delivery_mode,
        "headers": {key: str(value) for key, value in (properties.headers or {}).items()},
        "body": body.decode(),
    }
    _write(told)
    channel.basic_ack(method.delivery_tag)


def _write(line: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
