"""Examples of intake's events: a request for verification, from the web to the counter."""

from datetime import date

from contracts.deadlines import ClockName
from contracts.envelope import RESIDENT, SYSTEM, ContactWay, Role, StepDue
from contracts.examples.cases import (
    COUNTER,
    VERIFICATION,
    Pause,
    Told,
    flooded,
    november,
    promise,
)
from contracts.intake import (
    Channel,
    DeadlineApproaching,
    DeadlineChanged,
    DeadlineMissed,
    PersonalDataRead,
    Purpose,
    RequestCompleted,
    RequestKind,
    RequestReceived,
    RequestReturned,
    RequestSupplemented,
    RequestWithdrawn,
)

_RECEIVED, _RETURNED, _SUPPLEMENTED = (november(20, 9, minute) for minute in (12, 20, 41))
_FLOOD = date(2026, 11, 23)

RUNNING = promise(_RECEIVED, 1, november(23))
PAUSED = promise(_RECEIVED, 1, None, pause=Pause(_RETURNED, None, 340, "request_incomplete"))
RESUMED = promise(
    _RECEIVED,
    1,
    november(24, 7, 51),
    pause=Pause(_RETURNED, _SUPPLEMENTED, 21, "request_incomplete"),
)
MOVED = promise(_RECEIVED, 1, november(24), flood=_FLOOD)
_IDENTIFICATION = StepDue(step="identification", due=november(20, 10, 41))

TOLD = (
    Told(
        VERIFICATION,
        _RECEIVED,
        RESIDENT,
        RequestReceived(
            kind=RequestKind.ASSISTANCE_VERIFICATION,
            channel=Channel.WEB,
            purpose=Purpose.JAMKESDA,
            district="63.71.03",
            village="63.71.03.1003",
            standard="aid_verification",
            standard_version="2026-1",
            received_at=_RECEIVED,
            deadline=RUNNING,
            warnings=("nik_birth_date_differs",),
            attachments=2,
            notify=(ContactWay.EMAIL,),
            step=StepDue(step="identification", due=november(20, 10, 12)),
        ),
    ),
    Told(
        VERIFICATION,
        _RETURNED,
        COUNTER,
        RequestReturned(missing=("identity_document",), deadline=PAUSED),
    ),
    Told(
        VERIFICATION,
        _SUPPLEMENTED,
        RESIDENT,
        RequestSupplemented(attachments=1, deadline=RESUMED, step=_IDENTIFICATION),
    ),
    Told(
        VERIFICATION,
        november(20, 10, 3),
        COUNTER,
        RequestCompleted(
            kind=RequestKind.ASSISTANCE_VERIFICATION,
            purpose=Purpose.JAMKESDA,
            district="63.71.03",
            village="63.71.03.1003",
            standard="aid_verification",
            standard_version="2026-1",
            received_at=_RECEIVED,
            deadline=RESUMED,
        ),
    ),
    Told(VERIFICATION, november(20, 9, 50), RESIDENT, RequestWithdrawn(stage="intake")),
    Told(
        VERIFICATION,
        november(20, 10, 1),
        COUNTER,
        PersonalDataRead(purpose="identification", fields=("applicant", "address")),
    ),
    Told(
        VERIFICATION,
        november(20, 10, 26),
        SYSTEM,
        DeadlineApproaching(
            clock=ClockName.STEP,
            step=_IDENTIFICATION.step,
            due=_IDENTIFICATION.due,
            role=Role.COUNTER_OFFICER,
        ),
    ),
    Told(
        VERIFICATION,
        november(20, 10, 42),
        SYSTEM,
        DeadlineMissed(
            clock=ClockName.STEP,
            step=_IDENTIFICATION.step,
            due=_IDENTIFICATION.due,
            role=Role.COUNTER_OFFICER,
            escalate_to=Role.DIVISION_HEAD,
        ),
    ),
    Told(
        VERIFICATION,
        november(20, 9, 15),
        SYSTEM,
        DeadlineChanged(
            clock=ClockName.PROMISE,
            step=None,
            was=november(23),
            due=november(24),
            because=(flooded(_FLOOD),),
            deadline=MOVED,
        ),
    ),
)
