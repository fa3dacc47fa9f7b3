"""Bearer tokens of signed-in staff: JWT, HS256 only, typed `at+jwt` (RFC 8725)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
HEADER = {"typ": "at+jwt", "alg": ALGORITHM}
"""The whole header. One that says anything else is not ours, whatever its signature."""

ISSUER = "sigap"
AUDIENCE = "sigap-gateway"
LONGEST = 2048
CLOCKS_DIFFER = 60
"""By so many seconds a replica's clock may be behind that of the one that gave the token out."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a token, the stamp of the account for which it was given out, and the token's own
    id and end."""

    actor: Actor
    stamp: str
    token: str
    ends_at: datetime


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
        now = self._now()
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
        return jwt.encode(HEADER, claims, self._key, algorithms=[ALGORITHM])

    def read(self, token: str) -> Holder:
        """Who holds the token; raises ApiProblem not_signed_in for any that is not good now.

        Whether the account is as it was, and the token not revoked, is not known here.
        """
        try:
            if len(token) > LONGEST:
                raise ValueError("too long")
            read = jwt.decode(token, self._key, algorithms=[ALGORITHM])
            if read.header != HEADER:
                raise ValueError("not the header of ours")
            holder, of_demo = self._holder(read.claims), read.claims["demo"]
        except (JoseError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            raise ApiProblem(ErrorCode.NOT_SIGNED_IN) from None
        if of_demo and not self._demo:
            raise ApiProblem(ErrorCode.NOT_SIGNED_IN)
        return holder

    def _holder(self, claims: dict[str, Any]) -> Holder:
        now = self._now()
        jwt.JWTClaimsRegistry(
            now=now,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
            jti={"essential": True},
        ).validate({name: value for name, value in claims.items() if name not in ("iat", "nbf")})
        latest = now + CLOCKS_DIFFER
        if not claims["iat"] <= latest or claims.get("nbf", 0) > latest:
            raise ValueError("not good yet")
        if claims["exp"] - claims["iat"] > self.lifetime.total_seconds():
            raise ValueError("good for longer than any is")
        return Holder(
            Actor(id=claims["sub"], role=Role(claims["role"]), districts=claims["districts"]),
            stamp=str(claims["stamp"]),
            token=claims["jti"],
            ends_at=datetime.fromtimestamp(claims["exp"], UTC),
        )

    def _now(self) -> int:
        return int(self._clock.now().timestamp())
