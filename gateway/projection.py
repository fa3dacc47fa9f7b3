"""What a case's events add up to.

`fold` is pure and right whatever the order in which the events came, and however often: each
service's events are read by its own sequence, and the case's stage is put together from what each
service says of its own part. So a service whose clock runs behind cannot turn a case back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from contracts.catalogue import event_model
from contracts.documents import DocumentIssued, DocumentKind, DocumentRevoked
from contracts.envelope import CloudEvent, DeadlineView, EventData
from contracts.intake import (
    Purpose,
    RequestCompleted,
    RequestKind,
    RequestReceived,
    RequestReturned,
    RequestSupplemented,
    RequestWithdrawn,
)
from contracts.verification import (
    AssignmentReason,
    EligibilityAssessed,
    Outcome,
    ResultDelivered,
    VerificationAnnounced,
    VerificationDone,
    VerificationReoffered,
    VerificationWithdrawn,
    VerifierAssigned,
    VisitOutcome,
    VisitReported,
)
from gateway.order import in_order
from gateway.stages import Stage, Status
from standards.catalogue import UnknownStandard, load

NOT_SHOWN = frozenset({"personal_data_read"})
"""Kept, but no step of the case: they move nothing that a resident or an officer is shown."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline. `variant` tells apart what the same event can mean."""

    at: datetime
    event: str
    variant: str | None
    actor_role: str


@dataclass(frozen=True, slots=True)
class Document:
    """A letter or receipt, as its owner announced it."""

    code: str
    kind: DocumentKind
    number: str
    sha256: str
    size: int
    issued_at: datetime
    self_made_certificate: bool
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as far as its events are known.

    `version` counts the events that are shown, so it grows with each one. `offered_to` holds
    district codes, `assigned_to` a staff user name, `missing` requirement ids. `in_time` is None
    until the case is decided. Moments carry the offset under which the event was published.
    """

    tracking_number: str
    version: int = 0
    kind: RequestKind | None = None
    purpose: Purpose | None = None
    standard: tuple[str, str] | None = None
    district: str | None = None
    received_at: datetime | None = None
    updated_at: datetime | None = None
    deadline: DeadlineView | None = None
    missing: tuple[str, ...] = ()
    offered_to: tuple[str, ...] = ()
    assigned_to: str | None = None
    outcome: Outcome | None = None
    in_time: bool | None = None
    timeline: tuple[Moment, ...] = ()
    documents: tuple[Document, ...] = ()
    intake: Stage | None = None
    verification: Stage | None = None
    absences: int = 0

    @property
    def known(self) -> bool:
        """Whether an event has said what kind of case this is; until then nobody sees it."""
        return self.kind is not None

    @property
    def stage(self) -> Stage:
        """Withdrawn once either side says so, else verification's, which begins as intake ends."""
        if Stage.WITHDRAWN in (self.intake, self.verification):
            return Stage.WITHDRAWN
        stage = self.verification or self.intake or Stage.RECEIVED
        if stage is Stage.NOBODY_HOME and self.absences >= _most_visits(self.standard):
            return Stage.NEVER_HOME
        if stage is Stage.DECIDED and self._has_letter:
            return Stage.LETTER_ISSUED
        return stage

    @property
    def status(self) -> Status:
        """The stage as callers see it."""
        return self.stage.status

    @property
    def _has_letter(self) -> bool:
        letters = (each for each in self.documents if each.kind is DocumentKind.VERIFICATION_LETTER)
        return any(not letter.revoked for letter in letters)


def fold(tracking_number: str, events: Iterable[CloudEvent]) -> CaseView:
    """The case that these events tell of; the same for the same events in any order.

    Events that this version does not know, or cannot read, stand in the timeline and change
    nothing else.
    """
    distinct = {event.id: event for event in events if is_shown(event)}
    case = CaseView(tracking_number)
    for event in in_order(distinct.values()):
        data = _read(event)
        case = replace(case, version=case.version + 1, updated_at=event.time)
        if data is not None:
            case = _apply(case, data, event.time)
        if not _echo(data):
            moment = Moment(event.time, name_of(event), _variant(data), event.actorrole.value)
            case = replace(case, timeline=(*case.timeline, moment))
    return case


def name_of(event: CloudEvent) -> str:
    """The event's name without prefix and version, as `visit_reported`."""
    return event.type.split(".")[1]


def is_shown(event: CloudEvent) -> bool:
    """Whether the event is a step of the case."""
    return name_of(event) not in NOT_SHOWN


def _read(event: CloudEvent) -> EventData | None:
    model = event_model(event)
    if model is None:
        return None
    try:
        return model.model_validate(event.data)
    except ValidationError:
        return None


def _apply(case: CaseView, data: EventData, published: datetime) -> CaseView:
    deadline = getattr(data, "deadline", None)
    if deadline is not None:
        case = replace(case, deadline=_with_offset(deadline, published))
    match data.source:
        case "intake":
            return _apply_intake(case, data, published)
        case "verification":
            return _apply_verification(case, data)
        case "documents":
            return _apply_documents(case, data, published)
    return case


def _apply_intake(case: CaseView, data: EventData, published: datetime) -> CaseView:
    match data:
        case RequestReceived():
            return replace(_known(case, data, published), intake=Stage.RECEIVED)
        case RequestReturned():
            return replace(case, intake=Stage.RETURNED, missing=data.missing)
        case RequestSupplemented():
            return replace(case, intake=Stage.RECEIVED, missing=())
        case RequestCompleted():
            return replace(_known(case, data, published), intake=Stage.IDENTIFIED, missing=())
        case RequestWithdrawn():
            return replace(case, intake=Stage.WITHDRAWN)
    return case


def _known(
    case: CaseView, data: RequestReceived | RequestCompleted, published: datetime
) -> CaseView:
    return replace(
        case,
        kind=data.kind,
        purpose=data.purpose,
        standard=(data.standard, data.standard_version),
        district=data.district,
        received_at=data.received_at.astimezone(published.tzinfo),
    )


def _apply_verification(case: CaseView, data: EventData) -> CaseView:
    match data:
        case VerificationAnnounced():
            announced = replace(case, verification=Stage.ANNOUNCED, offered_to=data.offered_to)
            return replace(announced, district=case.district or data.district)
        case VerificationReoffered():
            return replace(case, verification=Stage.REOFFERED, offered_to=data.offered_to)
        case VerifierAssigned(reason=AssignmentReason.SENT_BACK):
            stage = Stage.SENT_BACK
            return replace(case, verification=stage, assigned_to=data.verifier, absences=0)
        case VerifierAssigned():
            return replace(case, verification=Stage.ASSIGNED, assigned_to=data.verifier)
        case VisitReported(outcome=VisitOutcome.NOBODY_HOME):
            return replace(case, verification=Stage.NOBODY_HOME, absences=case.absences + 1)
        case VisitReported():
            return replace(case, verification=Stage.VISITED, absences=0)
        case EligibilityAssessed():
            return replace(case, verification=Stage.ASSESSED)
        case VerificationDone():
            decided = replace(case, verification=Stage.DECIDED, kind=data.kind)
            decided = replace(decided, purpose=data.purpose, outcome=data.outcome)
            standard = (data.standard, data.standard_version)
            return replace(decided, in_time=data.in_time, standard=standard)
        case ResultDelivered():
            return replace(case, verification=Stage.DELIVERED)
        case VerificationWithdrawn():
            return replace(case, verification=Stage.WITHDRAWN)
    return case


def _apply_documents(case: CaseView, data: EventData, published: datetime) -> CaseView:
    match data:
        case DocumentIssued():
            issued = Document(
                code=data.code,
                kind=data.kind,
                number=data.number,
                sha256=data.sha256,
                size=data.size,
                issued_at=data.issued_at.astimezone(published.tzinfo),
                self_made_certificate=data.self_made_certificate,
            )
            return replace(case, documents=(*case.documents, issued))
        case DocumentRevoked():
            return replace(case, documents=_revoke(case.documents, data.code))
    return case


def _revoke(documents: Sequence[Document], code: str) -> tuple[Document, ...]:
    return tuple(replace(each, revoked=True) if each.code == code else each for each in documents)


def _variant(data: EventData | None) -> str | None:
    match data:
        case VisitReported(outcome=value) | VerificationDone(outcome=value):
            return value.value
        case VerifierAssigned(reason=value):
            return value.value
        case DocumentIssued(kind=value):
            return value.value
    return None


def _echo(data: EventData | None) -> bool:
    """Intake repeats a withdrawal that verification has announced already."""
    return isinstance(data, RequestWithdrawn) and data.stage == "verification"


def _with_offset(deadline: DeadlineView, published: datetime) -> DeadlineView:
    moments: dict[str, Any] = {
        "received_at": deadline.received_at.astimezone(published.tzinfo),
        "starts": deadline.starts.astimezone(published.tzinfo),
    }
    if deadline.due is not None:
        moments["due"] = deadline.due.astimezone(published.tzinfo)
    return deadline.model_copy(update=moments)


def _most_visits(standard: tuple[str, str] | None) -> float:
    """How often a household is visited at most, by the standard the case was received under."""
    if standard is None:
        return float("inf")
    try:
        field_work = load(*standard).field_work
    except UnknownStandard:
        return float("inf")
    return field_work.max_visits if field_work else float("inf")
