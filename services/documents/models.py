"""Tables of the documents service: documents, their encrypted contents, the number series."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from casework.readings import ReadingColumns
from chassis.database import UtcDateTime, insert_or_ignore, next_value
from chassis.tables import messaging_tables
from chassis.vault import DESTROYED
from services.documents.domain import DocumentState, new_code


class Base(DeclarativeBase):
    pass


messaging_tables(Base.metadata)


class Series(Base):
    """The last number given, per kind and year."""

    __tablename__ = "series"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int]


class Content(Base):
    """A PDF, encrypted, under the SHA-256 of its plain bytes."""

    __tablename__ = "contents"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    wrapped_key: Mapped[str] = mapped_column(String(200))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class PersonalDataReading(ReadingColumns, Base):
    """Who of the staff read a document, when and why."""


class Erasure(Base):
    """A case whose person is erased: no more of its documents are made, few are read."""

    __tablename__ = "erasures"

    tracking_number: Mapped[str] = mapped_column(String(32), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Handover(Base):
    """A handover of data that has drafts; `over` when it will not take place."""

    __tablename__ = "handovers"

    tracking_number: Mapped[str] = mapped_column(String(32), primary_key=True)
    over: Mapped[bool] = mapped_column(default=False)


class Document(Base):
    """One document of a case: of each kind and edition at most one."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("tracking_number", "kind", "edition"),
        UniqueConstraint("kind", "year", "sequence"),
    )

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    tracking_number: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(40))
    edition: Mapped[int]
    state: Mapped[DocumentState] = mapped_column(String(16))
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    year: Mapped[int | None]
    sequence: Mapped[int | None]
    number: Mapped[str | None] = mapped_column(String(80))
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sha256: Mapped[str | None] = mapped_column(ForeignKey("contents.sha256"))
    size: Mapped[int | None]
    certificate_subject: Mapped[str | None] = mapped_column(String(300))
    self_made_certificate: Mapped[bool | None]


def reserve(
    session: Session, tracking_number: str, kind: str, edition: int, now: datetime
) -> tuple[Document, bool]:
    """The case's document, made if missing; True if it is new and has no number yet.

    The row stays locked until the transaction ends.
    """
    values = {
        "code": new_code(),
        "tracking_number": tracking_number,
        "kind": kind,
        "edition": edition,
        "state": DocumentState.RESERVED,
        "reserved_at": now,
    }
    new = insert_or_ignore(session, Document, values)
    query = select(Document).where(
        Document.tracking_number == tracking_number,
        Document.kind == kind,
        Document.edition == edition,
    )
    return session.scalars(query.with_for_update()).one(), new


def next_in_series(session: Session, kind: str, year: int) -> int:
    """The next number of the kind's year, from 1; a rollback gives it back."""
    return next_value(session, Series, {"kind": kind, "year": year})


def locked_handover(session: Session, tracking_number: str) -> Handover:
    """The case's handover, made if missing, locked until the transaction ends: what ends it and
    what issues a draft take turns."""
    values = {"tracking_number": tracking_number, "over": False}
    insert_or_ignore(session, Handover, values)
    found = select(Handover).where(Handover.tracking_number == tracking_number)
    locked = found.with_for_update().execution_options(populate_existing=True)
    return session.scalars(locked).one()


def locked_editions(session: Session, tracking_number: str, line: Sequence[str]) -> list[Document]:
    """The case's documents of these kinds as they are now, locked: the order is that of the kinds
    in the line, and of the editions within a kind."""
    query = select(Document).where(
        Document.tracking_number == tracking_number, Document.kind.in_(line)
    )
    ordered = query.order_by(Document.code).with_for_update()
    found = session.scalars(ordered.execution_options(populate_existing=True))
    return sorted(found, key=lambda document: (line.index(document.kind), document.edition))


def documents_of(session: Session, tracking_number: str) -> list[Document]:
    """The case's documents, oldest first."""
    query = select(Document).where(Document.tracking_number == tracking_number)
    return [*session.scalars(query.order_by(Document.reserved_at, Document.code))]


def locked_documents(session: Session, tracking_number: str) -> list[Document]:
    """The same as they are now, locked: what is being issued comes before or after an erasure."""
    query = select(Document).where(Document.tracking_number == tracking_number)
    ordered = query.order_by(Document.code).with_for_update()
    return [*session.scalars(ordered.execution_options(populate_existing=True))]


def note_erasure(session: Session, tracking_number: str, now: datetime) -> bool:
    """Remember that the case is erased; False if it was before."""
    erasure = {"tracking_number": tracking_number, "erased_at": now}
    return insert_or_ignore(session, Erasure, erasure)


def is_erased(session: Session, tracking_number: str) -> bool:
    """Whether the person of the case is erased."""
    return session.get(Erasure, tracking_number, populate_existing=True) is not None


def destroy(session: Session, sha256: str) -> None:
    """Make a PDF unreadable for good; its hash stays, so that it can still be verified."""
    gone = {"wrapped_key": DESTROYED, "sealed": b""}
    session.execute(update(Content).where(Content.sha256 == sha256).values(**gone))


def published(session: Session, code: str) -> Document | None:
    """The document of this code, if it was issued ever."""
    document = session.get(Document, code)
    return document if document and DocumentState(document.state).public else None
