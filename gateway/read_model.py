"""Keeps the read model: stores an event, and folds its case anew."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from chassis.database import insert_or_ignore, next_value
from contracts.documents import DocumentIssued
from contracts.envelope import CloudEvent
from gateway.case_view import CaseView
from gateway.models import CaseStatus, StoredEvent
from gateway.presentation import status_json
from gateway.projection import fold, is_shown
from gateway.stages import Stage


def record(session: Session, event: CloudEvent) -> None:
    """Store the event and bring its case up to date; storing it again changes nothing."""
    insert_or_ignore(session, StoredEvent, stored(event))
    if is_shown(event):
        refold(session, event.subject)


def stored(event: CloudEvent) -> dict[str, Any]:
    """The event as a row of the events table."""
    issued = event.type == DocumentIssued.cloud_event_type()
    code = event.data.get("code") if issued else None
    return {
        "id": event.id,
        "tracking_number": event.subject,
        "shown": is_shown(event),
        "document_code": code if isinstance(code, str) else None,
        "body": event.model_dump_json(exclude_none=True),
    }


def refold(session: Session, tracking_number: str) -> None:
    """Fold the case anew from the events stored so far; without any, the case goes."""
    # Counting up creates the row and locks it: whoever comes second reads both their events.
    next_value(session, CaseStatus, {"tracking_number": tracking_number}, column="version")
    case = fold(tracking_number, _events(session, tracking_number))
    row = CaseStatus.tracking_number == tracking_number
    if case.version == 0:
        session.execute(delete(CaseStatus).where(row))
    else:
        session.execute(update(CaseStatus).where(row).values(**_columns(case)))


def _events(session: Session, tracking_number: str) -> list[CloudEvent]:
    bodies = session.scalars(
        select(StoredEvent.body).where(
            StoredEvent.tracking_number == tracking_number, StoredEvent.shown
        )
    )
    return [CloudEvent.model_validate_json(body) for body in bodies]


def _columns(case: CaseView) -> dict[str, Any]:
    """The case's row; nothing but its version until it is known what kind of case it is."""
    if not case.known:
        names = {column.name for column in CaseStatus.__table__.columns}
        return dict.fromkeys(names - {"tracking_number"}) | {"version": case.version}
    return {
        "version": case.version,
        "body": status_json(case),
        "updated_at": case.updated_at,
        "kind": case.kind,
        "stage": case.stage,
        "closed": case.status.closed,
        "district": case.district,
        "offered_to": "".join(f",{code}," for code in case.offered_to),
        "assigned_to": case.assigned_to,
        "concerns": case.concerns,
        "escalated_to": case.escalated_to,
        "standard": case.standard and case.standard[0],
        "received_month": case.received_at and _month(case.received_at),
        "received_at": case.received_at,
        "surveyed_month": case.surveyed_at and _month(case.surveyed_at),
        "survey": json.dumps(case.survey, sort_keys=True) if case.survey else None,
        **_due(case),
        **_done(case),
    }


def _due(case: CaseView) -> dict[str, Any]:
    """A promise that has ended is due no more."""
    running = case.deadline if case.kept is None and not case.status.closed else None
    due = running.due if running else None
    step_due = case.step.due if case.step else None
    dues = [moment for moment in (due, step_due) if moment is not None]
    return {"due": due, "step_due": step_due, "next_due": min(dues, default=None)}


def _done(case: CaseView) -> dict[str, Any]:
    """A complaint that was reopened has several promises: late in one is late.

    It is open until it is answered again; when it is withdrawn instead, its answers still count.
    """
    promises = (*case.kept_before, *((case.kept,) if case.kept else ()))
    running = case.kept is None and case.stage is not Stage.WITHDRAWN
    if running or not promises:
        return {"done_at": None, "in_time": None, "working_minutes": None}
    return {
        "done_at": promises[-1].at,
        "in_time": all(each.in_time for each in promises),
        "working_minutes": sum(each.working_minutes for each in promises),
    }


def _month(moment: datetime) -> str:
    return f"{moment:%Y-%m}"
