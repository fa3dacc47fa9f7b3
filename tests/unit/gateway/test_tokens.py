"""Bearer tokens: what they say, and which are refused."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode
from gateway.problems import ApiProblem
from gateway.tokens import HEADER, Holder, Tokens
from tests.support import MONDAY_MORNING, StoppedClock

SECRET = b"k" * 32
SITI = Actor(id="siti", role=Role.VERIFIER, districts=("63.71.03",))


@pytest.fixture
def clock() -> StoppedClock:
    """Moved by the test."""
    return StoppedClock()


@pytest.fixture
def tokens(clock: StoppedClock) -> Tokens:
    """As outside the demo."""
    return Tokens(SECRET, timedelta(minutes=10), clock, demo=False)


def refused(tokens: Tokens, token: str) -> bool:
    with pytest.raises(ApiProblem) as caught:
        tokens.read(token)
    return caught.value.code is ErrorCode.NOT_SIGNED_IN


def signed(claims: dict[str, Any], secret: bytes = SECRET, alg: str = "HS256") -> str:
    header = HEADER | {"alg": alg}
    return jwt.encode(header, claims, OctKey.import_key(secret), algorithms=[alg])


def claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_token_tells_who_signed_in(tokens: Tokens) -> None:
    """User name, role and districts come back, and what it takes to revoke it."""
    token = tokens.issue(SITI, "s-1", demo=False)
    ends_at = MONDAY_MORNING + timedelta(minutes=10)
    assert tokens.read(token) == Holder(SITI, "s-1", claims_of(token)["jti"], ends_at)


def test_a_token_ends(tokens: Tokens, clock: StoppedClock) -> None:
    """It is good until its lifetime is over."""
    token = tokens.issue(SITI, "s-1", demo=False)
    clock.move(minutes=9)
    assert tokens.read(token).actor == SITI
    clock.move(minutes=2)
    assert refused(tokens, token)


def test_a_token_of_a_demo_account_is_refused_outside_the_demo(clock: StoppedClock) -> None:
    """Even one that was issued while the demo was on, under the same secret."""
    in_demo = Tokens(SECRET, timedelta(minutes=10), clock, demo=True)
    token = in_demo.issue(SITI, "s-1", demo=True)
    assert in_demo.read(token).actor == SITI
    assert refused(Tokens(SECRET, timedelta(minutes=10), clock, demo=False), token)


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "somebody"},
        {"aud": "another-system"},
        {"aud": None},
        {"sub": None},
        {"exp": None},
        {"jti": None},
        {"role": "mayor"},
        {"role": None},
        {"districts": 5},
        {"demo": True},
        {"stamp": None},
        {"iat": None},
        {"iat": 1.0e300},
        {"iat": 0},
        {"nbf": 4102444800},
        {"exp": 4102444800},
        {"exp": "4102444800"},
    ],
)
def test_a_token_with_other_claims_is_refused(tokens: Tokens, change: dict[str, Any]) -> None:
    """Every claim counts, though the signature is right; None stands for a missing one."""
    whole = claims_of(tokens.issue(SITI, "s-1", demo=False))
    assert tokens.read(signed(whole)).actor == SITI
    claims = whole | change
    token = signed({name: value for name, value in claims.items() if value is not None})
    assert refused(tokens, token)


def test_a_token_signed_by_somebody_else_is_refused(tokens: Tokens) -> None:
    """The secret is what makes it ours."""
    assert refused(tokens, signed(claims_of(tokens.issue(SITI, "s-1", demo=False)), b"x" * 32))


def test_a_token_of_another_algorithm_is_refused(tokens: Tokens) -> None:
    """HS256 only, not even a stronger one with the right secret, and never none."""
    claims = claims_of(tokens.issue(SITI, "s-1", demo=False))
    assert refused(tokens, signed(claims, SECRET * 2, "HS512"))
    nothing = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    body = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert refused(tokens, f"{nothing}.{body}.")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "é.é.é", "\x00", "a" * 5000])
def test_what_is_no_token_is_refused(tokens: Tokens, token: str) -> None:
    """Whatever stands in the header."""
    assert refused(tokens, token)
