"""Secrets come from the environment, a file or a folder; the embedded system makes its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.settings import SECRET_BYTES, Settings, SettingsError, write_secret

KEY = "0123456789abcdef" * 4
OTHER = "f" * 64


@pytest.fixture
def distributed(monkeypatch):
    """Settings of a system with servers, where no secret may be made up."""
    monkeypatch.delenv("SIGAP_VAULT_KEY", raising=False)
    return Settings(amqp_url="amqp://broker/", database_url="postgresql://server/sigap")


@pytest.fixture
def embedded(tmp_path, monkeypatch):
    """Settings of the embedded system on an empty folder."""
    monkeypatch.delenv("SIGAP_VAULT_KEY", raising=False)
    return Settings(home=tmp_path / "var")


def test_a_secret_in_the_environment_is_its_bytes(distributed, monkeypatch):
    """Hexadecimal in, 32 bytes out."""
    monkeypatch.setenv("SIGAP_VAULT_KEY", KEY)
    assert distributed.secret("vault") == bytes.fromhex(KEY)


def test_a_secret_may_lie_in_a_file(distributed, monkeypatch, tmp_path):
    """As every other variable may."""
    path = tmp_path / "key"
    path.write_text(KEY + "\n")
    monkeypatch.setenv("SIGAP_VAULT_KEY_FILE", str(path))
    assert distributed.secret("vault") == bytes.fromhex(KEY)


def test_a_folder_of_secrets_holds_one_file_for_each(distributed, tmp_path):
    """The shape of a mounted secret volume."""
    (tmp_path / "vault").write_text(KEY + "\n")
    settings = distributed.model_copy(update={"secrets_dir": tmp_path})
    assert settings.secret("vault") == bytes.fromhex(KEY)


def test_the_environment_wins_over_the_folder(distributed, monkeypatch, tmp_path):
    """One secret can be replaced without touching the volume."""
    (tmp_path / "vault").write_text(OTHER)
    monkeypatch.setenv("SIGAP_VAULT_KEY", KEY)
    settings = distributed.model_copy(update={"secrets_dir": tmp_path})
    assert settings.secret("vault") == bytes.fromhex(KEY)


def test_a_distributed_system_never_makes_up_a_secret(distributed, tmp_path):
    """Two processes with two keys could not read each other's data."""
    settings = distributed.model_copy(update={"secrets_dir": tmp_path})
    with pytest.raises(SettingsError, match="SIGAP_VAULT_KEY"):
        settings.secret("vault")
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_system_makes_a_secret_once(embedded):
    """The first start writes it, every later one reads it."""
    first = embedded.secret("vault")
    assert len(first) == SECRET_BYTES
    assert embedded.secret("vault") == first
    assert embedded.secret("index") != first


def test_a_secret_that_was_made_is_its_owners_alone(embedded):
    """Other users of the machine can read neither the file nor the folder."""
    embedded.secret("vault")
    path = embedded.home / "secrets" / "vault"
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("wrong", ["hunter2", "abcd", KEY + "00", ""])
def test_a_wrong_secret_is_named_and_never_shown(distributed, monkeypatch, wrong):
    """Not hexadecimal, too short, too long, empty."""
    monkeypatch.setenv("SIGAP_VAULT_KEY", wrong)
    with pytest.raises(SettingsError, match="SIGAP_VAULT_KEY") as failure:
        distributed.secret("vault")
    assert not wrong or wrong not in str(failure.value)
    assert failure.value.__suppress_context__ or failure.value.__context__ is None


def test_writing_a_secret_again_keeps_the_first(tmp_path):
    """What was sealed under it must stay readable."""
    write_secret(tmp_path / "vault")
    first = (tmp_path / "vault").read_text()
    write_secret(tmp_path / "vault")
    assert (tmp_path / "vault").read_text() == first
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]


def test_a_draft_left_by_a_killed_process_hinders_nobody(tmp_path):
    """In a container every start has the same process id."""
    (tmp_path / f"vault.{os.getpid()}").write_text("half")
    write_secret(tmp_path / "vault")
    assert len(bytes.fromhex((tmp_path / "vault").read_text())) == SECRET_BYTES


def test_processes_that_race_end_with_one_secret(tmp_path):
    """Whoever is first wins, and nobody reads a half-written file."""
    program = "from chassis.settings import Settings; print(Settings.read().secret('vault').hex())"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("SIGAP_")}
    racers = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", program],
            env={**clean, "SIGAP_HOME": str(tmp_path)},
            cwd=Path(__file__).parents[3],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    program_outputs = {racer.communicate()[0].strip() for racer in racers}
    assert [racer.returncode for racer in racers] == [0] * 4
    assert len(program_outputs) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["vault"]
