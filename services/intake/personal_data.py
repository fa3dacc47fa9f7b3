"""What residents and officers wrote and uploaded: kept sealed, opened for who may read.

Everything about a person is sealed under that person's data key, or under a key which is itself
sealed under it: erasing `persons.wrapped_key` makes all of it unreadable.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Self, TypeVar
from uuid import uuid4

from sqlalchemy.orm import Session

from casework.case_seal import CaseSeal
from casework.office import deadline_view
from chassis.database import insert_or_ignore
from chassis.vault import Vault
from contracts.envelope import AttachmentRef, Contact, Contract
from contracts.intake import (
    Address,
    Applicant,
    ApplicationDetail,
    Channel,
    ChecklistLine,
    Purpose,
    Reporter,
    RequestDetail,
    Requester,
    RequestKind,
    RequirementCheck,
    SubmitDataRequest,
    SubmitRequest,
)
from services.intake.models import Person, Request, Supplement, locked_person, supplements_of
from standards.deadline import Deadline


class Submission(Contract):
    """The part of a submission that speaks of persons. A reporter is erased with the applicant."""

    target_institution: str
    applicant: Applicant
    address: Address
    notes: str | None
    reporter: Reporter | None
    notify: tuple[Contact, ...]


class Application(Contract):
    """The part of a request for data that speaks of the requester, and their own words."""

    use: str
    data_types: tuple[str, ...]
    coverage: str
    years: tuple[int, ...]
    requester: Requester
    notify: tuple[Contact, ...]


Submitted = TypeVar("Submitted", Submission, Application)


class Checklist(Contract):
    """The officer's judgement with its notes."""

    checked_at: datetime | None = None
    lines: tuple[RequirementCheck, ...] = ()


class PersonalData:
    """One person's data in one request."""

    def __init__(
        self, session: Session, vault: Vault, person: Person, tracking_number: str
    ) -> None:
        self.key = person.wrapped_key
        self._session = session
        self._tracking_number = tracking_number
        self._pieces = CaseSeal(vault, self.key, f"request:{tracking_number}")

    @classmethod
    def of(cls, session: Session, vault: Vault, row: Request) -> Self:
        """The personal data of a request that is registered."""
        person = session.get_one(Person, row.person_id)
        return cls(session, vault, person, row.tracking_number)

    def seal_submission(self, ask: SubmitRequest | SubmitDataRequest) -> bytes:
        """For `requests.submission`."""
        model = Submission if isinstance(ask, SubmitRequest) else Application
        fields = {name: getattr(ask, name) for name in model.model_fields}
        return self._pieces.seal(model(**fields), "submission")

    def seal_checklist(self, lines: Sequence[RequirementCheck], at: datetime) -> bytes:
        """For `requests.checklist`."""
        checklist = Checklist(checked_at=at, lines=tuple(lines))
        return self._pieces.seal(checklist, "checklist")

    def keep_supplement(self, notes: str | None, at: datetime) -> None:
        """Store a supplement as the request's newest."""
        number = len(supplements_of(self._session, self._tracking_number)) + 1
        self._session.add(
            Supplement(
                tracking_number=self._tracking_number,
                number=number,
                received_at=at,
                sealed=self._pieces.seal(notes, "supplement", number) if notes else None,
            )
        )

    def open_contacts(self, row: Request) -> tuple[Contact, ...]:
        """How the resident wants to be told."""
        if row.kind == RequestKind.DATA_REQUEST:
            return self._open(row, Application).notify
        return self._open(row, Submission).notify

    def open_request(
        self, row: Request, attachments: tuple[AttachmentRef, ...], deadline: Deadline
    ) -> RequestDetail:
        """The whole request."""
        submission, checklist = self._open(row, Submission), self._open_checklist(row)
        return RequestDetail(
            tracking_number=row.tracking_number,
            state=row.state,
            kind=RequestKind(row.kind),
            channel=Channel(row.channel),
            purpose=Purpose(row.purpose),
            target_institution=submission.target_institution,
            applicant=submission.applicant,
            address=submission.address,
            district=row.district or "",
            notes=submission.notes,
            reporter=submission.reporter,
            supplements=self._open_supplements(),
            attachments=attachments,
            checklist=tuple(ChecklistLine(**dict(line)) for line in checklist.lines),
            checked_at=checklist.checked_at,
            warnings=tuple(row.warnings),
            standard=row.standard,
            standard_version=row.standard_version,
            received_at=deadline.received_at,
            deadline=deadline_view(deadline),
        )

    def open_application(
        self, row: Request, attachments: tuple[AttachmentRef, ...], deadline: Deadline
    ) -> ApplicationDetail:
        """The whole request for data."""
        application = self._open(row, Application)
        return ApplicationDetail(
            tracking_number=row.tracking_number,
            state=row.state,
            channel=Channel(row.channel),
            purpose=Purpose(row.purpose),
            use=application.use,
            data_types=application.data_types,
            coverage=application.coverage,
            years=application.years,
            requester=application.requester,
            attachments=attachments,
            standard=row.standard,
            standard_version=row.standard_version,
            received_at=deadline.received_at,
            deadline=deadline_view(deadline),
        )

    def _open(self, row: Request, model: type[Submitted]) -> Submitted:
        return self._pieces.open_model(model, row.submission, "submission")

    def _open_supplements(self) -> tuple[str, ...]:
        return tuple(
            self._pieces.open(each.sealed, "supplement", each.number).decode()
            for each in supplements_of(self._session, self._tracking_number)
            if each.sealed is not None
        )

    def _open_checklist(self, row: Request) -> Checklist:
        """Without lines until it is written."""
        if row.checklist is None:
            return Checklist()
        return self._pieces.open_model(Checklist, row.checklist, "checklist")


def person_with(session: Session, vault: Vault, nik: str | None, now: datetime) -> Person:
    """The person with this NIK, locked; made at the first request, also when two race for it.

    Without a NIK nobody can be found again: it is somebody new.
    """
    nik_index = vault.blind_index("nik", nik) if nik is not None else None
    first = {
        "id": str(uuid4()),
        "nik_index": nik_index,
        "wrapped_key": vault.new_key(),
        "created_at": now,
    }
    while True:
        insert_or_ignore(session, Person, first)
        if nik_index is None:
            return session.get_one(Person, first["id"])
        person = locked_person(session, nik_index)
        if person is not None:  # else it was erased while we waited for it
            return person


def fields_read(detail: RequestDetail | ApplicationDetail) -> tuple[str, ...]:
    """The fields of the detail in which something personal stands, as `applicant.nik`."""
    personal = {*Submission.model_fields, *Application.model_fields, "supplements", "checklist"}
    found = []
    for name, value in detail.model_dump(include=personal, exclude_none=True).items():
        if isinstance(value, dict):
            found += [f"{name}.{part}" for part in value]
        elif value:
            found.append(name)
    return tuple(found)
