"""Exports in which what no hash covers was forged: the manifest, the columns, what is left out."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from chassis.settings import SettingsError
from ops.cli import app
from ops.ledger_export import write
from ops.ledger_source import LiveLedger
from services.audit import kept
from services.audit.notes import Signer
from services.audit.proving import root_of
from tests.integration.audit import test_exports as exports
from tests.integration.audit.auditor import Direct
from tests.integration.audit.test_exports import SIZE, edit, key, lines_of, put, verify
from tests.support import Bench

office = exports.office
kept_folder = exports.kept_folder
folder = exports.folder


def manifest_with(folder: Path, **changed: Any) -> dict[str, Any]:
    """The manifest, rewritten; and its files' hashes refitted."""
    path = folder / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text()) | changed
    for file in manifest["files"]:
        content = (folder / file["name"]).read_bytes()
        file |= {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
    path.write_text(json.dumps(manifest))
    return manifest


def cut_to(folder: Path, note: str, size: int) -> None:
    """The last entries gone, and a genuine older checkpoint in the manifest."""
    names = [f"events-{number:06d}.jsonl" for number in range(3)]
    files = json.loads((folder / "manifest.json").read_text())["files"]
    for number in range(3):
        lines = lines_of(folder, number)[: max(0, size - 120 * number)]
        put(folder, number, lines)
        files[number]["last"] = min(size, 120 * (number + 1))
        if not lines:
            (folder / names[number]).unlink()
    files = [file for file in files if (folder / file["name"]).exists()]
    manifest_with(folder, checkpoint=note, entries=size, files=files)


@pytest.mark.parametrize("size", [0, 200])
def test_an_export_cut_to_an_older_checkpoint_lacks_what_was_kept(
    office: Bench, folder: Path, kept_folder: Path, size: int
) -> None:
    """Unless whoever asks says that an older one is meant."""
    root = root_of(kept.leaves(kept_folder, size))
    cut_to(folder, office.service.settings.signer().checkpoint(size, root), size)
    options = ("--checkpoints", str(kept_folder))
    answer = verify(folder, *options)
    told = json.loads(answer.output)
    assert (answer.exit_code, told["fault"]) == (1, "missing")
    assert (told["first_bad"], told["last_bad"]) == (size + 1, size + 1)
    assert f"--up-to {size}" in told["reason"]
    meant = verify(folder, *options, "--up-to", str(size))
    assert meant.exit_code == 0
    more = verify(folder, *options, "--up-to", str(size + 1))
    assert json.loads(more.output)["first_bad"] == size + 1


def test_up_to_is_for_exports(office: Bench, kept_folder: Path) -> None:
    """The running system is never an older one."""
    options = ["audit", "verify", "--checkpoints", str(kept_folder), "--up-to", "5"]
    answer = CliRunner().invoke(app, options)
    assert isinstance(answer.exception, SettingsError)


def test_a_forged_checkpoint_hides_no_index_from_who_has_kept_hashes(
    office: Bench, folder: Path, kept_folder: Path
) -> None:
    """And where the entries are whole, that it is forged is told all the same."""
    forger = Signer("dinsos.banjarmasinkota.go.id/sigap", b"f" * 32)
    manifest_with(folder, checkpoint=forger.checkpoint(SIZE, b"1" * 32))
    whole = json.loads(verify(folder, "--checkpoints", str(kept_folder)).output)
    assert (whole["fault"], whole["proven"]) == ("checkpoint", SIZE)
    assert whole["reason"] == "the export's checkpoint: not signed with this key"
    edit(folder)
    answer = verify(folder, "--checkpoints", str(kept_folder))
    told = json.loads(answer.output)
    assert (answer.exit_code, told["first_bad"], told["last_bad"]) == (1, 150, 150)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"index": 150', '{"note": "forged", "index": 150'),
        ('{"index": 150', '{"index": 150.0'),
        ('{"index": 150', '{"index": true'),
        ('{"index": 150', '{"index": "150"'),
    ],
)
def test_a_line_of_another_shape_is_no_entry(
    office: Bench, folder: Path, old: str, new: str
) -> None:
    """What the hash does not cover may say nothing."""
    lines = lines_of(folder, 1)
    lines[29] = lines[29].replace(old, new)
    put(folder, 1, lines)
    manifest_with(folder)
    told = json.loads(verify(folder, "--key", key(office)).output)
    assert (told["first_bad"], told["fault"]) == (150, "unreadable")


@pytest.mark.parametrize("name", ["entries", "key", "bytes", "first", "last", "more"])
def test_a_manifest_with_other_figures_is_not_the_exports(
    office: Bench, folder: Path, name: str
) -> None:
    """The entries are whole; people read the manifest."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    if name in ("bytes", "first", "last"):
        manifest["files"][1][name] = True
    else:
        manifest[name] = "5"
    path.write_text(json.dumps(manifest))
    answer = verify(folder, "--key", key(office))
    assert answer.exit_code == 1
    assert json.loads(answer.output)["reason"] == "the manifest does not say what there is"


def test_a_file_that_the_manifest_does_not_name_is_told(office: Bench, folder: Path) -> None:
    """Somebody would read it."""
    (folder / "events-000003.jsonl").write_text('{"index": 301, "event": {}}\n')
    answer = verify(folder, "--key", key(office))
    assert answer.exit_code == 1
    assert "events-000003.jsonl is not in the manifest" in answer.output


def test_a_folder_where_a_tile_belongs_is_a_missing_tile(office: Bench, folder: Path) -> None:
    """An answer all the same."""
    for path in [*(folder / "tile").rglob("*")]:
        if path.is_file():
            path.unlink()
            path.mkdir()
    assert verify(folder, "--key", key(office)).exit_code == 0
    edit(folder)
    assert json.loads(verify(folder, "--key", key(office)).output)["last_bad"] == SIZE


@pytest.mark.parametrize("text", ["[" * 100_000, "[]", "\x00", '{"files": [{"name": "a\\u0000"}]}'])
def test_a_manifest_that_is_no_manifest_is_an_answer(
    office: Bench, folder: Path, text: str
) -> None:
    """However deep, however odd."""
    (folder / "manifest.json").write_text(text)
    answer = verify(folder, "--key", key(office))
    assert (answer.exit_code, json.loads(answer.output)["fault"]) == (1, "not_verifiable")


def test_the_columns_of_a_parquet_export_are_verified(office: Bench, tmp_path: Path) -> None:
    """They are what is searched by; one more than there should be is refused too."""
    folder = tmp_path / "export"
    write(folder, LiveLedger(Direct(office)), "parquet")
    path = folder / "events-000000.parquet"
    rows = parquet.read_table(path).to_pylist()
    rows[149]["actor"] = "staff:nobody"
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    manifest_with(folder)
    told = json.loads(verify(folder, "--key", key(office)).output)
    assert (told["first_bad"], told["last_bad"], told["fault"]) == (150, 150, "columns")
    parquet.write_table(pyarrow.Table.from_pylist([row | {"x": 1} for row in rows]), path)
    manifest_with(folder)
    assert json.loads(verify(folder, "--key", key(office)).output)["fault"] == "unreadable"
