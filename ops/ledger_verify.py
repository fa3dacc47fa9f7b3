"""Checking an export or the running system against signed checkpoints."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from chassis.settings import Settings
from ops.ledger_export import ExportRefused, arrow_modules
from ops.ledger_source import live
from services.audit import kept
from services.audit.canonical import NotCanonical, parsed
from services.audit.notes import Checkpoint, NoteBroken, Verifier
from services.audit.proving import Verdict, authentic, check


class NotVerifiable(Exception):
    """What would prove the entries is itself missing or forged; the text says what."""


def running(settings: Settings, folder: Path | None, verifier: Verifier) -> Verdict:
    """The running system against the auditor's checkpoints and its own newest one."""
    outside = _kept(folder, verifier)
    with live(settings) as ledger:
        own = _opened(ledger.checkpoint().note, verifier, "the system's checkpoint")
        checkpoints = [*outside, own]
        size = max(checkpoint.size for checkpoint in checkpoints)
        hashes = authentic(outside, kept.leaves(folder, size)) if folder else []
        if len(hashes) < size:
            hashes = max(hashes, authentic(checkpoints, ledger.hashes(size)), key=len)
        return check(ledger.entries(), checkpoints, hashes)


def exported(export: Path, folder: Path | None, verifier: Verifier) -> Verdict:
    """An export against its own checkpoint and the auditor's; nothing else is asked.

    Kept checkpoints that are newer than the export say nothing about it.
    """
    manifest = _manifest(export)
    own = _opened(manifest["checkpoint"], verifier, "the export's checkpoint")
    outside = [each for each in _kept(folder, verifier) if each.size <= own.size]
    checkpoints = [own, *outside]
    hashes = authentic(checkpoints, kept.leaves(export, own.size))
    if folder:
        hashes = max(hashes, authentic(outside, kept.leaves(folder, own.size)), key=len)
    verdict = check(_entries(export, manifest), checkpoints, hashes, size=own.size)
    if verdict.sound:
        _compare_files(export, manifest)
    return verdict


def _kept(folder: Path | None, verifier: Verifier) -> list[Checkpoint]:
    if folder is None:
        return []
    try:
        found = kept.checkpoints(folder, verifier)
    except NoteBroken as error:
        raise NotVerifiable(f"a kept checkpoint: {error}") from None
    if not found:
        raise NotVerifiable(f"no checkpoint in {folder}")
    return found


def _opened(note: str, verifier: Verifier, what: str) -> Checkpoint:
    try:
        return verifier.opened(note)
    except NoteBroken as error:
        raise NotVerifiable(f"{what}: {error}") from None


def _manifest(export: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((export / "manifest.json").read_text("utf-8"))
        texts = [manifest["checkpoint"], *(file["sha256"] for file in manifest["files"])]
        names = [file["name"] for file in manifest["files"]]
        understood = manifest["format"] in READERS and all(isinstance(t, str) for t in texts)
        if understood and all(map(_plain, names)):
            return manifest
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise NotVerifiable(f"no manifest of an export in {export}")


def _plain(name: str) -> bool:
    return Path(name).name == name


def _compare_files(export: Path, manifest: dict[str, Any]) -> None:
    for file in manifest["files"]:
        if sha256((export / file["name"]).read_bytes()).hexdigest() != file["sha256"]:
            raise NotVerifiable(f"{file['name']} is not the file of the manifest")


def _entries(export: Path, manifest: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    """(index, event) pairs as the files hold them. Raises NotCanonical at what is no entry."""
    for file in manifest["files"]:
        path = export / file["name"]
        if not path.is_file():
            return
        yield from READERS[manifest["format"]](path)


def _from_jsonl(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open("rb") as file:
        for line in file:
            try:
                entry = parsed(line.decode())
                yield entry["index"], entry["event"]
            except (UnicodeDecodeError, KeyError, TypeError) as error:
                raise NotCanonical(type(error).__name__) from None


def _from_parquet(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        arrow, parquet = arrow_modules()
    except ExportRefused as error:
        raise NotVerifiable(str(error)) from None
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=["index", "event"]):
                for row in batch.to_pylist():
                    yield row["index"], parsed(row["event"])
    except (arrow.ArrowException, OSError, KeyError, TypeError) as error:
        raise NotCanonical(type(error).__name__) from None


READERS = {"jsonl": _from_jsonl, "parquet": _from_parquet}
