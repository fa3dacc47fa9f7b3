"""The status of a case, as the read model has it ready: no more and no less than declared here."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from contracts.complaints import EscalationTarget, Referral
from contracts.data_request import Side
from contracts.documents import DocumentKind
from contracts.envelope import Role
from contracts.intake import Purpose
from contracts.verification import Outcome
from gateway.actions import Action
from gateway.stages import CaseKind, Status


class Part(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(extra="forbid")


class Words(Part):
    """A text in Indonesian and English."""

    model_config = ConfigDict(title="Text", extra="forbid", from_attributes=True)

    id: str
    en: str


class StandardRef(Part):
    id: str
    version: str


class MissingRequirement(Part):
    requirement: str
    label: Words | None


class Rejection(Part):
    """Why data are not given."""

    ground: str
    label: Words | None


class DeadlineStep(Part):
    """One calendar day: counted or not, and why."""

    date: date
    counted: bool
    reason: str
    text_id: str
    text_en: str


class ClockPause(Part):
    """A time in which the clock stood still; `end` is null while it does."""

    start: datetime
    end: datetime | None
    reason_code: str
    text: Words | None


class MovedDeadline(Part):
    """The office's calendar moved the promised time, because of these days."""

    at: datetime
    was: datetime
    due: datetime
    because: tuple[DeadlineStep, ...]


class ExplainedDeadline(Part):
    """The promised time. `due` is null while the clock is paused; `in_time` until it is kept."""

    due: datetime | None
    received_at: datetime
    starts: datetime
    working_days: int
    paused: bool
    steps: tuple[DeadlineStep, ...]
    pauses: tuple[ClockPause, ...]
    changes: tuple[MovedDeadline, ...]
    missed: bool
    in_time: bool | None
    promise: Words | None
    text: Words


class PresentStep(Part):
    """The step that waits for the office, and until when the office wants it."""

    id: str
    due: datetime
    text: Words | None


class WhereToGo(Part):
    """Who handles what is not this office's business."""

    code: Referral
    name: Words
    address: Words


class PreparedPackage(Part):
    """The data package; `size` in bytes."""

    edition: int
    sha256: str
    size: int


class TimelineEntry(Part):
    at: datetime
    event: str
    label: Words
    actor_role: Role


class IssuedDocument(Part):
    code: str
    kind: DocumentKind
    label: Words
    number: str
    issued_at: datetime
    sha256: str
    size: int
    self_made_certificate: bool
    revoked: bool
    url: str
    verify_url: str


class CaseStatus(Part):
    """A case's status. `next` says what happens next, `actions` what the resident may do now,
    `missing` what they have to bring."""

    tracking_number: str
    kind: CaseKind
    purpose: Purpose | None
    status: Status
    label: Words
    next: Words
    actions: tuple[Action, ...]
    outcome: Outcome | None
    rejection: Rejection | None
    closed: bool
    district: str | None
    standard: StandardRef | None
    received_at: datetime | None
    updated_at: datetime
    missing: tuple[MissingRequirement, ...]
    deadline: ExplainedDeadline | None
    step: PresentStep | None
    escalated_to: EscalationTarget | None
    referral: WhereToGo | None
    package: PreparedPackage | None
    signed: tuple[Side, ...]
    downloads: int
    reopen_until: datetime | None = Field(description="a complaint may be reopened until then")
    score: int | None
    survey_answered: bool
    timeline: tuple[TimelineEntry, ...]
    documents: tuple[IssuedDocument, ...]
