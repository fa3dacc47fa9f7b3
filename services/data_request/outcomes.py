"""What becomes of a case's clocks with each move, and the event that says so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.clocks import Clocks
from casework.office import deadline_of, deadline_view
from chassis.work import Work
from contracts.data_request import (
    ClarificationReceived,
    ClarificationRequested,
    DataHandedOver,
    DataPrepared,
    DataRequestApproved,
    DataRequestDispositioned,
    DataRequestRejected,
    DeadlineApproaching,
    DeadlineChanged,
    DeadlineMissed,
    HandoverSigned,
    PackageDetail,
    ReviewDataRequest,
    Side,
)
from contracts.deadlines import DeadlineEvents
from contracts.envelope import CaseMove, StepDue
from contracts.intake import Purpose, RequestCompleted
from services.data_request.models import Clock, DataRequestCase
from standards import catalogue
from standards.calendar import WorkCalendar
from standards.catalogue import ServiceStandard

_EVENTS = DeadlineEvents(DeadlineApproaching, DeadlineMissed, DeadlineChanged)


def clocks_of(work: Work, calendar: WorkCalendar) -> Clocks:
    """The service's clocks within one unit of work."""
    return Clocks(work, Clock, _EVENTS, calendar)


def standard_of(row: DataRequestCase) -> ServiceStandard:
    """The standard that the case was received under; raises UnknownStandard."""
    return catalogue.load(row.standard, row.standard_version)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcomes of moves with one case, whose row is locked and has made the move."""

    work: Work
    row: DataRequestCase
    calendar: WorkCalendar

    def take_over(self, completed: RequestCompleted) -> None:
        """Go on with the promise that intake gave; the agency head has the letter."""
        deadline = deadline_of(completed.deadline)
        self._clocks.promise(self._number, standard_of(self.row), deadline, completed.told)
        self._begin("disposition")

    def dispositioned(self) -> CaseMove:
        """The division head has the letter."""
        return DataRequestDispositioned(step=self._begin("review"))

    def reviewed(self, review: ReviewDataRequest) -> CaseMove:
        """Approved with another promise, rejected and closed, or asked back with a pause."""
        if review.decision == "approve":
            return self._approved()
        if review.decision == "reject":
            return self._rejected(review)
        paused = self._clocks.pause(self._number, "clarification_requested")
        return ClarificationRequested(deadline=deadline_view(paused))

    def answered(self) -> CaseMove:
        """The division head has the letter again, and the clock runs."""
        deadline = deadline_view(self._clocks.resume(self._number))
        return ClarificationReceived(deadline=deadline, step=self._begin("review"))

    def prepared(self, package: PackageDetail, tables: int) -> CaseMove:
        """The package waits for the signatures."""
        return DataPrepared(
            edition=package.edition,
            package_sha256=package.sha256,
            size=package.size,
            tables=tables,
            suppressed_cells=package.suppressed_cells,
            flagged_cells=package.flagged_cells,
            step=self._begin("handover"),
        )

    def signed(self, side: Side) -> CaseMove:
        """One side signed; the step goes on."""
        return HandoverSigned(side=side, step=self._clocks.present_step(self._number))

    def handed_over(self, package_sha256: str) -> CaseMove:
        """Both sides signed; closed."""
        self.row.handed_over_at = self.work.now
        return DataHandedOver.model_validate(
            {
                "purpose": Purpose(self.row.purpose),
                "package_sha256": package_sha256,
                "handed_over_at": self._now,
                **self._closed(),
            }
        )

    def withdrawn(self) -> None:
        """Nothing is due any more."""
        self._clocks.stop(self._number)

    def _approved(self) -> CaseMove:
        days = self.row.working_days or 0
        promised = self._clocks.promise_days(self._number, days)
        return DataRequestApproved.model_validate(
            {
                "complexity": self.row.complexity,
                "data_types": self.row.data_types,
                "working_days": days,
                "social_worker": self.row.social_worker,
                "deadline": deadline_view(promised),
                "step": self._begin("preparation"),
            }
        )

    def _rejected(self, review: ReviewDataRequest) -> CaseMove:
        facts = {"ground": review.ground, "decided_at": self._now}
        return DataRequestRejected.model_validate(facts | self._closed())

    def _closed(self) -> dict[str, Any]:
        kept = self._clocks.stop(self._number)
        if kept is None:
            raise LookupError("the case has no promise here")
        return {
            "in_time": kept.in_time,
            "working_minutes": kept.working_minutes,
            "standard": self.row.standard,
            "standard_version": self.row.standard_version,
        }

    def _begin(self, step: str) -> StepDue:
        return self._clocks.begin_step(self._number, standard_of(self.row), step)

    @property
    def _clocks(self) -> Clocks:
        return clocks_of(self.work, self.calendar)

    @property
    def _number(self) -> str:
        return self.row.tracking_number

    @property
    def _now(self) -> datetime:
        return self.calendar.local(self.work.now)
