"""The clocks of the requests that are at intake."""

from casework.clocks import Clocks
from casework.office import OfficeSettings, office_calendar
from chassis.work import Work
from contracts.deadlines import DeadlineEvents
from contracts.intake import DeadlineApproaching, DeadlineChanged, DeadlineMissed
from services.intake.models import Clock

DEADLINE_EVENTS = DeadlineEvents(DeadlineApproaching, DeadlineMissed, DeadlineChanged)


def clocks_of(work: Work, settings: OfficeSettings) -> Clocks:
    """Those of this unit of work, by the office's calendar as it is now."""
    return Clocks(work, Clock, DEADLINE_EVENTS, office_calendar(settings.office_override))
