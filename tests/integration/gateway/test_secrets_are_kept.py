"""Passwords, tokens and codes stand in no option of a command, no log line, no error."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
import typer
from structlog.testing import capture_logs
from typer.testing import CliRunner

from chassis.settings import Settings, SettingsError
from contracts.envelope import Role
from gateway.accounts import add_account
from ops.cli import app
from tests.integration.gateway.desk import Desk
from tests.integration.gateway.oidc.sign_in import begin, come_back, finish, make_desk
from tests.integration.gateway.sign_in_provider import SECRET, running

PASSWORD = "kata-sandi-yang-tidak-boleh-terlihat"
SECRET_LIKE = re.compile(r"pass|secret|token|credential|private|pwd|pin\b", re.IGNORECASE)
ASKS_WHETHER = {"--new-password"}
"""A flag: it takes no value."""


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command below, by its words."""
    if hasattr(command, "commands"):
        for name, each in command.commands.items():
            yield from commands(each, (*words, name))
    else:
        yield " ".join(words), command


def test_no_command_takes_a_secret_as_an_argument() -> None:
    """Everybody on a machine can read the arguments of every process."""
    every = dict(commands(typer.main.get_command(app)))
    assert {"staff add", "staff change", "staff link", "secrets", "serve"} <= every.keys()
    for words, command in every.items():
        for parameter in command.params:
            names = {*parameter.opts, parameter.name or ""}
            found = {name for name in names if SECRET_LIKE.search(name)}
            if found and words != "secrets":
                assert found <= ASKS_WHETHER | {"new_password"}, words
                assert parameter.is_flag


def test_a_password_is_asked_for_or_read_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is echoed nowhere, and what is logged of the change does not hold it."""
    monkeypatch.setenv("SIGAP_HOME", str(tmp_path))
    desk = Desk(tmp_path, demo="false")
    written = tmp_path / "password"
    written.write_text(f"{PASSWORD}\n")
    typed = CliRunner().invoke(app, ["staff", "add", "siti", "auditor"], input=f"{PASSWORD}\n")
    read = CliRunner().invoke(
        app,
        ["staff", "add", "rina", "auditor", "--by", "agus"],
        env={"SIGAP_PASSWORD_FILE": str(written)},
    )
    for answer in (typed, read):
        assert answer.exit_code == 0, answer.output
        assert PASSWORD not in answer.output
        assert '"event": "staff_account_changed"' in answer.stderr
    assert '"by": "agus"' in read.stderr
    for name in ("siti", "rina"):
        body = {"username": name, "password": PASSWORD}
        assert desk.http.post("/v1/login", json=body).status_code == 200
    refused = CliRunner().invoke(app, ["staff", "add", "budi", "auditor", "--password", PASSWORD])
    assert refused.exit_code == click.UsageError.exit_code
    desk.close()


def test_signing_in_and_out_logs_no_secret(tmp_path: Path) -> None:
    """By password and at the provider, rightly and wrongly: who and how, and nothing else."""
    with running() as provider, capture_logs() as lines:
        desk = make_desk(tmp_path, provider.issuer)
        with desk.bench.store.unit("test") as work:
            add_account(work.session, "siti", Role.VERIFIER, ["63.71.03"], PASSWORD, "Siti")
        secrets = {PASSWORD, SECRET, provider.subject}
        for username, password in (
            ("siti", PASSWORD),
            ("siti", "wrong-" * 4),
            (PASSWORD[:40], "x"),
        ):
            body = {"username": username, "password": password}
            answer = desk.http.post("/v1/login", json=body)
            secrets |= {username[:40], password} - {"siti", "x"}
            if answer.status_code == 200:
                token = answer.json["access_token"]
                secrets |= set(token.split("."))
                desk.http.post("/v1/logout", headers={"Authorization": f"Bearer {token}"})
        form = come_back(begin(desk))
        finish(desk, form)
        finish(desk, form)
        httpx.get(provider.url + "/keys")
        secrets |= {form["code"], form["state"], form["ticket"]}
        desk.close()
    events = [line["event"] for line in lines]
    assert events.count("signed_in") == 1
    assert events.count("sign_in_refused") == 4
    assert [line["actor"] for line in lines if line["event"] == "signed_out"] == ["siti"]
    printed = str(lines)
    assert not [secret for secret in secrets if secret in printed]


@pytest.mark.parametrize(
    "environ",
    [
        {"SIGAP_AMQP_URL": "amqp://sigap:hidden@broker:port/", "SIGAP_DATABASE_URL": "x"},
        {"SIGAP_DATABASE_URL": "postgresql://sigap:hidden@host:99999/sigap"},
        {"SIGAP_AMQP_URL": "amqp://sigap:hidden@broker/"},
        {"SIGAP_TOKEN_KEY": "hidden", "SIGAP_AMQP_URL": "hidden"},
    ],
)
def test_an_error_names_the_variable_and_not_its_value(environ: dict[str, str]) -> None:
    """Addresses hold passwords."""
    with pytest.raises(SettingsError) as caught:
        Settings.read(environ)
    assert "SIGAP_" in str(caught.value)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("name", ["AMQP_URL", "DATABASE_URL"])
def test_an_address_with_a_password_can_come_from_a_file(tmp_path: Path, name: str) -> None:
    """So that it does not stand in the environment, which every process of the user can read."""
    addresses = {"AMQP_URL": "amqp://u:p@broker/", "DATABASE_URL": "postgresql://u:p@host/sigap"}
    (tmp_path / name).write_text(addresses[name] + "\n")
    environ = {f"SIGAP_{each}": address for each, address in addresses.items() if each != name}
    read = Settings.read(environ | {f"SIGAP_{name}_FILE": str(tmp_path / name)})
    assert getattr(read, name.lower()) == addresses[name]
