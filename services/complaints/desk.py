"""What every part of the service works with: one unit of work at the complaints."""

from functools import cached_property
from typing import ClassVar

from casework.attachments import Attachments
from casework.clocks import Clocks, Kept
from casework.office import OfficeSettings, office_calendar
from chassis.vault import Vault
from chassis.work import Work
from contracts.complaints import DeadlineApproaching, DeadlineChanged, DeadlineMissed
from contracts.deadlines import DeadlineEvents
from contracts.envelope import Done
from contracts.errors import CaseNotFound
from services.complaints.escalation import Escalation
from services.complaints.models import (
    Attachment,
    Clock,
    Complaint,
    coordinations_of,
    find_complaint,
    locked_complaint,
)
from services.complaints.words import Words
from standards import catalogue
from standards.calendar import WorkCalendar
from standards.catalogue import ServiceStandard


class Desk:
    """The complaints within one unit of work; `calendar` is the office's as it is now."""

    EVENTS: ClassVar = DeadlineEvents(DeadlineApproaching, DeadlineMissed, DeadlineChanged)

    def __init__(self, work: Work, vault: Vault, calendar: WorkCalendar) -> None:
        self.work = work
        self.vault = vault
        self.calendar = calendar

    @cached_property
    def clocks(self) -> Clocks:
        """The promises and the steps."""
        return Clocks(self.work, Clock, self.EVENTS, self.calendar)

    @cached_property
    def files(self) -> Attachments:
        """The evidence."""
        return Attachments(self.work.session, self.vault, Attachment)

    @cached_property
    def escalation(self) -> Escalation:
        """What passes complaints upward."""
        return Escalation(self.work, self.clocks, self.calendar)

    def locked(self, tracking_number: str) -> Complaint:
        """The complaint, to be moved; raises CaseNotFound, also for the officer it is about."""
        return self._open_to_actor(locked_complaint(self.work.session, tracking_number))

    def found(self, tracking_number: str) -> Complaint:
        """The complaint, to be read; raises CaseNotFound, also for the officer it is about."""
        return self._open_to_actor(find_complaint(self.work.session, tracking_number))

    def words(self, row: Complaint) -> Words:
        """What was written."""
        return Words.of(self.work.session, self.vault, row)

    def standard(self, row: Complaint) -> ServiceStandard:
        """The standard that the complaint was received under."""
        return catalogue.load(row.standard, row.standard_version)

    def stop_clocks(self, row: Complaint) -> Kept:
        """End the promise and the step, and wait for no partner any more."""
        for coordination in coordinations_of(self.work.session, row.tracking_number):
            coordination.remind_at = None
        kept = self.clocks.stop(row.tracking_number)
        if kept is None:
            raise LookupError("a complaint without a promise")
        return kept

    def _open_to_actor(self, row: Complaint | None) -> Complaint:
        if row is None or row.case.is_about(self.work.actor):
            raise CaseNotFound
        return row


class Part:
    """A part of the service's class, which has these dependencies."""

    vault: Vault
    settings: OfficeSettings

    def _desk(self, work: Work) -> Desk:
        return Desk(work, self.vault, office_calendar(self.settings.office_override))


def done(row: Complaint) -> Done:
    """The reply of a move."""
    return Done(tracking_number=row.tracking_number, state=row.state)
