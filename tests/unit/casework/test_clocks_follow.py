"""Open deadlines follow the office's calendar, and say so."""

import os
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from casework.office import office_calendar
from standards.calendar import WorkCalendar
from tests.support import StoppedClock
from tests.unit.casework.room import CASE, LONG, Room, closes, name_of

TUESDAY, WEDNESDAY = "2026-11-24", "2026-11-25"
TUESDAY_4_PM, WEDNESDAY_4_PM = f"{TUESDAY}T16:00:00+08:00", f"{WEDNESDAY}T16:00:00+08:00"


@pytest.fixture
def room(room, override):
    room.override = override
    return room


def changes(room):
    """Was and due of each change that was told."""
    moved = [event.data for event in room.emitted() if name_of(event) == "changed"]
    return [(data["was"], data["due"]) for data in moved]


def test_a_day_that_the_office_closes_moves_the_promise_and_is_named(room, override):
    """Once, with the days because of which it moved and the whole explanation."""
    room.promise()
    room.follow()
    closes(override, TUESDAY)
    room.follow()
    room.follow()
    [event] = room.emitted()
    assert (event.data["was"], event.data["due"]) == (TUESDAY_4_PM, WEDNESDAY_4_PM)
    assert (event.data["clock"], event.data["step"]) == ("promise", None)
    [day] = event.data["because"]
    assert (day["date"], day["counted"], day["reason"]) == (TUESDAY, False, "override")
    assert "Banjir" in day["text_id"]
    assert event.data["deadline"]["due"] == WEDNESDAY_4_PM
    assert room.row("promise").due == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def test_a_holiday_taken_back_is_named_too(room, override):
    """And no day after it, though each has another number now."""
    closes(override, TUESDAY)
    room.promise(3, standard=LONG)
    override.write_text("")
    room.follow()
    [event] = room.emitted()
    [day] = event.data["because"]
    assert (day["date"], day["counted"], day["reason"]) == (TUESDAY, True, "working_day")


def test_other_hours_of_a_day_are_named_with_their_reason(room, override):
    """It counts as before, and ends earlier."""
    room.promise()
    override.write_text(
        f"[[special_hours]]\ndate = {TUESDAY}\n"
        'hours = { opens = "07:30", closes = "12:00", cutoff = "11:00" }\n'
        'reason_id = "Tutup buku"\nreason_en = "Closing of the books"\n'
    )
    room.follow()
    [event] = room.emitted()
    assert event.data["due"] == f"{TUESDAY}T12:00:00+08:00"
    assert [day["text_en"] for day in event.data["because"]] == [
        "Working day 1 (Closing of the books)"
    ]


def test_a_step_moves_as_well(room, override):
    """Its office minutes do not run on the closed day."""
    room.clock.move(hours=6, minutes=30)
    room.begin("claim")
    closes(override, TUESDAY)
    room.follow()
    [event] = room.emitted()
    assert (event.data["clock"], event.data["step"]) == ("step", "claim")
    assert event.data["was"] == f"{TUESDAY}T08:00:00+08:00"
    assert event.data["due"] == f"{WEDNESDAY}T08:00:00+08:00"
    assert [day["date"] for day in event.data["because"]] == [TUESDAY]
    assert event.data["deadline"] is None


def test_a_closure_beyond_the_old_deadline_is_named_to_its_end(room, override):
    """Every closed working day up to the new due moment, and no weekend in between."""
    room.promise(3)
    room.follow()
    closes(override, *(f"2026-11-{day}" for day in range(26, 31)))
    room.follow()
    [event] = room.emitted()
    assert event.data["due"] == "2026-12-01T16:00:00+08:00"
    named = [(day["date"], day["reason"]) for day in event.data["because"]]
    assert named == [(f"2026-11-{day}", "override") for day in (26, 27, 30)]


def test_a_closed_weekend_moves_no_step(room, override):
    """Of a closure only the working days count."""
    room.clock.set(datetime(2026, 11, 27, 8, 15, tzinfo=UTC))
    room.begin("claim")
    closes(override, *(f"2026-11-{day}" for day in (28, 29, 30)))
    room.follow()
    [event] = room.emitted()
    assert [day["date"] for day in event.data["because"]] == ["2026-11-30"]


def test_a_step_that_a_holiday_taken_back_moves_says_that_the_calendar_changed(room, override):
    """Which day it was is no longer known: the day of the new due moment stands for it."""
    closes(override, TUESDAY)
    room.clock.move(hours=6, minutes=30)
    room.begin("claim")
    override.write_text("")
    room.follow()
    [event] = room.emitted()
    assert event.data["due"] == f"{TUESDAY}T08:00:00+08:00"
    assert event.data["because"] == [
        {
            "date": TUESDAY,
            "counted": True,
            "reason": "calendar",
            "text_id": "Kalender kantor berubah",
            "text_en": "The office's calendar changed",
        }
    ]


def test_a_day_that_moves_nothing_is_not_told_of(room, override):
    """A closure in December is nothing to a deadline in November."""
    room.promise()
    closes(override, "2026-12-14")
    room.follow()
    assert room.emitted() == []
    assert room.row("promise").calendar == office_calendar(override).fingerprint


def test_what_stands_still_or_has_ended_is_not_moved(room, override):
    """A paused promise is worked out when it runs again, with the calendar of that day."""
    room.promise()
    room.promise(case="VRF-20261123-0002")
    with room.at() as clocks:
        clocks.pause(CASE, "request_incomplete")
    with room.at("VRF-20261123-0002") as clocks:
        clocks.stop("VRF-20261123-0002")
    closes(override, TUESDAY)
    room.follow()
    assert room.emitted() == []
    with room.at() as clocks:
        assert clocks.resume(CASE).due.isoformat() == WEDNESDAY_4_PM


def test_a_moved_deadline_is_told_of_anew_and_one_that_comes_back_is_not(room, override):
    """Of each due moment once, however often the file is edited."""
    room.promise()
    room.clock.set(datetime(2026, 11, 24, 7, 30, tzinfo=UTC))
    room.tell()
    closes(override, TUESDAY)
    room.follow()
    room.clock.set(datetime(2026, 11, 25, 7, 30, tzinfo=UTC))
    room.tell()
    override.write_text("")
    room.follow()
    room.tell()
    assert room.said() == [
        ("approaching", TUESDAY_4_PM),
        ("changed", WEDNESDAY_4_PM),
        ("approaching", WEDNESDAY_4_PM),
        ("changed", TUESDAY_4_PM),
        ("missed", TUESDAY_4_PM),
    ]


def test_nothing_is_told_of_a_moment_that_the_office_has_moved(room, override):
    """Not even when the telling comes before the following."""
    room.promise()
    room.follow()
    closes(override, TUESDAY)
    office_calendar(override)
    room.clock.set(datetime(2026, 11, 24, 8, 30, tzinfo=UTC))
    room.tell()
    assert room.said() == [("changed", WEDNESDAY_4_PM)]


def test_a_promise_worked_out_with_an_old_calendar_is_moved_when_it_is_taken_over(room, override):
    """The office closed a day while the event was on its way."""
    closes(override, TUESDAY)
    promised = room.promise(calendar=WorkCalendar.load())
    assert promised.due.isoformat() == WEDNESDAY_4_PM
    assert changes(room) == [(TUESDAY_4_PM, WEDNESDAY_4_PM)]


def test_many_deadlines_are_moved_once_each(room, override):
    """More than a batch."""
    cases = [f"VRF-20261123-{number:04d}" for number in range(120)]
    for case in cases:
        room.promise(case=case)
    closes(override, TUESDAY)
    room.follow()
    assert sorted(event.subject for event in room.emitted()) == cases
    assert {*changes(room)} == {(TUESDAY_4_PM, WEDNESDAY_4_PM)}


def test_replicas_that_read_different_calendars_do_not_tear_at_the_deadlines(room, tmp_path):
    """The file has reached one machine and not yet the other."""
    room.promise()
    room.follow()
    new = tmp_path / "new.toml"
    new.write_text("")
    replica = Room(room.store.engine.url, tmp_path, room.clock, new)
    replica.follow()
    closes(new, TUESDAY)
    for _ in range(3):
        replica.follow()
        room.follow()
    assert changes(room) == [(TUESDAY_4_PM, WEDNESDAY_4_PM)]
    replica.close()


def test_what_a_late_replica_writes_under_the_old_calendar_is_moved_after_it(room, tmp_path):
    """Whoever has given a calendar up looks for it."""
    new = tmp_path / "new.toml"
    new.write_text("")
    replica = Room(room.store.engine.url, tmp_path, room.clock, new)
    replica.follow()
    closes(new, TUESDAY)
    replica.follow()
    room.promise()
    assert changes(room) == []
    replica.follow()
    assert changes(room) == [(TUESDAY_4_PM, WEDNESDAY_4_PM)]
    replica.close()


def test_a_process_that_starts_follows_what_changed_while_it_was_down(room, tmp_path):
    """The file was edited, the system started again."""
    room.promise()
    closes(room.override, TUESDAY)
    later = Room(room.store.engine.url, tmp_path, StoppedClock(), room.override)
    later.follow()
    assert changes(room) == [(TUESDAY_4_PM, WEDNESDAY_4_PM)]
    later.close()


@pytest.mark.parametrize("spoilt", ["not toml", "[[closed_days]]", None])
def test_a_spoilt_file_leaves_the_last_good_calendar(room, override, spoilt):
    """It is logged once, nothing moves, and the next good file counts."""
    closes(override, TUESDAY)
    room.promise()
    if spoilt is None:
        override.unlink()
    else:
        override.write_text(spoilt)
    with capture_logs() as logs:
        room.follow()
        room.follow()
    assert [line["event"] for line in logs] == ["office_override_refused"]
    assert room.emitted() == []
    override.write_text("")
    room.follow()
    assert changes(room) == [(WEDNESDAY_4_PM, TUESDAY_4_PM)]


def test_a_file_replaced_within_the_same_second_is_seen(override):
    """By its time to the nanosecond, its size and its place."""
    assert office_calendar(override).day(datetime(2026, 11, 24).date()).working  # noqa: DTZ001
    stat = override.stat()
    other = override.with_name("other.toml")
    closes(other, TUESDAY)
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.replace(override)
    assert not office_calendar(override).day(datetime(2026, 11, 24).date()).working  # noqa: DTZ001


def test_only_what_is_open_is_looked_at_again(room, override):
    """A clock that has stopped names no calendar, so no index leads to it."""
    room.promise()
    room.begin("claim")
    room.clock.move(hours=1)
    with room.at() as clocks:
        clocks.stop(CASE)
    assert {room.row(clock).calendar for clock in ("promise", "step")} == {None}
    assert {room.row(clock).alarm_at for clock in ("promise", "step")} == {None}
