"""The two clocks of a case, as the service that keeps them tells of them."""

from dataclasses import replace
from datetime import datetime

from contracts.complaints import ComplaintWithdrawn
from contracts.data_request import DataRequestWithdrawn
from contracts.deadlines import (
    ClockName,
    DeadlineApproaching,
    DeadlineChanged,
    DeadlineMissed,
)
from contracts.envelope import CaseMove, DeadlineView, EventData, StepDue
from contracts.intake import RequestCompleted, RequestKind, RequestWithdrawn
from contracts.verification import ResultDelivered, VerificationWithdrawn
from gateway.case_view import CaseView, Change

_ENDS = (
    RequestWithdrawn,
    VerificationWithdrawn,
    ResultDelivered,
    DataRequestWithdrawn,
    ComplaintWithdrawn,
)


def apply(case: CaseView, data: EventData, published: datetime) -> CaseView:
    """What the event says of the promise and of the step that waits."""
    deadline: DeadlineView | None = getattr(data, "deadline", None)
    if deadline is not None:
        case = _promise(case, data.source, _with_offset(deadline, published), published)
    match data:
        case DeadlineMissed(clock=ClockName.PROMISE):
            return replace(case, missed_dues=case.missed_dues | {data.due})
        case DeadlineChanged(clock=ClockName.PROMISE):
            change = Change(
                published,
                data.was.astimezone(published.tzinfo),
                data.due.astimezone(published.tzinfo),
                data.because,
            )
            return replace(case, changes=(*case.changes, change))
        case DeadlineApproaching() | DeadlineMissed() | DeadlineChanged():
            if data.step is None:
                return case
            return _step(case, data.source, StepDue(step=data.step, due=data.due), published)
        case CaseMove():
            return _step(case, data.source, data.step, published)
    return _step(case, data.source, None, published) if _ends_step(data) else case


def _ends_step(data: EventData) -> bool:
    """A completed data request waits for the disposition, as it did when it was received."""
    if isinstance(data, RequestCompleted):
        return data.kind is not RequestKind.DATA_REQUEST
    return isinstance(data, _ENDS)


def _promise(case: CaseView, source: str, deadline: DeadlineView, now: datetime) -> CaseView:
    """A missed promise stays so while it stands still, and where it is moved but not ahead."""
    due = deadline.due
    behind = due is None or due <= now
    missed_dues = case.missed_dues - {None}
    if case.missed and behind:
        missed_dues |= {due}
    return replace(case.with_part(source, deadline=deadline), missed_dues=missed_dues)


def _step(case: CaseView, source: str, step: StepDue | None, published: datetime) -> CaseView:
    if step is not None:
        step = StepDue(step=step.step, due=step.due.astimezone(published.tzinfo))
    return case.with_part(source, step=step)


def _with_offset(deadline: DeadlineView, published: datetime) -> DeadlineView:
    zone = published.tzinfo
    pauses = (
        pause.model_copy(
            update={
                "start": pause.start.astimezone(zone),
                "end": pause.end and pause.end.astimezone(zone),
            }
        )
        for pause in deadline.pauses
    )
    return deadline.model_copy(
        update={
            "received_at": deadline.received_at.astimezone(zone),
            "starts": deadline.starts.astimezone(zone),
            "due": deadline.due and deadline.due.astimezone(zone),
            "pauses": tuple(pauses),
        }
    )
