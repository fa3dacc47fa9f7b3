"""Attempts to sign in at the provider, sealed for the front end to keep until they are done."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.clock import Clock
from chassis.seal import SealBroken, seal, unseal

LIFETIME = timedelta(minutes=10)
_CONTEXT = "sign-in"


class Ticket(BaseModel):
    """One attempt: where the provider sends the browser back to, and what only it may bring."""

    model_config = ConfigDict(frozen=True)

    redirect_uri: str
    state: str
    nonce: str
    verifier: str
    ends_at: datetime

    @property
    def challenge(self) -> str:
        """The verifier's S256 challenge (RFC 7636, 4.2)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class WrongTicket(Exception):
    """It is none of ours, too old, or of another attempt."""


@dataclass(frozen=True, slots=True)
class Tickets:
    """Makes and opens tickets under a key that all replicas have."""

    key: bytes
    clock: Clock

    @classmethod
    def under(cls, secret: bytes, clock: Clock) -> "Tickets":
        """With a key of its own made from a secret for something else."""
        return cls(hmac.new(secret, b"sign-in tickets", hashlib.sha256).digest(), clock)

    def new(self, redirect_uri: str) -> Ticket:
        """A new attempt, with 256 bits of chance in each of its secrets."""
        return Ticket(
            redirect_uri=redirect_uri,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(32),
            ends_at=self.clock.now().astimezone(UTC) + LIFETIME,
        )

    def sealed(self, ticket: Ticket) -> str:
        """What the front end keeps; it can neither read nor change it."""
        sealed = seal(self.key, ticket.model_dump_json().encode(), _CONTEXT)
        return base64.urlsafe_b64encode(sealed).decode()

    def opened(self, sealed: str, state: str) -> Ticket:
        """The attempt that `state` came back for. Raises WrongTicket."""
        try:
            content = unseal(self.key, base64.urlsafe_b64decode(sealed.encode()), _CONTEXT)
            ticket = Ticket.model_validate_json(content)
        except (SealBroken, ValidationError, ValueError):
            raise WrongTicket from None
        same = hmac.compare_digest(ticket.state.encode(), state.encode())
        if not same or self.clock.now() >= ticket.ends_at:
            raise WrongTicket
        return ticket
