"""A dead letter: what its headers and its envelope tell, without what it says."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from chassis.topology import (
    REPLAY_EXCHANGE,
    Topology,
    event_queue,
    events_exchange,
    observer_queue,
)
from contracts.envelope import TRACKING_NUMBER, Role
from contracts.operations import LETTER_ID, PLAIN_NAME
from standards.national_id import holds_number

_CASE = r"[A-Z]{3}-[0-9]{1,8}(-[0-9]{1,9})?|[a-z_]{1,40}\.dead"
_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ATTRIBUTES = {
    "specversion": r"[0-9]\.[0-9]",
    "id": _ID,
    "source": r"/services/[a-z_]{1,40}",
    "type": r"sigap\.[a-z_]{1,80}\.v[0-9]{1,4}",
    "subject": _CASE,
    "time": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})",
    "datacontenttype": r"application/json",
    "sequence": r"[0-9]{1,12}",
    "correlationid": _CASE,
    "causationid": rf"{_ID}|[0-9a-f]{{64}}|job:[a-z_]{{1,40}}",
    "actor": r"resident|system|staff:[a-z][a-z0-9_.-]{1,39}",
    "actorrole": "|".join(Role),
    "traceparent": r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}",
}
"""How an event's own attributes look; what looks otherwise may be anything that somebody wrote."""

WITHHELD = "(withheld)"
_OF_EVENTS = events_exchange("").name


@dataclass(frozen=True, slots=True)
class Letter:
    """One message in `<service>.dead`.

    `id` is the message's own, or a hash of it where that might be anything. `queue` is where it
    failed. A letter of the broker's own has no times and no error.
    """

    id: str
    service: str
    exchange: str
    routing_key: str
    queue: str
    reason: str
    error: str
    code: str
    attempts: int
    first_tried_at: str | None
    buried_at: str | None
    message_id: str = field(repr=False)
    content_type: str = field(repr=False)
    body: bytes = field(repr=False)

    def outline(self) -> dict[str, Any]:
        """Everything but the message."""
        hidden = ("message_id", "content_type", "body")
        return {name: value for name, value in asdict(self).items() if name not in hidden}

    def envelope(self, *, with_data: bool) -> dict[str, Any]:
        """The outline, and the event's attributes, as far as they look like those of an event; with
        `with_data` the message as it stands."""
        message = self._message()
        shown = {
            name: message[name] if _looks(message[name], shape) else WITHHELD
            for name, shape in ATTRIBUTES.items()
            if name in message
        }
        whole = {"body": self.body.decode(errors="replace")} if with_data else {}
        return self.outline() | {"bytes": len(self.body), "attributes": shown} | whole

    def subject(self) -> str:
        """The case that the message is about, or the letter's queue if it does not tell."""
        case = self._message().get("subject")
        is_case = isinstance(case, str) and re.fullmatch(TRACKING_NUMBER, case, re.ASCII)
        return str(case) if is_case else f"{self.service}.dead"

    def record(self) -> dict[str, Any]:
        """What the ledger keeps of it: words of the system's own only."""
        return {
            "letter": self.id,
            "taker": self.service,
            "reason": _plain(self.reason),
            "error": _plain(self.error),
            "attempts": max(self.attempts, 0),
            "buried_at": _moment(self.buried_at),
        }

    def _message(self) -> dict[str, Any]:
        try:
            message = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return message if isinstance(message, dict) else {}


def read_letter(service: str, message: Any, topology: Topology) -> Letter:
    """The letter in a message got from `<service>.dead`; raises nothing, whatever it holds."""
    headers = message.headers if isinstance(message.headers, dict) else {}
    by_broker = _death(headers) if "x-sigap-reason" not in headers else {}
    body = message.body
    if isinstance(body, str):
        body = body.encode("utf-8", "surrogatepass")
    body = bytes(body or b"")
    exchange = _text(headers.get("x-sigap-exchange", by_broker.get("exchange", "")))
    keys = by_broker.get("routing-keys")
    key = keys[0] if isinstance(keys, list) and keys else ""
    routing_key = _text(headers.get("x-sigap-routing-key", key))
    queue = by_broker.get("queue") or home(service, exchange, routing_key, topology)
    message_id = _text(message.properties.get("message_id") or "")
    return Letter(
        id=_shown_id(message_id, body),
        service=service,
        exchange=exchange,
        routing_key=routing_key,
        queue=_text(queue),
        reason=_text(headers.get("x-sigap-reason", by_broker.get("reason", "unknown"))),
        error=_text(headers.get("x-sigap-error", "")),
        code=_text(headers.get("x-sigap-code", "")),
        attempts=_count(headers.get("x-sigap-attempts", by_broker.get("count", 0))),
        first_tried_at=_text_or_none(headers.get("x-sigap-first-tried-at")),
        buried_at=_text_or_none(headers.get("x-sigap-buried-at")),
        message_id=message_id,
        content_type=_text(message.content_type or "application/octet-stream"),
        body=body,
    )


def home(service: str, exchange: str, routing_key: str, topology: Topology) -> str:
    """The queue of `service` in which a message of that address failed."""
    if service in topology.observers:
        return str(observer_queue(service).name)
    if exchange in ("", REPLAY_EXCHANGE.name):  # replayed before: its address was the queue itself
        return routing_key
    source = exchange.removesuffix(_OF_EVENTS)
    return str(event_queue(source, routing_key, service).name)


def _shown_id(message_id: str, body: bytes) -> str:
    if re.fullmatch(LETTER_ID, message_id) and not holds_number(message_id):
        return message_id
    digest = hashlib.sha256(message_id.encode() + b"\0" + body).hexdigest()
    return f"sha256:{digest[:32]}"


def _looks(value: Any, shape: str) -> bool:
    fits = isinstance(value, str) and re.fullmatch(shape, value, re.ASCII) is not None
    return fits and not holds_number(value)


def _plain(text: str) -> str:
    return text if re.fullmatch(PLAIN_NAME, text) and not holds_number(text) else ""


def _death(headers: dict[str, Any]) -> dict[str, Any]:
    """The newest of what the broker notes of a message's deaths, as far as it is of that form."""
    deaths = headers.get("x-death")
    newest = deaths[0] if isinstance(deaths, list) and deaths else None
    return newest if isinstance(newest, dict) else {}


def _text(value: Any) -> str:
    """Whatever a header holds, so that it can be printed and sent."""
    return str(value).encode("utf-8", "replace").decode()


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _count(value: Any) -> int:
    return int(value) if isinstance(value, int) else 0


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
