"""One call: what is sealed, what comes back, and how a service answers it."""

import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

import eventlet
import structlog
from pydantic import BaseModel, Field

from chassis import metrics
from chassis.logs import shape
from chassis.retry import Failure, failure_of, waits
from chassis.seal import SealBroken, seal, unseal
from contracts.envelope import Actor, Contract
from contracts.errors import ErrorCode, Refusal

Content = TypeVar("Content", bound=BaseModel)
log = structlog.get_logger()

IN_PLACE_SHARE = 0.5
"""Share of the caller's timeout in which a command is tried again when infrastructure fails."""


class Call(Contract):
    """What is sealed: the message, who asks, the idempotency key, the trace."""

    message: dict[str, Any]
    actor: Actor
    key: str | None = None
    traceparent: str | None = None


class Answer(Contract):
    """What comes back, sealed: one of a reply, a refusal's code with details, or a failure."""

    reply: dict[str, Any] | None = None
    code: ErrorCode | None = None
    details: dict[str, Any] = Field(default_factory=dict)
    failure: str | None = None


class Incoming:
    """One call being answered."""

    def __init__(self, key: bytes, body: Any, message: Any, timeout: float) -> None:
        self._key = key
        self._body = body
        self._address: str = message.delivery_info["routing_key"]
        self._timeout = timeout

    def answer(self, service: Any, unit: Callable[[Any, Call], BaseModel]) -> Answer:
        """Run `unit`; every outcome is an answer, so that the caller never hangs."""
        started = time.monotonic()
        try:
            call = opened(self._key, self._body, Call, f"call:{self._address}")
            reply = self._try(service, unit, call, started)
            answer, outcome = Answer(reply=reply.model_dump(mode="json")), "done"
        except Refusal as refusal:
            answer, outcome = Answer(code=refusal.code, details=refusal.details), "refused"
        except Exception as error:
            log.error("command_failed", service=service.name, command=self._address, **shape(error))
            answer, outcome = Answer(failure=str(failure_of(error))), "failed"
        seconds = time.monotonic() - started
        metrics.HANDLED.labels(service.name, self._address, outcome).inc()
        metrics.SECONDS.labels(service.name, self._address).observe(seconds)
        log.info(
            "command_handled",
            service=service.name,
            command=self._address,
            outcome=outcome,
            code=answer.code,
            ms=round(seconds * 1000, 1),
        )
        return answer

    def _try(
        self, service: Any, unit: Callable[[Any, Call], BaseModel], call: Call, started: float
    ) -> BaseModel:
        for pause in waits(longest=1.0):
            try:
                return unit(service, call)
            except Exception as error:
                spent = time.monotonic() - started + pause
                if failure_of(error) is not Failure.INFRASTRUCTURE:
                    raise
                if spent > self._timeout * IN_PLACE_SHARE:
                    raise
                eventlet.sleep(pause)
        raise AssertionError("waits() is endless")


def sealed(key: bytes, content: BaseModel, context: str) -> bytes:
    """The body of a message that holds `content`, readable under `key` and in its context only."""
    text = seal(key, content.model_dump_json().encode(), context)
    return json.dumps({"sealed": text.hex()}).encode()


def opened(key: bytes, body: Any, model: type[Content], context: str) -> Content:
    """What was sealed. Raises SealBroken."""
    if not isinstance(body, dict) or not isinstance(body.get("sealed"), str):
        raise SealBroken("call")
    return model.model_validate_json(unseal(key, bytes.fromhex(body["sealed"]), context))
