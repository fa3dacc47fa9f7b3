"""Checking an export or the running system against signed checkpoints.

What the auditor has kept decides. What the system or the export says of itself may be gone or
forged: that is told, and the first bad entry is named all the same.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from chassis.settings import Settings
from contracts.errors import Refusal
from ops.ledger_export import (
    SEARCHED,
    ExportRefused,
    arrow_modules,
    file_told,
    manifest_of,
    searched,
)
from ops.ledger_source import live
from services.audit import kept
from services.audit.canonical import NotCanonical, parsed
from services.audit.notes import Checkpoint, NoteBroken, Verifier
from services.audit.proving import Fault, Verdict, authentic, check, root_of


class NotVerifiable(Exception):
    """What would prove the entries is itself missing or forged; the text says what."""


def running(settings: Settings, folder: Path | None, verifier: Verifier) -> Verdict:
    """The running system against the auditor's checkpoints and its own newest one."""
    outside = _kept(folder, verifier)
    with live(settings) as ledger:
        own, reason = _own(lambda: ledger.checkpoint().note, verifier, "the system's checkpoint")
        newest = max((checkpoint.size for checkpoint in outside), default=0)
        if own and own.size < newest:
            reason = f"the system's checkpoint of {own.size} entries is older than the kept one"
        size = max(newest, own.size if own else 0)
        hashes = authentic(outside, kept.leaves(folder, size)) if folder else []
        if own and _contradicts(hashes, own):
            own, reason = None, "the system's checkpoint: not over the entries that were kept"
        checkpoints = [*outside, own] if own else outside
        if not checkpoints:
            raise NotVerifiable(str(reason))
        if len(hashes) < size:
            hashes = max(hashes, authentic(checkpoints, ledger.hashes(size)), key=len)
        verdict = check(ledger.entries(), checkpoints, hashes, odd=ledger.odd)
    return _with(verdict, reason)


def exported(
    export: Path, folder: Path | None, verifier: Verifier, up_to: int | None = None
) -> Verdict:
    """An export against its own checkpoint and the auditor's; nothing else is asked.

    Where a kept checkpoint is over more entries, those are missing, unless `up_to` says that an
    older export of so many is meant.
    """
    manifest = _manifest(export)
    own, reason = _own(lambda: manifest["checkpoint"], verifier, "the export's checkpoint")
    outside = _kept(folder, verifier)
    if up_to is not None:
        meant = max(up_to, own.size if own else 0)
        outside = [each for each in outside if each.size <= meant]
    newest = max((checkpoint.size for checkpoint in outside), default=0)
    vouched = authentic(outside, kept.leaves(folder, newest)) if folder else []
    if own and _contradicts(vouched, own):
        own, reason = None, "the export's checkpoint: not over the entries that were kept"
    checkpoints = [*outside, own] if own else outside
    if not checkpoints:
        raise NotVerifiable(str(reason))
    size = max(newest, own.size if own else 0)
    hashes = max(vouched, authentic(checkpoints, kept.leaves(export, size)), key=len)
    files = _Files(export, manifest)
    verdict = check(
        files.entries(), checkpoints, hashes, size=own.size if own else None, odd=files.odd
    )
    if own and verdict.sound and up_to is not None and own.size < up_to:
        verdict = Verdict(own.size, own.size, Fault.MISSING, own.size + 1, own.size + 1)
    if own and own.size < newest and verdict.first_bad == own.size + 1:
        reason = f"kept are {newest} entries; an older export is checked with --up-to {own.size}"
    if verdict.sound and reason is None:
        files.compare(verifier)
    return _with(verdict, reason)


def _own(
    read: Callable[[], str], verifier: Verifier, what: str
) -> tuple[Checkpoint | None, str | None]:
    """A checkpoint that is not the auditor's, or why it is none."""
    try:
        return verifier.opened(read()), None
    except NoteBroken as error:
        return None, f"{what}: {error}"
    except Refusal:
        return None, f"{what} is missing"


def _with(verdict: Verdict, reason: str | None) -> Verdict:
    """With what is wrong beside the entries."""
    if reason is None:
        return verdict
    return replace(verdict, fault=verdict.fault or Fault.CHECKPOINT, reason=reason)


def _contradicts(hashes: Sequence[bytes], checkpoint: Checkpoint) -> bool:
    """Whether these hashes, from the first on, are all that it covers, and not what it signs."""
    covered = hashes[: checkpoint.size]
    return len(covered) == checkpoint.size and root_of(covered) != checkpoint.root


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


def _manifest(export: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = parsed((export / "manifest.json").read_text("utf-8"))
        texts = [manifest["checkpoint"], *(file["sha256"] for file in manifest["files"])]
        names = [file["name"] for file in manifest["files"]]
        understood = manifest["format"] in READERS and all(isinstance(t, str) for t in texts)
        if understood and all(map(_EVENTS.fullmatch, names)):
            return manifest
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise NotVerifiable(f"no manifest of an export in {export}")


_EVENTS = re.compile(r"events-[0-9]{6,}\.[a-z]+")


class _Files:
    """The files of an export; `odd` as LiveLedger has it."""

    def __init__(self, export: Path, manifest: dict[str, Any]) -> None:
        self._export = export
        self._manifest = manifest
        self._spans: list[tuple[int, int]] = []
        self.odd: set[int] = set()

    def entries(self) -> Iterator[tuple[int, Any]]:
        """(index, event) pairs as the files hold them. Raises NotCanonical at what is no entry."""
        for file in self._manifest["files"]:
            path = self._export / file["name"]
            if not path.is_file():
                return
            first = last = 0
            for index, event in READERS[self._manifest["format"]](path, self.odd):
                first, last = first or index, index
                yield index, event
            self._spans.append((first, last))

    def compare(self, verifier: Verifier) -> None:
        """Whether the manifest says what there is, once all was read. Raises NotVerifiable."""
        said = self._manifest
        for file in said["files"]:
            content = (self._export / file["name"]).read_bytes()
            if sha256(content).hexdigest() != file["sha256"]:
                raise NotVerifiable(f"{file['name']} is not the file of the manifest")
        names = [file["name"] for file in said["files"]]
        for path in sorted(self._export.glob("events-*")):
            if path.name not in names:
                raise NotVerifiable(f"{path.name} is not in the manifest")
        files = [
            file_told(self._export / name, first, last)
            for name, (first, last) in zip(names, self._spans, strict=True)
        ]
        entries = self._spans[-1][1] if self._spans else 0
        found = manifest_of(said["format"], entries, files, said["checkpoint"], str(verifier))
        if _text(said) != _text(found):
            raise NotVerifiable("the manifest does not say what there is")


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _from_jsonl(path: Path, _: set[int]) -> Iterator[tuple[int, Any]]:
    with path.open("rb") as file:
        for line in file:
            try:
                entry = parsed(line.decode())
            except UnicodeDecodeError as error:
                raise NotCanonical(type(error).__name__) from None
            if not isinstance(entry, dict) or entry.keys() != {"index", "event"}:
                raise NotCanonical("no entry")
            if type(entry["index"]) is not int:
                raise NotCanonical("no index")
            yield entry["index"], entry["event"]


def _from_parquet(path: Path, odd: set[int]) -> Iterator[tuple[int, Any]]:
    try:
        arrow, parquet = arrow_modules()
    except ExportRefused as error:
        raise NotVerifiable(str(error)) from None
    try:
        with parquet.ParquetFile(path) as file:
            if file.schema_arrow.names != ["index", *SEARCHED, "event"]:
                raise NotCanonical("other columns")
            for batch in file.iter_batches():
                for row in batch.to_pylist():
                    index, event = row.pop("index"), parsed(row.pop("event"))
                    if not isinstance(event, dict) or row != searched(event):
                        odd.add(index)
                    yield index, event
    except (arrow.ArrowException, OSError, KeyError, TypeError, AttributeError) as error:
        raise NotCanonical(type(error).__name__) from None


READERS: dict[str, Callable[[Path, set[int]], Iterator[tuple[int, Any]]]] = {
    "jsonl": _from_jsonl,
    "parquet": _from_parquet,
}
