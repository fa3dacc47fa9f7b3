"""Intake's tables, and the queries on them.

Whatever a resident or an officer wrote lies in sealed columns, under the data key of its person;
the NIK itself is found by a blind index only.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text, exists, or_, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from casework.attachments import AttachmentColumns
from casework.clock_tables import ClockColumns, calendar_table
from casework.numbering import DayCounterColumns, is_tracking_number
from casework.readings import ReadingColumns
from chassis.database import Json, UtcDateTime
from chassis.tables import messaging_tables
from services.intake.domain import State


class Base(DeclarativeBase):
    """Intake's own database."""


messaging_tables(Base.metadata)
calendar_table(Base.metadata)


class Person(Base):
    """Somebody whom requests are about, or who makes them; found by `nik_index` where it is known.

    Erased, both are gone, and nothing of them can be read again.
    """

    __tablename__ = "persons"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    nik_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    wrapped_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DayCounter(DayCounterColumns, Base):
    """How many requests of a kind were registered on a day of the office."""


class Request(Base):
    """A request of either kind; a data request has no region and no checklist.

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
    district: Mapped[str | None] = mapped_column(String(20))
    village: Mapped[str | None] = mapped_column(String(20))
    standard: Mapped[str] = mapped_column(String(80))
    standard_version: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
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


class Attachment(AttachmentColumns, Base):
    """An uploaded file; that of a request goes under its person's key."""


class PersonalDataReading(ReadingColumns, Base):
    """Who read personal data."""


class Clock(ClockColumns, Base):
    """The promise and the identification of the requests that are at intake."""


def locked_person(session: Session, nik_index: str) -> Person | None:
    """The person, locked until the transaction ends: of two requests the later sees the earlier."""
    found = select(Person).where(Person.nik_index == nik_index)
    return session.scalar(found.with_for_update())


def person_found(session: Session, nik_index: str) -> Person | None:
    """The person with this index, to be read."""
    return session.scalar(select(Person).where(Person.nik_index == nik_index))


def locked_person_of(session: Session, tracking_number: str) -> Person | None:
    """Whom the request is of, locked until the transaction ends: no other request comes between."""
    row = find_request(session, tracking_number)
    if row is None:
        return None
    found = select(Person).where(Person.id == row.person_id).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one()


def requests_of(session: Session, person_id: str) -> list[Request]:
    """The person's requests of either kind, oldest first."""
    found = select(Request).where(Request.person_id == person_id)
    return [*session.scalars(found.order_by(Request.received_at, Request.tracking_number))]


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
        Request.state.not_in([State.WITHDRAWN.value, State.CLOSED.value]),
        or_(waiting, Request.received_at >= since),
    )
    return bool(session.scalar(select(found)))


def supplements_of(session: Session, tracking_number: str) -> list[Supplement]:
    """The request's supplements, oldest first."""
    found = select(Supplement).where(Supplement.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Supplement.number))]
