"""The auditor's folder: signed checkpoints and the hashes under them, kept outside the database.

    checkpoint             the newest one
    checkpoints/<size>     each one
    key                    the key that verifies them
    tile/0/...             the entries' hashes, 256 to a file (C2SP tlog-tiles, level 0 only)

From the hashes a verifier can tell which entry was changed; the roots tell only that one was.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from services.audit.notes import Checkpoint, NoteBroken, Verifier

TILE = 256
HASH = 32

Leaves = Callable[[int, int], Sequence[bytes]]
"""The hashes of the leaves from one (from 0) to before another."""


def newest(folder: Path) -> str | None:
    """The folder's newest checkpoint, None if it holds none yet."""
    path = folder / "checkpoint"
    return _text(path) if path.exists() else None


def keep(folder: Path, note: str, verifier: Verifier, leaves: Leaves) -> None:
    """Add a checkpoint: its hashes first, itself last. Raises OSError, NoteBroken.

    Hashes that are not those kept before are refused, even under a checkpoint that is signed.
    """
    size = verifier.opened(note).size
    before = newest(folder)
    old = verifier.opened(before).size if before else 0
    for number in range(old // TILE, -(-size // TILE)):
        start, end = number * TILE, min(size, (number + 1) * TILE)
        content = b"".join(leaves(start, end))
        known = max(0, old - start)
        if not content.startswith(_tile(folder, number, known)[: known * HASH]):
            raise NoteBroken("the hashes below it are not those that were kept")
        _write(folder / tile_path(number, end - start), content)
    _write(folder / "key", f"{verifier}\n".encode())
    _write(folder / "checkpoints" / str(size), note.encode())
    if size >= old:
        _write(folder / "checkpoint", note.encode())


def checkpoints(folder: Path, verifier: Verifier) -> list[Checkpoint]:
    """All of the folder's checkpoints, smallest first. Raises NoteBroken for any that is forged."""
    named = folder / "checkpoints"
    paths = [folder / "checkpoint", *named.glob("[0-9]*")]
    opened = {verifier.opened(_text(path)) for path in paths if path.is_file()}
    return sorted(opened, key=lambda checkpoint: checkpoint.size)


def leaves(folder: Path, size: int) -> Iterator[bytes]:
    """The kept hashes of the first `size` entries; ends where one is missing."""
    for number in range(-(-size // TILE)):
        wanted = min(TILE, size - number * TILE)
        content = _tile(folder, number, wanted)
        for start in range(0, min(len(content), wanted * HASH), HASH):
            yield content[start : start + HASH]
        if len(content) < wanted * HASH:
            return


def _text(path: Path) -> str:
    """What is no UTF-8 is no checkpoint either: it reads as one that was not signed."""
    return path.read_text("utf-8", "replace")


def tile_path(number: int, width: int = TILE) -> Path:
    """Where tlog-tiles has the tile of that number at level 0; partial ones say their width."""
    text = str(number)
    text = text.rjust(-(-len(text) // 3) * 3, "0")
    parts = [text[start : start + 3] for start in range(0, len(text), 3)]
    path = Path("tile", "0", *(f"x{part}" for part in parts[:-1]), parts[-1])
    return path if width == TILE else path.with_name(f"{path.name}.p") / str(width)


def _tile(folder: Path, number: int, wanted: int) -> bytes:
    whole = folder / tile_path(number)
    partial = whole.with_name(f"{whole.name}.p")
    if whole.is_file():
        return whole.read_bytes()
    files = [path for path in partial.glob("*") if path.name.isdecimal() and path.is_file()]
    widths = sorted(int(path.name) for path in files)
    fitting = [width for width in widths if width >= wanted] or widths[-1:]
    return (partial / str(fitting[0])).read_bytes() if fitting else b""


def _write(path: Path, content: bytes) -> None:
    """Write it as a whole or not at all, and onto the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
