"""What every view works with, found by `here()`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from flask import current_app

from chassis.clock import Clock
from chassis.store import Store
from contracts.envelope import Actor, Message
from gateway.access_codes import AccessCodes
from gateway.oidc.provider import Provider
from gateway.oidc.tickets import Tickets
from gateway.scanning import Scanning
from gateway.settings import GatewaySettings
from gateway.throttle import Throttle
from gateway.tokens import Tokens

EXTENSION = "sigap"


class Rpc(Protocol):
    """Asks the services."""

    def call(
        self,
        message: Message,
        actor: Actor,
        idempotency_key: str | None = None,
        traceparent: str | None = None,
    ) -> Any:
        """The reply model of `message`; raises Refusal or chassis.rpc.Unavailable."""


Readiness = Callable[[], Mapping[str, bool]]
"""What this process needs, by name, and whether it is there."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway's parts, put together once at start."""

    settings: GatewaySettings
    store: Store
    rpc: Rpc
    clock: Clock
    readiness: Readiness
    access_codes: AccessCodes
    tokens: Tokens
    throttle: Throttle
    tickets: Tickets
    provider: Provider | None
    scanning: Scanning
    zone: ZoneInfo


def here() -> Gateway:
    """The gateway that serves the present request."""
    return cast(Gateway, current_app.extensions[EXTENSION])
