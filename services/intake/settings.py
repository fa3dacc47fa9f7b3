"""What intake reads beside every process's settings."""

from pathlib import Path

from pydantic import Field

from chassis.settings import Settings


class IntakeSettings(Settings):
    """Every process's settings and the office's own calendar."""

    office_override: Path | None = Field(
        None, description="file with the office's own changes to working days and hours"
    )
