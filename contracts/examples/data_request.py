"""Examples of data_request's events: a letter for research data, until the data are fetched."""

from datetime import date

from contracts.data_request import (
    ClarificationReceived,
    ClarificationRequested,
    Complexity,
    DataDownloaded,
    DataHandedOver,
    DataPrepared,
    DataRequestApproved,
    DataRequestDispositioned,
    DataRequestRejected,
    DataRequestWithdrawn,
    DeadlineApproaching,
    DeadlineChanged,
    DeadlineMissed,
    HandoverSigned,
    PersonalDataRead,
    RejectionGround,
    Side,
)
from contracts.deadlines import ClockName
from contracts.envelope import RESIDENT, SYSTEM, DeadlineDay, Role, StepDue
from contracts.examples.cases import (
    AGENCY_HEAD,
    DATA_REQUEST,
    DIVISION_HEAD,
    SOCIAL_WORKER,
    Pause,
    Told,
    december,
    november,
    promise,
)
from contracts.intake import Purpose

_RECEIVED = november(20, 10, 5)
_ASKED, _ANSWERED = november(23, 9, 10), november(23, 10, 55)
_PAUSE = Pause(_ASKED, _ANSWERED, 105, "clarification_requested")
_PACKAGE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_PREPARATION = StepDue(step="preparation", due=december(7))
_FLOOD = DeadlineDay(
    date=date(2026, 12, 3), counted=False, reason="override", text_id="Banjir", text_en="Flood"
)
_HANDOVER = StepDue(step="handover", due=november(30))

_REVIEWED = (
    Told(
        DATA_REQUEST,
        november(20, 13, 40),
        AGENCY_HEAD,
        DataRequestDispositioned(step=StepDue(step="review", due=november(23))),
    ),
    Told(
        DATA_REQUEST,
        _ASKED,
        DIVISION_HEAD,
        ClarificationRequested(
            deadline=promise(
                _RECEIVED, 14, None, pause=Pause(_ASKED, None, 350, "clarification_requested")
            )
        ),
    ),
    Told(
        DATA_REQUEST,
        _ANSWERED,
        RESIDENT,
        ClarificationReceived(
            deadline=promise(_RECEIVED, 14, december(11, 9, 15), pause=_PAUSE),
            step=StepDue(step="review", due=november(24)),
        ),
    ),
    Told(
        DATA_REQUEST,
        november(23, 14, 20),
        DIVISION_HEAD,
        DataRequestApproved(
            complexity=Complexity.MODERATE,
            data_types=3,
            working_days=6,
            social_worker="dewi",
            deadline=promise(_RECEIVED, 6, december(1, 9, 15), pause=_PAUSE),
            step=_PREPARATION,
        ),
    ),
    Told(
        DATA_REQUEST,
        november(23, 14, 20),
        DIVISION_HEAD,
        DataRequestRejected(
            ground=RejectionGround.PERSONAL_DATA_ASKED,
            decided_at=november(23, 14, 20),
            in_time=True,
            working_minutes=540,
            standard="data_request",
            standard_version="2026-1",
        ),
    ),
    Told(DATA_REQUEST, november(23, 9, 40), RESIDENT, DataRequestWithdrawn()),
    Told(
        DATA_REQUEST,
        november(23, 14, 12),
        DIVISION_HEAD,
        PersonalDataRead(purpose="review", fields=("clarifications",)),
    ),
)

_HANDED_OVER = (
    Told(
        DATA_REQUEST,
        november(26, 11, 30),
        SOCIAL_WORKER,
        DataPrepared(
            edition=1,
            package_sha256=_PACKAGE,
            size=18304,
            tables=2,
            suppressed_cells=4,
            flagged_cells=0,
            step=_HANDOVER,
        ),
    ),
    Told(
        DATA_REQUEST,
        november(27, 9, 15),
        SOCIAL_WORKER,
        HandoverSigned(side=Side.OFFICE, step=_HANDOVER),
    ),
    Told(
        DATA_REQUEST,
        november(27, 10, 0),
        RESIDENT,
        DataHandedOver(
            purpose=Purpose.ACADEMIC_RESEARCH,
            package_sha256=_PACKAGE,
            handed_over_at=november(27, 10, 0),
            in_time=True,
            working_minutes=2140,
            standard="data_request",
            standard_version="2026-1",
        ),
    ),
    Told(
        DATA_REQUEST,
        november(27, 10, 30),
        RESIDENT,
        DataDownloaded(number=1, package_sha256=_PACKAGE),
    ),
)

_DEADLINES = (
    Told(
        DATA_REQUEST,
        november(30, 9, 15),
        SYSTEM,
        DeadlineApproaching(clock=ClockName.PROMISE, step=None, due=december(1, 9, 15), role=None),
    ),
    Told(
        DATA_REQUEST,
        december(1, 9, 16),
        SYSTEM,
        DeadlineMissed(
            clock=ClockName.PROMISE,
            step=None,
            due=december(1, 9, 15),
            role=None,
            escalate_to=Role.AGENCY_HEAD,
        ),
    ),
    Told(
        DATA_REQUEST,
        november(24, 8, 0),
        SYSTEM,
        DeadlineChanged(
            clock=ClockName.STEP,
            step=_PREPARATION.step,
            was=_PREPARATION.due,
            due=december(8),
            because=(_FLOOD,),
            deadline=None,
        ),
    ),
)

TOLD = (*_REVIEWED, *_HANDED_OVER, *_DEADLINES)
