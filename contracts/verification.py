"""Verification: events it publishes, commands it takes. Findings stand in commands only."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from contracts import deadlines, subject
from contracts.envelope import CaseMove, Command, Contract, DeadlineView, Done, EventData, Query
from contracts.intake import Purpose, RequestKind


class Outcome(StrEnum):
    """The result of an assessment or a decision."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"


class VisitOutcome(StrEnum):
    HOUSEHOLD_VISITED = "household_visited"
    NOBODY_HOME = "nobody_home"


class AssignmentReason(StrEnum):
    CLAIM = "claim"
    APPOINTMENT = "appointment"
    SENT_BACK = "sent_back"


class DeliveryMethod(StrEnum):
    """Oral information and/or the letter (procedure, step 6)."""

    ORAL = "oral"
    LETTER = "letter"
    ORAL_AND_LETTER = "oral_and_letter"


# Events.


class VerificationAnnounced(CaseMove):
    """Offered to the designated verifiers of these districts until `offer_until`."""

    source: ClassVar[str] = "verification"
    event: ClassVar[str] = "verification_announced"

    district: str
    offered_to: tuple[str, ...]
    offer_until: datetime
    deadline: DeadlineView


class VerificationReoffered(CaseMove):
    """Nobody claimed it in time: offered again, wider. `wave` counts from 2."""

    source: ClassVar[str] = "verification"
    event: ClassVar[str] = "verification_reoffered"

    wave: int
    offered_to: tuple[str, ...]
    offer_until: datetime | None


class VerifierAssigned(CaseMove):
    """`verifier` is a staff user name."""

    source: ClassVar[str] = "verification"
    event: ClassVar[str] = "verifier_assigned"

    verifier: str
    reason: AssignmentReason


class VisitReported(CaseMove):
    """A visit took place, or nobody was home. `attempt` counts from 1."""

    source: ClassVar[str] = "verification"
    event: ClassVar[str] = "visit_reported"

    visit: str
    outcome: VisitOutcome
    attempt: int
    visited_at: datetime
    photos: int


class EligibilityAssessed(CaseMove):
    """The social worker's recommendation."""

    source: ClassVar[str] = "verification"
    event: ClassVar[str] = "eligibility_assessed"

    recommendation: Outcome
    team_discussion: bool


class VerificationDone(CaseMove):
    """The division head decided. `in_time` compares the decision with the promised time.

    `working_minutes` are the office minutes that the promise's clock ran.
    """

    source: ClassVar[str] = "verification"
    event: ClassVar[str] = "verification_done"

    kind: RequestKind
    purpose: Purpose
    outcome: Outcome
    decided_at: datetime
    in_time: bool
    working_minutes: int
    standard: str
    standard_version: str


class VerificationWithdrawn(EventData):
    """The resident withdrew while the case was with verification."""

    source: ClassVar[str] = "verification"
    event: ClassVar[str] = "verification_withdrawn"


class ResultDelivered(EventData):
    """The resident has the result; the case is closed."""

    source: ClassVar[str] = "verification"
    event: ClassVar[str] = "result_delivered"

    method: DeliveryMethod
    delivered_at: datetime


class PersonalDataRead(EventData):
    """Somebody read findings about a household: `fields` are those of VerificationDetail."""

    source: ClassVar[str] = "verification"
    event: ClassVar[str] = "personal_data_read"

    purpose: str
    fields: tuple[str, ...]


class PersonalDataErased(subject.PersonalDataErased):
    """The case's key is destroyed. `photos` are the attachments of its visits, erased with it."""

    source: ClassVar[str] = "verification"

    photos: tuple[str, ...] = ()


class DeadlineApproaching(deadlines.DeadlineApproaching):
    """The promise or a step of this service is nearly due; told once for each due moment."""

    source: ClassVar[str] = "verification"


class DeadlineMissed(deadlines.DeadlineMissed):
    """The promise or a step of this service was missed; told once for each due moment."""

    source: ClassVar[str] = "verification"


class DeadlineChanged(deadlines.DeadlineChanged):
    """The office's calendar moved an open deadline; `because` holds the days that changed it."""

    source: ClassVar[str] = "verification"


# Commands and queries.


class Position(Contract):
    """WGS 84 degrees and the receiver's accuracy in metres."""

    latitude: float
    longitude: float
    accuracy_m: float


class Photo(Contract):
    """An attachment uploaded before, with the hash the camera's device computed."""

    attachment: str
    sha256: str


class ClaimVerification(Command):
    """Take an announced case; the first claim wins."""

    service: ClassVar[str] = "verification"
    method: ClassVar[str] = "claim"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str


class AssignVerifier(Command):
    """Appoint a verifier, also over an earlier assignment that has no visit yet."""

    service: ClassVar[str] = "verification"
    method: ClassVar[str] = "assign"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    verifier: str


class ReportVisit(Command):
    """Report a visit. `visit` is made by the client: repeating a report changes nothing."""

    service: ClassVar[str] = "verification"
    method: ClassVar[str] = "report_visit"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    visit: str
    outcome: VisitOutcome
    visited_at: datetime
    findings: str | None = None
    household_members: int | None = None
    monthly_income_idr: int | None = None
    photos: tuple[Photo, ...] = ()
    position: Position | None = None


class TeamDiscussion(Contract):
    participants: tuple[str, ...]
    conclusion: str


class AssessEligibility(Command):
    """Recommend, with grounds and, where it was needed, the team's discussion."""

    service: ClassVar[str] = "verification"
    method: ClassVar[str] = "assess"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    recommendation: Outcome
    grounds: str
    team_discussion: TeamDiscussion | None = None


class DecideVerification(Command):
    """Decide, or send back for another visit."""

    service: ClassVar[str] = "verification"
    method: ClassVar[str] = "decide"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    decision: Literal["eligible", "not_eligible", "send_back"]
    grounds: str


class DeliverResult(Command):
    """Record that the resident was told, orally and/or by letter."""

    service: ClassVar[str] = "verification"
    method: ClassVar[str] = "deliver"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    delivery: DeliveryMethod


class WithdrawVerification(Command):
    """Withdraw a case that intake has handed over; refused once it is decided."""

    service: ClassVar[str] = "verification"
    method: ClassVar[str] = "withdraw"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str


class VisitDetail(Contract):
    visit: str
    verifier: str
    outcome: VisitOutcome
    visited_at: datetime
    reported_at: datetime
    findings: str | None
    household_members: int | None
    monthly_income_idr: int | None
    photos: tuple[Photo, ...]
    position: Position | None


class AssessmentDetail(Contract):
    recommendation: Outcome
    grounds: str
    team_discussion: TeamDiscussion | None
    assessed_by: str
    assessed_at: datetime


class DecisionDetail(Contract):
    decision: str
    grounds: str
    decided_by: str
    decided_at: datetime


class VerificationDetail(Contract):
    """The verification's part of a case, with findings."""

    tracking_number: str
    state: str
    district: str
    offered_to: tuple[str, ...]
    offer_until: datetime | None
    wave: int
    verifier: str | None
    visits: tuple[VisitDetail, ...]
    assessments: tuple[AssessmentDetail, ...]
    decisions: tuple[DecisionDetail, ...]
    delivery: DeliveryMethod | None


class ReadVerification(Query):
    """Read it with its findings. `purpose` is a code; the read is logged and published."""

    service: ClassVar[str] = "verification"
    method: ClassVar[str] = "read_verification"
    reply: ClassVar[type[Contract]] = VerificationDetail

    tracking_number: str
    purpose: str


class ReadSubject(subject.ReadSubject):
    """The findings of the cases."""

    service: ClassVar[str] = "verification"
