"""Which ways to sign in there are is the office's choice."""

from pathlib import Path

import pytest

from chassis.settings import SettingsError
from contracts.envelope import Role
from gateway.accounts import add_account
from gateway.settings import GatewaySettings
from tests.integration.gateway.desk import Desk, problem
from tests.integration.gateway.oidc.sign_in import BACK, PASSWORD, attempt, finish, hire, make_desk
from tests.integration.gateway.sign_in_provider import CLIENT, Provider


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
