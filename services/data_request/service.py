"""Data requests: from the agency head's disposition to the data handed over."""

import base64
from collections import deque

from casework.office import OfficeSettings, office_calendar
from casework.readings import log_read
from chassis.entrypoints import Event, every, on_event
from chassis.native import aside
from chassis.rpc import command, query
from chassis.settings import Configured
from chassis.store import Store
from chassis.vault import VaultProvider
from chassis.work import Work
from contracts.data_request import (
    AnswerClarification,
    BuildPackage,
    DataDownloaded,
    DataRequestDetail,
    DataRequestWithdrawn,
    DispositionDataRequest,
    DownloadPackage,
    PackageBuilt,
    PackageContent,
    PackageDetail,
    PersonalDataRead,
    ReadDataRequest,
    ReadRegister,
    RegisterPage,
    ReviewDataRequest,
    SignHandover,
    StoreTable,
    TableChecked,
    WithdrawDataRequest,
)
from contracts.envelope import Done
from contracts.errors import CaseNotFound, check_purpose
from contracts.intake import Purpose, RequestCompleted, RequestKind, RequestWithdrawn
from services.data_request.domain import PREFIX, Move, State, complexity_rule, data_release
from services.data_request.fields import check_package, check_table_name
from services.data_request.models import (
    Base,
    DataRequestCase,
    Download,
    PersonalDataReading,
    downloads_of,
    handed_over_cases,
    locked_case,
    opened_case,
    package_of,
)
from services.data_request.outcomes import Outcomes, clocks_of, standard_of
from services.data_request.package import Contents, build_archive
from services.data_request.register import FIELDS_READ, cursor_after, entry_of, read_cursor
from services.data_request.subject import Subjects
from services.data_request.tables import Tables
from services.data_request.uploads import read_upload
from services.data_request.writings import Writings, fields_read
from standards.calendar import WorkCalendar


class DataRequestService(Subjects):
    """Data requests; the methods stand in the order of the procedure."""

    name = "data_request"

    store = Store(Base.metadata)
    vault = VaultProvider()
    settings = Configured(OfficeSettings)

    @on_event(RequestCompleted)
    def on_request_completed(self, event: Event[RequestCompleted], work: Work) -> None:
        """Take over a data request with its promise, unless it was withdrawn meanwhile."""
        data = event.data
        if data.kind is not RequestKind.DATA_REQUEST:
            return
        row = self._opened(work, event.case)
        if not row.purpose:
            row.purpose = data.purpose.value
            row.standard, row.standard_version = data.standard, data.standard_version
        if Move.OPEN in row.case.state.moves:
            row.case = row.case.open(data.data_types)
            self._outcomes(work, row).take_over(data)

    @on_event(RequestWithdrawn)
    def on_request_withdrawn(self, event: Event[RequestWithdrawn], work: Work) -> None:
        """Close it unless it is closed; one that is not known yet will never be opened."""
        if not event.case.startswith(PREFIX):
            return
        row = self._opened(work, event.case)
        if Move.WITHDRAW in row.case.state.moves:
            row.case = row.case.withdraw()
            self._outcomes(work, row).withdrawn()

    @every(seconds=2)
    def keep_deadlines(self, work: Work) -> None:
        """Tell of deadlines that are near or have passed, and follow the office's calendar."""
        clocks = clocks_of(work, self._calendar)
        deque(clocks.tell(DataRequestCase), maxlen=0)
        clocks.follow_calendar(DataRequestCase)

    @command(DispositionDataRequest)
    def disposition(self, ask: DispositionDataRequest, work: Work) -> Done:
        """The agency head passes the letter to the division head."""
        row = _locked(work, ask.tracking_number)
        row.case = row.case.disposition()
        self._writings(work, row).keep_note(ask.note)
        work.emit(row.tracking_number, self._outcomes(work, row).dispositioned())
        return _done(row)

    @command(ReviewDataRequest)
    def review(self, ask: ReviewDataRequest, work: Work) -> Done:
        """The division head approves, rejects or asks back."""
        row = _locked(work, ask.tracking_number)
        row.case = row.case.review(ask, complexity_rule(standard_of(row)))
        self._writings(work, row).keep_review(ask, by=work.actor.id, at=work.now)
        work.emit(row.tracking_number, self._outcomes(work, row).reviewed(ask))
        return _done(row)

    @command(AnswerClarification)
    def answer_clarification(self, ask: AnswerClarification, work: Work) -> Done:
        """The requester answers; the clock runs again and the division head reviews anew."""
        row = _locked(work, ask.tracking_number)
        row.case = row.case.answer(ask.answer)
        self._writings(work, row).keep_answer(ask.answer, at=work.now)
        work.emit(row.tracking_number, self._outcomes(work, row).answered())
        return _done(row)

    @command(StoreTable)
    def store_table(self, ask: StoreTable, work: Work) -> TableChecked:
        """Keep a table for the package, once it is clear that it may be released."""
        check_table_name(ask.name)
        # Who may not is told before the file is read; the case is locked only when it has been.
        row = _found(work.session.get(DataRequestCase, ask.tracking_number))
        row.case.store_table(work.actor)
        upload = aside(read_upload, ask.content)
        row = _locked(work, ask.tracking_number)
        row.case = row.case.store_table(work.actor)
        tables = Tables(work.session, self.vault, row)
        smallest = data_release(standard_of(row)).smallest_cell
        return tables.keep(ask.name, upload, smallest, by=work.actor.id, at=work.now)

    @command(BuildPackage)
    def build_package(self, ask: BuildPackage, work: Work) -> PackageBuilt:
        """Make the next edition of the package; signatures for an earlier one count no more."""
        row = _locked(work, ask.tracking_number)
        row.case = row.case.build_package(work.actor)
        tables = Tables(work.session, self.vault, row)
        if not ask.tables:
            ask = ask.model_copy(update={"tables": tables.ids()})
        check_package(ask)
        standard = standard_of(row)
        contents = Contents(
            tracking_number=row.tracking_number,
            edition=row.edition,
            standard=standard,
            purpose=Purpose(row.purpose),
            source=ask.data_source,
            method=ask.data_method,
            how=ask.small_cells,
            smallest_cell=data_release(standard).smallest_cell,
            made_at=self._calendar.local(work.now),
            tables=tables.opened(ask.tables),
        )
        archive = aside(build_archive, contents)
        package = archive.described(contents, by=work.actor.id)
        self._writings(work, row).keep_package(package, archive.content)
        prepared = self._outcomes(work, row).prepared(package, tables=len(ask.tables))
        work.emit(row.tracking_number, prepared)
        return _built(row, package)

    @command(SignHandover)
    def sign_handover(self, ask: SignHandover, work: Work) -> Done:
        """One side signs; when both have, the data are handed over and the case is closed."""
        row = _locked(work, ask.tracking_number)
        row.case = row.case.sign(ask, work.actor)
        self._writings(work, row).keep_signature(ask, by=work.actor.id, at=work.now)
        outcomes = self._outcomes(work, row)
        work.emit(row.tracking_number, outcomes.signed(ask.side))
        if row.case.state is State.HANDED_OVER:
            sha256 = package_of(work.session, row).sha256
            work.emit(row.tracking_number, outcomes.handed_over(sha256))
        return _done(row)

    @command(WithdrawDataRequest)
    def withdraw(self, ask: WithdrawDataRequest, work: Work) -> Done:
        """Close it at the requester's wish, even before the event that brings it here."""
        if not ask.tracking_number.startswith(PREFIX):
            raise CaseNotFound
        row = self._opened(work, ask.tracking_number)
        row.case = row.case.withdraw()
        self._outcomes(work, row).withdrawn()
        work.emit(row.tracking_number, DataRequestWithdrawn())
        return _done(row)

    @query(DownloadPackage)
    def download_package(self, ask: DownloadPackage, work: Work) -> PackageContent:
        """The archive as it was made; each download is recorded and published."""
        row = _locked(work, ask.tracking_number)
        row.case.check_downloadable()
        package = package_of(work.session, row)
        content = self._writings(work, row).archive(package)
        number = len(downloads_of(work.session, row.tracking_number)) + 1
        download = Download(
            tracking_number=row.tracking_number,
            number=number,
            actor=work.actor.id,
            downloaded_at=work.now,
        )
        work.session.add(download)
        downloaded = DataDownloaded(number=number, package_sha256=package.sha256)
        work.emit(row.tracking_number, downloaded)
        return PackageContent(sha256=package.sha256, content=base64.b64encode(content).decode())

    @query(ReadDataRequest)
    def read_data_request(self, ask: ReadDataRequest, work: Work) -> DataRequestDetail:
        """Everything that was written; the read is logged and published."""
        check_purpose(ask.purpose)
        row = _found(work.session.get(DataRequestCase, ask.tracking_number))
        if not row.purpose:  # a withdrawal alone is known of it
            raise CaseNotFound
        detail = self._writings(work, row).opened()
        read = PersonalDataRead(purpose=ask.purpose, fields=fields_read(detail))
        log_read(work, PersonalDataReading, row.tracking_number, event=read)
        return detail

    @query(ReadRegister)
    def read_register(self, ask: ReadRegister, work: Work) -> RegisterPage:
        """What was given to whom, newest first; each entry read is logged and published."""
        check_purpose(ask.purpose)
        before = read_cursor(ask.cursor)
        rows = handed_over_cases(work.session, ask.limit + 1, before)
        shown = rows[: ask.limit]
        entries = tuple(entry_of(work.session, self.vault, row) for row in shown)
        read = PersonalDataRead(purpose=ask.purpose, fields=FIELDS_READ)
        for row in shown:
            log_read(work, PersonalDataReading, row.tracking_number, event=read)
        more = len(rows) > ask.limit
        return RegisterPage(entries=entries, next_cursor=cursor_after(shown[-1]) if more else None)

    def _opened(self, work: Work, tracking_number: str) -> DataRequestCase:
        return opened_case(work.session, tracking_number, self.vault.new_key())

    def _writings(self, work: Work, row: DataRequestCase) -> Writings:
        return Writings(work.session, self.vault, row)

    def _outcomes(self, work: Work, row: DataRequestCase) -> Outcomes:
        return Outcomes(work, row, self._calendar)

    @property
    def _calendar(self) -> WorkCalendar:
        return office_calendar(self.settings.office_override)


def _locked(work: Work, tracking_number: str) -> DataRequestCase:
    return _found(locked_case(work.session, tracking_number))


def _found(row: DataRequestCase | None) -> DataRequestCase:
    if row is None:
        raise CaseNotFound
    return row


def _done(row: DataRequestCase) -> Done:
    return Done(tracking_number=row.tracking_number, state=row.state)


def _built(row: DataRequestCase, package: PackageDetail) -> PackageBuilt:
    return PackageBuilt(
        tracking_number=row.tracking_number,
        state=row.state,
        **package.model_dump(include={*PackageBuilt.model_fields}),
    )
