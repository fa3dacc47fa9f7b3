"""The office's calendar as a process reads it, followed as its override file changes."""

from pathlib import Path

import structlog
from pydantic import Field, field_validator

from chassis.settings import Settings
from contracts.envelope import DeadlineView
from standards.calendar import WorkCalendar
from standards.deadline import Deadline
from standards.office import InvalidOfficeData

log = structlog.get_logger()


class OfficeSettings(Settings):
    """Every process's settings and the office's own calendar."""

    office_override: Path | None = Field(
        None, description="file with the office's own changes to working days and hours"
    )

    @field_validator("office_override")
    @classmethod
    def _is_a_calendar(cls, override: Path | None) -> Path | None:
        # A file that cannot be meant ends the start, not every message.
        try:
            WorkCalendar.load(override)
        except (InvalidOfficeData, OSError) as error:
            raise ValueError(str(error)) from None
        return override


class _Followed:
    """One override file, read again whenever it is another one than before."""

    def __init__(self, override: Path | None) -> None:
        self._override = override
        self._seen = self._state()
        self._calendar = WorkCalendar.load(override)

    def calendar(self) -> WorkCalendar:
        state = self._state()
        if state != self._seen:
            self._seen = state
            try:
                self._calendar = WorkCalendar.load(self._override)
            except (InvalidOfficeData, OSError) as error:
                # A slip of the pen must not stop the office: the last good calendar counts on.
                log.error("office_override_refused", reason=str(error))
        return self._calendar

    def _state(self) -> tuple[int, int, int] | None:
        if self._override is None:
            return None
        try:
            found = self._override.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


_followed: dict[Path | None, _Followed] = {}


def office_calendar(override: Path | None) -> WorkCalendar:
    """The office's calendar with its override file as it is now.

    Raises InvalidOfficeData and OSError at the first reading only; a file that is spoilt later is
    logged and the last good one counts.
    """
    if override not in _followed:
        _followed[override] = _Followed(override)
    return _followed[override].calendar()


def deadline_view(deadline: Deadline) -> DeadlineView:
    """The deadline as events and replies carry it."""
    return DeadlineView.model_validate(deadline.as_dict())


def deadline_of(view: DeadlineView) -> Deadline:
    """The deadline that an event carried."""
    return Deadline.from_dict(view.model_dump(mode="json"))
