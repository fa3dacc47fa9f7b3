"""Builds the read model anew from the audit service's ledger, while the gateway goes on.

One transaction that empties the tables and fills them again would lose what the gateway has
stored and the ledger does not hold yet: the inbox would never let it in again. It would also keep
whatever comes meanwhile waiting. So the ledger's pages replace the stored events a page at a time,
and then every case is folded anew under the lock that storing an event takes too. A reader sees
each case as it was or as it is right; an interrupted rebuild is simply run again.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import structlog
from pydantic import ValidationError
from sqlalchemy import delete, select, union
from sqlalchemy.orm import Session

from chassis.database import insert_or_ignore
from chassis.store import Store
from contracts.audit import LedgerPage
from contracts.envelope import CloudEvent
from gateway.models import CaseStatus, StoredEvent
from gateway.read_model import refold, stored

log = structlog.get_logger()

CAUSE = "rebuild"
CASES_AT_ONCE = 50
EVENTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`events` came from the ledger, `removed` were known to nobody, `cases` were folded."""

    events: int
    removed: int
    cases: int


def rebuild(store: Store, pages: Iterable[LedgerPage]) -> Rebuilt:
    """Replace the read model by what the ledger's pages hold, from the first page to the last.

    Events that the gateway has handled and the ledger does not hold yet are kept. May run beside
    any number of gateways, and may be repeated.
    """
    ledger: set[str] = set()
    for page in pages:
        events = [*_readable(page)]
        _replace(store, events)
        ledger.update(event.id for event in events)
    removed = _remove_unknown(store, ledger)
    return Rebuilt(events=len(ledger), removed=removed, cases=_refold_all(store))


def _readable(page: LedgerPage) -> Iterator[CloudEvent]:
    """Without what was tampered with until it is no event; what the gateway has of it stays."""
    for entry in page.entries:
        try:
            yield CloudEvent.model_validate(entry.event)
        except ValidationError:
            log.error("ledger_entry_unreadable", index=entry.index)


def _replace(store: Store, events: Collection[CloudEvent]) -> None:
    with store.unit(CAUSE) as work:
        ids = [event.id for event in events]
        work.session.execute(delete(StoredEvent).where(StoredEvent.id.in_(ids)))
        for event in events:
            # A gateway that is storing the same event at this moment is as right as the ledger.
            insert_or_ignore(work.session, StoredEvent, stored(event))


def _remove_unknown(store: Store, ledger: Collection[str]) -> int:
    """Remove the events that neither the ledger holds nor this gateway has handled."""
    inbox = store.tables.inbox
    handled = select(inbox.c.message_id).where(inbox.c.message_id == StoredEvent.id).exists()
    with store.reading() as session:
        unhandled = session.scalars(select(StoredEvent.id).where(~handled))
        unknown = [event_id for event_id in unhandled if event_id not in ledger]
    for start in range(0, len(unknown), EVENTS_AT_ONCE):
        with store.unit(CAUSE) as work:
            some = unknown[start : start + EVENTS_AT_ONCE]
            work.session.execute(delete(StoredEvent).where(StoredEvent.id.in_(some)))
    return len(unknown)


def _refold_all(store: Store) -> int:
    count, last = 0, ""
    while True:
        # One after the other in one order, so that two rebuilds cannot block each other.
        with store.unit(CAUSE) as work:
            cases = _cases_after(work.session, last)
            for tracking_number in cases:
                refold(work.session, tracking_number)
        if not cases:
            return count
        count, last = count + len(cases), cases[-1]


def _cases_after(session: Session, last: str) -> list[str]:
    """The next cases by tracking number, also those that only one of the tables knows."""
    either = union(
        select(StoredEvent.tracking_number).where(StoredEvent.shown),
        select(CaseStatus.tracking_number),
    ).subquery()
    number = either.c.tracking_number
    return list(
        session.scalars(select(number).where(number > last).order_by(number).limit(CASES_AT_ONCE))
    )
