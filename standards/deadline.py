"""Deadlines in working days that explain themselves day by day.

The day of receipt is day 0 and not counted; the deadline is the close of office hours on the N-th
working day after it. What arrives after the cut-off's minute, or on a day without work, counts as
received when the office next opens.

While the clock is paused, no office time passes. A working day weighs one day whatever its hours,
so a pause takes out of each day the share of its office time that it covers, to the minute, and
the clock then runs on for what is left. On days of equal hours this is minute for minute; and a
pause over k whole working days moves the deadline by k working days, in Ramadan too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Any

from standards import wording
from standards.calendar import DayInfo, DayKind, WorkCalendar
from standards.clock_day import ClockDay, clock_day, to_minute
from standards.wording import Text

_DAY = timedelta(days=1)


class StepReason(StrEnum):
    """Why a day is counted or not."""

    RECEIVED = "received"
    AFTER_CUTOFF = "after_cutoff"
    CONSIDERED_RECEIVED = "considered_received"
    WORKING_DAY = "working_day"
    PARTLY_PAUSED = "partly_paused"
    PAUSED = "paused"
    WEEKEND = "weekend"
    NATIONAL_HOLIDAY = "national_holiday"
    JOINT_LEAVE = "joint_leave"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Pause:
    """A time during which the clock stands still; `end` is None while it lasts.

    `reason_code` is one of wording.PAUSE_REASONS. Raises ValueError for another one, for a moment
    without a time zone, and for an end before the start.
    """

    start: datetime
    end: datetime | None
    reason_code: str

    def __post_init__(self) -> None:
        if self.reason_code not in wording.PAUSE_REASONS:
            raise ValueError("a pause has no such reason")
        if self.start.tzinfo is None or (self.end is not None and self.end.tzinfo is None):
            raise ValueError("a pause needs a time zone")
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause ends before it starts")

    @property
    def reason(self) -> Text:
        """The reason in both languages."""
        return wording.PAUSE_REASONS[self.reason_code]


@dataclass(frozen=True, slots=True)
class DeadlineStep:
    """One calendar day on the way to the deadline: whether it counts, and why."""

    date: date
    counted: bool
    reason: StepReason
    text_id: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a case is due, and how that came about.

    `received_at` is when it arrived, `starts` from when it counts as received; `due` is None while
    the clock is paused. `steps` holds every day from receipt to the deadline, or to the day the
    clock stopped, once and in order. Moments carry the office's offset.
    """

    received_at: datetime
    starts: datetime
    due: datetime | None
    working_days: int
    steps: tuple[DeadlineStep, ...]
    pauses: tuple[Pause, ...] = ()

    @property
    def paused(self) -> bool:
        """Whether the clock stands still now."""
        return self.due is None

    def as_dict(self) -> dict[str, Any]:
        """As JSON carries it: dates and moments in RFC 3339."""
        return {
            "due": self.due.isoformat() if self.due else None,
            "received_at": self.received_at.isoformat(),
            "starts": self.starts.isoformat(),
            "working_days": self.working_days,
            "paused": self.paused,
            "steps": [asdict(step) | {"date": step.date.isoformat()} for step in self.steps],
            "pauses": [
                {
                    "start": pause.start.isoformat(),
                    "end": pause.end.isoformat() if pause.end else None,
                    "reason_code": pause.reason_code,
                }
                for pause in self.pauses
            ],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Deadline":
        """Back from as_dict; other keys are ignored, pauses may be missing.

        Raises KeyError or ValueError when malformed.
        """
        return cls(
            received_at=datetime.fromisoformat(data["received_at"]),
            starts=datetime.fromisoformat(data["starts"]),
            due=datetime.fromisoformat(data["due"]) if data["due"] else None,
            working_days=data["working_days"],
            steps=tuple(_step_from_dict(step) for step in data["steps"]),
            pauses=tuple(_pause_from_dict(pause) for pause in data.get("pauses", ())),
        )


def compute_deadline(
    received_at: datetime,
    working_days: int,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
) -> Deadline:
    """The deadline of what was received at that moment, `working_days` (from 1) after it.

    Pauses may overlap; their seconds are dropped. Raises ValueError for a moment without a time
    zone or fewer than one working day.
    """
    if working_days < 1:
        raise ValueError("a deadline needs at least one working day")
    received = calendar.local(received_at)
    in_order = sorted((_local(pause, calendar) for pause in pauses), key=lambda pause: pause.start)
    walk = _Walk(received, _counted_from(received, calendar), calendar, tuple(in_order))
    before = walk.before_start()
    steps, due = walk.run(working_days)
    return Deadline(received, walk.starts, due, working_days, (*before, *steps), walk.pauses)


def _counted_from(received: datetime, calendar: WorkCalendar) -> datetime:
    day = received.date()
    # A receipt shows minutes, so all of the cut-off's minute is in time.
    if calendar.is_working(day) and to_minute(received) <= calendar.cutoff(day):
        return max(received, calendar.opening(day))
    return calendar.opening(calendar.next_working_day(day))


@dataclass(frozen=True, slots=True)
class _Walk:
    """From the day of receipt to the deadline, day by day."""

    received: datetime
    starts: datetime
    calendar: WorkCalendar
    pauses: tuple[Pause, ...]

    def before_start(self) -> list[DeadlineStep]:
        """The days that passed before it counted as received."""
        length = (self.starts.date() - self.received.date()).days
        days = [self.received.date() + offset * _DAY for offset in range(length)]
        return [self._after_cutoff(day) or _skipped(self.calendar.day(day)) for day in days]

    def run(self, working_days: int) -> tuple[list[DeadlineStep], datetime | None]:
        """The steps from day 0 on and the due moment; None where an open pause comes first."""
        steps: list[DeadlineStep] = []
        day, left, counted = self.starts.date(), Fraction(working_days), 0
        while True:
            info = self.calendar.day(day)
            if not info.working:
                steps.append(_skipped(info))
            else:
                clock = self._clock(day, self.pauses)
                left += 0 if steps else clock.available_share
                due = clock.reached(left)
                left = Fraction(0) if due else left - clock.running_share
                lost = self._lost(clock, due)
                number = working_days - floor(left)
                words = wording.REST_OF_DAY if number == counted else wording.WORKING_DAY
                text, counted = words.fill(number=number), number
                steps.append(_counted(info, text, lost) if steps else self._day_0(info, lost))
                if due or self._stopped_before(self.calendar.closing(day)):
                    return steps, due
            day += _DAY

    def _clock(self, day: date, pauses: Iterable[Pause]) -> ClockDay:
        gaps = [(pause.start, pause.end) for pause in pauses]
        return clock_day(day, self.starts, gaps, self.calendar)

    def _lost(self, clock: ClockDay, due: datetime | None) -> "_Lost | None":
        minutes = clock.minutes_stopped(due)
        if not minutes:
            return None
        alone = ((pause, self._clock(clock.day, (pause,))) for pause in self.pauses)
        reason = next(pause.reason for pause, day in alone if day.minutes_stopped(due))
        return _Lost(minutes, reason, whole_day=not clock.running)

    def _stopped_before(self, closing: datetime) -> bool:
        return any(pause.end is None and pause.start < closing for pause in self.pauses)

    def _after_cutoff(self, day: date) -> DeadlineStep | None:
        info = self.calendar.day(day)
        if not info.working:
            return None
        at = wording.time_text(self.calendar.cutoff(day))
        return _step(info, False, StepReason.AFTER_CUTOFF, wording.AFTER_CUTOFF.fill(time=at))

    def _day_0(self, info: DayInfo, lost: "_Lost | None") -> DeadlineStep:
        reason, text = StepReason.RECEIVED, wording.RECEIVED
        at = wording.time_text(self.starts)
        if self.starts.date() != self.received.date():
            reason, text = StepReason.CONSIDERED_RECEIVED, wording.CONSIDERED_RECEIVED.fill(time=at)
        elif self.starts != self.received:
            text = wording.BEFORE_OPENING.fill(time=at)
        return _step(info, False, reason, text, lost)


@dataclass(frozen=True, slots=True)
class _Lost:
    """Office minutes of a day that a pause took, its reason, and whether that is all of the day."""

    minutes: int
    reason: Text
    whole_day: bool


def _counted(info: DayInfo, text: Text, lost: _Lost | None) -> DeadlineStep:
    if lost and lost.whole_day:
        text = wording.PAUSED.fill(reason=lost.reason)
        return _step(info, False, StepReason.PAUSED, text)
    reason = StepReason.PARTLY_PAUSED if lost else StepReason.WORKING_DAY
    return _step(info, True, reason, text, lost)


def _skipped(info: DayInfo) -> DeadlineStep:
    name = Text(info.name_id, info.name_en)
    text = wording.DAYS_WITHOUT_WORK[info.kind.value].fill(name=name)
    return DeadlineStep(info.date, False, StepReason(info.kind.value), text.id, text.en)


def _step(
    info: DayInfo, counted: bool, reason: StepReason, text: Text, lost: _Lost | None = None
) -> DeadlineStep:
    if info.kind is DayKind.OVERRIDE:
        text = text.then(wording.CHANGED_DAY.fill(reason=Text(info.name_id, info.name_en)))
    if lost:
        text = text.then(wording.MINUTES_PAUSED.fill(minutes=lost.minutes, reason=lost.reason))
    return DeadlineStep(info.date, counted, reason, text.id, text.en)


def _local(pause: Pause, calendar: WorkCalendar) -> Pause:
    end = calendar.local(pause.end) if pause.end else None
    return Pause(calendar.local(pause.start), end, pause.reason_code)


def _step_from_dict(data: Mapping[str, Any]) -> DeadlineStep:
    day, reason = date.fromisoformat(data["date"]), StepReason(data["reason"])
    return DeadlineStep(day, data["counted"], reason, data["text_id"], data["text_en"])


def _pause_from_dict(data: Mapping[str, Any]) -> Pause:
    end = datetime.fromisoformat(data["end"]) if data["end"] else None
    return Pause(datetime.fromisoformat(data["start"]), end, data["reason_code"])
