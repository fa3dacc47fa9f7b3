"""Intake's tables, and the queries on them.

Whatever a resident or an officer wrote lies in sealed columns, under the data key of its person;
the NIK itself is found by a blind index only.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    delete,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, undefer

from chassis.database import Json, UtcDateTime, next_value
from chassis.tables import ROW_ID, messaging_tables
from contracts.intake import RequestKind
from services.intake.domain import (
    State,
    is_attachment_id,
    is_tracking_number,
    tracking_number,
)


class Base(DeclarativeBase):
    """Intake's own database."""


messaging_tables(Base.metadata)


class Person(Base):
    """Somebody whom requests are about. Without `wrapped_key` nothing of them can be read again."""

    __tablename__ = "persons"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    nik_index: Mapped[str] = mapped_column(String(64), unique=True)
    wrapped_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DayCounter(Base):
    """How many requests of a kind were registered on a day of the office."""

    __tablename__ = "day_counters"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    value: Mapped[int] = mapped_column(Integer)


class Request(Base):
    """A request. `deadline` is standards.deadline.Deadline as a dict, with every pause.

    `submission` and `checklist` (the latest one) are sealed.
    """

    __tablename__ = "requests"
    __table_args__ = (Index("ix_requests_person", "person_id", "purpose"),)

    tracking_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    state: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(40))
    district: Mapped[str] = mapped_column(String(20))
    village: Mapped[str] = mapped_column(String(20))
    standard: Mapped[str] = mapped_column(String(80))
    standard_version: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline: Mapped[dict[str, Any]] = mapped_column(Json)
    warnings: Mapped[list[str]] = mapped_column(Json)
    submission: Mapped[bytes] = mapped_column(LargeBinary)
    checklist: Mapped[bytes | None] = mapped_column(LargeBinary)


class Supplement(Base):
    """What a resident sent later, `number` counting from 1; `sealed` is the note, if any."""

    __tablename__ = "supplements"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("requests.tracking_number"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class Attachment(Base):
    """An uploaded file, `content` sealed under a data key of its own.

    While no request has taken it the key lies in `wrapped_key`; then it moves, sealed under the
    person's key, to `sealed_key`, so that erasing the person erases the file.
    """

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_uploads", "tracking_number", "uploaded_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tracking_number: Mapped[str | None] = mapped_column(ForeignKey("requests.tracking_number"))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    by_staff: Mapped[bool] = mapped_column(Boolean)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wrapped_key: Mapped[str | None] = mapped_column(Text)
    sealed_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class PersonalDataReading(Base):
    """Who read personal data, when and why; `fields` are those that held something."""

    __tablename__ = "personal_data_reads"

    id: Mapped[int] = mapped_column(ROW_ID, primary_key=True, autoincrement=True)
    tracking_number: Mapped[str] = mapped_column(ForeignKey("requests.tracking_number"), index=True)
    actor: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[str]] = mapped_column(Json)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


def locked_person(session: Session, nik_index: str) -> Person:
    """The person, locked until the transaction ends: of two requests the later sees the earlier."""
    found = select(Person).where(Person.nik_index == nik_index)
    return session.scalars(found.with_for_update()).one()


def next_tracking_number(session: Session, kind: RequestKind, day: date) -> str:
    """The next name of the day, unique and without gaps; locks the day's counter until the end."""
    number = next_value(session, DayCounter, {"kind": kind.value, "day": day})
    return tracking_number(kind, day, number)


def find_request(session: Session, tracking_number: str) -> Request | None:
    """The request to be read."""
    return session.get(Request, tracking_number) if is_tracking_number(tracking_number) else None


def locked_request(session: Session, tracking_number: str) -> Request | None:
    """The request, locked until the transaction ends, so that two moves cannot cross."""
    if not is_tracking_number(tracking_number):
        return None
    found = select(Request).where(Request.tracking_number == tracking_number)
    return session.scalar(found.with_for_update())


def has_other_request(session: Session, person: Person, purpose: str, since: datetime) -> bool:
    """Whether the person has a request for this purpose that waits at intake or came after `since`.

    One that was withdrawn does not count.
    """
    waiting = Request.state.in_([State.RECEIVED.value, State.RETURNED.value])
    found = exists().where(
        Request.person_id == person.id,
        Request.purpose == purpose,
        Request.state != State.WITHDRAWN.value,
        or_(waiting, Request.received_at >= since),
    )
    return bool(session.scalar(select(found)))


def supplements_of(session: Session, tracking_number: str) -> list[Supplement]:
    """The request's supplements, oldest first."""
    found = select(Supplement).where(Supplement.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Supplement.number))]


def attachments_of(session: Session, tracking_number: str) -> list[Attachment]:
    """The request's attachments, oldest first."""
    found = select(Attachment).where(Attachment.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Attachment.uploaded_at, Attachment.id))]


def find_attachment(session: Session, attachment_id: str) -> Attachment | None:
    """The attachment with its content, which the other queries leave out."""
    if not is_attachment_id(attachment_id):
        return None
    return session.get(Attachment, attachment_id, options=[undefer(Attachment.content)])


def locked_attachments(session: Session, ids: Iterable[str]) -> dict[str, Attachment]:
    """Those of the attachments that are there, by id, locked in one order."""
    wanted = [*filter(is_attachment_id, ids)]
    if not wanted:
        return {}
    found = select(Attachment).where(Attachment.id.in_(wanted)).order_by(Attachment.id)
    return {each.id: each for each in session.scalars(found.with_for_update())}


def delete_uploads(session: Session, before: datetime) -> None:
    """Delete what residents uploaded before that time and no request has taken."""
    session.execute(
        delete(Attachment)
        .where(Attachment.tracking_number.is_(None))
        .where(Attachment.by_staff.is_(False))
        .where(Attachment.uploaded_at < before)
    )
