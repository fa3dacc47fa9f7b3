"""What verification reads beside every process's settings."""

from functools import cache
from pathlib import Path

from pydantic import Field, field_validator

from chassis.settings import Settings
from standards.calendar import WorkCalendar
from standards.office import InvalidOfficeData


class VerificationSettings(Settings):
    """Every process's settings and the office's own calendar."""

    office_override: Path | None = Field(
        None, description="file with the office's own changes to working days and hours"
    )

    @field_validator("office_override")
    @classmethod
    def _is_a_calendar(cls, override: Path | None) -> Path | None:
        # A file that cannot be meant ends the start, not every announcement.
        try:
            office_calendar(override)
        except (InvalidOfficeData, OSError) as error:
            raise ValueError(str(error)) from None
        return override


@cache
def office_calendar(override: Path | None) -> WorkCalendar:
    """The office's calendar with its override file, read once in a process.

    Raises standards.office.InvalidOfficeData, OSError.
    """
    return WorkCalendar.load(override)
