"""Intake: reception of requests, the completeness check, personal data and attachments."""

import base64
from typing import Any

from chassis.entrypoints import Event, every, on_event
from chassis.rpc import command, query
from chassis.settings import Configured
from chassis.store import Store
from chassis.vault import VaultProvider
from chassis.work import Work
from contracts.envelope import Done
from contracts.errors import ErrorCode, Refusal
from contracts.intake import (
    AttachmentContent,
    AttachmentRef,
    Channel,
    IdentifyRequest,
    PersonalDataRead,
    Purpose,
    ReadAttachment,
    ReadRequest,
    RequestCompleted,
    RequestDetail,
    RequestKind,
    RequestReceived,
    RequestRegistered,
    RequestReturned,
    RequestSupplemented,
    RequestWithdrawn,
    StoreAttachment,
    SubmitRequest,
    SupplementRequest,
    WithdrawRequest,
)
from contracts.verification import VerificationWithdrawn
from services.intake import domain
from services.intake.deadlines import deadline_view, office_calendar
from services.intake.domain import AttachmentNotFound, CaseNotFound, Move, State
from services.intake.file_types import media_type_of
from services.intake.models import (
    Base,
    PersonalDataReading,
    Request,
    delete_uploads,
    find_attachment,
    find_request,
    has_other_request,
    locked_request,
    next_tracking_number,
)
from services.intake.personal_data import PersonalData, fields_read, keep_upload, person_with
from services.intake.settings import IntakeSettings
from standards import catalogue
from standards.calendar import WorkCalendar
from standards.deadline import Deadline


class IntakeService:
    """Reception; the methods stand in the order of the procedure."""

    name = "intake"

    store = Store(Base.metadata)
    vault = VaultProvider()
    settings = Configured(IntakeSettings)

    @command(StoreAttachment)
    def store_attachment(self, ask: StoreAttachment, work: Work) -> AttachmentRef:
        """Keep an uploaded file until a request takes it."""
        content = _decoded(ask.content)
        media_type = media_type_of(content)
        if media_type is None:
            raise Refusal(ErrorCode.ATTACHMENT_TYPE_REFUSED)
        staff = domain.is_staff(work.actor)
        return keep_upload(work.session, self.vault, content, media_type, work.now, staff=staff)

    @command(SubmitRequest)
    def submit_request(self, ask: SubmitRequest, work: Work) -> RequestRegistered:
        """Register a request and promise its time (step 1)."""
        nik = domain.check_submission(ask)
        reception = domain.receive(ask, work.now, self._calendar())
        person = person_with(work.session, self.vault, nik.number, work.now)
        since = work.now - domain.RECENT
        duplicate = has_other_request(work.session, person, ask.purpose.value, since)
        tracking_number = next_tracking_number(work.session, ask.kind, reception.day)
        data = PersonalData(work.session, self.vault, person, tracking_number)
        row = Request(
            tracking_number=tracking_number,
            person_id=person.id,
            state=State.RECEIVED.value,
            kind=ask.kind.value,
            channel=ask.channel.value,
            purpose=ask.purpose.value,
            district=reception.district,
            village=ask.address.village,
            standard=reception.standard.id,
            standard_version=reception.standard.version,
            received_at=work.now,
            deadline=reception.deadline.as_dict(),
            warnings=[*domain.warnings_of(nik, ask, duplicate=duplicate)],
            submission=data.seal_submission(ask),
        )
        work.session.add(row)
        work.session.flush()
        data.take_attachments(ask.attachments)
        received = _received(row, attachments=len(ask.attachments))
        work.emit(tracking_number, received)
        return RequestRegistered(
            tracking_number=tracking_number,
            deadline=received.deadline,
            warnings=received.warnings,
        )

    @command(IdentifyRequest)
    def identify_request(self, ask: IdentifyRequest, work: Work) -> Done:
        """Check the requirements: the request goes on to verification, or back (step 2)."""
        row = _locked(work, ask.tracking_number)
        standard = catalogue.load(row.standard, row.standard_version)
        missing = domain.missing_requirements(ask.checklist, standard)
        row.state = State(row.state).after(Move.RETURN if missing else Move.COMPLETE).value
        row.checklist = self._data_of(work, row).seal_checklist(ask.checklist)
        if missing:
            deadline = domain.paused(_deadline(row), work.now, self._calendar())
            row.deadline = deadline.as_dict()
            returned = RequestReturned(missing=missing, deadline=deadline_view(deadline))
            work.emit(row.tracking_number, returned)
        else:
            work.emit(row.tracking_number, RequestCompleted(**_facts(row)))
        return _done(row)

    @command(SupplementRequest)
    def supplement_request(self, ask: SupplementRequest, work: Work) -> Done:
        """Take what was missing; the request is identified again."""
        row = _locked(work, ask.tracking_number)
        row.state = State(row.state).after(Move.SUPPLEMENT).value
        domain.check_supplement(ask.attachments, ask.notes)
        data = self._data_of(work, row)
        data.keep_supplement(ask.notes, work.now)
        data.take_attachments(ask.attachments)
        deadline = domain.resumed(_deadline(row), work.now, self._calendar())
        row.deadline = deadline.as_dict()
        supplemented = RequestSupplemented(
            attachments=len(ask.attachments), deadline=deadline_view(deadline)
        )
        work.emit(row.tracking_number, supplemented)
        return _done(row)

    @command(WithdrawRequest)
    def withdraw_request(self, ask: WithdrawRequest, work: Work) -> Done:
        """Close it at the resident's wish, as long as verification has not got it."""
        row = _locked(work, ask.tracking_number)
        row.state = domain.withdrawn(State(row.state)).value
        work.emit(row.tracking_number, RequestWithdrawn(stage="intake"))
        return _done(row)

    @on_event(VerificationWithdrawn)
    def on_verification_withdrawn(self, event: Event[VerificationWithdrawn], work: Work) -> None:
        """Close it here too, wherever it stands; a request that is closed or unknown stays so."""
        row = locked_request(work.session, event.case)
        if row is not None and Move.WITHDRAW in State(row.state).moves:
            row.state = State(row.state).after(Move.WITHDRAW).value
            work.emit(row.tracking_number, RequestWithdrawn(stage="verification"))

    @query(ReadRequest)
    def read_request(self, ask: ReadRequest, work: Work) -> RequestDetail:
        """The whole request; the read is logged and published."""
        domain.check_purpose(ask.purpose)
        row = _found(find_request(work.session, ask.tracking_number))
        detail = self._data_of(work, row).open_request(row)
        _log_read(work, row, ask.purpose, fields_read(detail))
        return detail

    @query(ReadAttachment)
    def read_attachment(self, ask: ReadAttachment, work: Work) -> AttachmentContent:
        """A file of the request, or one that staff uploaded; the read is logged and published."""
        domain.check_purpose(ask.purpose)
        row = _found(find_request(work.session, ask.tracking_number))
        attachment = find_attachment(work.session, ask.attachment)
        if attachment is None or not domain.may_read_attachment(
            row.tracking_number, attachment.tracking_number, attachment.by_staff, work.actor
        ):
            raise AttachmentNotFound(field="attachment")
        content = self._data_of(work, row).open_attachment(attachment)
        _log_read(work, row, ask.purpose, ("attachment",))
        return AttachmentContent(
            media_type=attachment.media_type, content=base64.b64encode(content).decode()
        )

    @every(seconds=3600)
    def delete_forgotten_uploads(self, work: Work) -> None:
        """Delete what residents uploaded for a request that never came."""
        delete_uploads(work.session, before=work.now - domain.UPLOAD_KEPT_FOR)

    def _data_of(self, work: Work, row: Request) -> PersonalData:
        return PersonalData.of(work.session, self.vault, row)

    def _calendar(self) -> WorkCalendar:
        return office_calendar(self.settings.office_override)


def _decoded(text: str) -> bytes:
    """The file; refused with payload_too_large, or as a field that is not base64."""
    # The text is a third longer than the file; what is far too long is not even decoded.
    if len(text) * 3 // 4 - 2 > domain.MAX_ATTACHMENT_BYTES:
        raise domain.AttachmentTooLarge
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        raise domain.InvalidFields(("content", "wrong_format")) from None
    if len(content) > domain.MAX_ATTACHMENT_BYTES:
        raise domain.AttachmentTooLarge
    return content


def _locked(work: Work, tracking_number: str) -> Request:
    return _found(locked_request(work.session, tracking_number))


def _found(row: Request | None) -> Request:
    if row is None:
        raise CaseNotFound
    return row


def _deadline(row: Request) -> Deadline:
    return Deadline.from_dict(row.deadline)


def _facts(row: Request) -> dict[str, Any]:
    """What both `request_received` and `request_completed` hand on."""
    deadline = deadline_view(_deadline(row))
    return {
        "kind": RequestKind(row.kind),
        "purpose": Purpose(row.purpose),
        "district": row.district,
        "village": row.village,
        "standard": row.standard,
        "standard_version": row.standard_version,
        "received_at": deadline.received_at,
        "deadline": deadline,
    }


def _received(row: Request, attachments: int) -> RequestReceived:
    return RequestReceived(
        **_facts(row),
        channel=Channel(row.channel),
        warnings=tuple(row.warnings),
        attachments=attachments,
    )


def _done(row: Request) -> Done:
    return Done(tracking_number=row.tracking_number, state=row.state)


def _log_read(work: Work, row: Request, purpose: str, fields: tuple[str, ...]) -> None:
    work.session.add(
        PersonalDataReading(
            tracking_number=row.tracking_number,
            actor=work.actor.id,
            role=work.actor.role.value,
            purpose=purpose,
            fields=[*fields],
            read_at=work.now,
        )
    )
    work.emit(row.tracking_number, PersonalDataRead(purpose=purpose, fields=fields))
