"""The gateway's tables: the events as they came, and each case as they add up."""

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database import UtcDateTime
from chassis.tables import messaging_tables


class Base(DeclarativeBase):
    """Every table of the gateway's database."""


messaging_tables(Base.metadata)


class StoredEvent(Base):
    """One event, once. `body` is the CloudEvent in JSON; `shown` tells whether residents see it."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_tracking_number", "tracking_number"),
        Index("ix_events_document_code", "document_code"),
    )

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    tracking_number: Mapped[str] = mapped_column(Text)
    shown: Mapped[bool] = mapped_column(Boolean)
    document_code: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)


class CaseStatus(Base):
    """One case, folded from its events: `body` is the status ready to be served.

    Everything is empty until an event says what kind of case it is. `offered_to` holds the
    districts' codes, each between commas; `assigned_to` and `concerns` (whom a complaint is about,
    and who never sees it) are staff user names. `due` is the promise's while it runs, `next_due`
    the earlier of `due` and `step_due`. `received_month` ("2026-11", office time) is the month of
    receipt; `done_at`, `in_time` and `working_minutes` tell how the promise ended. `survey` is the
    resident's answer in JSON, given in `surveyed_month`.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_stage", "stage", "next_due", "tracking_number"),
        Index("ix_cases_received_month", "received_month"),
        Index("ix_cases_surveyed_month", "surveyed_month"),
    )

    tracking_number: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kind: Mapped[str | None] = mapped_column(String(40))
    stage: Mapped[str | None] = mapped_column(String(40))
    closed: Mapped[bool | None] = mapped_column(Boolean)
    district: Mapped[str | None] = mapped_column(String(20))
    due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    step_due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offered_to: Mapped[str | None] = mapped_column(Text)
    assigned_to: Mapped[str | None] = mapped_column(Text)
    concerns: Mapped[str | None] = mapped_column(Text)
    escalated_to: Mapped[str | None] = mapped_column(String(40))
    standard: Mapped[str | None] = mapped_column(String(60))
    received_month: Mapped[str | None] = mapped_column(String(7))
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    in_time: Mapped[bool | None] = mapped_column(Boolean)
    working_minutes: Mapped[int | None] = mapped_column(Integer)
    surveyed_month: Mapped[str | None] = mapped_column(String(7))
    survey: Mapped[str | None] = mapped_column(Text)
