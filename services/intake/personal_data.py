"""What residents and officers wrote and uploaded: kept sealed, opened for who may read.

Everything about a person is sealed under that person's data key, or under a key which is itself
sealed under it: erasing `persons.wrapped_key` makes all of it unreadable.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import uuid4

from sqlalchemy.orm import Session

from chassis.database import insert_or_ignore
from chassis.vault import Vault
from contracts.envelope import Contract
from contracts.intake import (
    Address,
    Applicant,
    AttachmentRef,
    Channel,
    ChecklistLine,
    Purpose,
    Reporter,
    RequestDetail,
    RequestKind,
    RequirementCheck,
    SubmitRequest,
)
from services.intake.deadlines import deadline_view
from services.intake.domain import AttachmentNotFound
from services.intake.models import (
    Attachment,
    Person,
    Request,
    Supplement,
    attachments_of,
    locked_attachments,
    locked_person,
    supplements_of,
)
from standards.deadline import Deadline


class Submission(Contract):
    """The part of a submission that speaks of persons. A reporter is erased with the applicant."""

    target_institution: str
    applicant: Applicant
    address: Address
    notes: str | None
    reporter: Reporter | None


class Checklist(Contract):
    """The officer's judgement with its notes."""

    lines: tuple[RequirementCheck, ...]


class PersonalData:
    """One person's data in one request."""

    def __init__(
        self, session: Session, vault: Vault, person: Person, tracking_number: str
    ) -> None:
        self._session = session
        self._vault = vault
        self._key = person.wrapped_key
        self._tracking_number = tracking_number

    @classmethod
    def of(cls, session: Session, vault: Vault, row: Request) -> Self:
        """The personal data of a request that is registered."""
        person = session.get_one(Person, row.person_id)
        return cls(session, vault, person, row.tracking_number)

    def seal_submission(self, ask: SubmitRequest) -> bytes:
        """For `requests.submission`."""
        fields = {name: getattr(ask, name) for name in Submission.model_fields}
        return self._vault.seal(self._key, Submission(**fields), self._context("submission"))

    def seal_checklist(self, lines: Sequence[RequirementCheck]) -> bytes:
        """For `requests.checklist`."""
        checklist = Checklist(lines=tuple(lines))
        return self._vault.seal(self._key, checklist, self._context("checklist"))

    def keep_supplement(self, notes: str | None, at: datetime) -> None:
        """Store a supplement as the request's newest."""
        number = len(supplements_of(self._session, self._tracking_number)) + 1
        context = self._context("supplement", number)
        self._session.add(
            Supplement(
                tracking_number=self._tracking_number,
                number=number,
                received_at=at,
                sealed=self._vault.seal(self._key, notes, context) if notes else None,
            )
        )

    def take_attachments(self, ids: Sequence[str]) -> None:
        """Make the uploads part of the request, their keys sealed under the person's.

        Raises AttachmentNotFound for one that is not there or that a request has taken.
        """
        uploads = locked_attachments(self._session, ids)
        for index, attachment_id in enumerate(ids):
            upload = uploads.get(attachment_id)
            if upload is None or upload.wrapped_key is None:
                raise AttachmentNotFound(field="attachments", index=index)
            context = _key_context(upload)
            upload.sealed_key = self._vault.seal(self._key, upload.wrapped_key, context)
            upload.wrapped_key = None
            upload.tracking_number = self._tracking_number

    def open_attachment(self, attachment: Attachment) -> bytes:
        """The file's content."""
        key = attachment.wrapped_key
        if key is None:
            context = _key_context(attachment)
            key = self._vault.open(self._key, attachment.sealed_key or b"", context).decode()
        return self._vault.open(key, attachment.content, _content_context(attachment.id))

    def open_request(self, row: Request) -> RequestDetail:
        """The whole request."""
        deadline = Deadline.from_dict(row.deadline)
        submission = self._vault.open_model(
            self._key, row.submission, self._context("submission"), Submission
        )
        return RequestDetail(
            tracking_number=row.tracking_number,
            state=row.state,
            kind=RequestKind(row.kind),
            channel=Channel(row.channel),
            purpose=Purpose(row.purpose),
            target_institution=submission.target_institution,
            applicant=submission.applicant,
            address=submission.address,
            district=row.district,
            notes=submission.notes,
            reporter=submission.reporter,
            supplements=self._open_supplements(),
            attachments=tuple(map(_ref, attachments_of(self._session, row.tracking_number))),
            checklist=self._open_checklist(row),
            warnings=tuple(row.warnings),
            standard=row.standard,
            standard_version=row.standard_version,
            received_at=deadline.received_at,
            deadline=deadline_view(deadline),
        )

    def _open_supplements(self) -> tuple[str, ...]:
        return tuple(
            self._vault.open(
                self._key, each.sealed, self._context("supplement", each.number)
            ).decode()
            for each in supplements_of(self._session, self._tracking_number)
            if each.sealed is not None
        )

    def _open_checklist(self, row: Request) -> tuple[ChecklistLine, ...]:
        if row.checklist is None:
            return ()
        checklist = self._vault.open_model(
            self._key, row.checklist, self._context("checklist"), Checklist
        )
        return tuple(ChecklistLine(**dict(line)) for line in checklist.lines)

    def _context(self, *part: str | int) -> str:
        return ":".join(("request", self._tracking_number, *map(str, part)))


def person_with(session: Session, vault: Vault, nik: str, now: datetime) -> Person:
    """The person with this NIK, locked; made at the first request, also when two race for it."""
    nik_index = vault.blind_index("nik", nik)
    first = {
        "id": str(uuid4()),
        "nik_index": nik_index,
        "wrapped_key": vault.new_key(),
        "created_at": now,
    }
    insert_or_ignore(session, Person, first)
    return locked_person(session, nik_index)


def keep_upload(
    session: Session, vault: Vault, content: bytes, media_type: str, now: datetime, *, staff: bool
) -> AttachmentRef:
    """Store an uploaded file, sealed under a data key of its own until a request takes it."""
    attachment_id, key = str(uuid4()), vault.new_key()
    upload = Attachment(
        id=attachment_id,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=media_type,
        size=len(content),
        by_staff=staff,
        uploaded_at=now,
        wrapped_key=key,
        content=vault.seal(key, content, _content_context(attachment_id)),
    )
    session.add(upload)
    return _ref(upload)


def fields_read(detail: RequestDetail) -> tuple[str, ...]:
    """The fields of the detail in which something personal stands, as `applicant.nik`."""
    personal = (*Submission.model_fields, "supplements", "checklist")
    found = []
    for name, value in detail.model_dump(include={*personal}, exclude_none=True).items():
        if isinstance(value, dict):
            found += [f"{name}.{part}" for part in value]
        elif value:
            found.append(name)
    return tuple(found)


def _ref(attachment: Attachment) -> AttachmentRef:
    return AttachmentRef(
        id=attachment.id,
        sha256=attachment.sha256,
        media_type=attachment.media_type,
        size=attachment.size,
    )


def _key_context(attachment: Attachment) -> str:
    return f"attachment:{attachment.id}:key"


def _content_context(attachment_id: str) -> str:
    return f"attachment:{attachment_id}:content"
