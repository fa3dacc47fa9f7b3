"""What was written about a household: kept sealed under its case's key, opened for who may read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from casework.case_seal import CaseSeal
from chassis.vault import Vault
from contracts.errors import ErrorCode, Refusal
from contracts.verification import (
    AssessEligibility,
    AssessmentDetail,
    DecideVerification,
    DecisionDetail,
    ReportVisit,
    VerificationDetail,
    VisitDetail,
)
from services.verification.models import (
    Assessment,
    Decision,
    VerificationCase,
    Visit,
    assessments_of,
    decisions_of,
    visits_of,
)


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of one case."""

    session: Session
    vault: Vault
    row: VerificationCase

    def hold(self, report: ReportVisit, by: str) -> bool:
        """Whether this very report was taken before.

        Raises a refusal: not_the_assigned_verifier when another made it, visit_report_conflict
        when it said something else.
        """
        for visit in visits_of(self.session, self.row.tracking_number):
            if visit.visit == report.visit:
                if visit.verifier != by:
                    raise Refusal(ErrorCode.NOT_THE_ASSIGNED_VERIFIER)
                if self._report(visit) != report:
                    raise Refusal(ErrorCode.VISIT_REPORT_CONFLICT)
                return True
        return False

    def keep_visit(self, report: ReportVisit, by: str, at: datetime) -> None:
        """Store the report as that of the case's newest attempt."""
        visit = Visit(
            tracking_number=self.row.tracking_number,
            visit=report.visit,
            attempt=self.row.attempts,
            verifier=by,
            outcome=report.outcome.value,
            visited_at=report.visited_at,
            reported_at=at,
            sealed=self._pieces.seal(report, "visit", report.visit),
        )
        self.session.add(visit)

    def keep_assessment(self, assessment: AssessEligibility, by: str, at: datetime) -> None:
        """Store the assessment as the case's newest."""
        number = len(assessments_of(self.session, self.row.tracking_number)) + 1
        kept = Assessment(
            tracking_number=self.row.tracking_number,
            number=number,
            recommendation=assessment.recommendation.value,
            assessed_by=by,
            assessed_at=at,
            sealed=self._pieces.seal(assessment, "assessment", number),
        )
        self.session.add(kept)

    def keep_decision(self, decision: DecideVerification, by: str, at: datetime) -> None:
        """Store the decision as the case's newest."""
        number = len(decisions_of(self.session, self.row.tracking_number)) + 1
        kept = Decision(
            tracking_number=self.row.tracking_number,
            number=number,
            decision=decision.decision,
            decided_by=by,
            decided_at=at,
            sealed=self._pieces.seal(decision, "decision", number),
        )
        self.session.add(kept)

    def opened(self) -> VerificationDetail:
        """The whole case with everything that was written, oldest first."""
        case, number = self.row.case, self.row.tracking_number
        assessments = assessments_of(self.session, number)
        decisions = decisions_of(self.session, number)
        return VerificationDetail(
            tracking_number=number,
            state=case.state.value,
            district=self.row.district,
            offered_to=case.offered_to,
            offer_until=case.offer_until,
            wave=case.wave,
            verifier=case.verifier,
            visits=tuple(self._visit(each) for each in visits_of(self.session, number)),
            assessments=tuple(self._assessment(each) for each in assessments),
            decisions=tuple(self._decision(each) for each in decisions),
            delivery=case.delivery,
        )

    def _visit(self, kept: Visit) -> VisitDetail:
        report = self._report(kept)
        return VisitDetail(
            verifier=kept.verifier,
            reported_at=kept.reported_at,
            **dict(report) | {"visited_at": kept.visited_at},
        )

    def _assessment(self, kept: Assessment) -> AssessmentDetail:
        assessment = self._pieces.open_model(
            AssessEligibility, kept.sealed, "assessment", kept.number
        )
        return AssessmentDetail(
            assessed_by=kept.assessed_by, assessed_at=kept.assessed_at, **dict(assessment)
        )

    def _decision(self, kept: Decision) -> DecisionDetail:
        decision = self._pieces.open_model(DecideVerification, kept.sealed, "decision", kept.number)
        return DecisionDetail(
            decided_by=kept.decided_by, decided_at=kept.decided_at, **dict(decision)
        )

    def _report(self, kept: Visit) -> ReportVisit:
        return self._pieces.open_model(ReportVisit, kept.sealed, "visit", kept.visit)

    @property
    def _pieces(self) -> CaseSeal:
        case = f"verification:{self.row.tracking_number}"
        return CaseSeal(self.vault, self.row.wrapped_key, case)


def fields_read(detail: VerificationDetail) -> tuple[str, ...]:
    """The fields of the detail in which something about the household stands."""
    written = {
        "visits": detail.visits,
        "assessments": detail.assessments,
        "decisions": detail.decisions,
    }
    return tuple(field for field, pieces in written.items() if pieces)
