"""The ID token: who somebody is at the provider (OpenID Connect Core 1.0, 3.1.3.7)."""

import hmac
import json
import warnings
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from joserfc import jwk, jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

Keys = Sequence[Mapping[str, Any]]

KEY_TYPES = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP", "Ed25519": "OKP"}
"""The algorithms that are taken, each with its type of key. None of them has a shared secret."""

ONE_ALGORITHM = dict.fromkeys(("EdDSA", "Ed25519"), ("EdDSA", "Ed25519"))
"""The old and the new name (RFC 9864)."""

LONGEST = 16 * 1024
CLOCKS_DIFFER = 60
"""By so many seconds the provider's clock may differ from ours."""

OLDEST = 600
"""Seconds. It was given out a moment ago, for the very code that was redeemed."""


class WrongIdToken(Exception):
    """It does not say, or not credibly, who has signed in; `why` is a word for the log."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def claims_of(token: object, keys_for: Callable[[str | None], Keys], now: int) -> dict[str, Any]:
    """What a token says that the provider has signed; `now` in seconds. Raises WrongIdToken.

    `keys_for` gives the provider's keys for a key id. Keys that the token brings or names itself
    are not looked at.
    """
    if not isinstance(token, str) or len(token) > LONGEST:
        raise WrongIdToken("no_token")
    header = _header(token)
    algorithm, key_id = header.get("alg"), header.get("kid")
    if algorithm not in KEY_TYPES:
        raise WrongIdToken("algorithm")
    if "crit" in header:
        raise WrongIdToken("critical_header")
    fitting = [key for key in keys_for(key_id) if _fits(key, algorithm, key_id)]
    if len(fitting) != 1:
        raise WrongIdToken("unknown_key")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the name EdDSA is old, and still what providers say
            registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
            registry.max_header_length = LONGEST
            key = jwk.import_key(dict(fitting[0]), KEY_TYPES[algorithm])  # type: ignore[call-overload]
            claims = jwt.decode(token, key, registry=registry).claims
    except (JoseError, ValueError, TypeError, RecursionError):
        raise WrongIdToken("signature") from None
    _check_times(claims, now)
    return claims


def check(claims: Mapping[str, Any], issuer: str, client_id: str, nonce: str) -> None:
    """That it is for this client and this very attempt to sign in. Raises WrongIdToken."""
    if claims.get("iss") != issuer:
        raise WrongIdToken("issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        raise WrongIdToken("audience")
    if claims.get("azp", None if len(audiences) > 1 else client_id) != client_id:
        raise WrongIdToken("authorized_party")
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise WrongIdToken("nonce")


def _check_times(claims: Mapping[str, Any], now: int) -> None:
    times = [claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)]
    if any(isinstance(time, bool) or not isinstance(time, int | float) for time in times):
        raise WrongIdToken("times")
    ends, issued, begins = cast(list[float], times)
    if now >= ends + CLOCKS_DIFFER:
        raise WrongIdToken("expired")
    if max(issued, begins) > now + CLOCKS_DIFFER or issued < now - OLDEST:
        raise WrongIdToken("times")


def _header(token: str) -> dict[str, Any]:
    part = token.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        raise WrongIdToken("no_token") from None
    if not isinstance(header, dict) or not isinstance(header.get("kid", ""), str):
        raise WrongIdToken("no_token")
    return header


def _fits(key: Mapping[str, Any], algorithm: str, key_id: str | None) -> bool:
    if key.get("kty") != KEY_TYPES[algorithm] or key.get("use", "sig") != "sig":
        return False
    if key.get("alg", algorithm) not in ONE_ALGORITHM.get(algorithm, (algorithm,)):
        return False
    return key_id is None or key.get("kid") == key_id
