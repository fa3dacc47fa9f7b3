"""Tracking numbers: kind, day of registration at the office, number of that day."""

from datetime import date
from re import fullmatch
from typing import Any, Literal

from sqlalchemy import Column, Date, Integer, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.database import next_value
from contracts.envelope import TRACKING_NUMBER


class DayCounterColumns:
    """How many cases were registered under a prefix on a day of the office;
    `class DayCounter(DayCounterColumns, Base)` gives a service its table."""

    __tablename__ = "day_counters"

    prefix: Mapped[str] = mapped_column(String(3), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    value: Mapped[int] = mapped_column(Integer)


def create_day_counters_table(op: Any) -> None:
    """For a service's first migration: `op` is alembic's."""
    op.create_table(
        "day_counters",
        Column("prefix", String(3), primary_key=True),
        Column("day", Date, primary_key=True),
        Column("value", Integer, nullable=False),
    )


def next_tracking_number(
    session: Session,
    model: type[DayCounterColumns],
    prefix: Literal["VRF", "DTA", "ADU"],
    day: date,
) -> str:
    """The next `VRF-YYYYMMDD-NNNN` of the day, unique and without gaps.

    The day's counter stays locked until the transaction ends. `day` is the office's.
    """
    number = next_value(session, model, {"prefix": prefix, "day": day})
    return f"{prefix}-{day:%Y%m%d}-{number:04d}"


def is_tracking_number(text: str) -> bool:
    """Whether a case could have this name."""
    return fullmatch(TRACKING_NUMBER, text) is not None
