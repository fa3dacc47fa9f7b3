"""Audit: takes every event of every service, and shows the ledger page by page."""

from chassis.entrypoints import on_every_event
from chassis.rpc import query
from chassis.store import Store
from chassis.work import Work
from contracts.audit import LedgerPage, ReadLedger
from contracts.envelope import CloudEvent
from services.audit.domain import page
from services.audit.models import Base, append, entries_after, size


class AuditService:
    """The ledger."""

    name = "audit"
    store = Store(Base.metadata)

    @on_every_event
    def on_any_event(self, event: CloudEvent, work: Work) -> None:
        append(work.session, event, work.now)

    @query(ReadLedger)
    def read_ledger(self, ask: ReadLedger, work: Work) -> LedgerPage:
        # The entries first: what is appended meanwhile may only make the size greater.
        entries = entries_after(work.session, ask.after, ask.limit)
        return page(entries, ask.after, size(work.session))
