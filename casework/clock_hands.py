"""Setting a clock's row, and telling of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from casework.changed_days import changed_days, differing_days, unnamed_change
from casework.clock_tables import ClockColumns, Told
from casework.office import deadline_view
from chassis.work import Work
from contracts.deadlines import ClockName, DeadlineEvents
from contracts.envelope import SYSTEM, DeadlineDay, Role
from standards import catalogue
from standards.calendar import WorkCalendar
from standards.catalogue import ServiceStandard
from standards.clock import office_minutes_before, step_due
from standards.deadline import Deadline, Pause, compute_deadline


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was just told of a case: `case` is the service's own row, locked."""

    case: Any
    told: Told
    clock: ClockName
    step: str | None
    due: datetime


class Hands:
    """The clocks' rows within one unit of work; the arguments are those of Clocks."""

    def __init__(
        self,
        work: Work,
        model: type[ClockColumns],
        events: DeadlineEvents,
        calendar: WorkCalendar,
    ) -> None:
        self._work = work
        self._model = model
        self._events = events
        self._calendar = calendar

    def find(self, case: str, clock: ClockName) -> ClockColumns | None:
        """The clock, if the case has it."""
        return self._work.session.get(self._model, (case, clock.value))

    def take(self, case: str, clock: ClockName, standard: ServiceStandard) -> ClockColumns:
        """The clock, running under that standard; a new one if the case has none."""
        row = self.find(case, clock)
        if row is None:
            row = self._model()
            row.tracking_number, row.clock = case, clock.value
            row.step = row.deadline = row.due = None
            row.told = {}
            self._work.session.add(row)
        row.standard, row.standard_version = standard.id, standard.version
        row.running = True
        return row

    def promised(self, case: str) -> tuple[ClockColumns, Deadline]:
        """The case's promise; raises LookupError."""
        row = self.find(case, ClockName.PROMISE)
        if row is None or row.deadline is None:
            raise LookupError("the case has no promise here")
        return row, Deadline.from_dict(row.deadline)

    def set_promise(self, row: ClockColumns, deadline: Deadline) -> Deadline:
        """Let the promise run until the deadline."""
        row.deadline = deadline.as_dict()
        self.aim(row, deadline.due)
        return deadline

    def recount(self, row: ClockColumns, working_days: int, pauses: Iterable[Pause]) -> Deadline:
        """Work the promise out anew from its receipt, with the calendar as it is.

        A step that runs is brought within it; the caller's event tells of both. That the promise
        so far was missed is told first.
        """
        self.tell_rung(row)
        deadline = self._recounted(row, working_days, pauses)
        step = self.find(row.tracking_number, ClockName.STEP)
        if step is not None and step.running:
            self.aim_step(step)
        return deadline

    def aim(self, row: ClockColumns, due: datetime | None) -> None:
        """Let the clock run until `due`, or stand still."""
        standard = _standard_of(row)
        minutes = (standard.step(row.step) if row.step else standard).approach_minutes
        approach_at = office_minutes_before(due, minutes, self._calendar) if due else None
        row.aim(due, approach_at, self._calendar.fingerprint)

    def aim_step(self, row: ClockColumns) -> datetime:
        """Let a step run for its time, but no longer than the promise; when it is due.

        One that ends with the promise is warned of no later than it. A promise that had passed
        when the step began bounds nothing: the step would be missed before anybody could act.
        """
        due = step_due(_standard_of(row).step(row.step or ""), row.started_at, self._calendar)
        promise = self.find(row.tracking_number, ClockName.PROMISE)
        bound = promise.due if promise is not None and promise.running else None
        if promise is None or bound is None or not row.started_at < bound <= due:
            self.aim(row, due)
            return due
        due = self._calendar.local(bound)
        self.aim(row, due)
        warnings = [at for at in (row.approach_at, promise.approach_at) if at is not None]
        row.aim(due, min(warnings, default=None), self._calendar.fingerprint)
        return due

    def move(self, row: ClockColumns) -> Deadline | None:
        """Work the due moment out anew, with the calendar as it is; tell if it is another one.

        The promise as it stands then, None for a step. A promise takes the running step along, and
        a step that is bound by an outdated promise takes that along.
        """
        other = ClockName.PROMISE if row.deadline is None else ClockName.STEP
        bound = self.find(row.tracking_number, other)
        if row.deadline is not None:
            new = self._move_promise(row)
            if bound is not None and bound.running:
                self._move_step(bound)
            return new
        if bound is not None and bound.calendar not in (None, self._calendar.fingerprint):
            self._move_promise(bound)
        self._move_step(row)
        return None

    def _move_promise(self, row: ClockColumns) -> Deadline:
        was, old = row.due, Deadline.from_dict(row.deadline or {})
        new = self._recounted(row, old.working_days, old.pauses)
        self._tell_moved(row, was, differing_days(old, new, self._calendar), new)
        return new

    def _move_step(self, row: ClockColumns) -> None:
        was, due = row.due, self.aim_step(row)
        because = changed_days(row.started_at, (was, due), self._calendar)
        self._tell_moved(row, was, because, None)

    def _recounted(self, row: ClockColumns, working_days: int, pauses: Iterable[Pause]) -> Deadline:
        received_at = Deadline.from_dict(row.deadline or {}).received_at
        deadline = compute_deadline(received_at, working_days, self._calendar, pauses)
        return self.set_promise(row, deadline)

    def _tell_moved(
        self,
        row: ClockColumns,
        was: datetime | None,
        because: tuple[DeadlineDay, ...],
        new: Deadline | None,
    ) -> None:
        if was is not None and row.due is not None and row.due != was:
            changed = self._events.changed(
                clock=ClockName(row.clock),
                step=row.step,
                was=self._calendar.local(was),
                due=self._calendar.local(row.due),
                because=because or (unnamed_change(row.due, self._calendar),),
                deadline=deadline_view(new) if new else None,
            )
            self._work.emit(row.tracking_number, changed, actor=SYSTEM)

    def tell_rung(self, row: ClockColumns) -> None:
        """Tell what no job has told yet, before the clock stops or is set anew: a case that was
        moved a moment after its deadline was late all the same."""
        while (told := row.to_tell(self._work.now)) is not None:
            self.tell(None, row, told)

    def tell(self, case: Any, row: ClockColumns, told: Told) -> Alarm:
        """Publish that the clock's due moment approaches or was missed, and remember it."""
        due = self._calendar.local(cast(datetime, row.due))  # nothing else rings
        clock, step = ClockName(row.clock), None
        facts: dict[str, Any] = {"clock": clock, "step": row.step, "due": due, "role": None}
        if row.step is not None:
            step = _standard_of(row).step(row.step)
            facts["role"] = Role(step.actor_role)
        if told == "missed":
            facts["escalate_to"] = Role(step.escalate_to) if step else Role.AGENCY_HEAD
        event = self._events.missed if told == "missed" else self._events.approaching
        self._work.emit(row.tracking_number, event(**facts), actor=SYSTEM)
        row.say(told)
        return Alarm(case, told, clock, row.step, due)


def _standard_of(row: ClockColumns) -> ServiceStandard:
    return catalogue.load(row.standard, row.standard_version)
