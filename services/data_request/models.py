"""The tables of data requests, and the queries on them.

What was written, and the tables and packages themselves, lie in the `sealed` columns, under the
data key of their case.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text, and_, or_, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from casework.clock_tables import ClockColumns, calendar_table
from casework.readings import ReadingColumns
from chassis.database import Json, UtcDateTime, insert_or_ignore
from chassis.tables import messaging_tables
from contracts.data_request import Complexity, Side
from services.data_request.domain import Case, State


class Base(DeclarativeBase):
    """The data-request service's own database."""


messaging_tables(Base.metadata)
calendar_table(Base.metadata)


class Clock(ClockColumns, Base):
    """The clocks of the cases."""


class PersonalDataReading(ReadingColumns, Base):
    """Who read what was written, when and why; `fields` are those of DataRequestDetail."""


class DataRequestCase(Base):
    """A case. Known only by its withdrawal, it has no facts of the request: they are empty."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_register", "handed_over_at", "tracking_number"),)

    tracking_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(40), default="")
    standard: Mapped[str] = mapped_column(String(80), default="")
    standard_version: Mapped[str] = mapped_column(String(20), default="")
    data_types: Mapped[int] = mapped_column(Integer, default=1)
    complexity: Mapped[str | None] = mapped_column(String(20))
    working_days: Mapped[int | None] = mapped_column(Integer)
    social_worker: Mapped[str | None] = mapped_column(Text)
    edition: Mapped[int] = mapped_column(Integer, default=0)
    signed: Mapped[list[str]] = mapped_column(Json, default=list)
    handed_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed_note: Mapped[bytes | None] = mapped_column(LargeBinary)
    wrapped_key: Mapped[str] = mapped_column(Text)

    @property
    def case(self) -> Case:
        """The case as the rules see it; assigning one stores it."""
        return Case(
            state=State(self.state),
            data_types=self.data_types,
            complexity=Complexity(self.complexity) if self.complexity else None,
            working_days=self.working_days,
            social_worker=self.social_worker,
            edition=self.edition,
            signed=tuple(Side(side) for side in self.signed),
        )

    @case.setter
    def case(self, case: Case) -> None:
        self.state = case.state.value
        self.data_types = case.data_types
        self.complexity = case.complexity.value if case.complexity else None
        self.working_days = case.working_days
        self.social_worker = case.social_worker
        self.edition = case.edition
        self.signed = [side.value for side in case.signed]


class Review(Base):
    """A decision of the division head, `number` counting from 1; `sealed` is the whole of it."""

    __tablename__ = "reviews"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("cases.tracking_number"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    reviewed_by: Mapped[str] = mapped_column(Text)
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Clarification(Base):
    """A question to the requester, `number` counting from 1, and the answer once it is there."""

    __tablename__ = "clarifications"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("cases.tracking_number"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed_question: Mapped[bytes] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed_answer: Mapped[bytes | None] = mapped_column(LargeBinary)


class StoredTable(Base):
    """A table that may be released; `sealed` is what was found in it, `sealed_rows` itself."""

    __tablename__ = "tables"
    __table_args__ = (Index("ix_tables_case", "tracking_number", "stored_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tracking_number: Mapped[str] = mapped_column(ForeignKey("cases.tracking_number"))
    stored_by: Mapped[str] = mapped_column(Text)
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_rows: Mapped[bytes] = mapped_column(LargeBinary)


class Package(Base):
    """An edition of the package: `sealed` is its description, `sealed_archive` the archive."""

    __tablename__ = "packages"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("cases.tracking_number"), primary_key=True
    )
    edition: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_archive: Mapped[bytes] = mapped_column(LargeBinary)


class Signature(Base):
    """One side's signature for one edition; `sealed` is the whole of it."""

    __tablename__ = "signatures"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("cases.tracking_number"), primary_key=True
    )
    edition: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    side: Mapped[str] = mapped_column(String(20), primary_key=True)
    signed_by: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Download(Base):
    """Who fetched the package, and when; `number` counts from 1."""

    __tablename__ = "downloads"

    tracking_number: Mapped[str] = mapped_column(
        ForeignKey("cases.tracking_number"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    actor: Mapped[str] = mapped_column(Text)
    downloaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


def opened_case(session: Session, tracking_number: str, wrapped_key: str) -> DataRequestCase:
    """The case, locked; made if this is the first that is heard of it."""
    new = {"state": State.EXPECTED.value, "wrapped_key": wrapped_key}
    insert_or_ignore(session, DataRequestCase, {"tracking_number": tracking_number, **new})
    row = locked_case(session, tracking_number)
    if row is None:
        raise LookupError("a case that was just made")
    return row


def locked_case(session: Session, tracking_number: str) -> DataRequestCase | None:
    """The case, locked until the transaction ends, so that two moves cannot cross."""
    return session.scalar(
        select(DataRequestCase)
        .where(DataRequestCase.tracking_number == tracking_number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def reviews_of(session: Session, tracking_number: str) -> list[Review]:
    """The case's reviews, oldest first."""
    found = select(Review).where(Review.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Review.number))]


def clarifications_of(session: Session, tracking_number: str) -> list[Clarification]:
    """The case's clarifications, oldest first."""
    found = select(Clarification).where(Clarification.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Clarification.number))]


def tables_of(session: Session, tracking_number: str) -> list[StoredTable]:
    """The case's tables, oldest first."""
    found = select(StoredTable).where(StoredTable.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(StoredTable.stored_at, StoredTable.id))]


def package_of(session: Session, row: DataRequestCase) -> Package:
    """The present edition of the case's package; raises NoResultFound before the first."""
    return session.get_one(Package, (row.tracking_number, row.edition))


def packages_of(session: Session, tracking_number: str) -> list[Package]:
    """Every edition of the case's package, oldest first."""
    found = select(Package).where(Package.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Package.edition))]


def signatures_of(session: Session, row: DataRequestCase) -> list[Signature]:
    """The signatures for the present edition, oldest first."""
    found = select(Signature).where(
        Signature.tracking_number == row.tracking_number, Signature.edition == row.edition
    )
    return [*session.scalars(found.order_by(Signature.signed_at, Signature.side))]


def downloads_of(session: Session, tracking_number: str) -> list[Download]:
    """The case's downloads, oldest first."""
    found = select(Download).where(Download.tracking_number == tracking_number)
    return [*session.scalars(found.order_by(Download.number))]


def handed_over_cases(
    session: Session, limit: int, before: tuple[datetime, str] | None
) -> list[DataRequestCase]:
    """Cases handed over, newest first; those after `before`, the moment and case of another one."""
    found = select(DataRequestCase).where(DataRequestCase.handed_over_at.is_not(None))
    if before is not None:
        moment, number = before
        same_moment = and_(
            DataRequestCase.handed_over_at == moment, DataRequestCase.tracking_number < number
        )
        found = found.where(or_(DataRequestCase.handed_over_at < moment, same_moment))
    newest_first = (DataRequestCase.handed_over_at.desc(), DataRequestCase.tracking_number.desc())
    return [*session.scalars(found.order_by(*newest_first).limit(limit))]
