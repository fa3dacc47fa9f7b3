"""The steered clock: one file, one time for every process."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.clock import SteeredClock, SystemClock, clock_of
from chassis.settings import Settings, SettingsError


@pytest.fixture
def offset_file(tmp_path):
    return tmp_path / "offset"


def ahead(clock):
    return clock.now() - datetime.now(UTC)


def test_without_its_file_the_clock_is_the_machines(offset_file):
    """A demo that steers nothing runs in the present."""
    assert abs(ahead(SteeredClock(offset_file))) < timedelta(seconds=5)


def test_writing_the_file_moves_the_clock(offset_file):
    """Forward by days, and back."""
    clock = SteeredClock(offset_file)
    offset_file.write_text("172800")
    assert abs(ahead(clock) - timedelta(days=2)) < timedelta(seconds=5)
    offset_file.write_text("-3600.5")
    assert abs(ahead(clock) + timedelta(hours=1)) < timedelta(seconds=5)


def test_a_file_without_a_number_moves_nothing(offset_file):
    """Half written, it is read again at the next look."""
    clock = SteeredClock(offset_file)
    offset_file.write_text("60")
    assert ahead(clock) > timedelta(seconds=50)
    offset_file.write_text("")
    assert ahead(clock) > timedelta(seconds=50)


def test_only_a_demo_steers_its_clock(offset_file):
    """An office's deadlines follow the machine's clock alone."""
    environ = {"SIGAP_CLOCK_OFFSET_FILE": str(offset_file)}
    with pytest.raises(SettingsError, match="SIGAP_DEMO"):
        Settings.read(environ)
    assert isinstance(clock_of(Settings.read(environ | {"SIGAP_DEMO": "1"})), SteeredClock)
    assert isinstance(clock_of(Settings.read({})), SystemClock)
