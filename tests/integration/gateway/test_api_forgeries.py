"""Forged, stolen and worn-out tokens: each gets the same 401 on every call of the staff."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jwe, jwt
from joserfc.jwk import OctKey

from contracts import catalogue
from contracts.envelope import Actor, Message, Role
from contracts.errors import ErrorCode, Refusal
from gateway.accounts import add_account, change_account, remove_account, stamp_of
from gateway.calls import CALLS
from gateway.tokens import HEADER
from tests.case_events import CASE, LETTER, TO_THE_LETTER
from tests.integration.gateway.desk import KEY, Desk, problem
from tests.integration.gateway.forger import (
    EC_JWK,
    HOURS,
    PUBLIC_JWK,
    PUBLIC_PEM,
    RSA_JWK,
    SITI,
    Forger,
    b64,
    es256,
    hs256,
    nothing,
    rs256,
    written,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Outside the demo, with a case, and Siti's account."""
    folder = tmp_path_factory.mktemp("home")
    Desk(folder).close()  # the demo accounts are left in its database
    desk = Desk(folder, demo="false")
    desk.happened(*TO_THE_LETTER)
    hire(desk, "siti")
    desk.http = FlaskClient(desk.app)
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def forger(desk: Desk) -> Forger:
    """Knows what there is to know, and the gateway's secret too."""
    gateway = desk.app.extensions["sigap"]
    return Forger(desk, token_of(desk, SITI), gateway.settings.secret("token"))


def hire(desk: Desk, username: str) -> None:
    with desk.bench.store.unit("test") as work:
        add_account(work.session, username, SITI.role, SITI.districts, None, "Siti")


def token_of(desk: Desk, actor: Actor, *, demo: bool = False) -> str:
    with desk.bench.session() as session:
        stamp = stamp_of(session, actor.id)
    return str(desk.app.extensions["sigap"].tokens.issue(actor, str(stamp), demo=demo))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def staff_calls(desk: Desk, *, open_too: bool = True) -> list[tuple[str, str]]:
    """(method, path) of every call that some of the staff may make."""
    names = {"tracking_number": CASE, "code": LETTER.code, "coordination": "1"}
    return [
        (method, re.sub(r"<(\w+)>", lambda found: names.get(found[1], "x"), rule.rule))
        for rule in desk.app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if CALLS[rule.endpoint].roles and (open_too or not CALLS[rule.endpoint].anyone)
    ]


def answers(desk: Desk, headers: dict[str, str], query: str = "", **which: bool) -> set[Any]:
    """What all these calls answer, but for the request's id; one element if they agree."""
    found = set()
    for method, path in staff_calls(desk, **which):
        answer = desk.http.open(path + query, method=method, headers=KEY | headers, buffered=False)
        if answer.status_code != 401:  # a stream would not end
            answer.close()
            return {(answer.status_code, method, path)}
        assert problem(answer) == (401, "not_signed_in")
        kept = tuple((n, v) for n, v in answer.headers.items() if n != "X-Request-ID")
        found.add((answer.status_code, answer.get_data(), kept))
    return found


@pytest.fixture(scope="module")
def not_signed_in(desk: Desk) -> Any:
    """The one answer that there is for whoever brings no good token."""
    (only,) = answers(desk, {}, open_too=False)
    assert only[0] == 401
    return only


def test_a_genuine_token_is_let_in_everywhere(desk: Desk, forger: Forger) -> None:
    """So that the others are refused for what is wrong with them; and one written by hand too.

    What refuses it then is the role, a missing field, or a service that is away.
    """

    def refuse(ask: Message) -> None:
        raise Refusal(ErrorCode.UNAVAILABLE)

    desk.rpc.replies |= dict.fromkeys(catalogue.MESSAGES, refuse)
    calls = [call for call in staff_calls(desk) if call[1] != "/v1/logout"]
    assert len(calls) >= 35
    for token in (forger.token, written(HEADER, forger.claims, forger.ours)):
        for method, path in calls:
            headers = KEY | bearer(token)
            answer = desk.http.open(path, method=method, headers=headers, buffered=False)
            answer.close()
            assert answer.status_code not in (401, 500), path


FORGERIES: dict[str, Callable[[Forger], str]] = {
    # No signature at all.
    **{
        f"alg {algorithm}": lambda f, algorithm=algorithm: f.unsigned(algorithm)
        for algorithm in ("none", "None", "NONE", "nOnE", " none", "", "HS256")
    },
    "alg null": lambda f: f.unsigned(None),
    "alg a list": lambda f: f.unsigned(["HS256", "none"]),
    "without alg": lambda f: written({"typ": "at+jwt"}, f.claims, nothing),
    "alg none, with two parts": lambda f: f.unsigned("none").rstrip("."),
    "alg none under the genuine signature": lambda f: written(
        HEADER | {"alg": "none"}, f.claims, f.ours
    ),
    "signature cut off": lambda f: f.token.rpartition(".")[0] + ".",
    "signature cut short": lambda f: f.token[:-4],
    # Keys that are not the gateway's, and algorithms that would take them for one.
    "another secret": lambda f: written(HEADER, f.claims, hs256(b"x" * 32)),
    "empty secret": lambda f: written(HEADER, f.claims, hs256(b"")),
    "HS256 with a public key as secret": lambda f: written(HEADER, f.claims, hs256(PUBLIC_PEM)),
    "RS256": lambda f: written(HEADER | {"alg": "RS256"}, f.claims, rs256),
    "RS256 said to be HS256": lambda f: written(HEADER, f.claims, rs256),
    "ES256": lambda f: written(HEADER | {"alg": "ES256"}, f.claims, es256),
    "ES256 with the empty signature": lambda f: written(
        HEADER | {"alg": "ES256"}, f.claims, lambda _: bytes(64)
    ),
    "HS512 with the right secret": lambda f: written(
        HEADER | {"alg": "HS512"},
        f.claims,
        lambda message: hmac.digest(f.secret, message, hashlib.sha512),
    ),
    # Keys that the token brings, or says where to find.
    "jwk, signed with it": lambda f: written(
        HEADER | {"alg": "ES256", "jwk": PUBLIC_JWK}, f.claims, es256
    ),
    "jwk, an own secret": lambda f: written(
        HEADER | {"jwk": {"kty": "oct", "k": b64(b"x" * 32)}}, f.claims, hs256(b"x" * 32)
    ),
    "jku": lambda f: written(
        HEADER | {"alg": "RS256", "jku": "https://evil.example/keys"}, f.claims, rs256
    ),
    "x5u": lambda f: written(
        HEADER | {"alg": "RS256", "x5u": "https://evil.example/cert"}, f.claims, rs256
    ),
    "x5c": lambda f: written(HEADER | {"alg": "RS256", "x5c": ["MIIB"]}, f.claims, rs256),
    "kid with a path": lambda f: written(
        HEADER | {"kid": "../../../dev/null"}, f.claims, hs256(b"")
    ),
    "kid with SQL": lambda f: written(
        HEADER | {"kid": "x' UNION SELECT 'x"}, f.claims, hs256(b"x")
    ),
    **{
        f"{name} under the genuine signature": lambda f, name=name, value=value: f.with_header(
            **{name: value}
        )
        for name, value in {
            "jwk": PUBLIC_JWK,
            "jku": "https://evil.example/keys",
            "x5u": "https://evil.example/cert",
            "x5c": ["MIIB"],
            "kid": "1",
            "crit": ["exp"],
            "typ": "JWT",
            "cty": "JWT",
        }.items()
    },
    # Headers that ask for another way of reading.
    "crit of what nobody knows": lambda f: written(
        HEADER | {"crit": ["role"], "role": "administrator"}, f.claims, f.ours
    ),
    "unsigned crit": lambda f: written(HEADER | {"crit": ["exp"]}, f.claims, nothing),
    "without typ": lambda f: written({"alg": "HS256"}, f.claims, f.ours),
    "payload that is not encoded": lambda f: written(
        HEADER | {"b64": False, "crit": ["b64"]}, f.claims, f.ours
    ),
    "header with a name twice": lambda f: written(
        b'{"typ":"at+jwt","alg":"HS256","alg":"none"}', f.claims, nothing
    ),
    "header that is a list": lambda f: written(["HS256"], f.claims, f.ours),
    "nested token": lambda f: written(HEADER | {"cty": "JWT"}, f.token.encode(), f.ours),
    "token in a token": lambda f: written(HEADER, f.token.encode(), f.ours),
    "encrypted under the right secret": lambda f: jwe.encrypt_compact(
        {"alg": "dir", "enc": "A256GCM", "typ": "at+jwt"},
        json.dumps(f.claims),
        OctKey.import_key(f.secret),
    ),
    "genuine token, encrypted": lambda f: jwe.encrypt_compact(
        {"alg": "dir", "enc": "A256GCM", "cty": "JWT"}, f.token, OctKey.import_key(f.secret)
    ),
    "JSON instead of three parts": lambda f: json.dumps(
        dict(zip(("protected", "payload", "signature"), f.token.split("."), strict=True))
    ),
    # Other words under the genuine signature.
    "role raised": lambda f: f.with_payload(lambda p: p.replace(b"verifier", b"administrator")),
    "another user": lambda f: f.with_payload(lambda p: p.replace(b'"siti"', b'"budi"')),
    "role named twice": lambda f: f.with_payload(lambda p: p[:-1] + b',"role":"administrator"}'),
    "longer life": lambda f: f.with_payload(
        lambda p: p.replace(str(f.claims["exp"]).encode(), b"4102444800")
    ),
    "payload cut short": lambda f: f.with_payload(lambda p: p[:-1]),
    "payload of nothing": lambda f: f.with_payload(lambda _: b""),
    "signature of another token": lambda f: ".".join(
        [*f.token.split(".")[:2], token_of(f.desk, SITI).split(".")[2]]
    ),
    # Signed by the gateway's secret, and still not good.
    "other issuer": lambda f: f.with_claims(iss="https://idp.example"),
    "issuers in a list": lambda f: f.with_claims(iss=["sigap"]),
    "other audience": lambda f: f.with_claims(aud="another-system"),
    "other audiences": lambda f: f.with_claims(aud=["another-system", "a-third"]),
    **{
        f"without {claim}": lambda f, claim=claim: f.with_claims(**{claim: None})
        for claim in (
            *("iss", "aud", "sub", "exp", "iat", "jti"),
            *("role", "districts", "demo", "stamp"),
        )
    },
    "expired": lambda f: f.with_claims(iat=f.now - 9 * HOURS, exp=f.now - HOURS),
    "expired this second": lambda f: f.with_claims(iat=f.now - HOURS, exp=f.now),
    "good for ever": lambda f: f.with_claims(exp=4102444800),
    "end as a text": lambda f: f.with_claims(exp=str(f.claims["exp"])),
    "given out tomorrow": lambda f: f.with_claims(iat=f.now + 24 * HOURS, exp=f.now + 25 * HOURS),
    "good from tomorrow": lambda f: f.with_claims(nbf=f.now + 24 * HOURS),
    "a role that is none": lambda f: f.with_claims(role="mayor"),
    "the system itself": lambda f: f.with_claims(sub="system", role="system"),
    "nobody's name": lambda f: f.with_claims(sub="nobody"),
    "another account's name": lambda f: f.with_claims(sub="auditor"),
    "another stamp": lambda f: f.with_claims(stamp="stamp"),
    "extremely long": lambda f: f.with_claims(padding="x" * 7000),
    "extremely long, and no token": lambda f: "x." * 3500,
    "no token": lambda f: "siti",
    "nothing": lambda f: "",
    "two tokens": lambda f: f"{f.token},{f.token}",
    "token and a word": lambda f: f"{f.token} x",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_is_refused_on_every_call_of_the_staff(
    desk: Desk, forger: Forger, not_signed_in: Any, forgery: str
) -> None:
    """401, with the same body and the same headers whatever was tried."""
    assert answers(desk, bearer(FORGERIES[forgery](forger))) == {not_signed_in}


def signs_out(desk: Desk, username: str, token: str) -> None:
    assert desk.http.post("/v1/logout", headers=bearer(token)).status_code == 200


def is_changed(desk: Desk, username: str, token: str) -> None:
    with desk.bench.store.unit("test") as work:
        change_account(work.session, username, role=Role.AUDITOR)


def is_removed(desk: Desk, username: str, token: str) -> None:
    with desk.bench.store.unit("test") as work:
        remove_account(work.session, username)


def is_made_anew(desk: Desk, username: str, token: str) -> None:
    is_removed(desk, username, token)
    hire(desk, username)


@pytest.mark.parametrize("end", [signs_out, is_changed, is_removed, is_made_anew])
def test_a_revoked_token_is_refused_on_every_call_of_the_staff(
    desk: Desk, not_signed_in: Any, end: Callable[[Desk, str, str], None]
) -> None:
    """As if it had never been one, by the very next call."""
    username = f"who-{end.__name__}".replace("_", "-")
    hire(desk, username)
    token = token_of(desk, SITI.model_copy(update={"id": username}))
    assert desk.http.get("/v1/tasks", headers=bearer(token)).status_code == 200
    end(desk, username, token)
    assert answers(desk, bearer(token)) == {not_signed_in}


def test_a_token_of_the_demo_is_refused_outside_it(desk: Desk, not_signed_in: Any) -> None:
    """Though the account is in the database, and the secret is the same."""
    auditor = Actor(id="auditor", role=Role.AUDITOR)
    assert answers(desk, bearer(token_of(desk, auditor, demo=True))) == {not_signed_in}


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "{name}={token}"},
        {"X-Access-Token": "{token}"},
        {"Proxy-Authorization": "Bearer {token}"},
    ],
)
def test_a_token_counts_in_the_header_for_it_only(
    desk: Desk, forger: Forger, not_signed_in: Any, headers: dict[str, str]
) -> None:
    """A good one, elsewhere: as if there were none."""
    for name in ("access_token", "token", "session", "Authorization"):
        filled = {h: v.format(name=name, token=forger.token) for h, v in headers.items()}
        assert answers(desk, filled, open_too=False) == {not_signed_in}


@pytest.mark.parametrize("name", ["access_token", "token", "Authorization"])
def test_a_token_in_the_address_counts_nothing(
    desk: Desk, forger: Forger, not_signed_in: Any, name: str
) -> None:
    """It would stand in the logs of every proxy on the way."""
    query = f"?{name}={forger.token}"
    assert answers(desk, {}, query, open_too=False) == {not_signed_in}


@pytest.mark.parametrize("scheme", ["Basic", "Token", "JWT", "Bearer:", ""])
def test_another_scheme_counts_nothing(
    desk: Desk, forger: Forger, not_signed_in: Any, scheme: str
) -> None:
    """With a good token behind it."""
    headers = {"Authorization": f"{scheme} {forger.token}"}
    assert answers(desk, headers) == {not_signed_in}


def test_what_is_forged_here_would_pass_a_careless_reader(forger: Forger) -> None:
    """The forgeries are well made: a reader that believes the header takes them."""
    for algorithm, key, forgeries in (
        ("RS256", RSA_JWK, ("RS256", "jku", "x5u", "x5c")),
        ("ES256", EC_JWK, ("ES256", "jwk, signed with it")),
        ("HS256", OctKey.import_key(forger.secret), ("good for ever", "other issuer", "typ")),
    ):
        for name in forgeries:
            full_name = name if name in FORGERIES else f"{name} under the genuine signature"
            token = FORGERIES[full_name](forger)
            assert jwt.decode(token, key, algorithms=[algorithm]).claims["sub"] == "siti"
