"""Examples of complaints' events: a letter from the box, its answer, and what came after."""

from datetime import date

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
    ComplaintWithdrawn,
    DeadlineApproaching,
    DeadlineChanged,
    DeadlineMissed,
    Element,
    EscalationReason,
    EscalationTarget,
    LaporReconciled,
    LaporStatus,
    Missing,
    PersonalDataRead,
    Scope,
    SurveyAnswered,
)
from contracts.deadlines import ClockName
from contracts.envelope import RESIDENT, SYSTEM, ContactWay, Role, StepDue
from contracts.examples.cases import (
    COMPLAINT,
    COMPLAINT_OFFICER,
    DIVISION_HEAD,
    Pause,
    Told,
    december,
    flooded,
    november,
    promise,
)

_RECEIVED = november(19, 14, 20)
_CHECKED, _SUPPLEMENTED = november(20, 10, 20), november(20, 14, 5)
_REOPENED = november(30, 9, 0)
_FLOOD = date(2026, 12, 2)
_CHECK = StepDue(step="check", due=november(23))

_ENTERED = (
    Told(
        COMPLAINT,
        november(20, 8, 40),
        COMPLAINT_OFFICER,
        ComplaintReceived(
            kind=ComplaintKind.COMPLAINT,
            channel=ComplaintChannel.BOX,
            standard="complaint",
            standard_version="2026-1",
            received_at=_RECEIVED,
            entered_at=november(20, 8, 40),
            deadline=promise(_RECEIVED, 3, november(24)),
            about_case="VRF-20261116-0004",
            officer="budi",
            attachments=1,
            notify=(ContactWay.WHATSAPP,),
            step=_CHECK,
        ),
    ),
    Told(
        COMPLAINT,
        _CHECKED,
        COMPLAINT_OFFICER,
        ComplaintChecked(
            result=CheckResult.INCOMPLETE,
            missing=(Missing.PLACE_AND_TIME,),
            officer="budi",
            owner="lina",
            deadline=promise(
                _RECEIVED, 3, None, pause=Pause(_CHECKED, None, 280, "complaint_incomplete")
            ),
        ),
    ),
    Told(
        COMPLAINT,
        _SUPPLEMENTED,
        RESIDENT,
        ComplaintSupplemented(
            attachments=0,
            deadline=promise(
                _RECEIVED,
                3,
                november(25, 9, 45),
                pause=Pause(_CHECKED, _SUPPLEMENTED, 135, "complaint_incomplete"),
            ),
            step=_CHECK,
        ),
    ),
    Told(COMPLAINT, november(20, 15, 0), RESIDENT, ComplaintWithdrawn()),
    Told(
        COMPLAINT,
        november(20, 10, 12),
        COMPLAINT_OFFICER,
        PersonalDataRead(purpose="check", fields=("complainant", "matter")),
    ),
)

_HANDLED = (
    Told(
        COMPLAINT,
        november(23, 9, 0),
        COMPLAINT_OFFICER,
        ComplaintCoordinated(
            coordination=1,
            scope=Scope.INTERNAL,
            stage="asked",
            answer_due=november(24),
            step=StepDue(step="coordination", due=november(24)),
        ),
    ),
    Told(
        COMPLAINT,
        november(23, 13, 30),
        DIVISION_HEAD,
        ComplaintEscalated(
            to=EscalationTarget.LAPOR,
            reason=EscalationReason.BEYOND_POWER,
            office_due=november(25, 9, 45),
            lapor_due=november(30),
            step=StepDue(step="response", due=november(25)),
        ),
    ),
    Told(
        COMPLAINT,
        november(25, 14, 0),
        COMPLAINT_OFFICER,
        LaporReconciled(status=LaporStatus.ANSWERED, agrees=True),
    ),
    Told(
        COMPLAINT,
        november(24, 11, 0),
        COMPLAINT_OFFICER,
        ComplaintResponded(
            number=1,
            responded_at=november(24, 11, 0),
            in_time=True,
            working_minutes=1075,
            standard="complaint",
            standard_version="2026-1",
            step=StepDue(step="resolution", due=december(8)),
        ),
    ),
    Told(
        COMPLAINT,
        november(26, 10, 0),
        COMPLAINT_OFFICER,
        ComplaintResolved(resolved_at=november(26, 10, 0), reopen_until=december(10)),
    ),
    Told(
        COMPLAINT,
        _REOPENED,
        RESIDENT,
        ComplaintReopened(
            number=1,
            deadline=promise(_REOPENED, 3, december(3)),
            step=StepDue(step="response", due=december(2)),
        ),
    ),
    Told(COMPLAINT, november(27, 19, 5), RESIDENT, ComplaintRated(score=4)),
    Told(
        COMPLAINT,
        november(27, 19, 10),
        RESIDENT,
        SurveyAnswered(scores={**dict.fromkeys(Element, 3), Element.FEE: 4}),
    ),
)

_DEADLINES = (
    Told(
        COMPLAINT,
        november(23, 14, 0),
        SYSTEM,
        DeadlineApproaching(
            clock=ClockName.STEP, step="check", due=_CHECK.due, role=Role.COMPLAINT_OFFICER
        ),
    ),
    Told(
        COMPLAINT,
        november(23, 16, 1),
        SYSTEM,
        DeadlineMissed(
            clock=ClockName.STEP,
            step="check",
            due=_CHECK.due,
            role=Role.COMPLAINT_OFFICER,
            escalate_to=Role.DIVISION_HEAD,
        ),
    ),
    Told(
        COMPLAINT,
        november(30, 13, 0),
        SYSTEM,
        DeadlineChanged(
            clock=ClockName.PROMISE,
            step=None,
            was=december(3),
            due=december(4, 16, 30),
            because=(flooded(_FLOOD),),
            deadline=promise(_REOPENED, 3, december(4, 16, 30), flood=_FLOOD),
        ),
    ),
)

TOLD = (*_ENTERED, *_HANDLED, *_DEADLINES)
