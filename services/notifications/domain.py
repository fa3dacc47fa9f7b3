"""Who is told of what, when, and what becomes of it; pure rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from contracts import complaints, data_request, deadlines, documents, intake, verification
from contracts.deadlines import ClockName
from contracts.documents import DocumentKind
from contracts.envelope import CloudEvent, ContactWay, EventData, Role
from contracts.errors import ErrorCode, Refusal
from contracts.notifications import Audience
from standards.calendar import WorkCalendar
from standards.clock import next_office_moment

OURS = "/services/notifications"
NOT_SHOWN = frozenset({"personal_data_read", "dead_letter_replayed", "dead_letter_discarded"})
"""Events that are no step of a case: nobody is told."""

LETTERS = (DocumentKind.VERIFICATION_LETTER,)
"""Documents that are told of themselves; the others come with an event that is told."""


class Words(StrEnum):
    """What a message says; `texts` has the words, a bot gets this as `status`."""

    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    LETTER_READY = "letter_ready"
    CLARIFICATION_REQUESTED = "clarification_requested"
    DATA_APPROVED = "data_approved"
    DATA_REJECTED = "data_rejected"
    DATA_PREPARED = "data_prepared"
    DATA_HANDED_OVER = "data_handed_over"
    COMPLAINT_REDIRECTED = "complaint_redirected"
    COMPLAINT_ESCALATED = "complaint_escalated"
    COMPLAINT_RESPONDED = "complaint_responded"
    COMPLAINT_RESOLVED = "complaint_resolved"
    PROMISE_CHANGED = "promise_changed"
    PROMISE_MISSED = "promise_missed"
    STAFF_APPROACHING = "staff_approaching"
    STAFF_MISSED = "staff_missed"
    STAFF_ESCALATED = "staff_escalated"
    STAFF_UNCLAIMED = "staff_unclaimed"
    STAFF_REMINDED = "staff_reminded"


def _always(data: Any) -> bool:
    return True


def _of_the_promise(data: Any) -> bool:
    return bool(data.clock is ClockName.PROMISE)


def _is_incomplete(data: Any) -> bool:
    return bool(data.result is complaints.CheckResult.INCOMPLETE)


def _is_not_ours(data: Any) -> bool:
    return bool(data.result is complaints.CheckResult.NOT_OURS)


def _is_a_letter(data: Any) -> bool:
    return data.kind in LETTERS


def _is_a_reminder(data: Any) -> bool:
    return bool(data.stage == "reminded")


def _whose_step(data: Any) -> tuple[Role | None, ...]:
    return (data.role,)


def _whose_step_and_above(data: Any) -> tuple[Role | None, ...]:
    return (data.role, data.escalate_to)


def _escalated_to(data: Any) -> tuple[Role | None, ...]:
    # What goes to LAPOR! is entered there by the complaint officer.
    if data.to is complaints.EscalationTarget.LAPOR:
        return (Role.COMPLAINT_OFFICER,)
    return (Role(data.to.value),)


Who = tuple[Role, ...] | Callable[[Any], tuple[Role | None, ...]]


@dataclass(frozen=True, slots=True)
class Telling:
    """An event, who hears of it, in which words, and of which of its kind."""

    event: type[EventData]
    who: Who
    words: Words
    when: Callable[[Any], bool] = _always

    def roles(self, data: EventData) -> tuple[Role, ...]:
        """Whom this event is told to, each once."""
        named = self.who(data) if callable(self.who) else self.who
        known = (role for role in named if role is not None and role is not Role.SYSTEM)
        return tuple(dict.fromkeys(known))


RESIDENT = (Role.RESIDENT,)

TELLINGS = (
    # Residents.
    Telling(intake.RequestReceived, RESIDENT, Words.RECEIVED),
    Telling(intake.RequestReturned, RESIDENT, Words.INCOMPLETE),
    Telling(documents.DocumentIssued, RESIDENT, Words.LETTER_READY, _is_a_letter),
    Telling(data_request.ClarificationRequested, RESIDENT, Words.CLARIFICATION_REQUESTED),
    Telling(data_request.DataRequestApproved, RESIDENT, Words.DATA_APPROVED),
    Telling(data_request.DataRequestRejected, RESIDENT, Words.DATA_REJECTED),
    Telling(data_request.DataPrepared, RESIDENT, Words.DATA_PREPARED),
    Telling(data_request.DataHandedOver, RESIDENT, Words.DATA_HANDED_OVER),
    Telling(complaints.ComplaintReceived, RESIDENT, Words.RECEIVED),
    Telling(complaints.ComplaintChecked, RESIDENT, Words.INCOMPLETE, _is_incomplete),
    Telling(complaints.ComplaintChecked, RESIDENT, Words.COMPLAINT_REDIRECTED, _is_not_ours),
    Telling(complaints.ComplaintEscalated, RESIDENT, Words.COMPLAINT_ESCALATED),
    Telling(complaints.ComplaintResponded, RESIDENT, Words.COMPLAINT_RESPONDED),
    Telling(complaints.ComplaintResolved, RESIDENT, Words.COMPLAINT_RESOLVED),
    Telling(deadlines.DeadlineChanged, RESIDENT, Words.PROMISE_CHANGED, _of_the_promise),
    Telling(deadlines.DeadlineMissed, RESIDENT, Words.PROMISE_MISSED, _of_the_promise),
    # Staff.
    Telling(deadlines.DeadlineApproaching, _whose_step, Words.STAFF_APPROACHING),
    Telling(deadlines.DeadlineMissed, _whose_step_and_above, Words.STAFF_MISSED),
    Telling(complaints.ComplaintEscalated, _escalated_to, Words.STAFF_ESCALATED),
    Telling(
        complaints.ComplaintCoordinated,
        (Role.COMPLAINT_OFFICER,),
        Words.STAFF_REMINDED,
        _is_a_reminder,
    ),
    Telling(
        verification.VerificationReoffered,
        (Role.SOCIAL_WORKER, Role.DIVISION_HEAD),
        Words.STAFF_UNCLAIMED,
    ),
)
"""Which events tell whom."""


def tellings(data: EventData, now: datetime) -> tuple[tuple[Words, Role], ...]:
    """What is said to whom because of this event. A reminder that comes too late is not told."""
    expires = expires_at(data)
    if expires is not None and expires < now:
        return ()
    return tuple(
        (telling.words, role)
        for telling in TELLINGS
        if isinstance(data, telling.event) and telling.when(data)
        for role in telling.roles(data)
        if role is not Role.RESIDENT or telling.who is RESIDENT  # a step that waits for them
    )


def expires_at(data: EventData) -> datetime | None:
    """From when on nobody need be told any more; None for what stays true."""
    return data.due if isinstance(data, deadlines.DeadlineApproaching) else None


def is_shown(event: CloudEvent) -> bool:
    """Whether the event is a step of its case that machines are told."""
    return event.source != OURS and event.event_name not in NOT_SHOWN


# Ways.


class WayNotGiven(Refusal):
    """The resident gave no address for that way when the case was made."""

    code = ErrorCode.WAY_NOT_GIVEN

    def __init__(self, way: ContactWay) -> None:
        super().__init__(way=way.value)


def choose(given: Iterable[str], wanted: Iterable[ContactWay]) -> tuple[ContactWay, ...]:
    """The ways wanted, each once; raises WayNotGiven for one that was not given."""
    known = set(given)
    for way in wanted:
        if way.value not in known:
            raise WayNotGiven(way)
    return tuple(dict.fromkeys(wanted))


# Deliveries.


class MailLane(StrEnum):
    """Mails go in three lanes, so that an owner of addresses who is away delays only its own.

    Every webhook has a lane of its own, called by its id.
    """

    STAFF = "staff"
    REQUESTS = "requests"
    COMPLAINTS = "complaints"


def mail_lane(tracking_number: str, audience: Audience) -> MailLane:
    """The lane of a mail about this case."""
    if audience is Audience.STAFF:
        return MailLane.STAFF
    return MailLane.COMPLAINTS if is_complaint(tracking_number) else MailLane.REQUESTS


def is_complaint(tracking_number: str) -> bool:
    """Whether the complaints service keeps the case; else intake has its contacts."""
    return tracking_number.startswith("ADU-")


class WebhookNotFound(Refusal):
    """There is no webhook of this id."""

    code = ErrorCode.WEBHOOK_NOT_FOUND


class DeliveryNotFound(Refusal):
    """There is no delivery of this id."""

    code = ErrorCode.DELIVERY_NOT_FOUND


def may_tell_from(audience: Audience, moment: datetime, calendar: WorkCalendar) -> datetime:
    """The first moment from `moment` on at which they may be told: people in office hours."""
    if audience is Audience.BOT:
        return moment
    return next_office_moment(moment, calendar)
