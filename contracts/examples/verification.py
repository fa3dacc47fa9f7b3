"""Examples of verification's events: announced, visited, decided, delivered."""

from datetime import date

from contracts.deadlines import ClockName
from contracts.envelope import RESIDENT, SYSTEM, Role, StepDue
from contracts.examples.cases import (
    COUNTER,
    DIVISION_HEAD,
    SOCIAL_WORKER,
    VERIFICATION,
    VERIFIER,
    Pause,
    Told,
    flooded,
    november,
    promise,
)
from contracts.examples.intake import RESUMED
from contracts.intake import Purpose, RequestKind
from contracts.verification import (
    AssignmentReason,
    DeadlineApproaching,
    DeadlineChanged,
    DeadlineMissed,
    DeliveryMethod,
    EligibilityAssessed,
    Outcome,
    PersonalDataRead,
    ResultDelivered,
    VerificationAnnounced,
    VerificationDone,
    VerificationReoffered,
    VerificationWithdrawn,
    VerifierAssigned,
    VisitOutcome,
    VisitReported,
)

_SOUTH, _WEST = "63.71.01", "63.71.03"
_FLOOD = date(2026, 11, 23)
_VISIT = StepDue(step="visit", due=november(20, 15, 40))

_OFFERED = (
    Told(
        VERIFICATION,
        november(20, 10, 3),
        SYSTEM,
        VerificationAnnounced(
            district=_WEST,
            offered_to=(_WEST,),
            offer_until=november(20, 11, 3),
            deadline=RESUMED,
            step=StepDue(step="claim", due=november(20, 11, 3)),
        ),
    ),
    Told(
        VERIFICATION,
        november(20, 11, 3),
        SYSTEM,
        VerificationReoffered(
            wave=2,
            offered_to=(_SOUTH, _WEST),
            offer_until=november(20, 13, 33),
            step=StepDue(step="claim", due=november(20, 13, 33)),
        ),
    ),
    Told(
        VERIFICATION,
        november(20, 11, 10),
        VERIFIER,
        VerifierAssigned(verifier="budi", reason=AssignmentReason.CLAIM, step=_VISIT),
    ),
)

_JUDGED = (
    Told(
        VERIFICATION,
        november(23, 9, 30),
        VERIFIER,
        VisitReported(
            visit="0199aa10-5c00-7000-8000-0000000000a1",
            outcome=VisitOutcome.HOUSEHOLD_VISITED,
            attempt=1,
            visited_at=november(23, 9, 5),
            photos=3,
            step=StepDue(step="assessment", due=november(23, 10, 30)),
        ),
    ),
    Told(
        VERIFICATION,
        november(23, 10, 20),
        SOCIAL_WORKER,
        EligibilityAssessed(
            recommendation=Outcome.ELIGIBLE,
            team_discussion=False,
            step=StepDue(step="decision", due=november(23, 11, 20)),
        ),
    ),
    Told(
        VERIFICATION,
        november(23, 11, 15),
        DIVISION_HEAD,
        VerificationDone(
            kind=RequestKind.ASSISTANCE_VERIFICATION,
            purpose=Purpose.JAMKESDA,
            outcome=Outcome.ELIGIBLE,
            decided_at=november(23, 11, 15),
            in_time=True,
            working_minutes=552,
            standard="aid_verification",
            standard_version="2026-1",
            step=StepDue(step="delivery", due=november(23, 14, 15)),
        ),
    ),
    Told(VERIFICATION, november(20, 15, 0), RESIDENT, VerificationWithdrawn()),
    Told(
        VERIFICATION,
        november(23, 14, 0),
        COUNTER,
        ResultDelivered(method=DeliveryMethod.ORAL_AND_LETTER, delivered_at=november(23, 14, 0)),
    ),
    Told(
        VERIFICATION,
        november(23, 11, 2),
        DIVISION_HEAD,
        PersonalDataRead(purpose="decision", fields=("visits", "assessments")),
    ),
)

_DEADLINES = (
    Told(
        VERIFICATION,
        november(20, 14, 40),
        SYSTEM,
        DeadlineApproaching(
            clock=ClockName.STEP, step=_VISIT.step, due=_VISIT.due, role=Role.VERIFIER
        ),
    ),
    Told(
        VERIFICATION,
        november(20, 15, 41),
        SYSTEM,
        DeadlineMissed(
            clock=ClockName.STEP,
            step=_VISIT.step,
            due=_VISIT.due,
            role=Role.VERIFIER,
            escalate_to=Role.DIVISION_HEAD,
        ),
    ),
    Told(
        VERIFICATION,
        november(20, 16, 10),
        SYSTEM,
        DeadlineChanged(
            clock=ClockName.PROMISE,
            step=None,
            was=november(24, 7, 51),
            due=november(25, 7, 51),
            because=(flooded(_FLOOD),),
            deadline=promise(
                november(20, 9, 12),
                1,
                november(25, 7, 51),
                pause=Pause(november(20, 9, 20), november(20, 9, 41), 21, "request_incomplete"),
                flood=_FLOOD,
            ),
        ),
    ),
)

TOLD = (*_OFFERED, *_JUDGED, *_DEADLINES)
