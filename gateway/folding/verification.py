"""Aid verification, from the announcement to the delivery of the result."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import EventData
from contracts.verification import (
    AssignmentReason,
    EligibilityAssessed,
    ResultDelivered,
    VerificationAnnounced,
    VerificationDone,
    VerificationReoffered,
    VerificationWithdrawn,
    VerifierAssigned,
    VisitOutcome,
    VisitReported,
)
from gateway.case_view import CaseView, Kept
from gateway.stages import CaseKind, Stage


def apply(case: CaseView, data: EventData, published: datetime) -> CaseView:
    """Where verification has brought the case."""
    stage = _stage(data)
    if stage is not None:
        case = case.with_part("verification", stage=stage)
    match data:
        case VerificationAnnounced():
            return replace(
                case, offered_to=data.offered_to, district=case.district or data.district
            )
        case VerificationReoffered():
            return replace(case, offered_to=data.offered_to)
        case VerifierAssigned(reason=AssignmentReason.SENT_BACK):
            return replace(case, assigned_to=data.verifier, absences=0)
        case VerifierAssigned():
            return replace(case, assigned_to=data.verifier)
        case VisitReported(outcome=VisitOutcome.NOBODY_HOME):
            return replace(case, absences=case.absences + 1)
        case VisitReported():
            return replace(case, absences=0)
        case VerificationDone():
            return _decided(case, data, published)
    return case


def _stage(data: EventData) -> Stage | None:
    match data:
        case VerifierAssigned(reason=AssignmentReason.SENT_BACK):
            return Stage.SENT_BACK
        case VisitReported(outcome=VisitOutcome.NOBODY_HOME):
            return Stage.NOBODY_HOME
    return _STAGES.get(type(data))


_STAGES: dict[type[EventData], Stage] = {
    VerificationAnnounced: Stage.ANNOUNCED,
    VerificationReoffered: Stage.REOFFERED,
    VerifierAssigned: Stage.ASSIGNED,
    VisitReported: Stage.VISITED,
    EligibilityAssessed: Stage.ASSESSED,
    VerificationDone: Stage.DECIDED,
    ResultDelivered: Stage.DELIVERED,
    VerificationWithdrawn: Stage.WITHDRAWN,
}


def _decided(case: CaseView, data: VerificationDone, published: datetime) -> CaseView:
    at = data.decided_at.astimezone(published.tzinfo)
    return replace(
        case,
        kind=CaseKind(data.kind.value),
        purpose=data.purpose,
        outcome=data.outcome,
        standard=(data.standard, data.standard_version),
        kept=Kept(at, data.in_time, data.working_minutes),
    )
