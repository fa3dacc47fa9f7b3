"""Dead letters: a message that cannot be handled harms nothing but itself, and is kept whole."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import eventlet
import structlog
from nameko.extensions import SharedExtension

from chassis import metrics
from chassis.publishing import Outgoing
from chassis.retry import waits
from chassis.topology import dead_letter_exchange, dead_letter_queue
from chassis.transport import make_publisher

log = structlog.get_logger()


class DeadLetters(SharedExtension):
    """Moves messages to `<service>.dead`, with the reason in the headers."""

    def setup(self) -> None:
        service = self.container.service_name
        self._publisher = make_publisher(self.container.config["settings"], service)

    def stop(self) -> None:
        self._publisher.close()

    def bury(
        self,
        message: Any,
        *,
        reason: str,
        error: BaseException,
        attempts: int,
        first_tried_at: datetime | None = None,
        pause: Callable[[float], None] = eventlet.sleep,
    ) -> None:
        """Publish `message` as a dead letter; returns only when the broker holds it.

        Between two tries it calls `pause` with the seconds to wait; what that raises ends it.

        Headers name types, numbers and places, never the error's text: it may quote a value.
        """
        service = self.container.service_name
        now: datetime = self.container.config["clock"].now()
        headers = {
            "x-sigap-reason": reason,
            "x-sigap-error": f"{type(error).__module__}.{type(error).__qualname__}",
            "x-sigap-code": str(getattr(error, "code", "")),
            "x-sigap-attempts": attempts,
            "x-sigap-first-tried-at": (first_tried_at or now).isoformat(),
            "x-sigap-buried-at": now.isoformat(),
            "x-sigap-exchange": message.delivery_info.get("exchange") or "",
            "x-sigap-routing-key": message.delivery_info.get("routing_key") or "",
            "x-sigap-service": service,
        }
        letter = _letter(message, service, headers)
        for seconds in waits():
            try:
                self._publisher.publish([letter])
                break
            except Exception as failure:  # losing the letter would lose the message
                log.warning("burying_failed", service=service, error=type(failure).__name__)
                pause(seconds)
        metrics.DEAD.labels(service, reason).inc()
        log.error("dead_letter", service=service, reason=reason, message_id=letter.message_id)


def _letter(message: Any, service: str, headers: dict[str, Any]) -> Outgoing:
    return Outgoing(
        exchange=dead_letter_exchange(service).name,
        routing_key=dead_letter_queue(service).name,
        body=_raw(message.body),
        message_id=str(message.properties.get("message_id") or ""),
        content_type=message.content_type or "application/octet-stream",
        headers=headers,
    )


def _raw(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)
