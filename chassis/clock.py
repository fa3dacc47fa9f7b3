"""The time, injected: nothing else in the system asks the machine for it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from chassis.settings import Settings


class Clock(Protocol):
    def now(self) -> datetime:
        """The time as an aware UTC datetime."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SteeredClock:
    """The machine's clock with the seconds added that a file holds: for demos and tests.

    Every process that reads the same file shares the time; writing the file moves it for all.
    """

    def __init__(self, offset_file: Path) -> None:
        self._file = offset_file
        self._read_at: int | None = None
        self._offset = timedelta()

    def now(self) -> datetime:
        """The steered time; without a readable file it goes on as it did."""
        try:
            written = self._file.stat().st_mtime_ns
            if written != self._read_at:
                self._offset = timedelta(seconds=float(self._file.read_text()))
                self._read_at = written
        except (OSError, ValueError):  # not there yet, or just being written
            pass
        return datetime.now(UTC) + self._offset


def clock_of(settings: Settings) -> Clock:
    """The clock that the settings ask for."""
    if settings.clock_offset_file is None:
        return SystemClock()
    return SteeredClock(settings.clock_offset_file)
