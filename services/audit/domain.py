"""The ledger's rules that need no database."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from contracts.audit import LedgerEntry, LedgerPage, Reading
from contracts.envelope import CloudEvent

CHECKPOINT_EVERY = 1_000
"""Entries after which a checkpoint is signed at once."""

CHECKPOINT_WITHIN = timedelta(minutes=1)
"""How long a new entry waits for its checkpoint at the longest, in ordinary times."""


def page(entries: Sequence[LedgerEntry], after: int, size: int) -> LedgerPage:
    """A page of entries in order; an empty one goes on from where it began.

    Nobody is sent back below index 1: what was put there is shown once, at the beginning.
    """
    last = max(1, entries[-1].index) if entries else after
    return LedgerPage(entries=tuple(entries), last=last, size=size)


def reading_of(index: int, body: str) -> Reading:
    """A `personal_data_read` event of any service, as the one whose data it was may know it."""
    event = CloudEvent.model_validate_json(body)
    return Reading(
        index=index,
        tracking_number=event.subject,
        at=event.time,
        service=event.source.removeprefix("/services/"),
        actor=event.actor,
        role=event.actorrole.value,
        purpose=str(event.data.get("purpose", "")),
        fields=tuple(map(str, event.data.get("fields", ()))),
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
