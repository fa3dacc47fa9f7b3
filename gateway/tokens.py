"""Bearer tokens of signed-in staff: JWT, HS256 only."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from chassis.clock import Clock
from chassis.ids import uuid7
from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode
from gateway.problems import ApiProblem

ALGORITHM = "HS256"
ISSUER = "sigap"
AUDIENCE = "sigap-gateway"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a token, and the stamp of the account for which it was given out."""

    actor: Actor
    stamp: str


class Tokens:
    """Issues and reads tokens under one secret (32 bytes). With `demo` off, a demo account's token
    is refused."""

    def __init__(self, secret: bytes, lifetime: timedelta, clock: Clock, *, demo: bool) -> None:
        self._key = OctKey.import_key(secret)
        self._clock = clock
        self._demo = demo
        self.lifetime = lifetime

    def issue(self, actor: Actor, stamp: str, *, demo: bool) -> str:
        """A token that says who signed in, valid for `lifetime` from now.

        `stamp` is the account's: it is another one after each change of the account.
        """
        now = int(self._clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": actor.id,
            "iat": now,
            "exp": now + int(self.lifetime.total_seconds()),
            "jti": uuid7(),
            "role": actor.role.value,
            "districts": list(actor.districts),
            "demo": demo,
            "stamp": stamp,
        }
        return jwt.encode({"alg": ALGORITHM}, claims, self._key, algorithms=[ALGORITHM])

    def read(self, token: str) -> Holder:
        """Who holds the token; raises ApiProblem not_signed_in for any that is not good now."""
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            self._registry().validate(claims)
            holder, of_demo = Holder(_actor(claims), str(claims["stamp"])), claims["demo"]
        except (JoseError, ValueError, TypeError, KeyError):
            raise ApiProblem(ErrorCode.NOT_SIGNED_IN) from None
        if of_demo and not self._demo:
            raise ApiProblem(ErrorCode.NOT_SIGNED_IN)
        return holder

    def _registry(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
            jti={"essential": True},
        )


def _actor(claims: dict[str, Any]) -> Actor:
    return Actor(id=claims["sub"], role=Role(claims["role"]), districts=tuple(claims["districts"]))
