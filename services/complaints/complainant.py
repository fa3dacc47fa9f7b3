"""What complainants do once they have complained: supplement, rate, reopen, withdraw; surveys."""

from casework.numbering import is_tracking_number
from casework.office import deadline_view
from chassis.database import insert_or_ignore
from chassis.rpc import command
from chassis.work import Work
from contracts.complaints import (
    AnswerSurvey,
    ComplaintRated,
    ComplaintReopened,
    ComplaintSupplemented,
    ComplaintWithdrawn,
    RateComplaint,
    ReopenComplaint,
    SupplementComplaint,
    SurveyAnswered,
    WithdrawComplaint,
)
from contracts.envelope import Done
from contracts.errors import CaseNotFound, ErrorCode, Refusal, check_written
from services.complaints import fields
from services.complaints.desk import Part, done
from services.complaints.models import Survey
from standards.deadline import compute_deadline


class Complainants(Part):
    """The moves of the complainants, and the survey of every resident."""

    @command(SupplementComplaint)
    def supplement_complaint(self, ask: SupplementComplaint, work: Work) -> Done:
        """Take what was missing; the clock runs again, and it is checked again."""
        desk = self._desk(work)
        row = desk.locked(ask.tracking_number)
        row.case = row.case.supplement()
        fields.check_supplement(ask.attachments, ask.notes)
        words = desk.words(row)
        words.write("supplement", ask.notes, work.actor, work.now)
        desk.files.take(ask.attachments, row.tracking_number, words.key)
        deadline = desk.clocks.resume(row.tracking_number)
        supplemented = ComplaintSupplemented(
            attachments=len(ask.attachments),
            deadline=deadline_view(deadline),
            step=desk.clocks.begin_step(row.tracking_number, desk.standard(row), "check"),
        )
        work.emit(row.tracking_number, supplemented)
        return done(row)

    @command(WithdrawComplaint)
    def withdraw(self, ask: WithdrawComplaint, work: Work) -> Done:
        """Close it at the complainant's wish, as long as it is not answered."""
        desk = self._desk(work)
        row = desk.locked(ask.tracking_number)
        row.case = row.case.withdraw()
        desk.stop_clocks(row)
        work.emit(row.tracking_number, ComplaintWithdrawn())
        return done(row)

    @command(RateComplaint)
    def rate(self, ask: RateComplaint, work: Work) -> Done:
        """Take the complainant's judgement of the resolution; it closes the complaint."""
        desk = self._desk(work)
        row = desk.locked(ask.tracking_number)
        row.case = row.case.rate(ask.score)
        if ask.words:
            desk.words(row).write("rating", ask.words, work.actor, work.now)
        work.emit(row.tracking_number, ComplaintRated(score=ask.score))
        return done(row)

    @command(ReopenComplaint)
    def reopen(self, ask: ReopenComplaint, work: Work) -> Done:
        """Handle it again: its owner is to answer within the promised time, counted from now."""
        desk = self._desk(work)
        row = desk.locked(ask.tracking_number)
        row.case = row.case.reopen(work.now)
        check_written("words", ask.words)
        desk.words(row).write("reopening", ask.words, work.actor, work.now)
        standard = desk.standard(row)
        days = standard.time.max_working_days
        deadline = desk.clocks.promise(
            row.tracking_number, standard, compute_deadline(work.now, days, desk.calendar)
        )
        reopened = ComplaintReopened(
            number=row.reopenings,
            deadline=deadline_view(deadline),
            step=desk.clocks.begin_step(row.tracking_number, standard, "response"),
        )
        work.emit(row.tracking_number, reopened)
        return done(row)

    @command(AnswerSurvey)
    def answer_survey(self, ask: AnswerSurvey, work: Work) -> Done:
        """Take a resident's answers about a case of any kind, once.

        Whether the case is closed is known to the gateway, which asks.
        """
        number = ask.tracking_number
        if not is_tracking_number(number):
            raise CaseNotFound
        state = self._desk(work).found(number).state if number.startswith("ADU") else "closed"
        fields.check_survey(ask)
        key = self.vault.new_key()
        words = self.vault.seal(key, ask.words, f"survey:{number}:words") if ask.words else None
        answers = {
            "tracking_number": number,
            "answered_at": work.now,
            "scores": {element.value: score for element, score in ask.scores.items()},
            "wrapped_key": key,
            "sealed": words,
        }
        if not insert_or_ignore(work.session, Survey, answers):
            raise Refusal(ErrorCode.ALREADY_ANSWERED)
        work.emit(number, SurveyAnswered(scores=ask.scores))
        return Done(tracking_number=number, state=state)
