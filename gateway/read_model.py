"""Keeps the read model: stores an event, and folds its case anew."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from chassis.database import insert_or_ignore, next_value
from contracts.documents import DocumentIssued
from contracts.envelope import CloudEvent
from gateway.models import CaseStatus, StoredEvent
from gateway.presentation import status_json
from gateway.projection import CaseView, fold, is_shown


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
    known = case.known
    return {
        "version": case.version,
        "body": status_json(case) if known else None,
        "updated_at": case.updated_at if known else None,
        "kind": case.kind if known else None,
        "stage": case.stage if known else None,
        "district": case.district if known else None,
        "due": case.deadline.due if known and case.deadline else None,
        "offered_to": "".join(f",{code}," for code in case.offered_to) if known else None,
        "assigned_to": case.assigned_to if known else None,
    }
