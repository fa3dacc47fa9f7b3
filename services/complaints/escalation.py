"""What time does to a complaint: partners are reminded, and what is late is passed upward."""

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
from contracts.envelope import SYSTEM, Actor, StepDue
from services.complaints.fields import closing_after, follow_up, same_span_after
from services.complaints.models import (
    Complaint,
    Coordination,
    LaporPassing,
    silent_coordinations,
    step_clock,
)
from standards import catalogue
from standards.calendar import WorkCalendar


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

    def tell(
        self,
        row: Complaint,
        to: EscalationTarget,
        reason: EscalationReason,
        actor: Actor | None = None,
    ) -> None:
        """Publish that the complaint was passed there, by LAPOR!'s own deadlines if it is there."""
        office_due = self.clocks.deadline(row.tracking_number).due
        lapor_due = self._pass_to_lapor(row, office_due) if to is EscalationTarget.LAPOR else None
        escalated = ComplaintEscalated(
            to=to,
            reason=reason,
            office_due=office_due,
            lapor_due=lapor_due,
            step=self.present_step(row),
        )
        self.work.emit(row.tracking_number, escalated, actor)

    def present_step(self, row: Complaint) -> StepDue | None:
        """The step that waits for the office, whatever else happens to the case."""
        clock = step_clock(self.work.session, row.tracking_number)
        if clock is None or clock.step is None or clock.due is None:
            return None
        return StepDue(step=clock.step, due=self.calendar.local(clock.due))

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
        if to is not None:
            row.case = row.case.escalated(to, reason)
            self.tell(row, to, reason, SYSTEM)

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
            step=self.present_step(row),
        )
        self.work.emit(row.tracking_number, reminded, SYSTEM)

    def _pass_to_lapor(self, row: Complaint, office_due: datetime | None) -> datetime:
        """When LAPOR! is to have the answer: its time for forwarding, then its time for that."""
        figures = follow_up(catalogue.load(row.standard, row.standard_version))
        forward_days = figures.lapor_forward_working_days
        answer_days = forward_days + figures.lapor_answer_working_days
        now = self.work.now
        passing = LaporPassing(
            tracking_number=row.tracking_number,
            escalated_at=now,
            office_due=office_due,
            forward_due=closing_after(now, forward_days, self.calendar),
            answer_due=closing_after(now, answer_days, self.calendar),
        )
        self.work.session.add(passing)
        return passing.answer_due
