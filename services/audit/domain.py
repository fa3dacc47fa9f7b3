"""The ledger's rules that need no database."""

import json
from collections.abc import Sequence

from contracts.audit import LedgerEntry, LedgerPage


def page(entries: Sequence[tuple[int, str]], after: int, size: int) -> LedgerPage:
    """A page of (index, event's text) pairs in order; an empty one goes on from where it began."""
    return LedgerPage(
        entries=tuple(LedgerEntry(index=index, event=json.loads(body)) for index, body in entries),
        last=entries[-1][0] if entries else after,
        size=size,
    )
