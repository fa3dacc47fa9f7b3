"""What the office promises for something received at a given moment, explained day by day."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from standards import catalogue
from standards.calendar import WorkCalendar
from standards.catalogue import ServiceStandard
from standards.deadline import Deadline, compute_deadline
from standards.explanation import explain
from standards.office import InvalidOfficeData


class UnfitQuestion(ValueError):
    """There is no such date, standard, number of days or override; the text says which."""


@dataclass(frozen=True, slots=True)
class Promise:
    """The deadline that a standard gives."""

    standard: ServiceStandard
    deadline: Deadline

    def as_dict(self) -> dict[str, Any]:
        """As JSON carries it, with the explanation in both languages."""
        return {
            "standard": self.standard.id,
            "version": self.standard.version,
            "title_id": self.standard.title_id,
            "title_en": self.standard.title_en,
            "deadline": self.deadline.as_dict(),
            "explanation_id": explain(self.deadline, "id"),
            "explanation_en": explain(self.deadline, "en"),
        }

    def as_text(self) -> str:
        """As an officer reads it: the standard, then the explanation in both languages."""
        parts = (
            f"{self.standard.id} {self.standard.version}",
            f"{self.standard.title_id}\n{explain(self.deadline, 'id')}",
            f"{self.standard.title_en}\n{explain(self.deadline, 'en')}",
        )
        return "\n\n".join(parts)


def office_calendar(override: Path | None) -> WorkCalendar:
    """The office's calendar with its override file; raises UnfitQuestion for a wrong file."""
    try:
        return WorkCalendar.load(override)
    except (InvalidOfficeData, OSError) as error:
        raise UnfitQuestion(f"the office's override file: {error}") from None


def promises(
    received: str, standard: str | None, days: int | None, calendar: WorkCalendar
) -> list[Promise]:
    """The deadlines of the newest version of that standard, or of every one.

    `received` is a date (received when the office opened) or a moment, without an offset in office
    time. A standard with a span of days gives its shortest and longest; `days`, only with a
    standard, asks for one within the span. Raises UnfitQuestion.
    """
    moment = _moment(received, calendar)
    try:
        asked = (catalogue.load(standard),) if standard else catalogue.all_standards()
    except catalogue.UnknownStandard:
        known = ", ".join(each.id for each in catalogue.all_standards())
        raise UnfitQuestion(f"no standard {standard!r}; there are {known}") from None
    if days is not None and standard is None:
        raise UnfitQuestion("a number of days needs a standard")
    try:
        return [
            Promise(each, compute_deadline(moment, length, calendar))
            for each in asked
            for length in _lengths(each, days)
        ]
    except OverflowError:
        raise UnfitQuestion(f"no calendar reaches {received}") from None


def _moment(text: str, calendar: WorkCalendar) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=calendar.zone)
        if not _is_date(text) or not calendar.is_working(moment.date()):
            return moment
        return calendar.opening(moment.date())
    except (ValueError, OverflowError):
        raise UnfitQuestion(f"{text!r} is no date such as 2026-03-17 or 2026-03-17T15:01") from None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _lengths(standard: ServiceStandard, days: int | None) -> list[int]:
    shortest, longest = standard.time.min_working_days, standard.time.max_working_days
    if days is None:
        return sorted({shortest, longest})
    if not shortest <= days <= longest:
        raise UnfitQuestion(f"{standard.id} promises {shortest} to {longest} working days")
    return [days]
