"""The events of one complaint, as the complaints service publishes them."""

from datetime import timedelta

from contracts.complaints import (
    CheckResult,
    ComplaintChannel,
    ComplaintChecked,
    ComplaintCoordinated,
    ComplaintEscalated,
    ComplaintKind,
    ComplaintRated,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintResolved,
    ComplaintResponded,
    ComplaintSupplemented,
    Element,
    EscalationReason,
    EscalationTarget,
    Missing,
    Referral,
    Scope,
    SurveyAnswered,
)
from contracts.envelope import DeadlinePause, EventData
from tests.case_events import DEADLINE, DUE, RECEIVED_AT
from tests.data_request_events import AN_HOUR, step

COMPLAINT = "ADU-20261123-0001"
STANDARD = {"standard": "complaint", "standard_version": "2026-1"}
PROMISED = DEADLINE.model_copy(update={"working_days": 3, "due": DUE + timedelta(days=2)})
SENT_BACK = PROMISED.model_copy(
    update={
        "due": None,
        "paused": True,
        "pauses": (
            DeadlinePause(
                start=RECEIVED_AT + AN_HOUR, end=None, reason_code="complaint_incomplete"
            ),
        ),
    }
)
REOPENED_DUE = DUE + timedelta(days=20)

COMPLAINED = ComplaintReceived(
    kind=ComplaintKind.COMPLAINT,
    channel=ComplaintChannel.WEBSITE,
    received_at=RECEIVED_AT,
    entered_at=RECEIVED_AT,
    deadline=PROMISED,
    step=step("check"),
    **STANDARD,
)
INCOMPLETE = ComplaintChecked(
    result=CheckResult.INCOMPLETE, missing=(Missing.EVIDENCE,), owner="dewi", deadline=SENT_BACK
)
SUPPLEMENTED = ComplaintSupplemented(attachments=1, deadline=PROMISED, step=step("check", 30))
CHECKED = ComplaintChecked(
    result=CheckResult.COMPLETE, owner="dewi", deadline=PROMISED, step=step("coordination", 36)
)
NOT_OURS = ComplaintChecked(
    result=CheckResult.NOT_OURS,
    referral=Referral.CIVIL_REGISTRY,
    owner="dewi",
    deadline=PROMISED,
    in_time=True,
    working_minutes=60,
)
ASKED = ComplaintCoordinated(
    coordination=1,
    scope=Scope.INTERNAL,
    stage="asked",
    answer_due=DUE,
    step=step("coordination", 40),
)
REMINDED = ASKED.model_copy(update={"stage": "reminded"})
ANSWERED = ASKED.model_copy(
    update={"stage": "answered", "answer_due": None, "step": step("response", 48)}
)
RESPONDED = ComplaintResponded(
    number=1,
    responded_at=RECEIVED_AT + 30 * AN_HOUR,
    in_time=True,
    working_minutes=600,
    step=step("resolution", 200),
    **STANDARD,
)
ESCALATED = ComplaintEscalated(
    to=EscalationTarget.DIVISION_HEAD,
    reason=EscalationReason.OVERDUE,
    office_due=DUE,
    step=step("coordination", 36),
)
RESOLVED = ComplaintResolved(
    resolved_at=RECEIVED_AT + 40 * AN_HOUR, reopen_until=RECEIVED_AT + timedelta(days=14)
)
RATED = ComplaintRated(score=4)
REOPENED = ComplaintReopened(
    number=1,
    deadline=PROMISED.model_copy(update={"due": REOPENED_DUE}),
    step=step("response", 480),
)
SURVEYED = SurveyAnswered(scores=dict.fromkeys(Element, 3))

TO_THE_RESOLUTION: tuple[EventData, ...] = (
    COMPLAINED,
    CHECKED,
    ASKED,
    ANSWERED,
    RESPONDED,
    RESOLVED,
    RATED,
    SURVEYED,
)
"""A complaint from its receipt to its rating, in the order of the mechanism."""
