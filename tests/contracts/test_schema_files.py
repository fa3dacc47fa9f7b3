"""The command that writes the published schemas and holds them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.generate import SCHEMAS, generate, main, write

WITHDRAWN = "events/intake.request_withdrawn.v1.json"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder with the schemas as they are now."""
    write(tmp_path, generate())
    return tmp_path


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the published schema of request_withdrawn's data."""
    path = folder / WITHDRAWN
    schema = json.loads(path.read_text())
    change(schema["$defs"]["RequestWithdrawn"])
    path.write_text(json.dumps(schema))


def add_published_field(data: dict[str, Any]) -> None:
    data["properties"]["reason"] = {"type": "string"}
    data["required"].append("reason")


def test_the_schemas_of_the_repository_are_those_of_the_models(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`--check` passes on the repository as it stands."""
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_the_same_models_give_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    """Nothing of the time, the machine, or the order of a set is in the documents."""
    for seed in ("1", "2"):
        script = (
            "import sys, pathlib; from contracts.generate import generate, write;"
            "write(pathlib.Path(sys.argv[1]), generate())"
        )
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / seed)],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=SCHEMAS.parents[1],
        )
    first, second = (
        {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*.json")}
        for root in (tmp_path / "1", tmp_path / "2")
    )
    assert first == second
    assert first.keys() == generate().keys()


def test_an_added_optional_field_is_only_stale(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A published schema that lacks an optional field needs only to be written anew."""
    path = published / "events/intake.request_received.v1.json"
    schema = json.loads(path.read_text())
    del schema["$defs"]["RequestReceived"]["properties"]["attachments"]
    path.write_text(json.dumps(schema))

    assert main(["--check"], published) == 1
    complaint = capsys.readouterr().err
    assert "intake.request_received.v1.json is stale" in complaint
    assert "make schemas" in complaint

    assert main([], published) == 0
    assert main(["--check"], published) == 0


@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["write", "check"])
def test_a_breaking_change_is_refused_and_leaves_the_published_schema(
    published: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """Neither way lets it through; the event, the field and the way out are named."""
    edit(published, add_published_field)
    before = (published / WITHDRAWN).read_bytes()

    assert main(arguments, published) == 1

    assert (published / WITHDRAWN).read_bytes() == before
    complaint = capsys.readouterr().err
    assert "intake.request_withdrawn.v1: data.reason: removed" in complaint
    assert "new version" in complaint


def test_an_event_whose_model_is_gone_is_refused(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The ledger keeps published events for ever, so their models stay."""
    (published / "events/intake.request_lost.v1.json").write_text("{}")

    assert main([], published) == 1

    assert "intake.request_lost.v1: its model is gone" in capsys.readouterr().err


def test_an_event_that_was_never_published_is_written(published: Path) -> None:
    """A new event has no published schema that could refuse it."""
    (published / WITHDRAWN).unlink()

    assert main([], published) == 0

    assert (published / WITHDRAWN).exists()


def test_a_document_that_is_no_longer_made_is_stale_and_then_removed(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command is no promise to others: its schema may go."""
    left = published / "commands/intake.forget.json"
    left.write_text("{}")

    assert main(["--check"], published) == 1
    assert "commands/intake.forget.json is stale" in capsys.readouterr().err

    assert main([], published) == 0
    assert not left.exists()
