"""Verification's tables, and the queries on them.

What was written about a household lies in the `sealed` columns, under the data key of its case,
which is empty once it is erased.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Text, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from casework.clock_tables import ClockColumns, calendar_table
from casework.readings import ReadingColumns
from chassis.database import Json, UtcDateTime, insert_or_ignore
from chassis.tables import messaging_tables
from contracts.verification import DeliveryMethod
from services.verification.domain import Case, State


class Base(DeclarativeBase):
    """Verification's own database."""


messaging_tables(Base.metadata)
calendar_table(Base.metadata)


class VerificationCase(Base):
    """A case. Known only by its withdrawal, it has no facts of the request: they are empty."""

    __tablename__ = "cases"

    tracking_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40), default="")
    purpose: Mapped[str] = mapped_column(String(40), default="")
    district: Mapped[str] = mapped_column(String(20), default="")
    standard: Mapped[str] = mapped_column(String(80), default="")
    standard_version: Mapped[str] = mapped_column(String(20), default="")
    offered_to: Mapped[list[str]] = mapped_column(Json, default=list)
    offer_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wave: Mapped[int] = mapped_column(Integer, default=0)
    verifier: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    absences: Mapped[int] = mapped_column(Integer, default=0)
    max_visits: Mapped[int] = mapped_column(Integer, default=0)
    letter: Mapped[str | None] = mapped_column(Text)
    delivery: Mapped[str | None] = mapped_column(String(20))
    wrapped_key: Mapped[str] = mapped_column(Text)

    @property
    def case(self) -> Case:
        """The case as the rules see it; assigning one stores it."""
        return Case(
            state=State(self.state),
            offered_to=tuple(self.offered_to),
            offer_until=self.offer_until,
            wave=self.wave,
            verifier=self.verifier,
            attempts=self.attempts,
            absences=self.absences,
            max_visits=self.max_visits,
            letter=self.letter,
            delivery=DeliveryMethod(self.delivery) if self.delivery else None,
        )

    @case.setter
    def case(self, case: Case) -> None:
        self.state = case.state.value
        self.offered_to = [*case.offered_to]
        self.offer_until = case.offer_until
        self.wave = case.wave
        self.verifier = case.verifier
        self.attempts = case.attempts
        self.absences = case.absences
        self.max_visits = case.max_visits
        self.letter = case.letter
        self.delivery = case.delivery.value if case.delivery else None


class Visit(Base):
    """A reported visit; `visit` is the client's id, `sealed` the whole report."""

    __tablename__ = "visits"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("cases.tracking_number"), primary_key=True
    )
    visit: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempt: Mapped[int] = mapped_column(Integer)
    verifier: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(20))
    visited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Assessment(Base):
    """A recommendation, `number` counting from 1; `sealed` is the whole assessment."""

    __tablename__ = "assessments"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("cases.tracking_number"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    recommendation: Mapped[str] = mapped_column(String(20))
    assessed_by: Mapped[str] = mapped_column(Text)
    assessed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Decision(Base):
    """A decision, `number` counting from 1; `sealed` is the whole decision."""

    __tablename__ = "decisions"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("cases.tracking_number"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    decision: Mapped[str] = mapped_column(String(20))
    decided_by: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class PersonalDataReading(ReadingColumns, Base):
    """Who read findings; `fields` are those of VerificationDetail."""


class Clock(ClockColumns, Base):
    """The promise and the present step of the cases that are with verification."""


def open_case(session: Session, tracking_number: str, wrapped_key: str, **facts: Any) -> None:
    """Make the case, unless it is known, as one that waits at intake."""
    row = {"state": State.RECEIVED.value, "wrapped_key": wrapped_key, **facts}
    insert_or_ignore(session, VerificationCase, {"tracking_number": tracking_number, **row})


def locked_case(session: Session, tracking_number: str) -> VerificationCase | None:
    """The case, locked until the transaction ends, so that two moves cannot cross."""
    return session.scalar(
        select(VerificationCase)
        .where(VerificationCase.tracking_number == tracking_number)
        .with_for_update()
    )


def visits_of(session: Session, tracking_number: str) -> list[Visit]:
    """The case's visits in the order of their reports."""
    found = select(Visit).where(Visit.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Visit.attempt))]


def assessments_of(session: Session, tracking_number: str) -> list[Assessment]:
    """The case's assessments, oldest first."""
    found = select(Assessment).where(Assessment.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Assessment.number))]


def decisions_of(session: Session, tracking_number: str) -> list[Decision]:
    """The case's decisions, oldest first."""
    found = select(Decision).where(Decision.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Decision.number))]
