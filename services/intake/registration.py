"""Writing a request down, of either kind, and what its first events hand on."""

from typing import Any

from casework.numbering import next_tracking_number
from casework.office import deadline_view
from chassis.vault import Vault
from chassis.work import Work
from contracts.envelope import StepDue
from contracts.intake import (
    Channel,
    Purpose,
    RequestCompleted,
    RequestKind,
    RequestReceived,
    SubmitDataRequest,
    SubmitRequest,
)
from services.intake.domain import PREFIX_OF_KIND, Reception, State
from services.intake.models import DayCounter, Person, Request
from services.intake.personal_data import PersonalData
from standards.deadline import Deadline


def register(
    work: Work,
    vault: Vault,
    ask: SubmitRequest | SubmitDataRequest,
    reception: Reception,
    person: Person,
    warnings: tuple[str, ...] = (),
) -> Request:
    """Store the request under the next number of its day."""
    prefix = PREFIX_OF_KIND[reception.kind]
    tracking_number = next_tracking_number(work.session, DayCounter, prefix, reception.day)
    data = PersonalData(work.session, vault, person, tracking_number)
    row = Request(
        tracking_number=tracking_number,
        person_id=person.id,
        state=State.RECEIVED.value,
        kind=reception.kind.value,
        channel=ask.channel.value,
        purpose=reception.purpose.value,
        district=reception.district,
        village=reception.village,
        standard=reception.standard.id,
        standard_version=reception.standard.version,
        received_at=work.now,
        warnings=[*warnings],
        submission=data.seal_submission(ask),
    )
    work.session.add(row)
    return row


def received(
    row: Request,
    ask: SubmitRequest | SubmitDataRequest,
    deadline: Deadline,
    step: StepDue,
) -> RequestReceived:
    """That it was registered; the letter of a data request counts as an attachment."""
    letters = 1 if isinstance(ask, SubmitDataRequest) else 0
    return RequestReceived(
        **_facts(row, deadline),
        channel=Channel(row.channel),
        warnings=tuple(row.warnings),
        attachments=letters + len(ask.attachments),
        notify=tuple(contact.way for contact in ask.notify),
        step=step,
    )


def completed(row: Request, deadline: Deadline, **more: Any) -> RequestCompleted:
    """That it goes on to the service of its kind; `more` are further fields of the event."""
    return RequestCompleted(**_facts(row, deadline), **more)


def _facts(row: Request, deadline: Deadline) -> dict[str, Any]:
    return {
        "kind": RequestKind(row.kind),
        "purpose": Purpose(row.purpose),
        "district": row.district,
        "village": row.village,
        "standard": row.standard,
        "standard_version": row.standard_version,
        "received_at": deadline.received_at,
        "deadline": deadline_view(deadline),
    }
