"""The ledger's rules that need no database."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from contracts.audit import LedgerEntry, LedgerPage

CHECKPOINT_EVERY = 1_000
"""Entries after which a checkpoint is signed at once."""

CHECKPOINT_WITHIN = timedelta(minutes=1)
"""How long a new entry waits for its checkpoint at the longest, in ordinary times."""


def page(entries: Sequence[tuple[int, str]], after: int, size: int) -> LedgerPage:
    """A page of (index, event's text) pairs in order; an empty one goes on from where it began."""
    return LedgerPage(
        entries=tuple(LedgerEntry(index=index, event=json.loads(body)) for index, body in entries),
        last=entries[-1][0] if entries else after,
        size=size,
    )


def is_due(size: int, signed: tuple[int, datetime] | None, now: datetime) -> bool:
    """Whether a tree of `size` gets a checkpoint; `signed` is the last one's size and time.

    The first is signed over an empty ledger, so that there is one to extend from the beginning.
    """
    if signed is None:
        return True
    before, at = signed
    return size > before and (size - before >= CHECKPOINT_EVERY or now - at >= CHECKPOINT_WITHIN)


def next_checkpoint(signed_size: int) -> int:
    """The size at which a checkpoint is signed at once."""
    return signed_size + CHECKPOINT_EVERY
