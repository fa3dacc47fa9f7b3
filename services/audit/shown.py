"""Entries as they are shown: the event's text counts, and what is stored beside it must agree."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from contracts.audit import LedgerEntry, Reading, Readings
from contracts.envelope import CloudEvent
from services.audit.canonical import NotCanonical, canonical, parsed
from services.audit.domain import reading_of
from services.audit.merkle import leaf_hash
from services.audit.models import READ, Row
from services.audit.proving import Fault


def shown(row: Row) -> LedgerEntry:
    """The entry, with its fault if somebody made one."""
    try:
        event = _event(row)
        leaf = leaf_hash(canonical(event))
    except NotCanonical:
        return LedgerEntry(index=row.index, event={}, fault=Fault.UNREADABLE)
    return LedgerEntry(
        index=row.index, event=event, fault=None if _agree(row, leaf) else Fault.COLUMNS
    )


def readings_among(rows: Iterable[Row], cases: Sequence[str], limit: int) -> Readings:
    """Up to `limit` readings of these cases by what the events say, and what cannot be read."""
    found: list[Reading] = []
    broken: list[int] = []
    for row in rows:
        by_columns = row.case in cases and row.type.startswith(READ)
        try:
            event = _event(row)
            if event.get("subject") in cases and str(event.get("type")).startswith(READ):
                found.append(reading_of(row.index, row.body))
        except (NotCanonical, ValidationError, TypeError):
            if by_columns:
                broken.append(row.index)
        if len(found) == limit:
            break
    return Readings(readings=tuple(found), broken=tuple(broken))


def _event(row: Row) -> dict[str, Any]:
    """Raises NotCanonical."""
    event = parsed(row.body) if isinstance(row.body, str) else None
    if not isinstance(event, dict):
        raise NotCanonical("no event")
    return event


def _agree(row: Row, leaf: bytes) -> bool:
    """Whether the columns say what `append` took from the event."""
    try:
        event = CloudEvent.model_validate_json(row.body)
        time = datetime.fromisoformat(row.time) if isinstance(row.time, str) else row.time
        stored = (row.event_id, row.case, row.source, row.type, _aware(time), bytes(row.leaf))
    except (ValidationError, ValueError, TypeError, AttributeError):
        return False
    said = (event.id, event.subject, event.source, event.type, event.time, leaf)
    return row.index > 0 and stored == said


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)
