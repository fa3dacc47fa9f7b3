"""What the gateway knows of the cases, and what waits for whom."""

import base64
import binascii
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from sqlalchemy import ColumnElement, and_, bindparam, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, defer

from chassis.database import UtcDateTime
from contracts.envelope import TRACKING_NUMBER, Actor
from contracts.errors import ErrorCode, Refusal
from gateway.duties import Duty, Reach, duties_of
from gateway.models import CaseStatus, StoredEvent
from gateway.stages import Stage, Status
from standards.wording import Text

UNOWNED = (Stage.ANNOUNCED, Stage.REOFFERED)
"""Offered to the verifiers, and taken by none."""

# Built once: the most asked question of all.
_STATUS = select(CaseStatus.version, CaseStatus.updated_at, CaseStatus.body).where(
    CaseStatus.tracking_number == bindparam("number"), CaseStatus.body.is_not(None)
)
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # a task without a deadline comes last


@dataclass(frozen=True, slots=True)
class StatusView:
    """A case's status: `body` is its JSON, `version` grows with every event."""

    version: int
    updated_at: datetime
    body: str

    @property
    def tag(self) -> str:
        """Names these very bytes: a rebuild with newer texts changes them, not the version."""
        return f"{self.version}-{zlib.crc32(self.body.encode()):08x}"


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Narrows what waits: `mine` is assigned to me, `unowned` offered and taken by nobody."""

    mine: bool = False
    unowned: bool = False
    district: str | None = None
    due_before: datetime | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One case that waits for a move: `todo` says which, `method` and `path` how to make it."""

    tracking_number: str
    kind: str
    status: Status
    todo: Text
    method: str
    path: str
    district: str | None
    due: datetime | None
    overdue: bool
    assigned_to: str | None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Tasks in the order of their deadlines; `next_cursor` asks for those after them."""

    tasks: tuple[Task, ...]
    next_cursor: str | None


def status_of(session: Session, tracking_number: str) -> StatusView | None:
    """The case's status, None while no event has said that there is such a case."""
    row = session.execute(_STATUS, {"number": tracking_number}).one_or_none()
    return None if row is None else StatusView(row.version, row.updated_at, row.body)


def document_case(session: Session, code: str) -> str | None:
    """The tracking number of the case that a document was issued for, None for an unknown code."""
    return session.scalars(
        select(StoredEvent.tracking_number).where(StoredEvent.document_code == code).limit(1)
    ).one_or_none()


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
    """What waits for the actor, by deadline and then tracking number, at most `limit` tasks.

    `now` decides what is overdue; deadlines are shown in `zone`. Raises a refusal with
    validation_failed for a cursor that no page has given.
    """
    duties = duties_of(actor.role)
    waiting = or_(false(), *(_waits_for(actor, duty) for duty in duties))
    order = (func.coalesce(CaseStatus.due, _moment(_NEVER)), CaseStatus.tracking_number)
    conditions = [waiting, *_narrowed(actor, now, chosen or TaskFilter())]
    if cursor is not None:
        due, tracking_number = _read_cursor(cursor)
        conditions.append(tuple_(*order) > tuple_(_moment(due), literal(tracking_number)))
    found = select(CaseStatus).where(*conditions).order_by(*order).limit(limit + 1)
    cases = session.scalars(found.options(defer(CaseStatus.body))).all()
    tasks = tuple(_task(case, duties, now, zone) for case in cases[:limit])
    return TaskPage(tasks, _cursor(cases[limit - 1]) if len(cases) > limit else None)


def _waits_for(actor: Actor, duty: Duty) -> ColumnElement[bool]:
    at_stage = CaseStatus.stage.in_(duty.stages)
    match duty.reach:
        case Reach.OFFERED:
            offered = (
                CaseStatus.offered_to.contains(f",{district},", autoescape=True)
                for district in actor.districts
            )
            return and_(at_stage, or_(false(), *offered))
        case Reach.OWN:
            return and_(at_stage, CaseStatus.assigned_to == actor.id)
        case Reach.OFFICE:
            return at_stage


def _narrowed(actor: Actor, now: datetime, chosen: TaskFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.mine:
        conditions.append(CaseStatus.assigned_to == actor.id)
    if chosen.unowned:
        conditions.append(CaseStatus.stage.in_(UNOWNED))
    if chosen.district is not None:
        conditions.append(CaseStatus.district == chosen.district)
    if chosen.due_before is not None:
        conditions.append(CaseStatus.due < chosen.due_before)
    if chosen.overdue:
        conditions.append(CaseStatus.due < now)
    return conditions


def _task(case: CaseStatus, duties: Sequence[Duty], now: datetime, zone: tzinfo) -> Task:
    stage = Stage(str(case.stage))
    duty = next(duty for duty in duties if stage in duty.stages)
    return Task(
        tracking_number=case.tracking_number,
        kind=str(case.kind),
        status=stage.status,
        todo=duty.text,
        method="POST",
        path=duty.path(case.tracking_number),
        district=case.district,
        due=case.due and case.due.astimezone(zone),
        overdue=case.due is not None and case.due < now,
        assigned_to=case.assigned_to,
    )


def _cursor(case: CaseStatus) -> str:
    due = case.due or _NEVER
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
