"""Clocks taken by a job: a batch at a time, each with its case, which is locked."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework.clock_tables import ClockColumns

BATCH = 100

Taken = list[tuple[Any, ClockColumns]]


def clock_batches(
    session: Session,
    model: type[ClockColumns],
    cases: type[Any],
    wanted: ColumnElement[bool],
    *order: Any,
) -> Iterator[Taken]:
    """Clocks that fit `wanted`, up to BATCH at once, until none is left that can be had.

    A case that another transaction holds is left to it: nothing is waited for, so nothing can
    deadlock. What a clock said before its case was locked may have been told or stopped since, so
    it is read again under the lock. Whoever asks for the next batch has seen to it that the last
    one no longer fits, and has committed.
    """
    lockable = (
        select(cases)
        .join(model, model.tracking_number == cases.tracking_number)
        .where(wanted)
        .order_by(*order)
        .limit(BATCH)
        .with_for_update(of=cases, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    while locked := {case.tracking_number: case for case in session.scalars(lockable)}:
        under_lock = (
            select(model)
            .where(model.tracking_number.in_(locked), wanted)
            .order_by(*order)
            .execution_options(populate_existing=True)
        )
        yield [(locked[row.tracking_number], row) for row in session.scalars(under_lock)]
