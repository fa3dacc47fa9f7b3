"""Who may read what of a complaint; every read is logged and published."""

from casework.readings import log_read
from chassis.rpc import query
from chassis.work import Work
from contracts.complaints import (
    ComplaintDetail,
    ExportLapor,
    LaporRecord,
    PersonalDataRead,
    ReadComplaint,
    ReadContacts,
    ReadEvidence,
)
from contracts.envelope import AttachmentContent, Contacts, Role
from contracts.errors import ErrorCode, Refusal, check_purpose
from services.complaints.desk import Desk, Part
from services.complaints.lapor import lapor_record
from services.complaints.models import Complaint, PersonalDataReading, passings_of
from services.complaints.words import fields_read, for_complainant, identity_read


class Reading(Part):
    """The queries."""

    @query(ReadComplaint)
    def read_complaint(self, ask: ReadComplaint, work: Work) -> ComplaintDetail:
        """The whole complaint, with who complains for whom the rules let know.

        The complainant gets what passed between them and the office.
        """
        check_purpose(ask.purpose)
        desk = self._desk(work)
        row = desk.found(ask.tracking_number)
        if not row.case.shows_matter_to(work.actor.role):
            raise Refusal(ErrorCode.ACCESS_DENIED)
        detail = desk.words(row).detail(
            row,
            desk.clocks.deadline(row.tracking_number),
            desk.files.refs(row.tracking_number),
            with_identity=row.case.shows_identity_to(work.actor.role),
        )
        if work.actor.role is Role.RESIDENT:
            detail = for_complainant(detail)
        _log(desk, row, ask.purpose, *fields_read(detail))
        return detail

    @query(ReadEvidence)
    def read_evidence(self, ask: ReadEvidence, work: Work) -> AttachmentContent:
        """One attachment; evidence may tell who complains."""
        check_purpose(ask.purpose)
        desk = self._desk(work)
        row = _with_identity(desk, ask.tracking_number)
        key = desk.words(row).key
        content = desk.files.read(row.tracking_number, ask.attachment, key, work.actor)
        _log(desk, row, ask.purpose, "attachment")
        return content

    @query(ReadContacts)
    def read_contacts(self, ask: ReadContacts, work: Work) -> Contacts:
        """How the complainant wants to be told, for the system's messages only."""
        check_purpose(ask.purpose)
        desk = self._desk(work)
        row = desk.found(ask.tracking_number)
        if work.actor.role is not Role.SYSTEM:
            raise Refusal(ErrorCode.ACCESS_DENIED)
        found = desk.words(row).contacts(row)
        _log(desk, row, ask.purpose, *(["contacts"] if found.contacts else []))
        return found

    @query(ExportLapor)
    def export_lapor(self, ask: ExportLapor, work: Work) -> LaporRecord:
        """The record to enter at LAPOR!; refused with not_escalated unless it was passed there."""
        check_purpose(ask.purpose)
        desk = self._desk(work)
        row = _with_identity(desk, ask.tracking_number)
        passings = passings_of(work.session, row.tracking_number)
        if not passings:
            raise Refusal(ErrorCode.NOT_ESCALATED)
        record = lapor_record(row, passings[-1], desk.words(row), desk.calendar)
        _log(desk, row, ask.purpose, *identity_read(record.complainant), "matter")
        return record


def _with_identity(desk: Desk, tracking_number: str) -> Complaint:
    row = desk.found(tracking_number)
    if not row.case.shows_identity_to(desk.work.actor.role):
        raise Refusal(ErrorCode.ACCESS_DENIED)
    return row


def _log(desk: Desk, row: Complaint, purpose: str, *fields: str) -> None:
    read = PersonalDataRead(purpose=purpose, fields=fields)
    log_read(desk.work, PersonalDataReading, row.tracking_number, read)
