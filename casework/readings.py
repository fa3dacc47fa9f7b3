"""The log of reads of personal data: who, in which role, when, why, and which fields."""

from datetime import datetime
from typing import Any, Protocol, cast

from sqlalchemy import Column, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Json, UtcDateTime
from chassis.tables import ROW_ID
from chassis.work import Work
from contracts.envelope import EventData


class ReadingColumns:
    """One read; `class PersonalDataReading(ReadingColumns, Base)` gives a service its table.

    `purpose` is a code, `fields` are those that held something.
    """

    __tablename__ = "personal_data_reads"

    id: Mapped[int] = mapped_column(ROW_ID, primary_key=True, autoincrement=True)
    tracking_number: Mapped[str] = mapped_column(String(40), index=True)
    actor: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[str]] = mapped_column(Json)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


def create_readings_table(op: Any) -> None:
    """For a service's first migration: `op` is alembic's."""
    op.create_table(
        "personal_data_reads",
        Column("id", ROW_ID, primary_key=True, autoincrement=True),
        Column("tracking_number", String(40), nullable=False, index=True),
        Column("actor", Text, nullable=False),
        Column("role", String(40), nullable=False),
        Column("purpose", Text, nullable=False),
        Column("fields", Json, nullable=False),
        Column("read_at", UtcDateTime, nullable=False),
    )


class ReadEvent(Protocol):
    """A service's own `personal_data_read`."""

    @property
    def purpose(self) -> str: ...
    @property
    def fields(self) -> tuple[str, ...]: ...


def log_read(work: Work, model: type[ReadingColumns], case: str, event: ReadEvent) -> None:
    """Note the read in the service's table and publish it; nothing when no field held anything."""
    if not event.fields:
        return
    row = model()
    row.tracking_number = case
    row.actor = work.actor.id
    row.role = work.actor.role.value
    row.purpose = event.purpose
    row.fields = [*event.fields]
    row.read_at = work.now
    work.session.add(row)
    work.emit(case, cast(EventData, event))
