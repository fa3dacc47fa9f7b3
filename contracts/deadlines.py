"""What every service that keeps a clock publishes of it; each has these under its own source."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from contracts.envelope import DeadlineDay, DeadlineView, EventData, Role


class ClockName(StrEnum):
    """A case has two: the promise to the resident, and the current step at the office."""

    PROMISE = "promise"
    STEP = "step"


class DeadlineApproaching(EventData):
    """Told once for each due moment. `step` is null for the promise; `role` has to move."""

    event: ClassVar[str] = "deadline_approaching"

    clock: ClockName
    step: str | None
    due: datetime
    role: Role | None


class DeadlineMissed(EventData):
    """Told once for each due moment, never before it has passed. `escalate_to` is to step in."""

    event: ClassVar[str] = "deadline_missed"

    clock: ClockName
    step: str | None
    due: datetime
    role: Role | None
    escalate_to: Role | None


class DeadlineChanged(EventData):
    """The office's calendar changed under an open deadline: `because` holds the days that read
    otherwise now. `deadline` explains the promise anew; it is null for a step."""

    event: ClassVar[str] = "deadline_changed"

    clock: ClockName
    step: str | None
    was: datetime
    due: datetime
    because: tuple[DeadlineDay, ...]
    deadline: DeadlineView | None


class DeadlineEvents:
    """The three events of one service."""

    def __init__(
        self,
        approaching: type[DeadlineApproaching],
        missed: type[DeadlineMissed],
        changed: type[DeadlineChanged],
    ) -> None:
        self.approaching = approaching
        self.missed = missed
        self.changed = changed
