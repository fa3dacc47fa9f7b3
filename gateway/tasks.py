"""What waits for whom, by role, district and deadline."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from sqlalchemy import ColumnElement, and_, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, defer

from chassis.database import UtcDateTime
from contracts.envelope import TRACKING_NUMBER, Actor
from contracts.errors import ErrorCode, Refusal
from gateway.duties import Duty, Reach, duties_of
from gateway.models import CaseStatus
from gateway.stages import CaseKind, Stage, Status
from standards.wording import Text

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # a task without a deadline comes last


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Narrows what waits: `mine` is assigned to me, `unowned` to nobody.

    `due_before` and `overdue` look at the promise and at the step, whichever is due first.
    """

    mine: bool = False
    unowned: bool = False
    district: str | None = None
    due_before: datetime | None = None
    overdue: bool = False
    kind: CaseKind | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One case that waits for a move: `todo` says which, `method` and `path` how to make it.

    `due` is the promise to the resident, None once it has ended; `step_due` is when the office
    wants the move made.
    """

    tracking_number: str
    kind: CaseKind
    status: Status
    todo: Text
    method: str
    path: str
    district: str | None
    due: datetime | None
    step_due: datetime | None
    overdue: bool
    escalated_to: str | None
    assigned_to: str | None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Tasks in the order of their deadlines; `next_cursor` asks for those after them."""

    tasks: tuple[Task, ...]
    next_cursor: str | None


def tasks_for(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    zone: tzinfo,
    limit: int = 50,
    cursor: str | None = None,
    chosen: TaskFilter | None = None,
) -> TaskPage:
    """What waits for the actor, at most `limit` tasks, but no complaint about them.

    The order is by what is due first, the promise or the step, and then by tracking number. `now`
    decides what is overdue; deadlines are shown in `zone`. Raises a refusal with validation_failed
    for a cursor that no page has given.
    """
    duties = duties_of(actor.role)
    waiting = or_(false(), *(_waits_for(actor, duty) for duty in duties))
    about_another = or_(CaseStatus.concerns.is_(None), CaseStatus.concerns != actor.id)
    order = (func.coalesce(CaseStatus.next_due, _moment(_NEVER)), CaseStatus.tracking_number)
    conditions = [waiting, about_another, *_narrowed(actor, now, chosen or TaskFilter())]
    if cursor is not None:
        due, tracking_number = _read_cursor(cursor)
        conditions.append(tuple_(*order) > tuple_(_moment(due), literal(tracking_number)))
    found = select(CaseStatus).where(*conditions).order_by(*order).limit(limit + 1)
    cases = session.scalars(found.options(defer(CaseStatus.body))).all()
    tasks = tuple(_task(case, duties, now, zone) for case in cases[:limit])
    return TaskPage(tasks, _cursor(cases[limit - 1]) if len(cases) > limit else None)


def _waits_for(actor: Actor, duty: Duty) -> ColumnElement[bool]:
    at_stage = and_(CaseStatus.kind == duty.kind, CaseStatus.stage.in_(duty.stages))
    own = CaseStatus.assigned_to == actor.id
    match duty.reach:
        case Reach.OFFERED:
            offered = (
                CaseStatus.offered_to.contains(f",{district},", autoescape=True)
                for district in actor.districts
            )
            return and_(at_stage, or_(false(), *offered))
        case Reach.OWN:
            return and_(at_stage, own)
        case Reach.FREE:
            return and_(at_stage, or_(CaseStatus.assigned_to.is_(None), own))
        case Reach.ESCALATED:
            return and_(at_stage, or_(CaseStatus.escalated_to == actor.role, own))
        case Reach.OFFICE:
            return at_stage


def _narrowed(actor: Actor, now: datetime, chosen: TaskFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.mine:
        conditions.append(CaseStatus.assigned_to == actor.id)
    if chosen.unowned:
        conditions.append(CaseStatus.assigned_to.is_(None))
    if chosen.district is not None:
        conditions.append(CaseStatus.district == chosen.district)
    if chosen.due_before is not None:
        conditions.append(CaseStatus.next_due < chosen.due_before)
    if chosen.overdue:
        conditions.append(CaseStatus.next_due < now)
    if chosen.kind is not None:
        conditions.append(CaseStatus.kind == chosen.kind)
    return conditions


def _task(case: CaseStatus, duties: Sequence[Duty], now: datetime, zone: tzinfo) -> Task:
    kind, stage = CaseKind(str(case.kind)), Stage(str(case.stage))
    duty = next(duty for duty in duties if duty.kind is kind and stage in duty.stages)
    return Task(
        tracking_number=case.tracking_number,
        kind=kind,
        status=stage.status,
        todo=duty.text,
        method="POST",
        path=duty.path(case.tracking_number),
        district=case.district,
        due=case.due and case.due.astimezone(zone),
        step_due=case.step_due and case.step_due.astimezone(zone),
        overdue=case.next_due is not None and case.next_due < now,
        escalated_to=case.escalated_to,
        assigned_to=case.assigned_to,
    )


def _cursor(case: CaseStatus) -> str:
    due = case.next_due or _NEVER
    return base64.urlsafe_b64encode(f"{due.isoformat()} {case.tracking_number}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        due, _, tracking_number = base64.urlsafe_b64decode(cursor).decode().partition(" ")
        moment = datetime.fromisoformat(due)
        if moment.tzinfo is None or not re.fullmatch(TRACKING_NUMBER, tracking_number):
            raise ValueError
        moment = moment.astimezone(UTC)
    except (binascii.Error, ValueError, OverflowError):
        errors = [{"field": "cursor", "code": "invalid"}]
        raise Refusal(ErrorCode.VALIDATION_FAILED, errors=errors) from None
    return moment, tracking_number


def _moment(value: datetime) -> ColumnElement[datetime]:
    return literal(value, UtcDateTime())
