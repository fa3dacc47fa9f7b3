"""`sigap` in ordinary trouble: one sentence and an exit code, never a traceback or a secret."""

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from chassis.publishing import PublishFailed
from chassis.retry import CalleeFailed, Unavailable
from chassis.settings import SettingsError
from contracts.errors import ErrorCode, Refusal
from ops import dead_letter_commands, operator, registry
from ops.dead_letters import Held
from ops.letters import read_letter
from ops.trouble import NotDone, told
from tests.commands import Told, sigap
from tests.fleet import ROOT
from tests.real.runtime import free_port
from tests.unit.test_odd_letters import Message

PASSWORD = "hunter2-of-the-server"
NIK = "6371034504880001"


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Neither broker nor database server is up."""
    monkeypatch.setattr(operator, "BROKER_WITHIN", 0.5)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "file").write_text("")
    return {
        "SIGAP_AMQP_URL": f"amqp://sigap:{PASSWORD}@127.0.0.1:{free_port()}/",
        "SIGAP_DATABASE_URL": f"postgresql://sigap:{PASSWORD}@127.0.0.1:{free_port()}/sigap",
        "SIGAP_RPC_KEY": "ab" * 32,
        "SIGAP_HOME": str(tmp_path),
    }


def key(folder: Path) -> str:
    told = sigap({"SIGAP_HOME": str(folder)}, "audit", "key")
    return told.stdout.strip()


@pytest.mark.parametrize(
    "words",
    [
        "audit tail",
        "audit export {home}/new",
        "audit verify --key {key}",
        "audit subject --by agus --case VRF-20261123-0001 --to {home}/a.json",
        "privacy erase --by agus --case VRF-20261123-0001 --reason subject_request --yes",
        "rebuild-status",
        "dead-letters list",
        "dead-letters replay --by agus m-1",
        "dead-letters discard --by agus --yes m-1",
        "staff list",
        "migrate audit",
        "secrets {home}/file",
    ],
)
def test_what_is_away_or_in_the_way_is_said_in_one_sentence(
    away: dict[str, str], tmp_path: Path, words: str
) -> None:
    """With the code 1, within the time that a command waits; nothing half-made stays."""
    filled = words.format(home=tmp_path, key=key(tmp_path))
    _is_said(sigap(away, *filled.split()), 1)
    assert not [*tmp_path.glob("a.*")]


@pytest.mark.parametrize(
    "words",
    [
        "audit tail --from ²",
        "audit tail --from 1960-01-01",
        "audit tail --from 0001-01-01T00:00+14:00",
        "audit tail --from 9999-12-31T23:59-14:00",
        f"audit tail --from {10**22}",
        "audit tail --from yesterday",
        "audit verify --key {home}/binary",
        "audit verify --key {home}",
        f"audit verify --key {'k' * 300}",
        f"audit verify --key {'k' * 5000}",
        "health --address foo",
        "health --address 127.0.0.1:99999",
        "health --address 127.0.0.1:²",
    ],
)
def test_what_does_not_fit_is_said_before_anything_is_tried(
    away: dict[str, str], tmp_path: Path, words: str
) -> None:
    """With the code 2."""
    _is_said(sigap(away, *words.format(home=tmp_path).split()), 2)


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        ({"SIGAP_CLAMD": "foo"}, "SIGAP_CLAMD"),
        ({"SIGAP_OIDC_ISSUER": "https://id.example"}, "SIGAP_OIDC_CLIENT_ID"),
    ],
)
def test_the_system_does_not_start_with_settings_that_do_not_fit(
    tmp_path: Path, environ: dict[str, str], word: str
) -> None:
    """A process of its own, in which a traceback would show."""
    process = subprocess.run(
        [sys.executable, "-m", "ops.cli", "run"],
        env={"PATH": os.environ["PATH"], "SIGAP_HOME": str(tmp_path)} | environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    _is_said(Told(process.returncode, process.stdout, process.stderr), 2)
    assert word in process.stderr


def test_a_process_ends_with_the_sentence_and_its_code(away: dict[str, str]) -> None:
    """As an operator sees it."""
    process = subprocess.run(
        [sys.executable, "-m", "ops.cli", "staff", "list"],
        env={"PATH": os.environ["PATH"]} | away,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert process.stderr == "sigap: the database does not do it: OperationalError\n"
    assert (process.returncode, process.stdout) == (1, "")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("--by"), 2),
        (NotDone("a"), 1),
        (Unavailable("audit"), 1),
        (CalleeFailed("audit"), 1),
        (Refusal(ErrorCode.UNAVAILABLE, name=NIK), 1),
        (OperationalError("SELECT", {"nik": NIK}, Exception(PASSWORD)), 1),
        (PublishFailed(PASSWORD), 1),
        (ConnectionRefusedError(111, PASSWORD), 1),
        (FileExistsError(17, "File exists", "/etc/passwd"), 1),
        (NotADirectoryError(20, "Not a directory", "/etc/passwd"), 1),
    ],
)
def test_each_kind_of_trouble_has_its_sentence_and_code(error: Exception, code: int) -> None:
    """None quotes what the error came with, but for our own words and a file's name."""
    said = told(error)
    assert said is not None
    assert said[1] == code
    assert said[0]
    assert PASSWORD not in said[0]
    assert NIK not in said[0]


def test_a_mistake_in_the_program_is_not_taken_for_trouble() -> None:
    """Its traceback is wanted."""
    assert told(KeyError("a")) is None


@pytest.mark.parametrize("words", ["replay --dry-run", "discard --dry-run"])
def test_dead_letters_that_are_not_there_are_named(
    away: dict[str, str], monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """Those that are there are treated all the same."""
    letter = read_letter("intake", Message({"message_id": "m-1"}), registry.topology())
    held = [Held(letter, None)]
    monkeypatch.setattr(dead_letter_commands, "holding", lambda *_: nullcontext(held))
    found = sigap(away, "dead-letters", *words.split(), "--by", "agus", "m-1")
    assert (found.returncode, found.stderr) == (0, "")
    said = sigap(away, "dead-letters", *words.split(), "--by", "agus", "m-1", "m-3", "m-2")
    assert said.stderr == "sigap: no dead letter m-2, m-3\n"
    assert (said.returncode, said.stdout) == (1, found.stdout)


def test_two_who_link_one_subject_at_once_are_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database keeps the second out; nothing is quoted of it."""

    def late(*_: object) -> None:
        raise IntegrityError("UPDATE", {"subject": NIK}, Exception(NIK))

    monkeypatch.setattr("gateway.accounts.link_account", late)
    environ = {"SIGAP_HOME": str(tmp_path), "SIGAP_OIDC_ISSUER": "https://id.example"}
    environ |= {"SIGAP_OIDC_CLIENT_ID": "a", "SIGAP_OIDC_REDIRECT_URIS": "https://a.example/b"}
    said = sigap(environ, "staff", "link", "siti", "--subject", "s-1")
    _is_said(said, 1)
    assert "meanwhile" in said.stderr


def _is_said(said: Told, code: int) -> None:
    assert said.returncode == code, said
    assert said.stderr.strip() or said.stdout.strip()
    for word in ("Traceback", PASSWORD):
        assert word not in said.stdout + said.stderr
