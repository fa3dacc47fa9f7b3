"""A sign-in provider that is away, describes itself unsafely, or is somebody else."""

from collections.abc import Callable
from pathlib import Path

import eventlet
import pytest
from structlog.testing import capture_logs

from contracts.envelope import Role
from gateway.accounts import add_account
from gateway.oidc import fetching
from tests.integration.gateway.desk import Desk, problem
from tests.integration.gateway.oidc.sign_in import (
    AWAY,
    BACK,
    PASSWORD,
    attempt,
    begin,
    come_back,
    finish,
    make_desk,
)
from tests.integration.gateway.sign_in_provider import Json, Provider, found, running
from tests.real.runtime import free_port
from tests.tls import write_certificate


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
