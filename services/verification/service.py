"""Aid verification: from the announcement to the designated verifiers to the delivered result."""

from typing import Any, cast

from casework.clocks import Clocks, Kept
from casework.office import OfficeSettings, deadline_view
from casework.readings import log_read
from chassis.entrypoints import Event, every, on_event
from chassis.rpc import command, query
from chassis.settings import Configured
from chassis.store import Store
from chassis.vault import VaultProvider
from chassis.work import Work
from contracts.documents import DocumentIssued, DocumentKind
from contracts.envelope import SYSTEM, Done
from contracts.errors import CaseNotFound, check_purpose
from contracts.intake import (
    Purpose,
    RequestCompleted,
    RequestKind,
    RequestReceived,
    RequestWithdrawn,
)
from contracts.verification import (
    AssessEligibility,
    AssignmentReason,
    AssignVerifier,
    ClaimVerification,
    DecideVerification,
    DeliverResult,
    EligibilityAssessed,
    Outcome,
    PersonalDataRead,
    ReadVerification,
    ReportVisit,
    ResultDelivered,
    VerificationAnnounced,
    VerificationDetail,
    VerificationDone,
    VerificationReoffered,
    VerificationWithdrawn,
    VerifierAssigned,
    VisitReported,
    WithdrawVerification,
)
from services.verification.clocks import begin, clocks_of, next_step, take_over
from services.verification.domain import Move, Step, field_work, is_ours, state_reported
from services.verification.findings import Findings, fields_read
from services.verification.models import (
    Base,
    PersonalDataReading,
    VerificationCase,
    locked_case,
    open_case,
)
from services.verification.subject import Subjects
from standards import regions


class VerificationService(Subjects):
    """Aid verification; the methods stand in the order of the procedure."""

    name = "verification"

    store = Store(Base.metadata)
    vault = VaultProvider()
    settings = Configured(OfficeSettings)

    @on_event(RequestReceived)
    def on_request_received(self, event: Event[RequestReceived], work: Work) -> None:
        """Know the case; it waits at intake for the applicant's identification."""
        if event.data.kind is RequestKind.ASSISTANCE_VERIFICATION:
            self._open(work, event.case, **_facts(event.data))

    @on_event(RequestCompleted)
    def on_request_completed(self, event: Event[RequestCompleted], work: Work) -> None:
        """Announce it to the verifiers of its district, unless it was withdrawn meanwhile.

        The promise goes on where intake left it.
        """
        if event.data.kind is not RequestKind.ASSISTANCE_VERIFICATION:
            return
        self._open(work, event.case)
        row = _locked(work, event.case)
        if Move.ANNOUNCE not in row.case.state.moves:
            return
        for name, fact in _facts(event.data).items():
            setattr(row, name, fact)
        clocks = self._clocks(work)
        deadline = take_over(clocks, event.case, event.data)
        step = begin(clocks, row, Step.CLAIM)
        figures = field_work(row.standard, row.standard_version)
        row.case = row.case.announce(row.district, step.due, figures.max_visits)
        announced = VerificationAnnounced(
            district=row.district,
            offered_to=row.case.offered_to,
            offer_until=step.due,
            deadline=deadline_view(deadline),
            step=step,
        )
        work.emit(event.case, announced, actor=SYSTEM)

    @on_event(RequestWithdrawn)
    def on_request_withdrawn(self, event: Event[RequestWithdrawn], work: Work) -> None:
        """Close it unless it is decided; one that is not known yet will never be announced."""
        if not is_ours(event.case):
            return
        self._open(work, event.case)
        row = _locked(work, event.case)
        if Move.WITHDRAW in row.case.state.moves:
            row.case = row.case.withdraw()
            self._clocks(work).stop(event.case)

    @on_event(DocumentIssued)
    def on_document_issued(self, event: Event[DocumentIssued], work: Work) -> None:
        """Remember the letter, so that it can be handed over."""
        if event.data.kind is DocumentKind.VERIFICATION_LETTER:
            self._open(work, event.case)
            _locked(work, event.case).letter = event.data.code

    @every(seconds=2)
    def keep_deadlines(self, work: Work) -> None:
        """Tell of what is due or late; what nobody claimed in time is offered again."""
        clocks = self._clocks(work)
        clocks.follow_calendar(VerificationCase)
        for alarm in clocks.tell(VerificationCase):
            if alarm.step == Step.CLAIM and alarm.told == "missed":
                self._reoffer(work, alarm.case)

    @command(ClaimVerification)
    def claim(self, ask: ClaimVerification, work: Work) -> Done:
        """The first claim wins; the same verifier may ask again."""
        row = _locked(work, ask.tracking_number)
        claimed = row.case.claim(work.actor)
        if claimed != row.case:
            row.case = claimed
            self._emit_assigned(work, row, AssignmentReason.CLAIM)
        return _done(row)

    @command(AssignVerifier)
    def assign(self, ask: AssignVerifier, work: Work) -> Done:
        """Appoint a verifier; naming the present one changes nothing."""
        row = _locked(work, ask.tracking_number)
        appointed = row.case.appoint(ask.verifier)
        if appointed != row.case:
            row.case = appointed
            self._emit_assigned(work, row, AssignmentReason.APPOINTMENT)
        return _done(row)

    @command(ReportVisit)
    def report_visit(self, ask: ReportVisit, work: Work) -> Done:
        """Take a report; the same one again gets the same reply and changes nothing."""
        row = _locked(work, ask.tracking_number)
        findings = self._findings(work, row)
        done = Done(tracking_number=row.tracking_number, state=state_reported(ask.outcome).value)
        if findings.hold(ask, by=work.actor.id):
            return done
        row.case = row.case.report(work.actor, ask, work.now)
        findings.keep_visit(ask, by=work.actor.id, at=work.now)
        clocks = self._clocks(work)
        reported = VisitReported(
            visit=ask.visit,
            outcome=ask.outcome,
            attempt=row.attempts,
            visited_at=clocks.calendar.local(ask.visited_at),
            photos=len(ask.photos),
            step=next_step(clocks, row),
        )
        work.emit(row.tracking_number, reported)
        return done

    @command(AssessEligibility)
    def assess(self, ask: AssessEligibility, work: Work) -> Done:
        """Take the social worker's recommendation."""
        row = _locked(work, ask.tracking_number)
        row.case = row.case.assess(ask)
        self._findings(work, row).keep_assessment(ask, by=work.actor.id, at=work.now)
        assessed = EligibilityAssessed(
            recommendation=ask.recommendation,
            team_discussion=ask.team_discussion is not None,
            step=next_step(self._clocks(work), row),
        )
        work.emit(row.tracking_number, assessed)
        return _done(row)

    @command(DecideVerification)
    def decide(self, ask: DecideVerification, work: Work) -> Done:
        """Take the division head's decision, or the order to visit again."""
        row = _locked(work, ask.tracking_number)
        row.case = row.case.decide(ask)
        self._findings(work, row).keep_decision(ask, by=work.actor.id, at=work.now)
        if ask.decision == "send_back":
            self._emit_assigned(work, row, AssignmentReason.SENT_BACK)
            return _done(row)
        clocks = self._clocks(work)
        kept = cast(Kept, clocks.stop(row.tracking_number))  # promised with the announcement
        decided = VerificationDone(
            kind=RequestKind(row.kind),
            purpose=Purpose(row.purpose),
            outcome=Outcome(ask.decision),
            decided_at=clocks.calendar.local(work.now),
            in_time=kept.in_time,
            working_minutes=kept.working_minutes,
            standard=row.standard,
            standard_version=row.standard_version,
            step=next_step(clocks, row),
        )
        work.emit(row.tracking_number, decided)
        return _done(row)

    @command(DeliverResult)
    def deliver(self, ask: DeliverResult, work: Work) -> Done:
        """Record that the resident has the result; the case is closed."""
        row = _locked(work, ask.tracking_number)
        row.case = row.case.deliver(ask.delivery)
        clocks = self._clocks(work)
        clocks.end_step(row.tracking_number)
        delivered_at = clocks.calendar.local(work.now)
        work.emit(
            row.tracking_number, ResultDelivered(method=ask.delivery, delivered_at=delivered_at)
        )
        return _done(row)

    @command(WithdrawVerification)
    def withdraw(self, ask: WithdrawVerification, work: Work) -> Done:
        """Close it at the resident's wish, even before the event that brings it here."""
        if not is_ours(ask.tracking_number):
            raise CaseNotFound
        self._open(work, ask.tracking_number)
        row = _locked(work, ask.tracking_number)
        row.case = row.case.withdraw()
        self._clocks(work).stop(row.tracking_number)
        work.emit(row.tracking_number, VerificationWithdrawn())
        return _done(row)

    @query(ReadVerification)
    def read_verification(self, ask: ReadVerification, work: Work) -> VerificationDetail:
        """Everything that was written; the read is logged and published."""
        check_purpose(ask.purpose)
        row = _found(work.session.get(VerificationCase, ask.tracking_number))
        detail = self._findings(work, row).opened()
        read = PersonalDataRead(purpose=ask.purpose, fields=fields_read(detail))
        log_read(work, PersonalDataReading, row.tracking_number, read)
        return detail

    def _open(self, work: Work, tracking_number: str, **facts: Any) -> None:
        open_case(work.session, tracking_number, self.vault.new_key(), **facts)

    def _reoffer(self, work: Work, row: VerificationCase) -> None:
        """To every district's verifiers; from now on it waits for an appointment."""
        districts = tuple(district.code for district in regions.districts())
        row.case = case = row.case.reoffer(districts)
        reoffered = VerificationReoffered(
            wave=case.wave,
            offered_to=case.offered_to,
            offer_until=case.offer_until,
            step=next_step(self._clocks(work), row),
        )
        work.emit(row.tracking_number, reoffered, actor=SYSTEM)

    def _emit_assigned(self, work: Work, row: VerificationCase, reason: AssignmentReason) -> None:
        step = next_step(self._clocks(work), row)
        assigned = VerifierAssigned(verifier=row.verifier or "", reason=reason, step=step)
        work.emit(row.tracking_number, assigned)

    def _findings(self, work: Work, row: VerificationCase) -> Findings:
        return Findings(work.session, self.vault, row)

    def _clocks(self, work: Work) -> Clocks:
        return clocks_of(work, self.settings)


def _locked(work: Work, tracking_number: str) -> VerificationCase:
    return _found(locked_case(work.session, tracking_number))


def _found(row: VerificationCase | None) -> VerificationCase:
    if row is None:
        raise CaseNotFound
    return row


def _facts(data: RequestReceived | RequestCompleted) -> dict[str, Any]:
    return {
        "kind": data.kind.value,
        "purpose": data.purpose.value,
        "district": data.district or "",
        "standard": data.standard,
        "standard_version": data.standard_version,
    }


def _done(row: VerificationCase) -> Done:
    return Done(tracking_number=row.tracking_number, state=row.state)
