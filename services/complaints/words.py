"""What complainants, officers and partners wrote: kept sealed, opened for who may read.

Everything is sealed under the complainant's data key: erasing `persons.wrapped_key` makes all of
it unreadable.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Self
from uuid import uuid4

from sqlalchemy.orm import Session

from casework.case_seal import CaseSeal
from casework.office import deadline_view
from chassis.database import insert_or_ignore
from chassis.vault import Vault
from contracts.complaints import (
    Complainant,
    ComplaintChannel,
    ComplaintDetail,
    ComplaintKind,
    CoordinateComplaint,
    CoordinationDetail,
    Missing,
    Referral,
    Scope,
    SubmitComplaint,
    WrittenDetail,
)
from contracts.envelope import Actor, AttachmentRef, Contact, Contacts, Contract
from services.complaints.models import (
    Complaint,
    Coordination,
    Person,
    Writing,
    coordinations_of,
    locked_person,
    writings_of,
)
from standards.deadline import Deadline

What = Literal[
    "check",
    "supplement",
    "response",
    "resolution",
    "escalation",
    "lapor",
    "rating",
    "reopening",
]

FOR_COMPLAINANTS = frozenset({"check", "supplement", "response", "resolution", "reopening"})
"""What passes between the office and the complainant; the rest is the office's own."""


class Submission(Contract):
    """Who complains, and about what."""

    complainant: Complainant
    matter: str


class Question(Contract):
    """Whom a coordination asks, and what."""

    partner: str
    question: str


class Words:
    """The words of one complaint."""

    def __init__(
        self, session: Session, vault: Vault, person: Person, tracking_number: str
    ) -> None:
        self.key = person.wrapped_key
        self._session = session
        self._tracking_number = tracking_number
        self._pieces = CaseSeal(vault, self.key, f"complaint:{tracking_number}")

    @classmethod
    def of(cls, session: Session, vault: Vault, row: Complaint) -> Self:
        """The words of a complaint that is registered."""
        return cls(session, vault, session.get_one(Person, row.person_id), row.tracking_number)

    def seal_submission(self, ask: SubmitComplaint) -> bytes:
        """For `complaints.submission`."""
        submission = Submission(complainant=ask.complainant, matter=ask.matter)
        return self._pieces.seal(submission, "submission")

    def seal_contacts(self, contacts: Sequence[Contact]) -> bytes:
        """For `complaints.contacts`."""
        return self._pieces.seal(Contacts(contacts=tuple(contacts)), "contacts")

    def submission(self, row: Complaint) -> Submission:
        """Who complains, and about what."""
        return self._pieces.open_model(Submission, row.submission, "submission")

    def contacts(self, row: Complaint) -> Contacts:
        """How the complainant wants to be told."""
        return self._pieces.open_model(Contacts, row.contacts, "contacts")

    def seal_question(self, ask: CoordinateComplaint, number: int) -> bytes:
        """For `coordinations.question`."""
        question = Question(partner=ask.partner, question=ask.question)
        return self._pieces.seal(question, "question", number)

    def seal_answer(self, answer: str, number: int) -> bytes:
        """For `coordinations.answer`."""
        return self._pieces.seal(answer, "answer", number)

    def seal_lapor(self, number: str) -> bytes:
        """For `lapor.sealed`."""
        return self._pieces.seal(number, "lapor")

    def lapor_number(self, sealed: bytes | None) -> str | None:
        """LAPOR!'s own number, once it has come back."""
        return self._pieces.open_text(sealed, "lapor")

    def write(self, what: What, words: str | None, by: Actor, at: datetime) -> None:
        """Store what somebody wrote as the complaint's newest."""
        number = len(writings_of(self._session, self._tracking_number)) + 1
        writing = Writing(
            tracking_number=self._tracking_number,
            number=number,
            what=what,
            by=by.id,
            at=at,
            sealed=self._pieces.seal(words, "writing", number) if words else None,
        )
        self._session.add(writing)

    def detail(
        self,
        row: Complaint,
        deadline: Deadline,
        attachments: tuple[AttachmentRef, ...],
        *,
        with_identity: bool,
    ) -> ComplaintDetail:
        """The whole complaint, with or without who complains."""
        case, submission = row.case, self.submission(row)
        coordinations = coordinations_of(self._session, row.tracking_number)
        writings = writings_of(self._session, row.tracking_number)
        return ComplaintDetail(
            tracking_number=row.tracking_number,
            state=row.state,
            kind=ComplaintKind(row.kind),
            channel=ComplaintChannel(row.channel),
            complainant=submission.complainant if with_identity else None,
            matter=submission.matter,
            about_case=row.about_case,
            owner=case.owner,
            escalated_to=case.escalated_to,
            attachments=attachments,
            coordinations=tuple(self._coordination(each) for each in coordinations),
            written=tuple(self._written(each) for each in writings),
            missing=tuple(Missing(each) for each in row.missing),
            referral=Referral(row.referral) if row.referral else None,
            received_at=row.received_at,
            entered_at=row.entered_at,
            standard=row.standard,
            standard_version=row.standard_version,
            deadline=deadline_view(deadline),
            score=case.score,
        )

    def _coordination(self, kept: Coordination) -> CoordinationDetail:
        question = self._pieces.open_model(Question, kept.question, "question", kept.number)
        return CoordinationDetail(
            coordination=kept.number,
            scope=Scope(kept.scope),
            partner=question.partner,
            question=question.question,
            asked_by=kept.asked_by,
            asked_at=kept.asked_at,
            answer_due=kept.answer_due,
            reminders=kept.reminders,
            answer=self._pieces.open_text(kept.answer, "answer", kept.number),
            answered_at=kept.answered_at,
        )

    def _written(self, kept: Writing) -> WrittenDetail:
        words = self._pieces.open_text(kept.sealed, "writing", kept.number)
        return WrittenDetail.model_validate(
            {"what": kept.what, "words": words, "by": kept.by, "at": kept.at}
        )


def person_with(session: Session, vault: Vault, nik: str, now: datetime) -> Person:
    """The person with this NIK, locked; made at the first complaint, also when two race for it."""
    nik_index = vault.blind_index("nik", nik)
    first = {
        "id": str(uuid4()),
        "nik_index": nik_index,
        "wrapped_key": vault.new_key(),
        "created_at": now,
    }
    while True:
        insert_or_ignore(session, Person, first)
        person = locked_person(session, nik_index)
        if person is not None:  # else it was erased while we waited for it
            return person


def for_complainant(detail: ComplaintDetail) -> ComplaintDetail:
    """Without what the office keeps to itself: whom it asked, and what it wrote to others."""
    written = tuple(each for each in detail.written if each.what in FOR_COMPLAINANTS)
    return detail.model_copy(update={"coordinations": (), "written": written})


def fields_read(detail: ComplaintDetail) -> tuple[str, ...]:
    """The fields of the detail in which something personal stands, as `complainant.nik`."""
    listed = [name for name in ("coordinations", "written") if getattr(detail, name)]
    return (*identity_read(detail.complainant), "matter", *listed)


def identity_read(complainant: Complainant | None) -> tuple[str, ...]:
    """The parts of the identity that were shown, as `complainant.nik`."""
    shown = complainant.model_dump(exclude_none=True) if complainant is not None else {}
    return tuple(f"complainant.{part}" for part in shown)
