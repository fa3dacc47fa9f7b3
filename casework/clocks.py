"""The two clocks of a case: the promise to the resident, and the step that waits at the office.

Whoever touches a case's clocks holds the lock of the case's row first, so that of any number of
replicas one alone tells of a deadline, in the transaction that remembers it was told.

Of each due moment is told once that it approaches and, when it has passed, once that it was missed,
in this order, never early. When the moment of the reminder has passed already - the step is short,
the promise was set into the past, the clock jumped - the reminder comes at once, and still first.
A due moment that comes back, because a change was taken back or a pause took no office time, has
been told of.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import MetaData, or_

from casework.calendar_following import in_force
from casework.clock_batches import clock_batches
from casework.clock_hands import Alarm, Hands
from casework.clock_tables import ClockColumns, Told
from chassis.work import Work
from contracts.deadlines import ClockName, DeadlineEvents
from contracts.envelope import StepDue
from standards.calendar import WorkCalendar
from standards.catalogue import ServiceStandard
from standards.clock import minutes_taken
from standards.deadline import Deadline, Pause

__all__ = ["Alarm", "Clocks", "Kept", "Told"]


@dataclass(frozen=True, slots=True)
class Kept:
    """How a promise was kept: `working_minutes` are the office minutes that its clock ran."""

    in_time: bool
    working_minutes: int


class Clocks:
    """A service's clocks within one unit of work.

    `model` is the service's clock table (ClockColumns), `events` its three events. Moments that
    come out carry the office's offset; `calendar` is the office's for this unit. A case without a
    promise raises LookupError where one is asked for.
    """

    def __init__(
        self,
        work: Work,
        model: type[ClockColumns],
        events: DeadlineEvents,
        calendar: WorkCalendar,
    ) -> None:
        self._work = work
        self._session = work.session
        self._model = model
        self.calendar = calendar
        self._hands = Hands(work, model, events, calendar)

    def promise(
        self,
        case: str,
        standard: ServiceStandard,
        deadline: Deadline,
        told: tuple[Told, ...] = (),
    ) -> Deadline:
        """Start the case's promise, or start it anew; the promise as it stands then.

        `told` was said of it elsewhere before. If the office's calendar has changed since it was
        worked out, it is moved, and that is told.
        """
        row = self._hands.take(case, ClockName.PROMISE, standard)
        row.started_at, row.told = deadline.starts, {}
        self._hands.set_promise(row, deadline)
        row.say(*told)
        return self._hands.move(row) or deadline

    def pause(self, case: str, reason_code: str) -> Deadline:
        """Stop the promise until it is resumed, and end the step; the reason is a code."""
        self.end_step(case)
        row, deadline = self._hands.promised(case)
        pauses = (*deadline.pauses, Pause(self._work.now, None, reason_code))
        return self._hands.recount(row, deadline.working_days, pauses)

    def resume(self, case: str) -> Deadline:
        """The promise runs again; every open pause ends."""
        row, deadline = self._hands.promised(case)
        now = self._work.now
        # Another replica's clock may have been ahead when the pause began.
        pauses = tuple(
            each if each.end else replace(each, end=max(now, each.start))
            for each in deadline.pauses
        )
        return self._hands.recount(row, deadline.working_days, pauses)

    def promise_days(self, case: str, working_days: int) -> Deadline:
        """Promise another number of working days, counted from the receipt as before.

        A running step is brought within it: begin another one, or tell of `present_step`.
        """
        row, deadline = self._hands.promised(case)
        return self._hands.recount(row, working_days, deadline.pauses)

    def deadline(self, case: str) -> Deadline:
        """The promise as it stands, also when it has stopped."""
        return self._hands.promised(case)[1]

    def told(self, case: str) -> tuple[Told, ...]:
        """What has been said of the promise's present due moment."""
        return self._hands.promised(case)[0].said

    def begin_step(self, case: str, standard: ServiceStandard, step_id: str) -> StepDue:
        """Start the clock of a step, in the place of an earlier one.

        It is due after its own time, but not after the promise: an approval may promise less than
        its preparation has. This holds also when the promise is moved later.
        """
        row = self._hands.take(case, ClockName.STEP, standard)
        self._hands.tell_rung(row)
        if row.step != step_id:
            row.step, row.told = step_id, {}
        row.started_at = self._work.now
        return StepDue(step=step_id, due=self._hands.aim_step(row))

    def present_step(self, case: str) -> StepDue | None:
        """The step that waits for the office."""
        row = self._hands.find(case, ClockName.STEP)
        if row is None or not row.running or row.step is None or row.due is None:
            return None
        return StepDue(step=row.step, due=self.calendar.local(row.due))

    def end_step(self, case: str) -> None:
        """No step waits for the office; if it ended late, that is told first."""
        row = self._hands.find(case, ClockName.STEP)
        if row is not None:
            self._hands.tell_rung(row)
            row.halt()

    def stop(self, case: str) -> Kept | None:
        """End both clocks; how the promise was kept, None where this service kept none.

        A promise that stands still has not been missed: the pause began before it was due.
        """
        self.end_step(case)
        row = self._hands.find(case, ClockName.PROMISE)
        if row is None or row.deadline is None:
            return None
        self._hands.tell_rung(row)
        row.halt()
        now = self._work.now
        minutes = minutes_taken(Deadline.from_dict(row.deadline), now, self.calendar)
        return Kept(in_time=row.due is None or now <= row.due, working_minutes=minutes)

    def tell(self, cases: type[Any]) -> Iterator[Alarm]:
        """Tell of every deadline that is near or has passed, once each; for a job.

        `cases` is the service's table of cases. What the caller does with an alarm's case is
        committed with the telling, a batch at a time. A case that somebody works on is left for
        the next run. It ends, because what was told rings no more at this unit's time.
        """
        model, now, calendar = self._model, self._work.now, self.calendar.fingerprint
        in_force = self._in_force()
        ringing = model.alarm_at <= now
        # Who has the step is told before those who answer for the promise.
        order = (model.alarm_at, model.clock.desc())
        for batch in clock_batches(self._session, model, cases, ringing, *order):
            for case, row in batch:
                if in_force and row.calendar not in (None, calendar):
                    self._hands.move(row)
                while (told := row.to_tell(now)) is not None:
                    yield self._hands.tell(case, row, told)
            self._work.checkpoint()

    def follow_calendar(self, cases: type[Any]) -> None:
        """Move the open deadlines to the office's calendar as it is now; for a job."""
        if not self._in_force():
            return
        model, calendar = self._model, self.calendar.fingerprint
        # Two ranges of an index; "not equal" would read every clock.
        outdated = or_(model.calendar < calendar, model.calendar > calendar)
        order = model.tracking_number
        for batch in clock_batches(self._session, model, cases, outdated, order):
            for _, row in batch:
                self._hands.move(row)
            self._work.checkpoint()

    def _in_force(self) -> bool:
        calendar, now = self.calendar.fingerprint, self._work.now
        metadata: MetaData = self._model.metadata  # type: ignore[attr-defined] # its Base's
        found = in_force(self._session, metadata, calendar, now)
        self._work.checkpoint()
        return found
