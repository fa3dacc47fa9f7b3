"""Signing in at a standard provider, over HTTP: the way that it goes, and who is not let in."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from structlog.testing import capture_logs

from contracts.envelope import Role
from gateway.accounts import add_account, link_account, remove_account
from tests.integration.gateway.desk import Desk, fields, problem
from tests.integration.gateway.oidc.sign_in import (
    BACK,
    FAILED,
    attempt,
    begin,
    come_back,
    finish,
    hire,
    make_desk,
    reasons,
)
from tests.integration.gateway.sign_in_provider import SECRET, Provider
from tests.real import eventually
from tests.real.runtime import free_port


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
