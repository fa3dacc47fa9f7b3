"""Making the tree grow, and signing it: one process at a time, each step a transaction."""

from collections.abc import Iterator

import structlog

from chassis.ids import uuid7
from chassis.publishing import Outgoing
from chassis.store import Store
from chassis.topology import stream_exchange
from chassis.transport import make_publisher
from chassis.work import Work
from contracts.audit import CHECKPOINT_SIGNED
from contracts.envelope import SYSTEM, CloudEvent
from services.audit import kept, merkle
from services.audit.domain import is_due, next_checkpoint
from services.audit.models import (
    SignedCheckpoint,
    checkpoints_after,
    grow,
    leaves,
    locked_tree_size,
    newest_checkpoint,
    reader,
)
from services.audit.notes import Checkpoint, NoteBroken, Verifier
from services.audit.settings import AuditSettings

log = structlog.get_logger()

STREAM_TIMEOUT = 5.0


class LedgerRewritten(Exception):
    """The tree does not begin with what was signed before. Nothing is signed any more."""


def advance(work: Work, settings: AuditSettings) -> str | None:
    """Let the tree grow up to its next checkpoint, and sign that if it is due; the new note.

    None when nothing was due, or while another process is at it. Raises LedgerRewritten.
    """
    session = work.session
    size = locked_tree_size(session)
    if size is None:
        return None
    last = newest_checkpoint(session)
    new = leaves(session, size, next_checkpoint(last.size if last else 0))
    if new:
        grow(session, size, new)
    size += len(new)
    if not is_due(size, (last.size, last.signed_at) if last else None, work.now):
        return None
    signer, read = settings.signer(), reader(session)
    for before in _signed_before(last, settings, signer.verifier):
        if before.size > size or merkle.root(read, before.size) != before.root:
            raise LedgerRewritten(f"the first {before.size} entries are not those signed before")
    note = signer.checkpoint(size, merkle.root(read, size))
    session.add(SignedCheckpoint(size=size, note=note, signed_at=work.now))
    return note


def keep(store: Store, settings: AuditSettings) -> None:
    """Bring the auditor's folder up to date. Raises OSError, NoteBroken."""
    folder = settings.checkpoint_folder
    if folder is None:
        return
    verifier = settings.signer().verifier
    before = kept.newest(folder)
    with store.reading() as session:
        for note in checkpoints_after(session, verifier.opened(before).size if before else -1):
            if _ours(note, verifier):
                kept.keep(folder, note, verifier, lambda *span: leaves(session, *span))


def tell(note: str, work: Work, settings: AuditSettings) -> None:
    """Put the checkpoint into the audit stream, if so set; a failure is only noted.

    It is no event of a case: the ledger would take its own checkpoints for ever.
    """
    if settings.embedded or not settings.checkpoint_stream:
        return
    event = CloudEvent(
        id=uuid7(),
        source="/services/audit",
        type=f"sigap.{CHECKPOINT_SIGNED}.v1",
        subject="ledger",
        time=work.now,
        sequence="1",
        correlationid="ledger",
        causationid="ledger",
        actor=SYSTEM.id,
        actorrole=SYSTEM.role,
        data={"note": note},
    )
    publisher = make_publisher(settings, "audit")
    try:
        exchange = stream_exchange("audit").name
        copy = Outgoing(exchange, CHECKPOINT_SIGNED, event.body().encode(), message_id=event.id)
        publisher.publish([copy], timeout=STREAM_TIMEOUT)
    except Exception as error:
        log.warning("checkpoint_not_streamed", error=type(error).__name__)
    finally:
        publisher.close()


def _signed_before(
    last: SignedCheckpoint | None, settings: AuditSettings, verifier: Verifier
) -> Iterator[Checkpoint]:
    """What the tree must begin with: the last checkpoint in the database, and that outside it.

    One in the database under another key is from before a change of keys. The folder belongs to
    one key only.
    """
    if last and (ours := _ours(last.note, verifier)):
        yield ours
    try:
        outside = settings.checkpoint_folder and kept.newest(settings.checkpoint_folder)
    except OSError:
        return  # the folder is away
    if outside:
        try:
            yield verifier.opened(outside)
        except NoteBroken as error:
            raise LedgerRewritten(f"the folder's checkpoint: {error}") from error


def _ours(note: str, verifier: Verifier) -> Checkpoint | None:
    try:
        return verifier.opened(note)
    except NoteBroken:
        return None
