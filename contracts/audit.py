"""Audit: pages of the ledger, its signed checkpoints, and proofs over it.

An entry's leaf is SHA-256 over 0x00 and the event's canonical JSON (RFC 8785); the tree is that of
RFC 6962. Hashes are base64. The entry of index 1 is leaf 0.
"""

from typing import Any, ClassVar

from pydantic import AwareDatetime, Field

from contracts.envelope import Contract, Query

CHECKPOINT_SIGNED = "checkpoint_signed"
"""A signed checkpoint, told in the audit stream only: `data.note` holds it."""

LARGEST = 2**53
"""Of an index and of a size: what a reader of JSON may still count exactly."""


class LedgerEntry(Contract):
    """`index` counts from 1 without gaps; `event` is the CloudEvent as it was published.

    `fault` is there for one that was tampered with: `unreadable`, the event is empty then, or
    `columns`, what is stored beside the event does not say what the event does.
    """

    index: int
    event: dict[str, Any]
    fault: str | None = None


class LedgerPage(Contract):
    """`last` is the index to go on from; `size` is the ledger's size at the time of reading.

    Where one was written below index 1, the lowest such comes first, beside those asked for.
    """

    entries: tuple[LedgerEntry, ...]
    last: int
    size: int


class ReadLedger(Query):
    """Entries with an index greater than `after`, oldest first."""

    service: ClassVar[str] = "audit"
    method: ClassVar[str] = "read_ledger"
    reply: ClassVar[type[Contract]] = LedgerPage

    after: int = Field(default=0, ge=0)
    limit: int = Field(default=500, ge=1, le=1000)


class LatestCheckpoint(Contract):
    """`note` is a C2SP checkpoint over the first `size` entries; `key` says which key signs."""

    size: int
    note: str
    key: str


class ReadCheckpoint(Query):
    """The newest checkpoint; refused with `unavailable` before there is any."""

    service: ClassVar[str] = "audit"
    method: ClassVar[str] = "read_checkpoint"
    reply: ClassVar[type[Contract]] = LatestCheckpoint


class LeafHashes(Contract):
    """The entries' hashes, oldest first."""

    hashes: tuple[str, ...]


class ReadLeafHashes(Query):
    """The hashes of the entries with an index greater than `after`."""

    service: ClassVar[str] = "audit"
    method: ClassVar[str] = "read_leaf_hashes"
    reply: ClassVar[type[Contract]] = LeafHashes

    after: int = Field(default=0, ge=0)
    limit: int = Field(default=500, ge=1, le=1000)


class InclusionProof(Contract):
    """`hashes` lead from the entry's `leaf_hash` to the root over the first `size` entries."""

    index: int
    size: int
    leaf_hash: str
    hashes: tuple[str, ...]


class ProveInclusion(Query):
    """That the entry stands in the tree of `size`, of the newest checkpoint without one."""

    service: ClassVar[str] = "audit"
    method: ClassVar[str] = "prove_inclusion"
    reply: ClassVar[type[Contract]] = InclusionProof

    index: int = Field(ge=1, le=LARGEST)
    size: int | None = Field(default=None, ge=1, le=LARGEST)


class ConsistencyProof(Contract):
    """`hashes` show that the first `to` entries begin with the first `start`."""

    start: int
    to: int
    hashes: tuple[str, ...]


class ProveConsistency(Query):
    """That the tree of `to`, of the newest checkpoint without one, extends that of `start`."""

    service: ClassVar[str] = "audit"
    method: ClassVar[str] = "prove_consistency"
    reply: ClassVar[type[Contract]] = ConsistencyProof

    start: int = Field(ge=1, le=LARGEST)
    to: int | None = Field(default=None, ge=1, le=LARGEST)


class Reading(Contract):
    """Somebody read personal data of a case: `fields` are those that held something."""

    index: int
    tracking_number: str
    at: AwareDatetime
    service: str
    actor: str
    role: str
    purpose: str
    fields: tuple[str, ...]


class Readings(Contract):
    """In the ledger's order. `broken` are the indexes of entries that may be readings of these
    cases, but whose event cannot be read."""

    readings: tuple[Reading, ...]
    broken: tuple[int, ...] = ()


class ReadReadings(Query):
    """Who read personal data of these cases, when and why; up to `limit` after that index."""

    service: ClassVar[str] = "audit"
    method: ClassVar[str] = "read_readings"
    reply: ClassVar[type[Contract]] = Readings
    patience_seconds: ClassVar[float | None] = 60.0

    tracking_numbers: tuple[str, ...]
    after: int = Field(default=0, ge=0)
    limit: int = Field(default=1000, ge=1, le=1000)
