"""The clocks of a verification: the promise that intake made, and the step that waits."""

from casework.clocks import Clocks
from casework.office import OfficeSettings, deadline_of, office_calendar
from chassis.work import Work
from contracts.deadlines import DeadlineEvents
from contracts.envelope import StepDue
from contracts.intake import RequestCompleted
from contracts.verification import DeadlineApproaching, DeadlineChanged, DeadlineMissed
from services.verification.models import Clock, VerificationCase
from standards import catalogue
from standards.deadline import Deadline

DEADLINE_EVENTS = DeadlineEvents(DeadlineApproaching, DeadlineMissed, DeadlineChanged)


def clocks_of(work: Work, settings: OfficeSettings) -> Clocks:
    """The service's clocks in this unit, by the office's calendar as it is now."""
    return Clocks(work, Clock, DEADLINE_EVENTS, office_calendar(settings.office_override))


def take_over(clocks: Clocks, case: str, completed: RequestCompleted) -> Deadline:
    """Let the promise go on where intake left it; the promise as it stands."""
    standard = catalogue.load(completed.standard, completed.standard_version)
    return clocks.promise(case, standard, deadline_of(completed.deadline), completed.told)


def begin(clocks: Clocks, row: VerificationCase, step: str) -> StepDue:
    """Start the clock of this step."""
    standard = catalogue.load(row.standard, row.standard_version)
    return clocks.begin_step(row.tracking_number, standard, step)


def next_step(clocks: Clocks, row: VerificationCase) -> StepDue | None:
    """Start the clock of the step that waits now; stop it where none does."""
    if row.case.step is not None:
        return begin(clocks, row, row.case.step)
    clocks.end_step(row.tracking_number)
    return None
