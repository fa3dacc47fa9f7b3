"""The events of one aid verification, as its services publish them."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from contracts.documents import DocumentIssued, DocumentKind
from contracts.envelope import CloudEvent, DeadlineDay, DeadlineView, EventData, Role
from contracts.intake import (
    Channel,
    Purpose,
    RequestCompleted,
    RequestKind,
    RequestReceived,
)
from contracts.verification import (
    AssignmentReason,
    DeliveryMethod,
    EligibilityAssessed,
    Outcome,
    ResultDelivered,
    VerificationAnnounced,
    VerificationDone,
    VerifierAssigned,
    VisitOutcome,
    VisitReported,
)

CASE = "VRF-20261123-0001"
OFFICE = timezone(timedelta(hours=8))
RECEIVED_AT = datetime(2026, 11, 23, 9, 0, tzinfo=OFFICE)
DUE = datetime(2026, 11, 24, 16, 0, tzinfo=OFFICE)
DEADLINE = DeadlineView(
    due=DUE,
    received_at=RECEIVED_AT,
    starts=RECEIVED_AT,
    working_days=1,
    steps=(
        DeadlineDay(
            date=date(2026, 11, 24),
            counted=True,
            reason="working_day",
            text_id="Hari kerja ke-1",
            text_en="Working day 1",
        ),
    ),
)
PAUSED = DEADLINE.model_copy(update={"due": None, "paused": True})
DISTRICT = "63.71.03"

RECEIVED = RequestReceived(
    kind=RequestKind.ASSISTANCE_VERIFICATION,
    channel=Channel.COUNTER,
    purpose=Purpose.JAMKESDA,
    district=DISTRICT,
    village="63.71.03.1003",
    standard="aid_verification",
    standard_version="2026-1",
    received_at=RECEIVED_AT.astimezone(UTC),
    deadline=DEADLINE,
)
COMPLETED = RequestCompleted(
    **{
        **RECEIVED.model_dump(include=set(RequestCompleted.model_fields)),
        "deadline": DEADLINE,
    }
)
ANNOUNCED = VerificationAnnounced(
    district=DISTRICT,
    offered_to=(DISTRICT,),
    offer_until=RECEIVED_AT + timedelta(hours=1),
    deadline=DEADLINE,
)
CLAIMED = VerifierAssigned(verifier="andi", reason=AssignmentReason.CLAIM)
SENT_BACK = VerifierAssigned(verifier="andi", reason=AssignmentReason.SENT_BACK)
VISITED = VisitReported(
    visit="v-1",
    outcome=VisitOutcome.HOUSEHOLD_VISITED,
    attempt=1,
    visited_at=RECEIVED_AT + timedelta(hours=3),
    photos=2,
)
NOBODY_HOME = VISITED.model_copy(update={"outcome": VisitOutcome.NOBODY_HOME})
ASSESSED = EligibilityAssessed(recommendation=Outcome.ELIGIBLE, team_discussion=False)
DECIDED = VerificationDone(
    kind=RequestKind.ASSISTANCE_VERIFICATION,
    purpose=Purpose.JAMKESDA,
    outcome=Outcome.ELIGIBLE,
    decided_at=RECEIVED_AT + timedelta(hours=5),
    in_time=True,
    working_minutes=240,
    standard="aid_verification",
    standard_version="2026-1",
)
RECEIPT = DocumentIssued(
    kind=DocumentKind.RECEIPT,
    code="R3CE1PT",
    number="001/TT/XI/2026",
    sha256="a" * 64,
    size=1000,
    issued_at=RECEIVED_AT.astimezone(UTC),
    self_made_certificate=True,
)
LETTER = RECEIPT.model_copy(
    update={"kind": DocumentKind.VERIFICATION_LETTER, "code": "L3TT3R", "number": "080/7/2026"}
)
DELIVERED = ResultDelivered(
    method=DeliveryMethod.ORAL_AND_LETTER, delivered_at=RECEIVED_AT + timedelta(hours=6)
)

TO_THE_LETTER: tuple[EventData, ...] = (
    RECEIVED,
    RECEIPT,
    COMPLETED,
    ANNOUNCED,
    CLAIMED,
    VISITED,
    ASSESSED,
    DECIDED,
    LETTER,
    DELIVERED,
)
"""A case from the counter to the resident's hands, in the order of the procedure."""

_ROLES = {
    "request_received": Role.RESIDENT,
    "request_completed": Role.COUNTER_OFFICER,
    "verifier_assigned": Role.VERIFIER,
    "visit_reported": Role.VERIFIER,
    "eligibility_assessed": Role.SOCIAL_WORKER,
    "verification_done": Role.DIVISION_HEAD,
    "result_delivered": Role.COUNTER_OFFICER,
}


class Story:
    """Publishes events a minute apart, each caused by the one before, in its source's sequence."""

    def __init__(self, case: str = CASE, starts: datetime = RECEIVED_AT) -> None:
        self.case = case
        self.events: list[CloudEvent] = []
        self._starts = starts
        self._sequences: dict[str, int] = {}

    def tell(self, *steps: EventData) -> list[CloudEvent]:
        """Publish these steps; returns them as they travel."""
        return [
            self.publish(step.source, step.event, step.model_dump(mode="json")) for step in steps
        ]

    def publish(
        self, source: str, name: str, data: dict[str, Any], at: datetime | None = None
    ) -> CloudEvent:
        """Publish one event of any name, known to this version or not."""
        sequence = self._sequences[source] = self._sequences.get(source, 0) + 1
        cause = self.events[-1].id if self.events else "command-1"
        event = CloudEvent(
            id=f"{self.case}-{len(self.events) + 1:03}",
            source=f"/services/{source}",
            type=f"sigap.{name}.v1",
            subject=self.case,
            time=at or self._starts + timedelta(minutes=len(self.events)),
            sequence=str(sequence),
            correlationid=self.case,
            causationid=cause,
            actor="system",
            actorrole=_ROLES.get(name, Role.SYSTEM),
            data=data,
        )
        self.events.append(event)
        return event


def told(*steps: EventData) -> list[CloudEvent]:
    """The events of a case that went through these steps."""
    return Story().tell(*steps)
