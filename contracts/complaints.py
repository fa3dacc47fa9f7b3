"""Complaints: events the service publishes, commands it takes. Identity and matter stand in
commands only."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from contracts import deadlines, subject
from contracts.envelope import (
    AttachmentContent,
    AttachmentRef,
    CaseMove,
    Command,
    Contact,
    Contacts,
    ContactWay,
    Contract,
    DeadlineView,
    Done,
    EventData,
    Query,
)


class ComplaintKind(StrEnum):
    """Pengaduan, or saran dan masukan (mechanism of the published standards)."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


class ComplaintChannel(StrEnum):
    """How it reached the office; `counter` is oral, the others are written."""

    BOX = "box"
    EMAIL = "email"
    WEBSITE = "website"
    WHATSAPP = "whatsapp"
    COUNTER = "counter"


class CheckResult(StrEnum):
    """What the administrative check finds."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NOT_OURS = "not_ours"


class Missing(StrEnum):
    """What an incomplete complaint may lack."""

    IDENTITY = "identity"
    MATTER = "matter"
    EVIDENCE = "evidence"
    PLACE_AND_TIME = "place_and_time"


class Referral(StrEnum):
    """Where to go with what is not this office's business."""

    LAPOR = "lapor"
    CIVIL_REGISTRY = "civil_registry"
    HEALTH_OFFICE = "health_office"
    EDUCATION_OFFICE = "education_office"
    HEALTH_INSURANCE = "health_insurance"
    POLICE = "police"
    CITY_HALL = "city_hall"


class Scope(StrEnum):
    """Koordinasi internal/eksternal."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class EscalationTarget(StrEnum):
    DIVISION_HEAD = "division_head"
    AGENCY_HEAD = "agency_head"
    LAPOR = "lapor"


class EscalationReason(StrEnum):
    """By hand, or by time: nobody took it, it is late, or a partner stays silent."""

    BY_HAND = "by_hand"
    BEYOND_POWER = "beyond_power"
    UNOWNED = "unowned"
    OVERDUE = "overdue"
    SILENT_COORDINATION = "silent_coordination"


class LaporStatus(StrEnum):
    """What came back from SP4N-LAPOR!."""

    FORWARDED = "forwarded"
    ANSWERED = "answered"
    CLOSED = "closed"
    RETURNED = "returned"


class Element(StrEnum):
    """The nine elements of the satisfaction survey (PermenPANRB 14/2017)."""

    REQUIREMENTS = "requirements"
    PROCEDURE = "procedure"
    TIME = "time"
    FEE = "fee"
    PRODUCT = "product"
    COMPETENCE = "competence"
    CONDUCT = "conduct"
    COMPLAINT_HANDLING = "complaint_handling"
    FACILITIES = "facilities"


class Complainant(Contract):
    """Full identity; confidential."""

    name: str
    nik: str
    address: str
    phone: str | None = None
    email: str | None = None


# Events.


class ComplaintReceived(CaseMove):
    """A complaint is registered. The promised time counts from the day it was received.

    `officer` is the staff user name of whom it is about, `about_case` the request it is about.
    """

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "complaint_received"

    kind: ComplaintKind
    channel: ComplaintChannel
    standard: str
    standard_version: str
    received_at: datetime
    entered_at: datetime
    deadline: DeadlineView
    about_case: str | None = None
    officer: str | None = None
    attachments: int = 0
    notify: tuple[ContactWay, ...] = ()


class ComplaintChecked(CaseMove):
    """Administrative check (cek administrasi). Incomplete pauses the clock; not ours closes it.

    `in_time` and `working_minutes` are null unless the result is not_ours, which is the response.
    """

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "complaint_checked"

    result: CheckResult
    missing: tuple[Missing, ...] = ()
    referral: Referral | None = None
    officer: str | None = None
    owner: str
    deadline: DeadlineView
    in_time: bool | None = None
    working_minutes: int | None = None


class ComplaintSupplemented(CaseMove):
    """The complainant sent what was missing. The clock runs again."""

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "complaint_supplemented"

    attachments: int
    deadline: DeadlineView


class ComplaintCoordinated(CaseMove):
    """Coordination number `coordination` (from 1): a partner was asked, reminded, or answered."""

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "complaint_coordinated"

    coordination: int
    scope: Scope
    stage: Literal["asked", "reminded", "answered"]
    answer_due: datetime | None


class ComplaintResponded(CaseMove):
    """The complainant has an answer (Respon pengaduan). `number` counts the responses from 1."""

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "complaint_responded"

    number: int
    responded_at: datetime
    in_time: bool
    working_minutes: int
    standard: str
    standard_version: str


class ComplaintEscalated(CaseMove):
    """Passed upward. `office_due` is the office's promise, `lapor_due` LAPOR!'s own beside it.

    When LAPOR! itself stays silent, the agency head is told, with its `lapor_due`.
    """

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "complaint_escalated"

    to: EscalationTarget
    reason: EscalationReason
    office_due: datetime | None
    lapor_due: datetime | None = None


class LaporReconciled(EventData):
    """What came back from LAPOR! was entered; `agrees` tells whether it says what the case says."""

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "lapor_reconciled"

    status: LaporStatus
    agrees: bool


class ComplaintResolved(CaseMove):
    """The matter is settled (Penyelesaian pengaduan). It may be rated, or reopened until then."""

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "complaint_resolved"

    resolved_at: datetime
    reopen_until: datetime


class ComplaintReopened(CaseMove):
    """The complainant is not content; the promised time starts anew. `number` counts from 1."""

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "complaint_reopened"

    number: int
    deadline: DeadlineView


class ComplaintRated(EventData):
    """The complainant's rating of the answer: `score` is 1 (bad) to 5 (good)."""

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "complaint_rated"

    score: int


class ComplaintWithdrawn(EventData):
    """The complainant no longer wants it."""

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "complaint_withdrawn"


class SurveyAnswered(EventData):
    """A resident's satisfaction with a closed case of any kind: each element 1 (bad) to 4."""

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "survey_answered"

    scores: dict[Element, int]


class PersonalDataRead(EventData):
    """Somebody read identity or matter: `fields` are those of ComplaintDetail."""

    source: ClassVar[str] = "complaints"
    event: ClassVar[str] = "personal_data_read"

    purpose: str
    fields: tuple[str, ...]


class PersonalDataErased(subject.PersonalDataErased):
    """The complainant's key is destroyed, or with `survey_only` the words of a survey alone."""

    source: ClassVar[str] = "complaints"

    survey_only: bool = False


class DeadlineApproaching(deadlines.DeadlineApproaching):
    """The promise or a step of this service is nearly due; told once for each due moment."""

    source: ClassVar[str] = "complaints"


class DeadlineMissed(deadlines.DeadlineMissed):
    """The promise or a step of this service was missed; told once for each due moment."""

    source: ClassVar[str] = "complaints"


class DeadlineChanged(deadlines.DeadlineChanged):
    """The office's calendar moved an open deadline; `because` holds the days that changed it."""

    source: ClassVar[str] = "complaints"


# Commands and queries.


class StoreEvidence(Command):
    """Keep an uploaded file for a complaint. The type is decided by its content, in base64."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "store_evidence"
    reply: ClassVar[type[Contract]] = AttachmentRef

    content: str = Field(repr=False)


class ComplaintRegistered(Contract):
    tracking_number: str
    deadline: DeadlineView


class SubmitComplaint(Command):
    """Register a complaint. `received_at` may precede the entry, for the staff only; a complaint
    from box needs its scan among the attachments."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "submit_complaint"
    reply: ClassVar[type[Contract]] = ComplaintRegistered

    kind: ComplaintKind = ComplaintKind.COMPLAINT
    channel: ComplaintChannel
    complainant: Complainant
    matter: str
    received_at: datetime | None = None
    about_case: str | None = None
    officer: str | None = None
    attachments: tuple[str, ...] = ()
    notify: tuple[Contact, ...] = ()


class CheckComplaint(Command):
    """Administrative check; whoever checks owns the case from then on.

    `missing` with incomplete, `referral` with not_ours; `note` is for the complainant; `officer`
    is the user name of whom it is about, if the check finds that out.
    """

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "check"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    result: CheckResult
    missing: tuple[Missing, ...] = ()
    referral: Referral | None = None
    note: str | None = None
    officer: str | None = None


class SupplementComplaint(Command):
    """The complainant sends what was missing."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "supplement_complaint"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    notes: str | None = None
    attachments: tuple[str, ...] = ()


class CoordinationAsked(Contract):
    tracking_number: str
    state: str
    coordination: int


class CoordinateComplaint(Command):
    """Ask a unit of the office or an agency outside. Without `working_days` the standard's."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "coordinate"
    reply: ClassVar[type[Contract]] = CoordinationAsked

    tracking_number: str
    scope: Scope
    partner: str
    question: str
    working_days: int | None = Field(default=None, ge=1, le=30)


class RecordAnswer(Command):
    """The partner's answer to a coordination."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "record_answer"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    coordination: int
    answer: str


class RespondComplaint(Command):
    """Answer the complainant; the letter follows."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "respond"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    response: str


class ResolveComplaint(Command):
    """Settle the matter."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "resolve"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    resolution: str


class EscalateComplaint(Command):
    """Pass it upward by hand; to LAPOR! only what is beyond the office's power."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "escalate"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    to: EscalationTarget
    words: str


class ReconcileLapor(Command):
    """Enter what came back from LAPOR!. `lapor_number` is LAPOR!'s own tracking id, one for each
    escalation to it; `occurred_at` lies after that escalation."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "reconcile_lapor"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    lapor_number: str
    status: LaporStatus
    occurred_at: datetime
    words: str | None = None


class RateComplaint(Command):
    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "rate"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    score: int = Field(ge=1, le=5)
    words: str | None = None


class ReopenComplaint(Command):
    """Refused with reopening_too_late after the window."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "reopen"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    words: str


class WithdrawComplaint(Command):
    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "withdraw"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str


class AnswerSurvey(Command):
    """Answer the satisfaction survey of a closed case of any kind; once."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "answer_survey"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    scores: dict[Element, int]
    words: str | None = None


class CoordinationDetail(Contract):
    coordination: int
    scope: Scope
    partner: str
    question: str
    asked_by: str
    asked_at: datetime
    answer_due: datetime
    reminders: int
    answer: str | None
    answered_at: datetime | None


class WrittenDetail(Contract):
    """A response, resolution, reopening, escalation or check, in the order of writing; `lapor` is
    what LAPOR! wrote."""

    what: Literal[
        "check",
        "supplement",
        "response",
        "resolution",
        "escalation",
        "lapor",
        "rating",
        "reopening",
    ]
    words: str | None
    by: str
    at: datetime


class ComplaintDetail(Contract):
    """The whole complaint. `complainant` is null for who may not see the identity; `escalated_to`
    is the highest level since it was reopened last."""

    tracking_number: str
    state: str
    kind: ComplaintKind
    channel: ComplaintChannel
    complainant: Complainant | None
    matter: str
    about_case: str | None
    owner: str | None
    escalated_to: EscalationTarget | None
    attachments: tuple[AttachmentRef, ...]
    coordinations: tuple[CoordinationDetail, ...]
    written: tuple[WrittenDetail, ...]
    missing: tuple[Missing, ...]
    referral: Referral | None
    received_at: datetime
    entered_at: datetime
    standard: str
    standard_version: str
    deadline: DeadlineView
    score: int | None


class ReadComplaint(Query):
    """Read it; `purpose` is a code, the read is logged and published.

    The service decides by the actor's role whether the identity is shown; the officer whom it is
    about gets case_not_found. The resident, whose access code the gateway has asked for, gets it
    without identity, coordinations, and words of escalation, LAPOR! and rating.
    """

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "read_complaint"
    reply: ClassVar[type[Contract]] = ComplaintDetail

    tracking_number: str
    purpose: str


class ReadEvidence(Query):
    """One attachment of a complaint, for who may see the identity; logged and published."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "read_evidence"
    reply: ClassVar[type[Contract]] = AttachmentContent

    tracking_number: str
    attachment: str
    purpose: str


class ReadContacts(Query):
    """Read how the complainant wants to be told. `purpose` is a code; logged and published."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "read_contacts"
    reply: ClassVar[type[Contract]] = Contacts

    tracking_number: str
    purpose: str


class LaporRecord(Contract):
    """A complaint as it is entered at LAPOR!, both deadlines side by side, and what came back.

    What came back is the newest by `occurred_at`. LAPOR! closes what stays without a word until
    `closes_at`, null once it is closed there.
    `category` and `title` are LAPOR!'s fields; the identity goes along because LAPOR! asks for it.
    """

    tracking_number: str
    title: str
    category: str
    matter: str
    complainant: Complainant
    received_at: datetime
    escalated_at: datetime
    office_due: datetime | None
    lapor_forward_due: datetime
    lapor_answer_due: datetime
    lapor_number: str | None
    lapor_status: LaporStatus | None
    lapor_updated_at: datetime | None
    closes_at: datetime | None
    agrees: bool | None


class ExportLapor(Query):
    """The export record of a complaint escalated to LAPOR!; logged and published as a read."""

    service: ClassVar[str] = "complaints"
    method: ClassVar[str] = "export_lapor"
    reply: ClassVar[type[Contract]] = LaporRecord

    tracking_number: str
    purpose: str


class ReadSubject(subject.ReadSubject):
    """Every complaint of the person, and the words of surveys about the cases. Never a complaint
    about the person."""

    service: ClassVar[str] = "complaints"


class EraseSubject(subject.EraseSubject):
    """Who complained."""

    service: ClassVar[str] = "complaints"
