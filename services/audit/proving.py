"""Checking entries against signed checkpoints: what an auditor does, without any database."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.audit.canonical import NotCanonical, canonical
from services.audit.merkle import EMPTY, Roots, leaf_hash
from services.audit.notes import Checkpoint


class Fault(StrEnum):
    """What is wrong at the first bad index; CHECKPOINT has none.

    COLUMNS: what stands beside the event, to search by, does not say what the event does.
    """

    CHANGED = "changed"
    OUT_OF_ORDER = "out_of_order"
    MISSING = "missing"
    INSERTED = "inserted"
    UNREADABLE = "unreadable"
    COLUMNS = "columns"
    NOT_AS_SIGNED = "not_as_signed"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`entries` were looked at, the first `proven` are as they were signed.

    `first_bad` is the first index that is not. Where no kept hash tells which one it is, it lies
    between `first_bad` and `last_bad`. Entries after `proven` of a sound ledger have no checkpoint
    yet. `reason` is a sentence more, for people.
    """

    entries: int
    proven: int
    fault: Fault | None = None
    first_bad: int | None = None
    last_bad: int | None = None
    reason: str | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing contradicts what was signed."""
        return self.fault is None


def authentic(checkpoints: Iterable[Checkpoint], hashes: Iterable[bytes]) -> list[bytes]:
    """Of leaf hashes from anywhere those that the signed checkpoints vouch for: all of them, since
    whoever has the key can sign a forgery, but not make older checkpoints agree with it."""
    signed = _by_size(checkpoints)
    roots, taken, vouched = Roots(), list[bytes](), 0
    for hashed in hashes:
        taken.append(hashed)
        roots.add(hashed)
        if roots.size in signed:
            if signed[roots.size] != {roots.root()}:
                break
            vouched = roots.size
    return taken[:vouched]


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    roots = Roots()
    for hashed in hashes:
        roots.add(hashed)
    return roots.root()


def check(
    entries: Iterable[tuple[int, Any]],
    checkpoints: Sequence[Checkpoint],
    hashes: Sequence[bytes] = (),
    *,
    size: int | None = None,
    odd: Collection[int] = (),
) -> Verdict:
    """Whether (index, event) pairs, oldest first, are what the checkpoints were signed over.

    `hashes` are authentic ones; `size` says how many entries there are, if that is known; `odd`
    are the indexes whose columns differ, which may be added while they are read. An iterator that
    raises NotCanonical has met an entry that cannot be read.
    """
    signed, roots, proven = _by_size(checkpoints), Roots(), 0
    last = max((*signed, len(hashes), size or 0))
    if any(root != EMPTY for root in signed.get(0, ())):
        return Verdict(0, 0, Fault.NOT_AS_SIGNED, 1, 1)
    reading = iter(entries)
    while (fault := _next_fault(reading, roots, hashes, last, size, odd)) is None:
        if any(root != roots.root() for root in signed.get(roots.size, ())):
            return Verdict(roots.size, proven, Fault.NOT_AS_SIGNED, proven + 1, roots.size)
        if roots.size in signed:
            proven = roots.size
    if fault is _END:
        return Verdict(roots.size, proven)
    proven = max(proven, min(roots.size, len(hashes)))
    return Verdict(roots.size, proven, Fault(fault), proven + 1, roots.size + 1)


_END = "end"


def _next_fault(
    reading: Iterator[tuple[int, Any]],
    roots: Roots,
    hashes: Sequence[bytes],
    last: int,
    size: int | None,
    odd: Collection[int],
) -> str | None:
    """Take the next entry into `roots`; what is wrong with it, `_END` after the last."""
    expected = roots.size + 1
    try:
        index, event = next(reading)
        hashed = leaf_hash(canonical(event))
    except StopIteration:
        return Fault.MISSING if expected <= last else _END
    except NotCanonical:
        return Fault.UNREADABLE
    if size is not None and expected > size:
        return Fault.INSERTED
    if expected <= len(hashes) and hashed != hashes[expected - 1]:
        return Fault.CHANGED
    if type(index) is not int or index != expected:
        return Fault.OUT_OF_ORDER
    if index in odd:
        return Fault.COLUMNS
    roots.add(hashed)
    return None


def _by_size(checkpoints: Iterable[Checkpoint]) -> dict[int, set[bytes]]:
    found: dict[int, set[bytes]] = {}
    for checkpoint in checkpoints:
        found.setdefault(checkpoint.size, set()).add(checkpoint.root)
    return found
