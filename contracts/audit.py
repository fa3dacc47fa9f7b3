"""Audit: pages of the ledger."""

from typing import Any, ClassVar

from pydantic import Field

from contracts.envelope import Contract, Query


class LedgerEntry(Contract):
    """`index` counts from 1 without gaps; `event` is the CloudEvent as it was published."""

    index: int
    event: dict[str, Any]


class LedgerPage(Contract):
    """`last` is the index to go on from; `size` is the ledger's size at the time of reading."""

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
