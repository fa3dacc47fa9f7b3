"""Exports of the ledger: verified without the system, and whatever is done to one is noticed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from click.testing import Result
from pyarrow import parquet
from typer.testing import CliRunner

from chassis.settings import SettingsError
from ops import ledger_export
from ops.cli import app
from ops.ledger_export import ExportRefused, write
from ops.ledger_source import LiveLedger
from services.audit.notes import Signer
from services.audit.service import AuditService
from tests.integration.audit.auditor import Direct, record, sign
from tests.support import Bench

SIZE = 300


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Three hundred entries, the first two hundred and the whole under a kept checkpoint."""
    home = tmp_path_factory.mktemp("home")
    bench = Bench(AuditService, home, checkpoint_folder=str(home / "kept"))
    record(bench, 200)
    sign(bench)
    record(bench, SIZE - 200, start=201)
    sign(bench)
    yield bench
    bench.close()


@pytest.fixture
def kept_folder(office: Bench) -> Path:
    """The auditor's own."""
    return Path(office.service.settings.checkpoint_folder)


@pytest.fixture
def folder(office: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An export in files of a hundred and twenty entries."""
    monkeypatch.setattr(ledger_export, "ENTRIES_A_FILE", 120)
    write(tmp_path / "export", LiveLedger(Direct(office)), "jsonl")
    return tmp_path / "export"


def key(office: Bench) -> str:
    return str(office.service.settings.signer().verifier)


def verify(folder: Path, *options: str) -> Result:
    answer = CliRunner().invoke(app, ["audit", "verify", str(folder), "--json", *options])
    if isinstance(answer.exception, SettingsError):
        raise answer.exception
    return answer


def lines_of(folder: Path, number: int) -> list[str]:
    return (folder / f"events-{number:06d}.jsonl").read_text().splitlines(keepends=True)


def put(folder: Path, number: int, lines: list[str]) -> None:
    (folder / f"events-{number:06d}.jsonl").write_text("".join(lines))


def renumbered(lines: list[str], first: int) -> list[str]:
    events = [json.loads(line)["event"] for line in lines]
    entries = [{"index": index, "event": event} for index, event in enumerate(events, first)]
    return [f"{json.dumps(entry)}\n" for entry in entries]


def test_an_export_is_verified_with_nothing_but_the_key(office: Bench, folder: Path) -> None:
    """Offline: no setting, no server."""
    answer = verify(folder, "--key", key(office))
    assert answer.exit_code == 0
    told = json.loads(answer.output)
    assert (told["sound"], told["entries"], told["proven"]) == (True, SIZE, SIZE)


def test_the_manifest_says_what_there_is(office: Bench, folder: Path) -> None:
    """Every file with its size and hash, the checkpoint, the key."""
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["format"], manifest["entries"]) == ("jsonl", SIZE)
    spans = [(file["name"], file["first"], file["last"]) for file in manifest["files"]]
    assert spans == [
        ("events-000000.jsonl", 1, 120),
        ("events-000001.jsonl", 121, 240),
        ("events-000002.jsonl", 241, 300),
    ]
    assert all(
        file["bytes"] == (folder / file["name"]).stat().st_size for file in manifest["files"]
    )
    assert manifest["checkpoint"] == (folder / "checkpoint").read_text()
    assert manifest["key"] == key(office)


def edit(folder: Path) -> None:
    """One word of entry 150."""
    lines = lines_of(folder, 1)
    lines[29] = lines[29].replace('"event-150"', '"event-15O"')
    put(folder, 1, lines)


def delete(folder: Path) -> None:
    """Entry 150; a hole is left."""
    lines = lines_of(folder, 1)
    put(folder, 1, lines[:29] + lines[30:])


def delete_and_close_the_gap(folder: Path) -> None:
    """Entry 150; those after it move up."""
    lines = lines_of(folder, 1)
    put(folder, 1, lines[:29] + renumbered(lines[30:], 150))
    put(folder, 2, renumbered(lines_of(folder, 2), 240))


def reorder(folder: Path) -> None:
    """Entries 150 and 160 change places, with each other's index."""
    lines = lines_of(folder, 1)
    lines[29], lines[39] = lines[39], lines[29]
    put(folder, 1, renumbered(lines, 121))


def insert(folder: Path) -> None:
    """A copy of the entry before, as another event."""
    lines = lines_of(folder, 1)
    forged = lines[28].replace("event-149", "forged")
    put(folder, 1, renumbered([*lines[:29], forged, *lines[29:]], 121))
    put(folder, 2, renumbered(lines_of(folder, 2), 242))


def spoil(folder: Path) -> None:
    """A line that is no JSON any more."""
    lines = lines_of(folder, 1)
    put(folder, 1, [*lines[:29], lines[29][:40] + "\n", *lines[30:]])


def truncate_the_tail(folder: Path) -> None:
    """From entry 150 on, the manifest with it."""
    put(folder, 1, lines_of(folder, 1)[:29])
    (folder / "events-000002.jsonl").unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"].pop()
    (folder / "manifest.json").write_text(json.dumps(manifest))


DEEDS = (
    (edit, "changed"),
    (delete, "changed"),
    (delete_and_close_the_gap, "changed"),
    (reorder, "changed"),
    (insert, "changed"),
    (spoil, "unreadable"),
    (truncate_the_tail, "missing"),
)


@pytest.mark.parametrize(("deed", "fault"), DEEDS, ids=lambda each: getattr(each, "__name__", ""))
def test_the_first_bad_index_is_named(
    office: Bench, folder: Path, deed: Callable[[Path], None], fault: str
) -> None:
    """From the hashes in the export, which its signed checkpoint vouches for."""
    deed(folder)
    answer = verify(folder, "--key", key(office))
    assert answer.exit_code == 1
    told = json.loads(answer.output)
    assert (told["first_bad"], told["last_bad"], told["fault"]) == (150, 150, fault)


def test_the_auditors_own_hashes_help_when_the_exports_are_gone(
    office: Bench, folder: Path, kept_folder: Path
) -> None:
    """Without either, only the span since the last checkpoint that holds is known."""
    edit(folder)
    for tile in (folder / "tile").rglob("*"):
        if tile.is_file():
            tile.unlink()
    spanned = json.loads(verify(folder, "--key", key(office)).output)
    assert (spanned["first_bad"], spanned["last_bad"]) == (1, SIZE)
    named = json.loads(verify(folder, "--checkpoints", str(kept_folder)).output)
    assert (named["first_bad"], named["last_bad"]) == (150, 150)


def test_an_entry_after_the_last_is_noticed(office: Bench, folder: Path) -> None:
    """The checkpoint says how many there are."""
    lines = lines_of(folder, 2)
    put(folder, 2, [*lines, renumbered(lines[-1:], SIZE + 1)[0]])
    told = json.loads(verify(folder, "--key", key(office)).output)
    assert (told["first_bad"], told["fault"]) == (SIZE + 1, "inserted")


def test_a_whole_export_of_the_forgers_own_is_refused(office: Bench, folder: Path) -> None:
    """Entries, hashes and root fit each other; the signature is not the ledger's."""
    forged = Signer("dinsos.banjarmasinkota.go.id/sigap", b"f" * 32)
    manifest = json.loads((folder / "manifest.json").read_text())
    root = office.service.settings.signer().verifier.opened(manifest["checkpoint"]).root
    manifest |= {"checkpoint": forged.checkpoint(SIZE, root), "key": str(forged.verifier)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    answer = verify(folder, "--key", key(office))
    assert answer.exit_code == 1
    assert json.loads(answer.output)["reason"] == (
        "the export's checkpoint: not signed with this key"
    )


def test_a_file_that_only_looks_otherwise_is_not_the_manifests(office: Bench, folder: Path) -> None:
    """Its entries are whole; it is not the file that was handed over."""
    put(folder, 2, [line.replace('{"index"', '{ "index"') for line in lines_of(folder, 2)])
    answer = verify(folder, "--key", key(office))
    assert answer.exit_code == 1
    assert "events-000002.jsonl" in json.loads(answer.output)["reason"]


@pytest.mark.parametrize(
    "change",
    [
        {"checkpoint": None},
        {"checkpoint": {"size": 300}},
        {"checkpoint": "\ud800"},
        {"files": [{"name": "events-000000.jsonl"}]},
        {"files": [{"name": "../events-000000.jsonl", "sha256": ""}]},
        {"files": None},
        {"format": ["jsonl"]},
    ],
)
def test_a_manifest_that_is_none_is_an_answer(
    office: Bench, folder: Path, change: dict[str, Any]
) -> None:
    """Whoever made it up; exit code 1 and a reason."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    answer = verify(folder, "--key", key(office))
    assert answer.exit_code == 1
    assert json.loads(answer.output)["fault"] == "not_verifiable"


def test_without_a_key_nothing_is_verified(folder: Path) -> None:
    """The key in the export is the forger's to choose."""
    with pytest.raises(SettingsError, match="--key"):
        verify(folder)


def test_a_ledger_that_is_not_what_was_signed_is_not_exported(
    office: Bench, tmp_path: Path
) -> None:
    """Nobody is handed what would not verify."""

    class Edited(LiveLedger):
        def entries(self) -> Iterator[tuple[int, Any]]:
            for index, event in super().entries():
                yield index, event | {"actor": "staff:nobody"} if index == 150 else event

    with pytest.raises(ExportRefused, match="not what was signed"):
        write(tmp_path / "export", Edited(Direct(office)), "jsonl")
    assert not (tmp_path / "export" / "manifest.json").exists()


def test_a_folder_in_use_is_not_written_into(office: Bench, tmp_path: Path) -> None:
    """An export would be mixed with another."""
    (tmp_path / "other").write_text("")
    with pytest.raises(ExportRefused, match="not empty"):
        write(tmp_path, LiveLedger(Direct(office)), "jsonl")


def test_parquet_needs_pyarrow_and_says_so(
    office: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is written."""
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(ExportRefused, match="pyarrow"):
        write(tmp_path / "export", LiveLedger(Direct(office)), "parquet")
    assert not (tmp_path / "export").exists()


def test_a_parquet_export_is_verified_like_any_other(office: Bench, tmp_path: Path) -> None:
    """With columns to search by, that say what the event does."""
    write(tmp_path / "export", LiveLedger(Direct(office)), "parquet")
    answer = verify(tmp_path / "export", "--key", key(office))
    assert json.loads(answer.output)["proven"] == SIZE
    rows = parquet.read_table(tmp_path / "export" / "events-000000.parquet").to_pylist()
    assert [row["index"] for row in rows] == list(range(1, SIZE + 1))
    event = json.loads(rows[149]["event"])
    assert (rows[149]["id"], rows[149]["actor"]) == ("event-150", event["actor"])


def test_the_first_bad_index_of_a_parquet_export_is_named(office: Bench, tmp_path: Path) -> None:
    """One word of one entry."""
    write(tmp_path / "export", LiveLedger(Direct(office)), "parquet")
    path = tmp_path / "export" / "events-000000.parquet"
    rows = parquet.read_table(path).to_pylist()
    rows[149]["event"] = rows[149]["event"].replace("event-150", "event-15O")
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    answer = verify(tmp_path / "export", "--key", key(office))
    told = json.loads(answer.output)
    assert (answer.exit_code, told["first_bad"], told["last_bad"]) == (1, 150, 150)


@pytest.mark.parametrize("broken", [b"", b"PAR1", b"\x00" * 1000])
def test_a_broken_parquet_file_is_an_answer(office: Bench, tmp_path: Path, broken: bytes) -> None:
    """The first entry that cannot be read."""
    write(tmp_path / "export", LiveLedger(Direct(office)), "parquet")
    (tmp_path / "export" / "events-000000.parquet").write_bytes(broken)
    answer = verify(tmp_path / "export", "--key", key(office))
    told = json.loads(answer.output)
    assert (answer.exit_code, told["fault"], told["first_bad"]) == (1, "unreadable", 1)
