"""Complaints: their reception and the jobs; the other parts stand in modules of their own.

handling.py holds the office's moves, complainant.py the complainant's, reading.py the queries,
subject.py a person's own record.
"""

from casework.contacts import check_contacts
from casework.numbering import next_tracking_number
from casework.office import OfficeSettings, deadline_view
from chassis.entrypoints import every
from chassis.rpc import command
from chassis.settings import Configured
from chassis.store import Store
from chassis.vault import VaultProvider
from chassis.work import Work
from contracts.complaints import (
    ComplaintReceived,
    ComplaintRegistered,
    StoreEvidence,
    SubmitComplaint,
)
from contracts.envelope import AttachmentRef, Role
from services.complaints import fields
from services.complaints.complainant import Complainants
from services.complaints.desk import Desk
from services.complaints.domain import State
from services.complaints.handling import Handling
from services.complaints.models import Base, Complaint, DayCounter, Person
from services.complaints.reading import Reading
from services.complaints.subject import Subjects
from services.complaints.words import Words, person_with
from standards import catalogue
from standards.deadline import compute_deadline


class ComplaintsService(Handling, Complainants, Reading, Subjects):
    """Complaints, suggestions and feedback, and the satisfaction survey."""

    name = "complaints"

    store = Store(Base.metadata)
    vault = VaultProvider()
    settings = Configured(OfficeSettings)

    @command(StoreEvidence)
    def store_evidence(self, ask: StoreEvidence, work: Work) -> AttachmentRef:
        """Keep an uploaded file until a complaint takes it."""
        staff = work.actor.role is not Role.RESIDENT
        return self._desk(work).files.keep(ask.content, work.now, staff=staff)

    @command(SubmitComplaint)
    def submit_complaint(self, ask: SubmitComplaint, work: Work) -> ComplaintRegistered:
        """Register a complaint and promise its answer, counted from the day it was received."""
        desk = self._desk(work)
        nik = fields.check_submission(ask, work.actor, work.now)
        check_contacts(ask.notify)
        person = person_with(work.session, self.vault, nik.number, work.now)
        row = _registered(desk, ask, person)
        number, standard = row.tracking_number, desk.standard(row)
        desk.files.take(ask.attachments, number, person.wrapped_key)
        days = standard.time.max_working_days
        deadline = desk.clocks.promise(
            number, standard, compute_deadline(row.received_at, days, desk.calendar)
        )
        received = ComplaintReceived(
            kind=ask.kind,
            channel=ask.channel,
            standard=standard.id,
            standard_version=standard.version,
            received_at=desk.calendar.local(row.received_at),
            entered_at=desk.calendar.local(row.entered_at),
            deadline=deadline_view(deadline),
            about_case=ask.about_case,
            officer=ask.officer,
            attachments=len(ask.attachments),
            notify=tuple(contact.way for contact in ask.notify),
            step=desk.clocks.begin_step(number, standard, "check"),
        )
        work.emit(number, received)
        return ComplaintRegistered(tracking_number=number, deadline=received.deadline)

    @every(seconds=2)
    def keep_deadlines(self, work: Work) -> None:
        """Tell of deadlines and of LAPOR!'s silence, remind partners, pass upward what is late,
        follow the calendar."""
        desk = self._desk(work)
        for alarm in desk.clocks.tell(Complaint):
            if alarm.told == "missed":
                desk.escalation.late(alarm)
        desk.escalation.remind()
        desk.escalation.watch_lapor()
        desk.clocks.follow_calendar(Complaint)

    @every(seconds=3600)
    def delete_forgotten_uploads(self, work: Work) -> None:
        """Delete what residents uploaded for a complaint that never came."""
        self._desk(work).files.delete_forgotten(work.now)


def _registered(desk: Desk, ask: SubmitComplaint, person: Person) -> Complaint:
    """The complaint's row, under the next number of the day of entry."""
    work, standard = desk.work, catalogue.load(fields.STANDARD)
    today = desk.calendar.local(work.now).date()
    number = next_tracking_number(work.session, DayCounter, "ADU", today)
    words = Words(work.session, desk.vault, person, number)
    row = Complaint(
        tracking_number=number,
        person_id=person.id,
        state=State.RECEIVED.value,
        kind=ask.kind.value,
        channel=ask.channel.value,
        standard=standard.id,
        standard_version=standard.version,
        received_at=ask.received_at or work.now,
        entered_at=work.now,
        about_case=ask.about_case,
        officer=ask.officer,
        submission=words.seal_submission(ask),
        contacts=words.seal_contacts(ask.notify),
    )
    work.session.add(row)
    work.session.flush()
    return row
