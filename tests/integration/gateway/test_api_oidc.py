"""Signing in at a standard provider, over HTTP: the way that it goes, and every way it must not."""

import hmac
import json
import os
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import eventlet
import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from structlog.testing import capture_logs

from chassis.settings import SettingsError
from contracts.envelope import Role
from gateway.accounts import add_account, link_account, remove_account
from gateway.oidc import fetching
from gateway.oidc import provider as oidc
from gateway.settings import GatewaySettings
from tests.integration.gateway.desk import Desk, fields, problem
from tests.integration.gateway.sign_in_provider import (
    CLIENT,
    SECRET,
    Json,
    Provider,
    found,
    new_ec_key,
    new_key,
    running,
)
from tests.real import eventually
from tests.real.runtime import free_port
from tests.tls import write_certificate

BACK = "https://office.example/back"
PASSWORD = "a long enough password"
FAILED = (401, "sign_in_failed")
AWAY = (503, "sign_in_provider_unavailable")


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    """One for all tests; each finds it as the standard says."""
    with running() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    """Does what the standard says."""
    running_provider.straighten()
    return running_provider


@pytest.fixture(scope="module")
def opened_desk(
    running_provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A gateway that knows the provider; Siti's account is linked there."""
    desk = make_desk(tmp_path_factory.mktemp("home"), running_provider.issuer)
    hire(desk, running_provider)
    yield desk
    desk.close()


@pytest.fixture
def desk(opened_desk: Desk, provider: Provider) -> Desk:
    """The same for every test that leaves its accounts alone; it has not asked the provider yet."""
    opened_desk.clock.set(datetime.now(UTC))
    parts = opened_desk.app.extensions["sigap"]
    fresh = oidc.Provider(parts.settings, opened_desk.clock)
    opened_desk.app.extensions["sigap"] = replace(parts, provider=fresh)
    return opened_desk


@pytest.fixture
def own_desk(tmp_path: Path, provider: Provider) -> Iterator[Desk]:
    """One whose accounts the test may change."""
    desk = make_desk(tmp_path, provider.issuer)
    hire(desk, provider)
    yield desk
    desk.close()


def make_desk(folder: Path, issuer: str, **more: str) -> Desk:
    settings = {
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_redirect_uris": f"https://other.example/, {BACK}",
        "failed_logins_per_client": "1000",
    }
    desk = Desk(folder, demo="false", **settings | more)
    desk.clock.set(datetime.now(UTC))
    return desk


def hire(desk: Desk, provider: Provider) -> None:
    with desk.bench.store.unit("test") as work:
        add_account(work.session, "siti", Role.VERIFIER, ["63.71.03"], None, "Siti")
        link_account(work.session, "siti", provider.issuer, provider.subject)


def begin(desk: Desk, redirect_uri: str = BACK) -> Json:
    answer = desk.http.get("/v1/login/oidc", query_string={"redirect_uri": redirect_uri})
    assert answer.status_code == 200, answer.text
    begun: Json = answer.json
    return begun


def come_back(begun: Json) -> Json:
    """Go to the provider as a browser does; what the front end sends on afterwards."""
    answer = httpx.get(begun["authorization_url"])
    address = urlsplit(answer.headers["Location"])
    assert address.geturl().startswith(BACK)
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    return {"code": query["code"], "state": query["state"], "ticket": begun["ticket"]}


def finish(desk: Desk, form: Json) -> Any:
    return desk.http.post("/v1/login/oidc", json=form)


def attempt(desk: Desk) -> Any:
    """One whole attempt to sign in."""
    return finish(desk, come_back(begin(desk)))


def reasons(lines: list[Any]) -> list[tuple[str, str]]:
    """(reason, why) of each refusal in the log."""
    refused = [line for line in lines if line["event"] == "sign_in_refused"]
    return [(line["reason"], line["why"]) for line in refused]


def test_who_is_linked_signs_in(desk: Desk) -> None:
    """With a token as after a password, for the role and districts that the office has given."""
    answer = attempt(desk)
    assert answer.status_code == 200
    assert (answer.json["role"], answer.json["districts"]) == ("verifier", ["63.71.03"])
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert desk.http.get("/v1/tasks", headers=headers).status_code == 200
    assert desk.http.post("/v1/logout", headers=headers).status_code == 200
    assert desk.http.get("/v1/tasks", headers=headers).status_code == 401


def test_each_attempt_has_secrets_of_its_own(desk: Desk) -> None:
    """State, nonce and challenge; the verifier stands in no address."""
    begun = [begin(desk) for _ in range(2)]
    queries = [parse_qs(urlsplit(each["authorization_url"]).query) for each in begun]
    for name in ("state", "nonce", "code_challenge"):
        one, other = (query[name][0] for query in queries)
        assert one != other
        assert len(one) >= 43
    assert not any("code_verifier" in query for query in queries)


def test_a_client_without_a_secret_and_one_that_posts_it(
    tmp_path: Path, provider: Provider
) -> None:
    """Public clients, and providers that take the secret in the form only."""
    for secret, methods in ((SECRET, ["client_secret_post"]), ("", ["none"])):
        provider.secret = secret
        provider.changed = {"token_endpoint_auth_methods_supported": methods}
        desk = make_desk(tmp_path, provider.issuer, oidc_client_secret=secret)
        if secret:
            hire(desk, provider)
        assert attempt(desk).status_code == 200
        desk.close()


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


def test_a_state_of_another_attempt_is_refused(desk: Desk) -> None:
    """As when somebody makes another's browser sign in with a code of theirs."""
    mine, theirs = come_back(begin(desk)), come_back(begin(desk))
    assert problem(finish(desk, mine | {"ticket": theirs["ticket"]})) == FAILED
    assert problem(finish(desk, mine | {"state": "guessed"})) == FAILED
    assert finish(desk, mine).status_code == 200


@pytest.mark.parametrize("ticket", ["x", "AAAA", "é", "=" * 8000])
def test_a_ticket_that_is_none_is_refused(desk: Desk, ticket: str) -> None:
    """And one that was changed in its last place."""
    form = come_back(begin(desk))
    changed = (
        form["ticket"][:-6] + ("A" if form["ticket"][-6] != "A" else "B") + form["ticket"][-5:]
    )
    for wrong in (ticket, changed):
        assert problem(finish(desk, form | {"ticket": wrong})) == FAILED


def test_an_attempt_is_good_for_ten_minutes(desk: Desk) -> None:
    """However long the code is."""
    form = come_back(begin(desk))
    desk.clock.move(minutes=10)
    assert problem(finish(desk, form)) == FAILED


def test_an_attempt_is_good_once_on_all_replicas(
    own_desk: Desk, provider: Provider, tmp_path: Path
) -> None:
    """A second use is refused before the provider is asked."""
    replica = make_desk(tmp_path, provider.issuer)
    form = come_back(begin(own_desk))
    assert finish(replica, form).status_code == 200
    asked = provider.asked.count("/token")
    for each in (own_desk, replica):
        assert problem(finish(each, form)) == FAILED
    assert provider.asked.count("/token") == asked
    replica.close()


def test_a_code_is_good_once(desk: Desk) -> None:
    """Also in another attempt: it belongs to the first one's challenge."""
    form = come_back(begin(desk))
    assert finish(desk, form).status_code == 200
    again = come_back(begin(desk)) | {"code": form["code"]}
    assert problem(finish(desk, again)) == FAILED
    mixed = come_back(begin(desk)) | {"code": come_back(begin(desk))["code"]}
    assert problem(finish(desk, mixed)) == FAILED


@pytest.mark.parametrize(
    "page", ["https://evil.example/", f"{BACK}/", f"{BACK}?x=1", "http://office.example/back", ""]
)
def test_the_browser_is_sent_back_to_the_pages_of_the_list_only(desk: Desk, page: str) -> None:
    """To the letter."""
    answer = desk.http.get("/v1/login/oidc", query_string={"redirect_uri": page})
    assert problem(answer) == (422, "validation_failed")
    assert list(fields(answer)) == ["redirect_uri"]


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


def test_who_is_linked_with_no_account_is_refused(own_desk: Desk, provider: Provider) -> None:
    """Unknown there, linked no more, or removed; the log does not say who it was."""
    with capture_logs() as lines:
        refused_in_every_way(own_desk, provider)
    assert reasons(lines) == [("AccountNotLinked", "")] * 4
    assert "somebody-else" not in str(lines)
    assert provider.subject not in str(lines)


def refused_in_every_way(desk: Desk, provider: Provider) -> None:
    provider.subject = "somebody-else"
    assert problem(attempt(desk)) == (403, "account_not_linked")
    provider.subject = "248289761001"
    with desk.bench.store.unit("test") as work:
        link_account(work.session, "siti", provider.issuer, None)
    assert problem(attempt(desk)) == (403, "account_not_linked")
    with desk.bench.store.unit("test") as work:
        link_account(work.session, "siti", "https://idp.example", provider.subject)
    assert problem(attempt(desk)) == (403, "account_not_linked")
    with desk.bench.store.unit("test") as work:
        remove_account(work.session, "siti")
    assert problem(attempt(desk)) == (403, "account_not_linked")


def test_a_link_that_is_changed_ends_what_is_signed_in(own_desk: Desk, provider: Provider) -> None:
    """As every change of an account does."""
    headers = {"Authorization": f"Bearer {attempt(own_desk).json['access_token']}"}
    with own_desk.bench.store.unit("test") as work:
        link_account(work.session, "siti", provider.issuer, "another")
    assert problem(own_desk.http.get("/v1/tasks", headers=headers)) == (401, "not_signed_in")


def hangs() -> tuple[str, Json, bytes]:
    eventlet.sleep(3600)
    raise AssertionError


AWAY_ANSWERS: dict[str, Callable[[], tuple[str, Json, bytes]]] = {
    "an error": lambda: found({}, "500 Internal Server Error"),
    "another place": lambda: ("302 Found", {"Location": "http://127.0.0.1:1/"}, b""),
    "no JSON": lambda: ("200 OK", {}, b"<html>"),
    "a list": lambda: found([]),
    "too much": lambda: ("200 OK", {}, b'{"x":"' + b"x" * fetching.LONGEST_ANSWER + b'"}'),
    "nothing, for ever": hangs,
}


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize("what", AWAY_ANSWERS)
def test_a_provider_that_is_away_is_said_to_be(
    desk: Desk, provider: Provider, path: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with Retry-After, whatever it does; afterwards all is well by itself."""
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    form = None if "openid" in path else come_back(begin(desk))
    provider.answers[path] = AWAY_ANSWERS[what]
    answer = (
        finish(desk, form)
        if form
        else desk.http.get("/v1/login/oidc", query_string={"redirect_uri": BACK})
    )
    assert problem(answer) == AWAY
    assert int(answer.headers["Retry-After"]) > 0
    assert "X-Request-ID" in answer.headers
    provider.answers.clear()
    assert attempt(desk).status_code == 200


def test_a_provider_that_does_not_listen_is_away(tmp_path: Path) -> None:
    """At the start of the gateway too: it starts without it, and local accounts sign in."""
    desk = make_desk(tmp_path, f"http://127.0.0.1:{free_port()}")
    with desk.bench.store.unit("test") as work:
        add_account(work.session, "siti", Role.VERIFIER, ["63.71.03"], PASSWORD, "Siti")
    answer = desk.http.get("/v1/login/oidc", query_string={"redirect_uri": BACK})
    assert problem(answer) == AWAY
    body = {"username": "siti", "password": PASSWORD}
    assert desk.http.post("/v1/login", json=body).status_code == 200
    desk.close()


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://idp.example"},
        {"token_endpoint": "http://idp.example/token"},
        {"jwks_uri": "http://idp.example/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_a_provider_that_describes_itself_unsafely_is_not_believed(
    desk: Desk, provider: Provider, changed: Json
) -> None:
    """Another issuer, or an endpoint without encryption."""
    provider.changed = changed
    answer = desk.http.get("/v1/login/oidc", query_string={"redirect_uri": BACK})
    assert problem(answer) == AWAY


def test_a_wrong_client_secret_is_the_offices_fault(tmp_path: Path, provider: Provider) -> None:
    """Not that of who signs in; the log says so, and not the secret."""
    desk = make_desk(tmp_path, provider.issuer, oidc_client_secret="wrong-secret")
    with capture_logs() as lines:
        assert problem(attempt(desk)) == AWAY
    assert [line["why"] for line in lines if "why" in line] == ["client_refused"]
    assert "wrong-secret" not in str(lines)
    desk.close()


def test_failed_attempts_of_one_client_are_counted(tmp_path: Path, provider: Provider) -> None:
    """Together with wrong passwords; what is right counts nothing."""
    desk = make_desk(tmp_path, provider.issuer, failed_logins_per_client="3")
    hire(desk, provider)
    for _ in range(5):
        assert attempt(desk).status_code == 200
    for _ in range(3):
        assert problem(finish(desk, {"code": "x", "state": "x", "ticket": "x"})) == FAILED
    assert problem(attempt(desk)) == (429, "too_many_attempts")
    desk.close()


@pytest.mark.parametrize("trusted", [True, False])
def test_the_providers_certificate_is_checked(
    tmp_path: Path, trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that nobody vouches for is as good as none."""
    certificate = write_certificate(tmp_path / "provider.pem")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate) as provider:
        desk = make_desk(tmp_path, provider.issuer)
        answer = desk.http.get("/v1/login/oidc", query_string={"redirect_uri": BACK})
        assert answer.status_code == (200 if trusted else 503)
        assert bool(provider.asked) == trusted
        desk.close()


def test_without_a_provider_the_way_is_not_offered(tmp_path: Path) -> None:
    """404 with a code of its own."""
    desk = Desk(tmp_path)
    answer = desk.http.get("/v1/login/oidc", query_string={"redirect_uri": BACK})
    assert problem(answer) == (404, "sign_in_not_offered")
    form = {"code": "x", "state": "x", "ticket": "x"}
    assert problem(finish(desk, form)) == (404, "sign_in_not_offered")
    desk.close()


def test_passwords_can_be_switched_off(tmp_path: Path, provider: Provider) -> None:
    """Then they are not looked at; the provider is the only way in."""
    desk = make_desk(tmp_path, provider.issuer, local_login="0")
    hire(desk, provider)
    body = {"username": "siti", "password": PASSWORD}
    assert problem(desk.http.post("/v1/login", json=body)) == (404, "sign_in_not_offered")
    assert attempt(desk).status_code == 200
    desk.close()


def test_an_account_without_a_password_takes_none(desk: Desk) -> None:
    """Not an empty one, not that of nobody's hash."""
    with desk.bench.store.unit("test") as work:
        add_account(work.session, "rina", Role.AUDITOR, [], None, "Rina")
    for password in ("nobody has this password", " ", PASSWORD):
        body = {"username": "rina", "password": password}
        assert problem(desk.http.post("/v1/login", json=body)) == (401, "login_failed")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"OIDC_ISSUER": "http://idp.example"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://user:hidden@idp.example"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "idp.example"}, "OIDC_ISSUER"),
        ({"OIDC_CLIENT_ID": ""}, "SIGAP_OIDC_CLIENT_ID"),
        ({"OIDC_REDIRECT_URIS": ""}, "SIGAP_OIDC_REDIRECT_URIS"),
        ({"OIDC_REDIRECT_URIS": "http://office.example/"}, "OIDC_REDIRECT_URIS"),
        ({"OIDC_SCOPE": "profile"}, "OIDC_SCOPE"),
        ({"OIDC_ISSUER": "", "LOCAL_LOGIN": "0"}, "SIGAP_LOCAL_LOGIN"),
    ],
)
def test_settings_that_do_not_fit_end_the_start(wrong: dict[str, str], named: str) -> None:
    """By their names, without their values; loopback needs no encryption."""
    good = {
        "OIDC_ISSUER": "https://idp.example/realms/office",
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": "hidden",
        "OIDC_REDIRECT_URIS": f"{BACK}, http://localhost:3000/back",
    }
    read = GatewaySettings.read({f"SIGAP_{name}": value for name, value in good.items()})
    assert "hidden" not in repr(read)
    with pytest.raises(SettingsError, match=named) as caught:
        GatewaySettings.read({f"SIGAP_{name}": value for name, value in (good | wrong).items()})
    assert "hidden" not in str(caught.value)


@pytest.fixture
def public_provider() -> Iterator[str]:
    """The address of oidc-provider-mock, a provider that others have written, as a process."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=dict(os.environ), **quiet)  # type: ignore[call-overload]
    address = f"http://localhost:{port}"

    def answers() -> bool:
        try:
            return httpx.get(f"{address}/.well-known/openid-configuration").is_success
        except httpx.TransportError:
            return False

    try:
        eventually(answers, "the provider")
        yield address
    finally:
        process.terminate()
        process.wait(10)


def test_who_signs_in_at_a_provider_written_by_others_is_let_in(
    tmp_path: Path, public_provider: str
) -> None:
    """From discovery to the office's own token; only its address is configured."""
    desk = make_desk(tmp_path, public_provider)
    with desk.bench.store.unit("test") as work:
        add_account(work.session, "siti", Role.VERIFIER, ["63.71.03"], None, "Siti")
        link_account(work.session, "siti", public_provider, "siti@office")
    begun = begin(desk)
    signed_in = httpx.post(begun["authorization_url"], data={"sub": "siti@office"})
    query = parse_qs(urlsplit(signed_in.headers["Location"]).query)
    form = {"code": query["code"][0], "state": query["state"][0], "ticket": begun["ticket"]}
    answer = finish(desk, form)
    assert answer.status_code == 200, answer.text
    assert answer.json["role"] == "verifier"
    assert problem(finish(desk, form)) == FAILED
    desk.close()
