"""What the office does with a complaint: check, coordination, response, resolution, escalation."""

from casework.office import deadline_view
from chassis.rpc import command
from chassis.work import Work
from contracts.complaints import (
    CheckComplaint,
    CheckResult,
    ComplaintChecked,
    ComplaintCoordinated,
    ComplaintResolved,
    ComplaintResponded,
    CoordinateComplaint,
    CoordinationAsked,
    EscalateComplaint,
    LaporReconciled,
    ReconcileLapor,
    RecordAnswer,
    ResolveComplaint,
    RespondComplaint,
    Scope,
)
from contracts.envelope import Done, StepDue
from contracts.errors import ErrorCode, Refusal, check_written
from services.complaints import fields
from services.complaints.desk import Desk, Part, done
from services.complaints.lapor import reconcile
from services.complaints.models import (
    Complaint,
    Coordination,
    coordinations_of,
    passings_of,
)
from standards.clock import closing_after


class Handling(Part):
    """The moves of the officers and the heads, in the order of the procedure."""

    @command(CheckComplaint)
    def check(self, ask: CheckComplaint, work: Work) -> Done:
        """Take the finding of the administrative check; whoever checks owns it from then on."""
        desk = self._desk(work)
        row = desk.locked(ask.tracking_number)
        row.case = row.case.check(work.actor, ask)
        row.missing = [each.value for each in ask.missing]
        row.referral = ask.referral.value if ask.referral else None
        desk.words(row).write("check", ask.note, work.actor, work.now)
        work.emit(row.tracking_number, _checked(desk, row, ask))
        return done(row)

    @command(CoordinateComplaint)
    def coordinate(self, ask: CoordinateComplaint, work: Work) -> CoordinationAsked:
        """Ask a partner; the answer is due at the close of the last of its working days."""
        desk = self._desk(work)
        row = desk.locked(ask.tracking_number)
        row.case = row.case.coordinate(work.actor)
        fields.check_question(ask)
        standard = desk.standard(row)
        days = ask.working_days or fields.days_for_answer(ask.scope, fields.follow_up(standard))
        due = closing_after(work.now, days, desk.calendar)
        number = len(coordinations_of(work.session, row.tracking_number)) + 1
        asked = Coordination(
            tracking_number=row.tracking_number,
            number=number,
            scope=ask.scope.value,
            asked_by=work.actor.id,
            asked_at=work.now,
            span_days=days,
            answer_due=due,
            remind_at=due,
            question=desk.words(row).seal_question(ask, number),
        )
        work.session.add(asked)
        step = desk.clocks.begin_step(row.tracking_number, standard, "coordination")
        _emit_coordinated(desk, asked, "asked", step)
        return CoordinationAsked(
            tracking_number=row.tracking_number, state=row.state, coordination=number
        )

    @command(RecordAnswer)
    def record_answer(self, ask: RecordAnswer, work: Work) -> Done:
        """Take a partner's answer; once all have answered the complainant's response is due."""
        desk = self._desk(work)
        row = desk.locked(ask.tracking_number)
        row.case = row.case.record_answer(work.actor)
        check_written("answer", ask.answer)
        asked = {each.number: each for each in coordinations_of(work.session, row.tracking_number)}
        answered = asked.get(ask.coordination)
        if answered is None:
            raise Refusal(ErrorCode.COORDINATION_NOT_FOUND)
        if answered.answered_at is not None:
            raise Refusal(ErrorCode.ALREADY_ANSWERED)
        answered.answer = desk.words(row).seal_answer(ask.answer, answered.number)
        answered.answered_at, answered.remind_at = work.now, None
        step = desk.clocks.present_step(row.tracking_number)
        all_answered = all(each.answered_at is not None for each in asked.values())
        if all_answered and step is not None and step.step == "coordination":
            step = desk.clocks.begin_step(row.tracking_number, desk.standard(row), "response")
        _emit_coordinated(desk, answered, "answered", step)
        return done(row)

    @command(RespondComplaint)
    def respond(self, ask: RespondComplaint, work: Work) -> Done:
        """Answer the complainant: the promise is kept, or not; the matter is to be resolved."""
        desk = self._desk(work)
        row = desk.locked(ask.tracking_number)
        row.case = row.case.respond(work.actor)
        check_written("response", ask.response)
        desk.words(row).write("response", ask.response, work.actor, work.now)
        kept = desk.stop_clocks(row)
        responded = ComplaintResponded(
            number=row.responses,
            responded_at=desk.calendar.local(work.now),
            in_time=kept.in_time,
            working_minutes=kept.working_minutes,
            standard=row.standard,
            standard_version=row.standard_version,
            step=desk.clocks.begin_step(row.tracking_number, desk.standard(row), "resolution"),
        )
        work.emit(row.tracking_number, responded)
        return done(row)

    @command(ResolveComplaint)
    def resolve(self, ask: ResolveComplaint, work: Work) -> Done:
        """Settle the matter; for some days the complainant may reopen it."""
        desk = self._desk(work)
        row = desk.locked(ask.tracking_number)
        days = fields.follow_up(desk.standard(row)).reopen_working_days
        until = closing_after(work.now, days, desk.calendar)
        row.case = row.case.resolve(work.actor, until)
        check_written("resolution", ask.resolution)
        desk.words(row).write("resolution", ask.resolution, work.actor, work.now)
        desk.clocks.end_step(row.tracking_number)
        resolved_at = desk.calendar.local(work.now)
        work.emit(
            row.tracking_number, ComplaintResolved(resolved_at=resolved_at, reopen_until=until)
        )
        return done(row)

    @command(EscalateComplaint)
    def escalate(self, ask: EscalateComplaint, work: Work) -> Done:
        """Pass it upward by hand."""
        desk = self._desk(work)
        row = desk.locked(ask.tracking_number)
        row.case = row.case.escalate(work.actor, ask.to, ask.words)
        desk.words(row).write("escalation", ask.words, work.actor, work.now)
        desk.escalation.tell(row)
        return done(row)

    @command(ReconcileLapor)
    def reconcile_lapor(self, ask: ReconcileLapor, work: Work) -> Done:
        """Enter what came back from LAPOR!, in any order; the newest counts."""
        desk = self._desk(work)
        row = desk.locked(ask.tracking_number)
        row.case.check_reconciler(work.actor)
        words = desk.words(row)
        passing = passings_of(work.session, row.tracking_number)[-1]
        fields.check_lapor(
            ask, passing.escalated_at, words.lapor_number(passing.sealed), now=work.now
        )
        reconcile(passing, ask, words)
        words.write("lapor", ask.words, work.actor, work.now)
        agrees = row.case.agrees_with(ask.status)
        work.emit(row.tracking_number, LaporReconciled(status=ask.status, agrees=agrees))
        return done(row)


def _checked(desk: Desk, row: Complaint, ask: CheckComplaint) -> ComplaintChecked:
    """The finding, and what it does to the clocks."""
    case, clocks = row.tracking_number, desk.clocks
    step = kept = None
    if ask.result is CheckResult.COMPLETE:
        step = clocks.begin_step(case, desk.standard(row), "coordination")
    elif ask.result is CheckResult.INCOMPLETE:
        clocks.pause(case, "complaint_incomplete")
    else:
        kept = desk.stop_clocks(row)
    return ComplaintChecked(
        result=ask.result,
        missing=ask.missing,
        referral=ask.referral,
        officer=row.officer,
        owner=row.owner or "",
        deadline=deadline_view(clocks.deadline(case)),
        in_time=kept.in_time if kept else None,
        working_minutes=kept.working_minutes if kept else None,
        step=step,
    )


def _emit_coordinated(
    desk: Desk, coordination: Coordination, stage: str, step: StepDue | None
) -> None:
    answer_due = desk.calendar.local(coordination.answer_due) if stage == "asked" else None
    coordinated = ComplaintCoordinated.model_validate(
        {
            "coordination": coordination.number,
            "scope": Scope(coordination.scope),
            "stage": stage,
            "answer_due": answer_due,
            "step": step,
        }
    )
    desk.work.emit(coordination.tracking_number, coordinated)
