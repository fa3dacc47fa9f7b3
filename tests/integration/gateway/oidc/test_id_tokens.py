"""The ID tokens of a sign-in provider: which are taken, and every one that is not right."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from structlog.testing import capture_logs

from tests.integration.gateway.desk import Desk, problem
from tests.integration.gateway.oidc.sign_in import FAILED, attempt, reasons
from tests.integration.gateway.sign_in_provider import (
    CLIENT,
    SECRET,
    Json,
    Provider,
    new_ec_key,
    new_key,
)


def eddsa(provider: Provider, claims: Json) -> str:
    key = OKPKey.generate_key("Ed25519", {"kid": "ed", "use": "sig", "alg": "EdDSA"})
    provider.keys = [key]
    with pytest.warns(match="EdDSA"):
        return jwt.encode({"alg": "EdDSA", "kid": "ed"}, claims, key, algorithms=["EdDSA"])


def es256(provider: Provider, claims: Json) -> str:
    provider.keys = [new_ec_key("ec")]
    return provider.signed(claims)


def ps256(provider: Provider, claims: Json) -> str:
    key = new_key("ps")
    provider.keys = [type(key).import_key(key.as_dict(private=True) | {"alg": "PS256"})]
    return provider.signed(claims)


def without_kid(provider: Provider, claims: Json) -> str:
    token = jwt.encode({"alg": "RS256"}, claims, provider.keys[0], algorithms=["RS256"])
    return str(token)


@pytest.mark.parametrize("bend", [eddsa, es256, ps256, without_kid])
def test_other_usual_signatures_are_taken(
    desk: Desk, provider: Provider, bend: Callable[[Provider, Json], str]
) -> None:
    """As other providers make them."""
    provider.bend = bend
    assert attempt(desk).status_code == 200


def b64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def unsigned(alg: str) -> Callable[[Provider, Json], str]:
    header = {"alg": alg, "kid": "k-1"}
    return lambda _, claims: (
        f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}."
    )


def by_secret(secret: Callable[[Provider], bytes]) -> Callable[[Provider, Json], str]:
    def bend(provider: Provider, claims: Json) -> str:
        header = {"alg": "HS256", "kid": "k-1"}
        message = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
        return f"{message}.{b64(hmac.digest(secret(provider), message.encode(), 'sha256'))}"

    return bend


def published_as_secret(provider: Provider) -> bytes:
    return bytes(provider.keys[0].as_pem(private=False))


def with_claims(**other: Any) -> Callable[[Provider, Json], str]:
    """None takes a claim away."""
    return lambda provider, claims: provider.signed(
        {name: value for name, value in (claims | other).items() if value is not None}
    )


def embedded_key(provider: Provider, claims: Json) -> str:
    own = new_key("k-1", 1)
    return provider.signed(claims, own, jwk=own.as_dict(private=False))


NOW = int(time.time())


WRONG_TOKENS: dict[str, tuple[str, Callable[[Provider, Json], Any]]] = {
    "signed by another key": ("signature", lambda p, c: p.signed(c, new_key("k-1", 1))),
    "signed by a key nobody knows": ("unknown_key", lambda p, c: p.signed(c, new_key("k-2"))),
    "signed by a key that it brings": ("signature", embedded_key),
    "critical header": ("critical_header", lambda p, c: p.signed(c, crit=["b64"], b64=True)),
    "alg none": ("algorithm", unsigned("none")),
    "alg nOnE": ("algorithm", unsigned("nOnE")),
    "no signature": ("signature", unsigned("RS256")),
    "HS256 with the client's secret": ("algorithm", by_secret(lambda _: SECRET.encode())),
    "HS256 with the public key": ("algorithm", by_secret(published_as_secret)),
    "other audience": ("audience", with_claims(aud="another")),
    "without audience": ("audience", with_claims(aud=None)),
    "several audiences, none of them named": ("authorized_party", with_claims(aud=[CLIENT, "b"])),
    "given to another party": ("authorized_party", with_claims(azp="another")),
    "other issuer": ("issuer", with_claims(iss="https://idp.example")),
    "without issuer": ("issuer", with_claims(iss=None)),
    "expired": ("expired", with_claims(exp=NOW - 120, iat=NOW - 180)),
    "without end": ("times", with_claims(exp=None)),
    "end as a text": ("times", with_claims(exp="4102444800")),
    "given out long ago": ("times", with_claims(iat=NOW - 7200)),
    "given out tomorrow": ("times", with_claims(iat=NOW + 86400, exp=NOW + 90000)),
    "not good yet": ("times", with_claims(nbf=NOW + 86400)),
    "wrong nonce": ("nonce", with_claims(nonce="n-0S6_WzA2Mj")),
    "without nonce": ("nonce", with_claims(nonce=None)),
    "without subject": ("subject", with_claims(sub=None)),
    "subject that is no text": ("subject", with_claims(sub=5)),
    "subject that cannot be printed": ("subject", with_claims(sub="x\x00y")),
    "too long a subject": ("subject", with_claims(sub="x" * 256)),
    "no token": ("no_token", lambda p, c: None),
    "nothing like a token": ("no_token", lambda p, c: "x.y.z"),
}


@pytest.mark.parametrize("wrong", WRONG_TOKENS)
def test_an_id_token_that_is_not_right_lets_nobody_in(
    desk: Desk, provider: Provider, wrong: str
) -> None:
    """The caller learns nothing of why; the log does."""
    why, provider.bend = WRONG_TOKENS[wrong]
    with capture_logs() as lines:
        assert problem(attempt(desk)) == FAILED
    assert reasons(lines) == [("WrongIdToken", why)]


def test_a_key_that_the_provider_takes_anew_is_found(desk: Desk, provider: Provider) -> None:
    """At once, but not more than once a minute; an old one ends within the hour."""
    assert attempt(desk).status_code == 200
    old, provider.keys = provider.keys[0], [new_key("k-2")]
    desk.clock.move(seconds=61)
    assert attempt(desk).status_code == 200
    assert provider.asked.count("/keys") == 2
    provider.bend = lambda p, claims: p.signed(claims, old)
    for _ in range(3):
        assert problem(attempt(desk)) == FAILED
    assert provider.asked.count("/keys") == 2
    desk.clock.move(minutes=60)
    assert problem(attempt(desk)) == FAILED
    assert provider.asked.count("/keys") == 3
