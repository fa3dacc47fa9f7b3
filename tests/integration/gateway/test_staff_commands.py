"""`sigap staff`: accounts are changed, listed and removed, and tokens follow at once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from chassis.settings import SettingsError
from gateway.accounts import linked_account
from ops.cli import app
from tests.integration.gateway.desk import Desk, problem

PASSWORD = "a long enough password"
OTHER_PASSWORD = "another password, as long"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The gateway outside the demo, with a verifier; the commands work on its database."""
    monkeypatch.setenv("SIGAP_HOME", str(tmp_path))
    desk = Desk(tmp_path, demo="false")
    staff("add", "siti", "verifier", "--district", "63.71.03", password=PASSWORD)
    yield desk
    desk.close()


def staff(*words: str, password: str = "") -> Result:
    answer = CliRunner().invoke(app, ["staff", *words], env={"SIGAP_PASSWORD": password})
    if isinstance(answer.exception, SettingsError):
        raise answer.exception
    assert answer.exit_code == 0, answer.output
    return answer


def sign_in(desk: Desk, password: str = PASSWORD) -> dict[str, str]:
    body = {"username": "siti", "password": password}
    signed_in = desk.http.post("/v1/login", json=body)
    assert signed_in.status_code == 200
    return {"Authorization": f"Bearer {signed_in.json['access_token']}"}


def is_let_in(desk: Desk, token: dict[str, str]) -> bool:
    answer = desk.http.get("/v1/tasks", headers=token)
    return answer.status_code == 200 or problem(answer) != (401, "not_signed_in")


@pytest.mark.parametrize(
    "change",
    [
        ("change", "siti", "--role", "auditor"),
        ("change", "siti", "--district", "63.71.01"),
        ("change", "siti", "--no-districts"),
        ("change", "siti", "--name", "Siti"),
        ("change", "siti", "--new-password"),
        ("remove", "siti"),
    ],
)
def test_a_token_ends_with_what_it_was_given_out_for(desk: Desk, change: tuple[str, ...]) -> None:
    """At the very next call."""
    token = sign_in(desk)
    assert is_let_in(desk, token)
    staff(*change, password=OTHER_PASSWORD)
    assert not is_let_in(desk, token)


def test_an_account_that_is_made_again_does_not_let_old_tokens_in(desk: Desk) -> None:
    """Same name, same role, same password."""
    token = sign_in(desk)
    staff("remove", "siti")
    staff("add", "siti", "verifier", "--district", "63.71.03", password=PASSWORD)
    assert not is_let_in(desk, token)
    assert is_let_in(desk, sign_in(desk))


def test_what_is_changed_counts_from_the_next_sign_in(desk: Desk) -> None:
    """And what is not stays."""
    staff("change", "siti", "--role", "auditor", "--no-districts")
    body = {"username": "siti", "password": PASSWORD}
    signed_in = desk.http.post("/v1/login", json=body).json
    assert (signed_in["role"], signed_in["districts"]) == ("auditor", [])
    staff("change", "siti", "--new-password", password=OTHER_PASSWORD)
    assert problem(desk.http.post("/v1/login", json=body)) == (401, "login_failed")
    assert is_let_in(desk, sign_in(desk, OTHER_PASSWORD))


def test_accounts_are_listed_without_their_passwords(desk: Desk) -> None:
    """Not even hashed."""
    told = staff("list", "--json").stdout
    assert json.loads(told)["staff"] == [
        {
            "username": "siti",
            "role": "verifier",
            "districts": ["63.71.03"],
            "name": "siti",
            "demo": False,
            "linked": False,
        }
    ]
    assert "argon2" not in told
    assert staff("list").stdout.split() == ["siti", "verifier", "63.71.03", "siti"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("change", "budi", "--role", "auditor"), "no account budi"),
        (("remove", "budi"), "no account budi"),
        (("change", "siti"), "nothing to change"),
        (("change", "siti", "--role", "resident"), "not a role of staff"),
        (("change", "siti", "--role", "mayor"), "mayor"),
        (("change", "siti", "--district", "63.71.99"), "no such district"),
        (("change", "siti", "--new-password"), "12 to 200"),
    ],
)
def test_what_does_not_fit_is_refused(desk: Desk, words: tuple[str, ...], reason: str) -> None:
    """It says why, and changes nothing: who is signed in stays so."""
    token = sign_in(desk)
    with pytest.raises(SettingsError, match=reason):
        staff(*words, password="short")
    assert is_let_in(desk, token)


def test_an_account_of_the_demo_is_not_changed(tmp_path: Path, desk: Desk) -> None:
    """Its password is public whatever is done; outside the demo it is refused anyhow."""
    Desk(tmp_path).close()
    for words in (("change", "auditor", "--role", "verifier"), ("remove", "auditor")):
        with pytest.raises(SettingsError, match="demo"):
            staff(*words)


PROVIDER = {
    "SIGAP_OIDC_ISSUER": "https://idp.example/office",
    "SIGAP_OIDC_CLIENT_ID": "sigap",
    "SIGAP_OIDC_REDIRECT_URIS": "https://office.example/back",
}


@pytest.fixture
def linked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The office has a sign-in provider."""
    for name, value in PROVIDER.items():
        monkeypatch.setenv(name, value)
    return desk


def account_linked_with(desk: Desk, subject: str) -> str | None:
    with desk.bench.session() as session:
        account = linked_account(session, PROVIDER["SIGAP_OIDC_ISSUER"], subject)
    return account and account.username


def test_an_account_is_linked_and_unlinked(linked: Desk) -> None:
    """Each ends what is signed in; the password stays good."""
    for words, username in (
        (("link", "siti", "--subject", "S-1"), "siti"),
        (("unlink", "siti"), None),
    ):
        token = sign_in(linked)
        staff(*words)
        assert account_linked_with(linked, "S-1") == username
        assert not is_let_in(linked, token)


def test_an_account_is_added_with_its_link(linked: Desk) -> None:
    """It has no password, and none is asked for; the list shows the link, not the subject."""
    staff("add", "rina", "auditor", "--subject", "S-2")
    assert account_linked_with(linked, "S-2") == "rina"
    told = staff("list").stdout
    assert "rina  auditor  -  rina  (linked)" in told
    assert "S-2" not in told


def test_one_person_has_one_account(linked: Desk) -> None:
    """A subject is linked once; an account that is refused its link is not added."""
    staff("link", "siti", "--subject", "S-1")
    staff("link", "siti", "--subject", "S-1")
    with pytest.raises(SettingsError, match="linked with siti"):
        staff("add", "rina", "auditor", "--subject", "S-1")
    assert "rina" not in staff("list").stdout
    with pytest.raises(SettingsError, match="1 to 255"):
        staff("link", "siti", "--subject", "x" * 256)


def test_without_a_provider_there_is_nothing_to_link_with(desk: Desk) -> None:
    """It says which setting is missing."""
    with pytest.raises(SettingsError, match="SIGAP_OIDC_ISSUER"):
        staff("link", "siti", "--subject", "S-1")


def test_every_change_is_told_to_the_log(linked: Desk) -> None:
    """As one JSON line on standard error: what, whose, by whom; no password and no subject."""
    for words, what in (
        (("change", "siti", "--role", "auditor", "--by", "agus"), "changed"),
        (("link", "siti", "--subject", "S-1", "--by", "agus"), "linked"),
        (("unlink", "siti", "--by", "agus"), "unlinked"),
        (("remove", "siti", "--by", "agus"), "removed"),
        (("add", "siti", "auditor", "--by", "agus"), "added"),
    ):
        printed = staff(*words, password=PASSWORD).stderr
        line = json.loads(printed)
        assert (line["event"], line["what"]) == ("staff_account_changed", what)
        assert (line["account"], line["by"]) == ("siti", "agus")
        assert PASSWORD not in printed
        assert "S-1" not in printed
