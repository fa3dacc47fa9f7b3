"""Office hours and the office's own changes to them, read from TOML.

The override file replaces any key of office.toml (`[hours]` and `[ramadan_hours]` day by day) and
changes single days, each with its reason. `until` is optional everywhere; without it the entry
speaks of one day.

    joint_leave_stops_clock = false

    [[closed_days]]                      # a holiday added
    date = 2026-12-31
    reason_id = "Banjir"
    reason_en = "Flood"

    [[working_days]]                     # a holiday taken back; on a weekend it needs hours
    date = 2026-12-24
    reason_id = "Pelayanan tetap buka"
    reason_en = "Service stays open"

    [[special_hours]]                    # other hours on days that are working days
    date = 2026-12-30
    until = 2026-12-31
    hours = { opens = "07:30", closes = "12:00", cutoff = "11:00" }
    reason_id = "Tutup buku"
    reason_en = "Closing of the year's books"
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta, timezone
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

# Indonesia keeps no daylight saving, so an offset says all there is to say.
ZONES = {
    "Asia/Jakarta": timezone(timedelta(hours=7), "WIB"),
    "Asia/Makassar": timezone(timedelta(hours=8), "WITA"),
    "Asia/Jayapura": timezone(timedelta(hours=9), "WIT"),
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_RANGE_DAYS = 366


class InvalidOfficeData(ValueError):
    """Office hours or an override that cannot be meant; the message names the entry."""

    code: ClassVar[str] = "invalid_office_data"


@dataclass(frozen=True, slots=True)
class Hours:
    """A day's office hours, its break if any, and the last minute that counts as received."""

    opens: time
    closes: time
    cutoff: time
    break_starts: time | None = None
    break_ends: time | None = None

    def __post_init__(self) -> None:
        if (self.break_starts is None) != (self.break_ends is None):
            raise InvalidOfficeData("a break needs a start and an end")
        bounds = [bound for session in self.sessions for bound in session]
        if any(earlier >= later for earlier, later in pairwise(bounds)):
            raise InvalidOfficeData("opening, break and closing are not in order")
        if not self.opens <= self.cutoff <= self.closes:
            raise InvalidOfficeData("the cut-off lies outside the hours")

    @property
    def sessions(self) -> tuple[tuple[time, time], ...]:
        """The stretches of work: before and after the break, or one."""
        if self.break_starts is None or self.break_ends is None:
            return ((self.opens, self.closes),)
        return ((self.opens, self.break_starts), (self.break_ends, self.closes))


@dataclass(frozen=True, slots=True)
class DayChange:
    """What the override file says of one day; `first` is the first day of the same entry."""

    first: date
    reason_id: str
    reason_en: str
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """When the office works: hours by weekday (Monday 0), Ramadans as first and last day."""

    zone: timezone
    joint_leave_stops_clock: bool
    hours: Mapping[int, Hours]
    ramadan_hours: Mapping[int, Hours]
    ramadan: tuple[tuple[date, date], ...]
    closed_days: Mapping[date, DayChange]
    working_days: Mapping[date, DayChange]
    special_hours: Mapping[date, DayChange]


def read_office(override: Path | None = None) -> Office:
    """The office's data with the override file merged in.

    Raises InvalidOfficeData for anything unknown, missing or impossible, OSError for no file.
    """
    table = tomllib.loads(files("standards").joinpath("office.toml").read_text(encoding="utf-8"))
    if override is not None:
        try:
            changes = tomllib.loads(override.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InvalidOfficeData(f"{override.name}: {error}") from error
        table = _merged(table, changes)
    return _office(table)


def _merged(table: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = table | changes
    for key in ("hours", "ramadan_hours"):
        merged[key] = table[key] | _table(changes.get(key, {}), key)
    return merged


def _office(table: dict[str, Any]) -> Office:
    _known(table, {"time_zone", *Office.__dataclass_fields__} - {"zone"}, "the file")
    if table["time_zone"] not in ZONES:
        raise InvalidOfficeData(f"time_zone: not one of {', '.join(ZONES)}")
    if not isinstance(table["joint_leave_stops_clock"], bool):
        raise InvalidOfficeData("joint_leave_stops_clock: neither true nor false")
    office = Office(
        zone=ZONES[table["time_zone"]],
        joint_leave_stops_clock=table["joint_leave_stops_clock"],
        hours=_week(table, "hours"),
        ramadan_hours=_week(table, "ramadan_hours"),
        ramadan=tuple(_ramadan(entry) for entry in _entries(table, "ramadan")),
        closed_days=_changes(table, "closed_days", hours=False),
        working_days=_changes(table, "working_days"),
        special_hours=_changes(table, "special_hours"),
    )
    _consistent(office)
    return office


def _consistent(office: Office) -> None:
    for day in office.closed_days.keys() & office.working_days.keys():
        raise InvalidOfficeData(f"{day}: both in closed_days and in working_days")
    for day, change in office.working_days.items():
        if change.hours is None and day.weekday() not in office.hours:
            raise InvalidOfficeData(f"working_days: {day} is a weekend day and needs hours")
    for day, change in office.special_hours.items():
        if change.hours is None:
            raise InvalidOfficeData(f"special_hours: {day} needs hours")


def _week(table: dict[str, Any], key: str) -> dict[int, Hours]:
    _known(_table(table[key], key), set(WEEKDAYS), key)
    return {WEEKDAYS.index(day): _hours(table[key][day], f"{key}.{day}") for day in table[key]}


def _hours(value: object, where: str) -> Hours:
    table = _known(_table(value, where), set(Hours.__dataclass_fields__), where)
    try:
        return Hours(**{key: _time(text) for key, text in table.items()})
    except (TypeError, ValueError) as error:
        raise InvalidOfficeData(f"{where}: {error}") from error


def _time(text: object) -> time:
    if not isinstance(text, str) or not re.fullmatch(r"\d\d:\d\d", text):
        raise InvalidOfficeData('times are written "07:30"')
    return time.fromisoformat(text)


def _ramadan(entry: dict[str, Any]) -> tuple[date, date]:
    _known(entry, {"from", "until"}, "ramadan")
    days = _days(entry.get("from"), entry.get("until"), "ramadan")
    return days[0], days[-1]


def _changes(table: dict[str, Any], key: str, *, hours: bool = True) -> dict[date, DayChange]:
    allowed = {"date", "until", "reason_id", "reason_en"} | ({"hours"} if hours else set())
    changes: dict[date, DayChange] = {}
    for entry in _entries(table, key):
        _known(entry, allowed, key)
        reason_id, reason_en = (entry.get(name) for name in ("reason_id", "reason_en"))
        if not (isinstance(reason_id, str) and isinstance(reason_en, str)):
            raise InvalidOfficeData(f"{key}: an entry lacks reason_id or reason_en")
        given = _hours(entry["hours"], key) if "hours" in entry else None
        days = _days(entry.get("date"), entry.get("until"), key)
        for day in days:
            if day in changes:
                raise InvalidOfficeData(f"{key}: {day} is named twice")
            changes[day] = DayChange(days[0], reason_id, reason_en, given)
    return changes


def _days(first: object, last: object, where: str) -> list[date]:
    last = first if last is None else last
    # A TOML date-time is a date too, and would never match a day.
    if type(first) is not date or type(last) is not date:
        raise InvalidOfficeData(f"{where}: dates are written 2026-12-31, without quotes")
    length = (last - first).days
    if not 0 <= length < LONGEST_RANGE_DAYS:
        raise InvalidOfficeData(f"{where}: {first} until {last} is not a range within a year")
    return [first + timedelta(days=offset) for offset in range(length + 1)]


def _entries(table: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = table.get(key, [])
    if not isinstance(entries, list):
        raise InvalidOfficeData(f"{key}: written [[{key}]], with double brackets")
    return [_table(entry, key) for entry in entries]


def _table(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidOfficeData(f"{where}: not a table")
    return value


def _known(table: dict[str, Any], allowed: set[str], where: str) -> dict[str, Any]:
    unknown = sorted(table.keys() - allowed)
    if unknown:
        raise InvalidOfficeData(f"{where}: unknown key {', '.join(unknown)}")
    return table
