"""Complaints, and the survey that follows any case."""

from dataclasses import replace
from datetime import datetime

from contracts.complaints import (
    CheckResult,
    ComplaintChecked,
    ComplaintCoordinated,
    ComplaintEscalated,
    ComplaintRated,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintResolved,
    ComplaintResponded,
    ComplaintSupplemented,
    ComplaintWithdrawn,
    Element,
    EscalationTarget,
    SurveyAnswered,
)
from contracts.envelope import EventData
from gateway.case_view import CaseView, Kept
from gateway.stages import CaseKind, Stage

_CHECKED = {
    CheckResult.COMPLETE: Stage.CHECKED,
    CheckResult.INCOMPLETE: Stage.INCOMPLETE,
    CheckResult.NOT_OURS: Stage.REDIRECTED,
}


def apply(case: CaseView, data: EventData, published: datetime) -> CaseView:
    """Where the complaint has come."""
    match data:
        case ComplaintReceived():
            return _at(_received(case, data, published), Stage.RECEIVED)
        case ComplaintChecked():
            return _at(_checked(case, data, published), _CHECKED[data.result])
        case ComplaintSupplemented():
            return replace(_at(case, Stage.RECEIVED), missing=())
        case ComplaintCoordinated():
            return _coordinated(case, data)
        case ComplaintResponded():
            return _at(_responded(case, data, published), Stage.RESPONDED)
        case ComplaintResolved():
            until = data.reopen_until.astimezone(published.tzinfo)
            return replace(_at(case, Stage.RESOLVED), reopen_until=until)
        case ComplaintReopened():
            return _at(_reopened(case), Stage.CHECKED)
        case ComplaintWithdrawn():
            return _at(case, Stage.WITHDRAWN)
        case ComplaintEscalated():
            return replace(case, escalated_to=_higher(case.escalated_to, data.to))
        case ComplaintRated():
            return replace(case, score=data.score)
        case SurveyAnswered() if set(data.scores) == set(Element):
            return replace(case, survey=data.scores, surveyed_at=published)
    return case


def _at(case: CaseView, stage: Stage) -> CaseView:
    return case.with_part("complaints", stage=stage)


def _received(case: CaseView, data: ComplaintReceived, published: datetime) -> CaseView:
    return replace(
        case,
        kind=CaseKind.COMPLAINT,
        standard=(data.standard, data.standard_version),
        received_at=data.received_at.astimezone(published.tzinfo),
        concerns=data.officer,
    )


def _checked(case: CaseView, data: ComplaintChecked, published: datetime) -> CaseView:
    checked = replace(
        case,
        assigned_to=data.owner,
        missing=tuple(each.value for each in data.missing),
        referral=data.referral,
        concerns=data.officer or case.concerns,
    )
    if data.in_time is None or data.working_minutes is None:
        return checked
    return replace(checked, kept=Kept(published, data.in_time, data.working_minutes))


def _coordinated(case: CaseView, data: ComplaintCoordinated) -> CaseView:
    """A partner may still answer when the complaint has its response, or is reopened."""
    this = {data.coordination}
    if data.stage == "asked":
        return replace(_at(case, Stage.COORDINATING), awaited=case.awaited | this)
    if data.stage == "answered":
        case = replace(case, awaited=case.awaited - this)
    if case.part("complaints").stage is Stage.COORDINATING and not case.awaited:
        return _at(case, Stage.COORDINATED)
    return case


def _higher(one: EscalationTarget | None, other: EscalationTarget) -> EscalationTarget:
    ladder = tuple(EscalationTarget)
    return other if one is None else max(one, other, key=ladder.index)


def _responded(case: CaseView, data: ComplaintResponded, published: datetime) -> CaseView:
    known = replace(case, kind=CaseKind.COMPLAINT, standard=(data.standard, data.standard_version))
    if case.kept is not None:  # the promise was for the first answer
        return known
    at = data.responded_at.astimezone(published.tzinfo)
    return replace(known, kept=Kept(at, data.in_time, data.working_minutes))


def _reopened(case: CaseView) -> CaseView:
    kept = (case.kept,) if case.kept else ()
    return replace(
        case,
        kept=None,
        kept_before=(*case.kept_before, *kept),
        escalated_to=None,
        reopen_until=None,
        score=None,
    )
