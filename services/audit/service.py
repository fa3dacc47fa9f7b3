"""Audit: takes every event of every service, shows the ledger page by page, and proves it."""

import base64
from functools import partial

import structlog

from chassis.entrypoints import every, on_every_event
from chassis.retry import ContractViolation
from chassis.rpc import query
from chassis.store import Store
from chassis.work import Work
from contracts.audit import (
    ConsistencyProof,
    InclusionProof,
    LatestCheckpoint,
    LeafHashes,
    LedgerPage,
    ProveConsistency,
    ProveInclusion,
    ReadCheckpoint,
    Readings,
    ReadLeafHashes,
    ReadLedger,
    ReadReadings,
)
from contracts.envelope import CloudEvent
from contracts.errors import ErrorCode, InvalidFields, Refusal
from services.audit import merkle
from services.audit.canonical import NotCanonical
from services.audit.checkpoints import LedgerRewritten, advance, keep, tell
from services.audit.domain import page
from services.audit.models import (
    Base,
    append,
    entries_after,
    leaves,
    may_be_readings,
    newest_checkpoint,
    reader,
    size,
    tree_size,
)
from services.audit.operations import OperationRecords
from services.audit.settings import SigningSettings
from services.audit.shown import readings_among, shown

log = structlog.get_logger()


class AuditService(OperationRecords):
    """The ledger."""

    name = "audit"
    store = Store(Base.metadata)
    settings = SigningSettings()

    @on_every_event
    def on_any_event(self, event: CloudEvent, work: Work) -> None:
        """Append it; one that has no canonical form breaks its contract."""
        try:
            append(work.session, event, work.now)
        except NotCanonical as error:
            raise ContractViolation(str(error)) from error

    @every(1.0)
    def sign_checkpoints(self, work: Work) -> None:
        """Let the tree grow, a transaction for each checkpoint that is due."""
        try:
            while note := advance(work, self.settings):
                work.after_commit(partial(tell, note, work, self.settings))
                work.checkpoint()
        except LedgerRewritten as error:
            log.error("ledger_rewritten", what=str(error))

    @every(1.0)
    def keep_checkpoints(self, work: Work) -> None:
        """Bring the auditor's folder up to date, also after it was away."""
        keep(self.store, self.settings)

    @query(ReadLedger)
    def read_ledger(self, ask: ReadLedger, work: Work) -> LedgerPage:
        """A page of entries, and how many there are."""
        # The entries first: what is appended meanwhile may only make the size greater.
        entries = [shown(row) for row in entries_after(work.session, ask.after, ask.limit)]
        return page(entries, ask.after, size(work.session))

    @query(ReadCheckpoint)
    def read_checkpoint(self, ask: ReadCheckpoint, work: Work) -> LatestCheckpoint:
        """The newest; refused with unavailable before there is any."""
        newest = newest_checkpoint(work.session)
        if newest is None:
            raise Refusal(ErrorCode.UNAVAILABLE)
        key = str(self.settings.signer().verifier)
        return LatestCheckpoint(size=newest.size, note=newest.note, key=key)

    @query(ReadLeafHashes)
    def read_leaf_hashes(self, ask: ReadLeafHashes, work: Work) -> LeafHashes:
        """The entries' hashes, for who finds out which entry was changed."""
        hashes = leaves(work.session, ask.after, ask.after + ask.limit)
        return LeafHashes(hashes=_encoded(hashes))

    @query(ReadReadings)
    def read_readings(self, ask: ReadReadings, work: Work) -> Readings:
        """Who read personal data of the cases, when and why."""
        rows = may_be_readings(work.session, ask.tracking_numbers, ask.after)
        return readings_among(rows, ask.tracking_numbers, ask.limit)

    @query(ProveInclusion)
    def prove_inclusion(self, ask: ProveInclusion, work: Work) -> InclusionProof:
        """The hashes from the entry to the root (RFC 6962, 2.1.1)."""
        of = self._tree(work, "size", ask.size)
        if ask.index > of:
            raise InvalidFields(("index", "out_of_range"))
        read = reader(work.session)
        return InclusionProof(
            index=ask.index,
            size=of,
            leaf_hash=_encoded([read(0, ask.index - 1)])[0],
            hashes=_encoded(merkle.inclusion(read, ask.index - 1, of)),
        )

    @query(ProveConsistency)
    def prove_consistency(self, ask: ProveConsistency, work: Work) -> ConsistencyProof:
        """The hashes that join two trees' roots (RFC 6962, 2.1.2)."""
        of = self._tree(work, "to", ask.to)
        if ask.start > of:
            raise InvalidFields(("from", "out_of_range"))
        hashes = merkle.consistency(reader(work.session), ask.start, of)
        return ConsistencyProof(start=ask.start, to=of, hashes=_encoded(hashes))

    def _tree(self, work: Work, field: str, asked: int | None) -> int:
        """The size asked for, else that of the newest checkpoint. Raises InvalidFields."""
        if asked is None:
            newest = newest_checkpoint(work.session)
            return newest.size if newest else 0
        if asked > tree_size(work.session):
            raise InvalidFields((field, "out_of_range"))
        return asked


def _encoded(hashes: list[bytes]) -> tuple[str, ...]:
    return tuple(base64.b64encode(each).decode() for each in hashes)
