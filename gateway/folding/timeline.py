"""Which events stand in the timeline, and what they mean there."""

from contracts.complaints import (
    ComplaintChecked,
    ComplaintCoordinated,
    ComplaintEscalated,
    ComplaintReceived,
    LaporReconciled,
)
from contracts.data_request import HandoverSigned
from contracts.deadlines import (
    ClockName,
    DeadlineApproaching,
    DeadlineChanged,
    DeadlineMissed,
)
from contracts.documents import DocumentIssued, DocumentRevoked
from contracts.envelope import EventData
from contracts.intake import RequestCompleted, RequestReceived, RequestWithdrawn
from contracts.subject import KEEPERS, PersonalDataErased
from contracts.verification import VerificationDone, VerifierAssigned, VisitReported


def stands_in_timeline(data: EventData | None) -> bool:
    """Not what another service has announced already, nor the office's clock of a step."""
    match data:
        case RequestWithdrawn(stage=stage):
            return stage == "intake"
        case DeadlineApproaching() | DeadlineMissed() | DeadlineChanged():
            return data.clock is ClockName.PROMISE
        case PersonalDataErased():
            return data.source in KEEPERS and not getattr(data, "survey_only", False)
    return True


def variant(data: EventData | None) -> str | None:
    """What tells apart the things that the same event can mean, as its label needs it."""
    match data:
        case RequestReceived(kind=value) | RequestCompleted(kind=value):
            return value.value
        case VisitReported(outcome=value) | VerificationDone(outcome=value):
            return value.value
        case VerifierAssigned(reason=value):
            return value.value
        case HandoverSigned(side=value):
            return value.value
        case ComplaintReceived(kind=value) | DocumentIssued(kind=value):
            return value.value
        case ComplaintChecked(result=value) | ComplaintEscalated(to=value):
            return value.value
        case LaporReconciled(status=value):
            return value.value
        case ComplaintCoordinated(stage="asked"):
            return f"asked.{data.scope.value}"
        case ComplaintCoordinated(stage=stage) | DocumentRevoked(reason=stage):
            return stage
    return None
