"""Writing the ledger into a folder that can be verified without the system.

manifest.json      what is there: sizes, SHA-256, the checkpoint, the key
events-<n>.jsonl   entries, one a line, as GET /v1/events shows them (or .parquet)
checkpoint, checkpoints/, tile/, key    as the auditor's folder has them
"""

import importlib
import json
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from ops.ledger_source import LiveLedger
from services.audit import kept
from services.audit.canonical import NotCanonical, canonical
from services.audit.merkle import Roots, leaf_hash
from services.audit.notes import NoteBroken, Verifier

ENTRIES_A_FILE = 50_000
NOT_WHAT_WAS_SIGNED = "the ledger is not what was signed: run `sigap audit verify`"

Entries = Sequence[tuple[int, Any]]


class ExportRefused(Exception):
    """Nothing that could be relied on can be written; the text says why."""


def write(folder: Path, ledger: LiveLedger, form: str) -> dict[str, object]:
    """What was written, for people. Raises ExportRefused."""
    if folder.exists() and any(folder.iterdir()):
        raise ExportRefused(f"{folder} is not empty")
    put = WRITERS[form]()
    newest = ledger.checkpoint()
    verifier = Verifier.from_text(newest.key)
    folder.mkdir(parents=True, exist_ok=True)
    hashes: list[bytes] = []
    try:
        files = [
            file_told(put(folder / f"events-{number:06d}", entries), entries[0][0], entries[-1][0])
            for number, entries in enumerate(_parts(ledger, newest.size, hashes))
        ]
    except NotCanonical:
        raise ExportRefused(NOT_WHAT_WAS_SIGNED) from None
    _refuse_unsigned(hashes, newest.note, verifier)
    kept.keep(folder, newest.note, verifier, lambda start, end: hashes[start:end])
    manifest = manifest_of(form, len(hashes), files, newest.note, newest.key)
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(f"{text}\n", encoding="utf-8")
    return {"entries": len(hashes), "files": len(files), "folder": str(folder)}


def _parts(ledger: LiveLedger, size: int, hashes: list[bytes]) -> Iterator[Entries]:
    """The first `size` entries in parts; their hashes go to `hashes`."""
    part: list[tuple[int, Any]] = []
    for index, event in ledger.entries():
        if index > size:
            break
        hashes.append(leaf_hash(canonical(event)))
        part.append((index, event))
        if len(part) == ENTRIES_A_FILE:
            yield part
            part = []
    if part:
        yield part


def _refuse_unsigned(hashes: Sequence[bytes], note: str, verifier: Verifier) -> None:
    roots = Roots()
    for hashed in hashes:
        roots.add(hashed)
    try:
        checkpoint = verifier.opened(note)
    except NoteBroken as error:
        raise ExportRefused(f"the newest checkpoint: {error}") from None
    if (roots.size, roots.root()) != (checkpoint.size, checkpoint.root):
        raise ExportRefused(NOT_WHAT_WAS_SIGNED)


def manifest_of(
    form: str, entries: int, files: Sequence[object], checkpoint: str, key: str
) -> dict[str, object]:
    """What the manifest of such an export says."""
    return {
        "format": form,
        "entries": entries,
        "files": [*files],
        "checkpoint": checkpoint,
        "key": key,
    }


def file_told(path: Path, first: int, last: int) -> dict[str, object]:
    """What the manifest says of a file with the entries from one index to another."""
    content = path.read_bytes()
    return {
        "name": path.name,
        "bytes": len(content),
        "sha256": sha256(content).hexdigest(),
        "first": first,
        "last": last,
    }


def _jsonl() -> Callable[[Path, Entries], Path]:
    def put(path: Path, entries: Entries) -> Path:
        path = path.with_suffix(".jsonl")
        with path.open("w", encoding="utf-8") as file:
            for index, event in entries:
                line = json.dumps({"index": index, "event": event}, ensure_ascii=False)
                file.write(f"{line}\n")
        return path

    return put


SEARCHED = ("id", "source", "type", "subject", "time", "actor", "actorrole")


def searched(event: dict[str, Any]) -> dict[str, str]:
    """What a Parquet file's columns say of the event."""
    return {name: str(event.get(name, "")) for name in SEARCHED}


def _parquet() -> Callable[[Path, Entries], Path]:
    """Columns to search by, and the whole event as JSON in `event`."""
    arrow, parquet = arrow_modules()

    def put(path: Path, entries: Entries) -> Path:
        path = path.with_suffix(".parquet")
        columns = {
            "index": [index for index, _ in entries],
            **{name: [searched(event)[name] for _, event in entries] for name in SEARCHED},
            "event": [json.dumps(event, ensure_ascii=False) for _, event in entries],
        }
        parquet.write_table(arrow.table(columns), path)
        return path

    return put


def arrow_modules() -> tuple[Any, Any]:
    """pyarrow and its Parquet part. Raises ExportRefused where it is not installed."""
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise ExportRefused("Parquet needs pyarrow (the extra `parquet`); or use jsonl") from None


WRITERS: dict[str, Callable[[], Callable[[Path, Entries], Path]]] = {
    "jsonl": _jsonl,
    "parquet": _parquet,
}
