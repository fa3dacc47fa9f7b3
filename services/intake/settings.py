"""What intake reads beside every process's settings."""

from pathlib import Path

from pydantic import Field, field_validator

from chassis.settings import Settings
from services.intake.deadlines import office_calendar
from standards.office import InvalidOfficeData


class IntakeSettings(Settings):
    """Every process's settings and the office's own calendar."""

    office_override: Path | None = Field(
        None, description="file with the office's own changes to working days and hours"
    )

    @field_validator("office_override")
    @classmethod
    def _is_a_calendar(cls, override: Path | None) -> Path | None:
        # A file that cannot be meant ends the start, not every submission.
        try:
            office_calendar(override)
        except (InvalidOfficeData, OSError) as error:
            raise ValueError(str(error)) from None
        return override
