"""What verification reads beside every process's settings."""

from functools import cache
from pathlib import Path

from pydantic import Field

from chassis.settings import Settings
from standards.calendar import WorkCalendar


class VerificationSettings(Settings):
    """Every process's settings and the office's own calendar."""

    office_override: Path | None = Field(
        None, description="file with the office's own changes to working days and hours"
    )


@cache
def office_calendar(override: Path | None) -> WorkCalendar:
    """The office's calendar with its override file, read once in a process.

    Raises standards.office.InvalidOfficeData, OSError.
    """
    return WorkCalendar.load(override)
