"""What time does to a complaint: partners are reminded, what is late is passed upward, and the
agency head is told when LAPOR! stays silent."""

from dataclasses import dataclass
from datetime import datetime

from casework.clocks import Alarm, Clocks
from chassis.work import Work
from contracts.complaints import (
    ComplaintCoordinated,
    ComplaintEscalated,
    EscalationReason,
    EscalationTarget,
    Scope,
)
from contracts.deadlines import ClockName
from contracts.envelope import SYSTEM, Actor
from services.complaints.fields import follow_up, same_span_after
from services.complaints.models import (
    Complaint,
    Coordination,
    LaporPassing,
    passings_of,
    silent_coordinations,
    silent_passings,
)
from standards import catalogue
from standards.calendar import WorkCalendar
from standards.clock import closing_after


@dataclass(frozen=True, slots=True)
class Escalation:
    """Escalation within one unit of work; the complaints it is given are locked."""

    work: Work
    clocks: Clocks
    calendar: WorkCalendar

    def late(self, alarm: Alarm) -> None:
        """Pass a complaint upward whose promise or step was just missed."""
        row: Complaint = alarm.case
        reason = self._reason(row, alarm)
        if reason is not None:
            self._raise(row, reason)

    def remind(self) -> None:
        """Remind every partner whose answer is due, once for each due moment.

        After the standard's number of reminders without an answer the complaint is passed upward.
        """
        session = self.work.session
        while found := silent_coordinations(session, self.work.now):
            for row, coordination in found:
                self._remind(row, coordination)
            self.work.checkpoint()
            # The next batch may hold a complaint of this one again, changed meanwhile.
            session.expire_all()

    def watch_lapor(self) -> None:
        """Tell the agency head where LAPOR! has not answered by its own deadline, once for each
        time that the complaint was passed there."""
        session = self.work.session
        while found := silent_passings(session, self.work.now):
            for row, passing in found:
                passing.silent_at = None
                case = row.case
                row.case = told = case.silent_at_lapor()
                if told is not case:
                    lapor_due = self.calendar.local(passing.answer_due)
                    self._publish(row, lapor_due, SYSTEM)
            self.work.checkpoint()
            session.expire_all()

    def tell(self, row: Complaint, actor: Actor | None = None) -> None:
        """Publish the newest escalation; with LAPOR!'s own deadlines if it was passed there."""
        to, _ = row.case.escalations[-1]
        self._publish(
            row, self._pass_to_lapor(row) if to is EscalationTarget.LAPOR else None, actor
        )

    def _publish(self, row: Complaint, lapor_due: datetime | None, actor: Actor | None) -> None:
        to, reason = row.case.escalations[-1]
        escalated = ComplaintEscalated(
            to=to,
            reason=reason,
            office_due=self.clocks.deadline(row.tracking_number).due,
            lapor_due=lapor_due,
            step=self.clocks.present_step(row.tracking_number),
        )
        self.work.emit(row.tracking_number, escalated, actor)

    def _reason(self, row: Complaint, alarm: Alarm) -> EscalationReason | None:
        if alarm.clock is ClockName.PROMISE:
            return EscalationReason.OVERDUE
        if alarm.step == "check":
            return EscalationReason.UNOWNED if row.owner is None else None
        promised = self.clocks.deadline(row.tracking_number).due
        if alarm.step == "response" and promised is not None and promised < alarm.due:
            return EscalationReason.OVERDUE
        return None

    def _raise(self, row: Complaint, reason: EscalationReason) -> None:
        to = row.case.next_level(reason)
        if to is None:
            return
        row.case = row.case.escalated(to, reason)
        if reason is EscalationReason.OVERDUE:
            # Whoever has it now has the time of a response; after it, it goes further.
            standard = catalogue.load(row.standard, row.standard_version)
            self.clocks.begin_step(row.tracking_number, standard, "response")
        self.tell(row, SYSTEM)

    def _remind(self, row: Complaint, coordination: Coordination) -> None:
        figures = follow_up(catalogue.load(row.standard, row.standard_version))
        if coordination.reminders >= figures.silent_reminders:
            coordination.remind_at = None
            self._raise(row, EscalationReason.SILENT_COORDINATION)
            return
        today = self.calendar.local(self.work.now).date()
        due = same_span_after(today, coordination.span_days, self.calendar)
        coordination.reminders += 1
        coordination.answer_due = coordination.remind_at = due
        reminded = ComplaintCoordinated(
            coordination=coordination.number,
            scope=Scope(coordination.scope),
            stage="reminded",
            answer_due=due,
            step=self.clocks.present_step(row.tracking_number),
        )
        self.work.emit(row.tracking_number, reminded, SYSTEM)

    def _pass_to_lapor(self, row: Complaint) -> datetime:
        """When LAPOR! is to have the answer: its time for forwarding, then its time for that."""
        figures = follow_up(catalogue.load(row.standard, row.standard_version))
        forward_days = figures.lapor_forward_working_days
        answer_days = forward_days + figures.lapor_answer_working_days
        session, now = self.work.session, self.work.now
        answer_due = closing_after(now, answer_days, self.calendar)
        passing = LaporPassing(
            tracking_number=row.tracking_number,
            number=len(passings_of(session, row.tracking_number)) + 1,
            escalated_at=now,
            office_due=self.clocks.deadline(row.tracking_number).due,
            forward_due=closing_after(now, forward_days, self.calendar),
            answer_due=answer_due,
            silent_at=answer_due,
        )
        session.add(passing)
        return answer_due
