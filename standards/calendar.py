"""The office's working days and hours: weekends, national holidays, joint leave, its own changes.

Which day is a holiday follows the yearly decree of three ministers (SKB), as the `holidays` library
carries it; years without a decree yet are calculated, and joint leave is missing from them. The
override file wins over everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from functools import cache, cached_property, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from holidays import country_holidays

from standards.office import Hours, InvalidOfficeData, Office, read_office
from standards.wording import WEEKDAYS_EN, WEEKDAYS_ID

Interval = tuple[datetime, datetime]

_WEEKDAYS = tuple(zip(WEEKDAYS_ID, WEEKDAYS_EN, strict=True))


class NotAWorkingDay(ValueError):
    """A day on which the office does not work was asked for its hours."""

    code = "not_a_working_day"


class DayKind(StrEnum):
    """What makes a day what it is."""

    WORKING = "working"
    WEEKEND = "weekend"
    NATIONAL_HOLIDAY = "national_holiday"
    JOINT_LEAVE = "joint_leave"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class DayInfo:
    """Whether the office works on a day, and why or why not; for an override its reason."""

    date: date
    working: bool
    kind: DayKind
    name_id: str
    name_en: str


class WorkCalendar:
    """The office's calendar. Every moment that comes out carries the office's offset (+08:00)."""

    def __init__(self, office: Office) -> None:
        self._office = office
        special = office.special_hours.items()
        used = {change.first for day, change in special if self.day(day).working}
        for idle in {change.first for _, change in special} - used:
            raise InvalidOfficeData(
                f"special_hours: {idle} is no working day; name it in working_days"
            )

    @classmethod
    def load(cls, override: Path | None = None) -> "WorkCalendar":
        """From the office's data and its override file; raises InvalidOfficeData, OSError."""
        return cls(read_office(override))

    @property
    def zone(self) -> timezone:
        """The office's time zone."""
        return self._office.zone

    @cached_property
    def fingerprint(self) -> str:
        """The same, in every process, for calendars that answer alike: 64 hexadecimal digits.

        It covers the office's data with its override, and the version of the holidays' library.
        """
        office = self._office
        hours = (sorted(week.items()) for week in (office.hours, office.ramadan_hours))
        # An entry over a range says the same as one entry for each of its days.
        changes = (
            sorted((day, replace(change, first=day)) for day, change in changed.items())
            for changed in (office.closed_days, office.working_days, office.special_hours)
        )
        ramadan = sorted(office.ramadan)
        facts = (version("holidays"), office.zone, office.joint_leave_stops_clock, *hours, ramadan)
        return sha256(repr((*facts, *changes)).encode()).hexdigest()

    def day(self, on: date) -> DayInfo:
        """Whether the office works on that day, and why or why not."""
        if isinstance(on, datetime):
            raise TypeError("a moment was given where a day is meant")
        office = self._office
        if closed := office.closed_days.get(on):
            return DayInfo(on, False, DayKind.OVERRIDE, closed.reason_id, closed.reason_en)
        if opened := office.working_days.get(on):
            return DayInfo(on, True, DayKind.OVERRIDE, opened.reason_id, opened.reason_en)
        usual, special = self._usual(on), office.special_hours.get(on)
        if special and usual.working:
            return DayInfo(on, True, DayKind.OVERRIDE, special.reason_id, special.reason_en)
        return usual

    def changes_work(self, on: date) -> bool:
        """Whether the override file opens or closes that day, or gives it other hours."""
        info = self.day(on)
        return info.kind is DayKind.OVERRIDE and (info.working or self._usual(on).working)

    def is_working(self, on: date) -> bool:
        """Whether the office works on that day."""
        return self.day(on).working

    def hours(self, on: date) -> Hours | None:
        """That day's hours; None when the office does not work."""
        if not self.is_working(on):
            return None
        office, weekday = self._office, on.weekday()
        for changes in (office.working_days, office.special_hours):
            if on in changes and (hours := changes[on].hours):
                return hours
        if any(first <= on <= last for first, last in office.ramadan):
            return office.ramadan_hours.get(weekday) or office.hours[weekday]
        return office.hours[weekday]

    def sessions(self, on: date) -> tuple[Interval, ...]:
        """That day's stretches of work without the break; none when the office does not work."""
        hours = self.hours(on)
        if hours is None:
            return ()
        at = partial(datetime.combine, on, tzinfo=self._office.zone)
        return tuple((at(starts), at(ends)) for starts, ends in hours.sessions)

    def opening(self, on: date) -> datetime:
        """When the office opens that day; raises NotAWorkingDay."""
        return self._moment(on, "opens")

    def cutoff(self, on: date) -> datetime:
        """The last minute that still counts as received that day; raises NotAWorkingDay."""
        return self._moment(on, "cutoff")

    def closing(self, on: date) -> datetime:
        """When the office closes that day; raises NotAWorkingDay."""
        return self._moment(on, "closes")

    def next_working_day(self, after: date) -> date:
        """The first working day after that day."""
        day = after + timedelta(days=1)
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def local(self, moment: datetime) -> datetime:
        """The same moment with the office's offset; raises ValueError without any offset."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return moment.astimezone(self._office.zone)

    def _usual(self, on: date) -> DayInfo:
        """The day as it is without the override file."""
        office, holiday = self._office, _holidays(on.year).get(on)
        if holiday and (holiday.kind != DayKind.JOINT_LEAVE or office.joint_leave_stops_clock):
            return holiday
        working = on.weekday() in office.hours
        kind = DayKind.WORKING if working else DayKind.WEEKEND
        return DayInfo(on, working, kind, *_WEEKDAYS[on.weekday()])

    def _moment(self, on: date, name: Literal["opens", "cutoff", "closes"]) -> datetime:
        hours = self.hours(on)
        if hours is None:
            raise NotAWorkingDay(f"the office does not work on {on}")
        return datetime.combine(on, getattr(hours, name), tzinfo=self._office.zone)


@cache
def _holidays(year: int) -> Mapping[date, DayInfo]:
    found: dict[date, DayInfo] = {}
    # A national holiday outranks joint leave on the same day, so it is written last.
    for category, kind in (
        ("government", DayKind.JOINT_LEAVE),
        ("public", DayKind.NATIONAL_HOLIDAY),
    ):
        names_id, names_en = (
            country_holidays("ID", years=year, categories=(category,), language=language)
            for language in ("id", "en_US")
        )
        for day in names_id:
            name_en = names_en[day].replace("Joint Holiday", "Joint Leave")
            found[day] = DayInfo(day, False, kind, names_id[day], name_en)
    return {day: info for day, info in found.items() if day.year == year}
