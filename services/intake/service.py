"""Intake: reception of requests, the completeness check, personal data and attachments."""

from casework.attachments import Attachments
from casework.clocks import Clocks
from casework.office import OfficeSettings, deadline_view
from casework.readings import log_read
from chassis.entrypoints import Event, every, on_event
from chassis.rpc import command, query
from chassis.settings import Configured
from chassis.store import Store
from chassis.vault import VaultProvider
from chassis.work import Work
from contracts.data_request import DataRequestWithdrawn
from contracts.envelope import AttachmentContent, AttachmentRef, Contacts, Done
from contracts.errors import CaseNotFound, check_purpose
from contracts.intake import (
    ApplicationDetail,
    IdentifyRequest,
    PersonalDataRead,
    ReadApplication,
    ReadAttachment,
    ReadContacts,
    ReadRequest,
    RequestDetail,
    RequestKind,
    RequestRegistered,
    RequestReturned,
    RequestSupplemented,
    RequestWithdrawn,
    StoreAttachment,
    SubmitDataRequest,
    SubmitRequest,
    SupplementRequest,
    WithdrawRequest,
)
from contracts.verification import VerificationWithdrawn
from services.intake import domain
from services.intake.clocks import clocks_of
from services.intake.domain import Move, State
from services.intake.fields import check_application, check_submission
from services.intake.models import (
    Attachment,
    Base,
    PersonalDataReading,
    Request,
    find_request,
    has_other_request,
    locked_request,
)
from services.intake.personal_data import PersonalData, fields_read, person_with
from services.intake.registration import completed, received, register
from services.intake.subject import Subjects
from standards import catalogue


class IntakeService(Subjects):
    """Reception; the methods stand in the order of the procedure."""

    name = "intake"

    store = Store(Base.metadata)
    vault = VaultProvider()
    settings = Configured(OfficeSettings)

    @command(StoreAttachment)
    def store_attachment(self, ask: StoreAttachment, work: Work) -> AttachmentRef:
        """Keep an uploaded file until a request takes it."""
        return self._files(work).keep(ask.content, work.now, staff=domain.is_staff(work.actor))

    @command(SubmitRequest)
    def submit_request(self, ask: SubmitRequest, work: Work) -> RequestRegistered:
        """Register a request for aid verification and promise its time (step 1)."""
        nik = check_submission(ask)
        clocks = self._clocks(work)
        reception = domain.receive(ask, work.now, clocks.calendar)
        person = person_with(work.session, self.vault, nik.number, work.now)
        since = work.now - domain.RECENT
        duplicate = has_other_request(work.session, person, ask.purpose.value, since)
        warnings = domain.warnings_of(nik, ask, duplicate=duplicate)
        row = register(work, self.vault, ask, reception, person, warnings)
        case, standard = row.tracking_number, reception.standard
        self._files(work).take(ask.attachments, case, person.wrapped_key)
        deadline = clocks.promise(case, standard, reception.deadline)
        step = clocks.begin_step(case, standard, domain.FIRST_STEP)
        work.emit(case, received(row, ask, deadline, step))
        return RequestRegistered(
            tracking_number=case, deadline=deadline_view(deadline), warnings=warnings
        )

    @command(SubmitDataRequest)
    def submit_data_request(self, ask: SubmitDataRequest, work: Work) -> RequestRegistered:
        """Register a request for data with its letter, and hand it over complete."""
        clocks = self._clocks(work)
        nik = check_application(ask, clocks.calendar.local(work.now).year)
        reception = domain.receive(ask, work.now, clocks.calendar)
        person = person_with(work.session, self.vault, nik.number if nik else None, work.now)
        row = register(work, self.vault, ask, reception, person)
        row.state = State(row.state).after(Move.COMPLETE).value
        case, files = row.tracking_number, (ask.letter, *ask.attachments)
        self._files(work).take(files, case, person.wrapped_key, first="letter")
        deadline = clocks.promise(case, reception.standard, reception.deadline)
        step = clocks.begin_step(case, reception.standard, domain.FIRST_STEP_OF_DATA)
        work.emit(case, received(row, ask, deadline, step))
        work.emit(case, completed(row, deadline, data_types=len(ask.data_types)))
        clocks.stop(case)
        return RequestRegistered(
            tracking_number=case, deadline=deadline_view(deadline), warnings=()
        )

    @command(IdentifyRequest)
    def identify_request(self, ask: IdentifyRequest, work: Work) -> Done:
        """Check the requirements: the request goes on to verification, or back (step 2)."""
        row = _locked(work, ask.tracking_number)
        case, clocks = row.tracking_number, self._clocks(work)
        standard = catalogue.load(row.standard, row.standard_version)
        missing = domain.missing_requirements(ask.checklist, standard)
        row.state = State(row.state).after(Move.RETURN if missing else Move.COMPLETE).value
        row.checklist = self._data_of(work, row).seal_checklist(ask.checklist, work.now)
        if missing:
            deadline = deadline_view(clocks.pause(case, domain.INCOMPLETE))
            work.emit(case, RequestReturned(missing=missing, deadline=deadline))
        else:
            work.emit(case, completed(row, clocks.deadline(case), told=clocks.told(case)))
            clocks.stop(case)
        return _done(row)

    @command(SupplementRequest)
    def supplement_request(self, ask: SupplementRequest, work: Work) -> Done:
        """Take what was missing; the request is identified again."""
        row = _locked(work, ask.tracking_number)
        row.state = State(row.state).after(Move.SUPPLEMENT).value
        domain.check_supplement(ask.attachments, ask.notes)
        case, clocks, data = row.tracking_number, self._clocks(work), self._data_of(work, row)
        data.keep_supplement(ask.notes, work.now)
        self._files(work).take(ask.attachments, case, data.key)
        standard = catalogue.load(row.standard, row.standard_version)
        supplemented = RequestSupplemented(
            attachments=len(ask.attachments),
            deadline=deadline_view(clocks.resume(case)),
            step=clocks.begin_step(case, standard, domain.FIRST_STEP),
        )
        work.emit(case, supplemented)
        return _done(row)

    @command(WithdrawRequest)
    def withdraw_request(self, ask: WithdrawRequest, work: Work) -> Done:
        """Close it at the resident's wish, as long as no other service has got it."""
        row = _locked(work, ask.tracking_number)
        row.state = domain.withdrawn(State(row.state)).value
        self._clocks(work).stop(row.tracking_number)
        work.emit(row.tracking_number, RequestWithdrawn(stage="intake"))
        return _done(row)

    @on_event(VerificationWithdrawn)
    def on_verification_withdrawn(self, event: Event[VerificationWithdrawn], work: Work) -> None:
        """Close it here too."""
        self._close(work, event.case, RequestWithdrawn(stage="verification"))

    @on_event(DataRequestWithdrawn)
    def on_data_request_withdrawn(self, event: Event[DataRequestWithdrawn], work: Work) -> None:
        """Close it here too."""
        self._close(work, event.case, RequestWithdrawn(stage="data_request"))

    @every(seconds=2)
    def keep_deadlines(self, work: Work) -> None:
        """Tell of what is due or late at intake; nothing else follows from it."""
        clocks = self._clocks(work)
        clocks.follow_calendar(Request)
        for _ in clocks.tell(Request):
            pass

    @query(ReadRequest)
    def read_request(self, ask: ReadRequest, work: Work) -> RequestDetail:
        """The whole request; the read is logged and published."""
        check_purpose(ask.purpose)
        row = _found(work, ask.tracking_number, RequestKind.ASSISTANCE_VERIFICATION)
        case = row.tracking_number
        files, deadline = self._files(work).refs(case), self._clocks(work).deadline(case)
        detail = self._data_of(work, row).open_request(row, files, deadline)
        _log(work, case, ask.purpose, fields_read(detail))
        return detail

    @query(ReadApplication)
    def read_application(self, ask: ReadApplication, work: Work) -> ApplicationDetail:
        """The whole request for data; the read is logged and published."""
        check_purpose(ask.purpose)
        row = _found(work, ask.tracking_number, RequestKind.DATA_REQUEST)
        case = row.tracking_number
        files, deadline = self._files(work).refs(case), self._clocks(work).deadline(case)
        detail = self._data_of(work, row).open_application(row, files, deadline)
        _log(work, case, ask.purpose, fields_read(detail))
        return detail

    @query(ReadContacts)
    def read_contacts(self, ask: ReadContacts, work: Work) -> Contacts:
        """How the resident wants to be told; the read is logged and published."""
        check_purpose(ask.purpose)
        row = _found(work, ask.tracking_number)
        contacts = self._data_of(work, row).open_contacts(row)
        _log(work, row.tracking_number, ask.purpose, ("contacts",) if contacts else ())
        return Contacts(contacts=contacts)

    @query(ReadAttachment)
    def read_attachment(self, ask: ReadAttachment, work: Work) -> AttachmentContent:
        """A file of the request, or one that staff uploaded; the read is logged and published."""
        check_purpose(ask.purpose)
        row = _found(work, ask.tracking_number)
        case, key = row.tracking_number, self._data_of(work, row).key
        content = self._files(work).read(case, ask.attachment, key, work.actor)
        _log(work, case, ask.purpose, ("attachment",))
        return content

    @every(seconds=3600)
    def delete_forgotten_uploads(self, work: Work) -> None:
        """Delete what residents uploaded for a request that never came."""
        self._files(work).delete_forgotten(work.now)

    def _close(self, work: Work, case: str, withdrawn: RequestWithdrawn) -> None:
        """Wherever it stands; a request that is closed or unknown stays so."""
        row = locked_request(work.session, case)
        if row is not None and Move.WITHDRAW in State(row.state).moves:
            row.state = State(row.state).after(Move.WITHDRAW).value
            self._clocks(work).stop(case)
            work.emit(case, withdrawn)

    def _clocks(self, work: Work) -> Clocks:
        return clocks_of(work, self.settings)

    def _files(self, work: Work) -> Attachments:
        return Attachments(work.session, self.vault, Attachment)

    def _data_of(self, work: Work, row: Request) -> PersonalData:
        return PersonalData.of(work.session, self.vault, row)


def _locked(work: Work, tracking_number: str) -> Request:
    row = locked_request(work.session, tracking_number)
    if row is None:
        raise CaseNotFound
    return row


def _found(work: Work, tracking_number: str, kind: RequestKind | None = None) -> Request:
    row = find_request(work.session, tracking_number)
    if row is None or (kind is not None and row.kind != kind):
        raise CaseNotFound
    return row


def _done(row: Request) -> Done:
    return Done(tracking_number=row.tracking_number, state=row.state)


def _log(work: Work, case: str, purpose: str, fields: tuple[str, ...]) -> None:
    log_read(work, PersonalDataReading, case, PersonalDataRead(purpose=purpose, fields=fields))
