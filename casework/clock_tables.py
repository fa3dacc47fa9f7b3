"""The table in which a service keeps the clocks of its cases, and how one of its rows moves."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Json, UtcDateTime

Told = Literal["approaching", "missed"]

_JUST_AFTER = timedelta(microseconds=1)


class ClockColumns:
    """One clock of a case; `class Clock(ClockColumns, Base)` gives a service its table.

    `deadline` is standards.deadline.Deadline as a dict, for the promise. `told` holds, by due
    moment, what was said of it. `alarm_at` is the moment from which something is to be told, None
    when nothing is; `calendar` names the calendar that `due` was worked out with, None when the
    clock stands still or has stopped.
    """

    __tablename__ = "clocks"

    tracking_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    clock: Mapped[str] = mapped_column(String(10), primary_key=True)
    step: Mapped[str | None] = mapped_column(String(40))
    standard: Mapped[str] = mapped_column(String(80))
    standard_version: Mapped[str] = mapped_column(String(20))
    running: Mapped[bool] = mapped_column(Boolean)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline: Mapped[dict[str, Any] | None] = mapped_column(Json)
    due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approach_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told: Mapped[dict[str, list[Told]]] = mapped_column(Json)
    alarm_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    calendar: Mapped[str | None] = mapped_column(String(64), index=True)

    def aim(self, due: datetime | None, approach_at: datetime | None, calendar: str) -> None:
        """Let it run until `due`, or stand still without one."""
        self.due, self.approach_at = due, approach_at
        self.calendar = calendar if due is not None else None
        self.set_alarm()

    def halt(self) -> None:
        """Stop it; nothing is told of it any more."""
        self.running = False
        self.alarm_at = self.calendar = None

    @property
    def said(self) -> tuple[Told, ...]:
        """What was told of the present due moment."""
        return tuple(self.told.get(_key(self.due), ())) if self.due is not None else ()

    def say(self, *told: Told) -> None:
        """Remember that this was told of the present due moment."""
        if self.due is not None:
            self.told = self.told | {_key(self.due): [*self.said, *told]}
        self.set_alarm()

    def to_tell(self, now: datetime) -> Told | None:
        """What is to be told now: that it approaches always first, that it is missed only after."""
        if self.alarm_at is None or self.alarm_at > now:
            return None
        return "missed" if "approaching" in self.said else "approaching"

    def set_alarm(self) -> None:
        """Work `alarm_at` out anew. A clock is missed from the first moment after `due`."""
        said, self.alarm_at = self.said, None
        if self.running and self.due is not None:
            if "approaching" not in said:
                self.alarm_at = self.approach_at
            elif "missed" not in said:
                self.alarm_at = self.due + _JUST_AFTER


def calendar_table(metadata: MetaData) -> Table:
    """One row: the calendar in force, and when a process confirmed it. Declared at the first call.

    A service's models call it beside their `class Clock(ClockColumns, Base)`.
    """
    if "calendar_in_force" not in metadata.tables:
        Table("calendar_in_force", metadata, *_calendar_columns())
    return metadata.tables["calendar_in_force"]


def create_clock_tables(op: Any) -> None:
    """For a service's first migration: `op` is alembic's."""
    op.create_table("calendar_in_force", *_calendar_columns())
    op.create_table(
        "clocks",
        Column("tracking_number", String(40), primary_key=True),
        Column("clock", String(10), primary_key=True),
        Column("step", String(40), nullable=True),
        Column("standard", String(80), nullable=False),
        Column("standard_version", String(20), nullable=False),
        Column("running", Boolean, nullable=False),
        Column("started_at", UtcDateTime, nullable=False),
        Column("deadline", Json, nullable=True),
        Column("due", UtcDateTime, nullable=True),
        Column("approach_at", UtcDateTime, nullable=True),
        Column("told", Json, nullable=False),
        Column("alarm_at", UtcDateTime, nullable=True),
        Column("calendar", String(64), nullable=True),
        Index("ix_clocks_alarm_at", "alarm_at"),
        Index("ix_clocks_calendar", "calendar"),
    )


def _calendar_columns() -> list[Column[Any]]:
    return [
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("calendar", String(64), nullable=False),
        Column("confirmed_at", UtcDateTime, nullable=False),
    ]


def _key(due: datetime) -> str:
    return due.astimezone(UTC).isoformat()
