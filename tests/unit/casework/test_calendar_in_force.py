"""One calendar is in force in a database, whatever the processes read."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from casework.calendar_following import ABANDONED_AFTER
from tests.unit.casework.room import Room, closes, name_of

TUESDAY, WEDNESDAY = "2026-11-24", "2026-11-25"


@pytest.fixture
def room(room, override):
    """A process whose file changed while it ran: its calendar is in force."""
    room.override = override
    room.promise()
    room.follow()
    closes(override, TUESDAY)
    room.follow()
    assert changed(room) == 1
    return room


@pytest.fixture
def stale(room, tmp_path):
    """A replica that comes back with the old file."""
    old = tmp_path / "old.toml"
    old.write_text("")
    stale = Room(room.store.engine.url, tmp_path, room.clock, old)
    yield stale
    stale.close()


def changed(room):
    return sum(name_of(event) == "changed" for event in room.emitted())


def test_a_replica_with_an_old_file_moves_nothing(room, stale):
    """However often both look; it says once that its calendar differs."""
    with capture_logs() as logs:
        for _ in range(5):
            stale.follow()
            stale.tell()
            room.follow()
    assert changed(room) == 1
    assert [line["event"] for line in logs] == ["office_calendar_differs"]


def test_what_a_replica_with_an_old_file_promises_is_moved_once(room, stale):
    """To the calendar in force."""
    stale.promise(case="VRF-20261123-0002")
    for _ in range(3):
        room.follow()
        stale.follow()
    assert changed(room) == 2


def test_its_file_may_be_changed_to_the_one_in_force(room, stale):
    """Then both read the same, and nothing moves."""
    stale.follow()
    closes(stale.override, TUESDAY)
    stale.follow()
    room.follow()
    assert changed(room) == 1


def test_a_calendar_that_nobody_confirms_any_more_is_replaced(room, stale):
    """The process that read it is gone; whoever is left must not leave the clocks under it."""
    stale.follow()
    assert changed(room) == 1
    room.clock.move(seconds=(ABANDONED_AFTER + timedelta(seconds=1)).total_seconds())
    stale.follow()
    assert changed(room) == 2
    room.follow()
    assert changed(room) == 2


def test_a_calendar_that_is_confirmed_stays(room, stale):
    """By one process, for as long as it runs."""
    for _ in range(10):
        room.clock.move(seconds=ABANDONED_AFTER.total_seconds() / 2)
        room.follow()
        stale.follow()
    assert changed(room) == 1


def test_an_edit_taken_back_is_followed_back(room, override):
    """By the process that saw both."""
    override.write_text("")
    room.follow()
    assert changed(room) == 2
    closes(override, WEDNESDAY)
    room.follow()
    assert changed(room) == 2
