"""The complaints' tables, and the queries on them.

Who complains, the matter and every word written lie in sealed columns, under the data key of the
complainant; the NIK itself is found by a blind index only.
"""

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Text, select
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, Session, mapped_column

from casework.attachments import AttachmentColumns
from casework.clock_tables import ClockColumns, calendar_table
from casework.numbering import DayCounterColumns, is_tracking_number
from casework.readings import ReadingColumns
from chassis.database import Json, UtcDateTime
from chassis.tables import messaging_tables
from contracts.complaints import EscalationReason, EscalationTarget
from contracts.envelope import Role
from services.complaints.domain import Case, State

BATCH = 100


class Base(DeclarativeBase):
    """The complaints' own database."""


messaging_tables(Base.metadata)
calendar_table(Base.metadata)


class Clock(ClockColumns, Base):
    """The promise and the step of each complaint."""


class Attachment(AttachmentColumns, Base):
    """Evidence, and the scans of what lay in the box."""


class PersonalDataReading(ReadingColumns, Base):
    """Who read identity or matter, when and why."""


class DayCounter(DayCounterColumns, Base):
    """How many complaints were entered on a day of the office."""


class Person(Base):
    """A complainant. Erased, index and key are gone, and nothing of them can be read again."""

    __tablename__ = "persons"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    nik_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    wrapped_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Complaint(Base):
    """A complaint. `submission` and `contacts` are sealed, `escalations` are [to, reason] each,
    the first `earlier_escalations` from before it was reopened last."""

    __tablename__ = "complaints"

    tracking_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    state: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    standard: Mapped[str] = mapped_column(String(80))
    standard_version: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    about_case: Mapped[str | None] = mapped_column(String(40))
    officer: Mapped[str | None] = mapped_column(String(40))
    owner: Mapped[str | None] = mapped_column(Text)
    owner_role: Mapped[str | None] = mapped_column(String(40))
    missing: Mapped[list[str]] = mapped_column(Json, default=list)
    referral: Mapped[str | None] = mapped_column(String(40))
    escalations: Mapped[list[list[str]]] = mapped_column(Json, default=list)
    earlier_escalations: Mapped[int] = mapped_column(Integer, default=0)
    responses: Mapped[int] = mapped_column(Integer, default=0)
    reopenings: Mapped[int] = mapped_column(Integer, default=0)
    reopen_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    score: Mapped[int | None] = mapped_column(Integer)
    submission: Mapped[bytes] = mapped_column(LargeBinary)
    contacts: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def case(self) -> Case:
        """The complaint as the rules see it; assigning one stores it."""
        return Case(
            state=State(self.state),
            owner=self.owner,
            owner_role=Role(self.owner_role) if self.owner_role else None,
            officer=self.officer,
            escalations=tuple(
                (EscalationTarget(to), EscalationReason(reason)) for to, reason in self.escalations
            ),
            earlier_escalations=self.earlier_escalations,
            responses=self.responses,
            reopenings=self.reopenings,
            reopen_until=self.reopen_until,
            score=self.score,
        )

    @case.setter
    def case(self, case: Case) -> None:
        self.state = case.state.value
        self.owner = case.owner
        self.owner_role = case.owner_role.value if case.owner_role else None
        self.officer = case.officer
        self.escalations = [[to.value, reason.value] for to, reason in case.escalations]
        self.earlier_escalations = case.earlier_escalations
        self.responses = case.responses
        self.reopenings = case.reopenings
        self.reopen_until = case.reopen_until
        self.score = case.score


class Coordination(Base):
    """What a partner was asked, `number` counting from 1; question and answer are sealed.

    `span_days` are the working days the partner has, and again after each reminder. `remind_at` is
    the due moment that a reminder follows, null once nobody waits for the answer.
    """

    __tablename__ = "coordinations"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("complaints.tracking_number"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    scope: Mapped[str] = mapped_column(String(20))
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    span_days: Mapped[int] = mapped_column(Integer)
    answer_due: Mapped[datetime] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    reminders: Mapped[int] = mapped_column(Integer, default=0)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    question: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)


class Writing(Base):
    """What somebody wrote to a case, `number` counting from 1; `sealed` are the words, if any."""

    __tablename__ = "writings"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("complaints.tracking_number"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class LaporPassing(Base):
    """A complaint passed to LAPOR!, `number` counting from 1, with both its deadlines, and the
    newest of what came back.

    `sealed` is LAPOR!'s own number; its words are a writing. `silent_at` is the moment after which
    its silence is told of, null once it has answered or that was told.
    """

    __tablename__ = "lapor"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("complaints.tracking_number"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    escalated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    office_due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forward_due: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_due: Mapped[datetime] = mapped_column(UtcDateTime)
    silent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    status: Mapped[str | None] = mapped_column(String(20))
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


_Asked = TypeVar("_Asked", Coordination, LaporPassing)


class Survey(Base):
    """The answers about one closed case of any kind; `sealed` are the words, with their own key."""

    __tablename__ = "surveys"

    tracking_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scores: Mapped[dict[str, Any]] = mapped_column(Json)
    wrapped_key: Mapped[str] = mapped_column(Text)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


def locked_person(session: Session, nik_index: str) -> Person | None:
    """The person, locked until the transaction ends."""
    found = select(Person).where(Person.nik_index == nik_index)
    return session.scalar(found.with_for_update())


def person_found(session: Session, nik_index: str) -> Person | None:
    """The person with this index, to be read."""
    return session.scalar(select(Person).where(Person.nik_index == nik_index))


def locked_person_of(session: Session, tracking_number: str) -> Person | None:
    """Who complained, locked until the transaction ends: no other complaint comes between."""
    row = find_complaint(session, tracking_number)
    if row is None:
        return None
    found = select(Person).where(Person.id == row.person_id).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one()


def complaints_of(session: Session, person_id: str) -> list[Complaint]:
    """The person's complaints, oldest first."""
    found = select(Complaint).where(Complaint.person_id == person_id)
    return [*session.scalars(found.order_by(Complaint.entered_at, Complaint.tracking_number))]


def find_complaint(session: Session, tracking_number: str) -> Complaint | None:
    """The complaint to be read."""
    return session.get(Complaint, tracking_number) if is_tracking_number(tracking_number) else None


def locked_complaint(session: Session, tracking_number: str) -> Complaint | None:
    """The complaint, locked until the transaction ends, so that two moves cannot cross."""
    if not is_tracking_number(tracking_number):
        return None
    found = select(Complaint).where(Complaint.tracking_number == tracking_number)
    return session.scalar(found.with_for_update())


def coordinations_of(session: Session, tracking_number: str) -> list[Coordination]:
    """The complaint's coordinations, oldest first."""
    found = select(Coordination).where(Coordination.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Coordination.number))]


def silent_coordinations(session: Session, now: datetime) -> list[tuple[Complaint, Coordination]]:
    """Coordinations without an answer in time, of up to BATCH complaints, which are locked."""
    return _silent(session, Coordination, Coordination.remind_at, now)


def passings_of(session: Session, tracking_number: str) -> list[LaporPassing]:
    """When the complaint was passed to LAPOR!, oldest first."""
    found = select(LaporPassing).where(LaporPassing.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(LaporPassing.number))]


def silent_passings(session: Session, now: datetime) -> list[tuple[Complaint, LaporPassing]]:
    """Where LAPOR! has not answered in time, of up to BATCH complaints, which are locked."""
    return _silent(session, LaporPassing, LaporPassing.silent_at, now)


def _silent(
    session: Session, model: type[_Asked], due: InstrumentedAttribute[Any], now: datetime
) -> list[tuple[Complaint, _Asked]]:
    """A complaint that another transaction holds is left out. What was asked is read once the
    complaint is locked: it may have been told of or answered since.
    """
    silent = due < now
    lockable = (
        select(Complaint)
        .join(model, model.tracking_number == Complaint.tracking_number)
        .where(silent)
        .order_by(due)
        .limit(BATCH)
        .with_for_update(of=Complaint, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    locked = {row.tracking_number: row for row in session.scalars(lockable)}
    under_lock = (
        select(model)
        .where(silent, model.tracking_number.in_(locked))
        .order_by(model.tracking_number, model.number)
        .execution_options(populate_existing=True)
    )
    return [(locked[each.tracking_number], each) for each in session.scalars(under_lock)]


def writings_of(session: Session, tracking_number: str) -> list[Writing]:
    """What was written to the complaint, in order."""
    found = select(Writing).where(Writing.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Writing.number))]
