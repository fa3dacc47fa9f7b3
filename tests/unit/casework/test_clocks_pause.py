"""A promise stands still, runs on, is handed over and kept."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.casework.room import CASE, LONG, STANDARD

REASON = "request_incomplete"
TUESDAY_4_PM = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_a_pause_stops_the_promise_and_ends_the_step(room):
    """While the office waits for the resident, nothing is near and nothing late."""
    room.promise()
    room.begin("claim")
    with room.at() as clocks:
        paused = clocks.pause(CASE, REASON)
    assert (paused.due, paused.paused) == (None, True)
    room.clock.move(days=20)
    assert room.tell() == []


def test_a_resumed_promise_is_told_of_by_its_new_moment(room):
    """What was said of the old moment is no longer true, so it is said again of the new one."""
    room.promise()
    room.clock.set(TUESDAY_4_PM - timedelta(minutes=30))
    assert room.tell() == ["promise approaching"]
    with room.at() as clocks:
        clocks.pause(CASE, REASON)
    room.clock.move(days=1)
    with room.at() as clocks:
        resumed = clocks.resume(CASE)
        assert clocks.told(CASE) == ()
    assert resumed.due == TUESDAY_4_PM + timedelta(days=1)
    assert room.tell() == ["promise approaching"]
    room.clock.set(resumed.due + timedelta(seconds=1))
    assert room.tell() == ["promise missed"]


def test_a_moment_that_comes_back_has_been_told_of(room):
    """A pause without office time leaves the promise where it was."""
    room.promise()
    room.clock.set(TUESDAY_4_PM - timedelta(minutes=30))
    assert room.tell() == ["promise approaching"]
    with room.at() as clocks:
        clocks.pause(CASE, REASON)
        assert clocks.resume(CASE).due == TUESDAY_4_PM
    assert room.tell() == []


def test_a_promise_that_was_missed_stays_missed_in_a_pause(room):
    """A pause that begins too late takes nothing back."""
    room.promise()
    room.clock.set(TUESDAY_4_PM + timedelta(hours=1))
    with room.at() as clocks:
        assert clocks.pause(CASE, REASON).due == TUESDAY_4_PM
    assert [name for name, _ in room.said()] == ["approaching", "missed"]
    assert room.tell() == []
    with room.at() as clocks:
        assert not clocks.stop(CASE).in_time


def test_a_clock_that_runs_behind_ends_a_pause_where_it_began(room):
    """Two replicas' clocks may differ by a moment; nothing fails."""
    due = room.promise().due
    room.clock.move(hours=1)
    with room.at() as clocks:
        clocks.pause(CASE, REASON)
    room.clock.move(seconds=-1)
    with room.at() as clocks:
        assert clocks.resume(CASE).due == due


def test_every_pause_counts(room):
    """Returned twice, the clock stops twice."""
    due = room.promise().due
    for _ in range(2):
        room.clock.move(hours=1)
        with room.at() as clocks:
            clocks.pause(CASE, REASON)
        room.clock.move(days=1)
        with room.at() as clocks:
            resumed = clocks.resume(CASE)
    assert resumed.due == due + timedelta(days=2)
    assert len(resumed.pauses) == 2


@pytest.mark.parametrize(
    ("late", "in_time"), [(timedelta(), True), (timedelta(microseconds=1), False)]
)
def test_a_promise_is_kept_up_to_its_moment(room, late, in_time):
    """With the office minutes that its clock ran: from 9:00 on, and all of Tuesday."""
    room.promise()
    room.clock.set(TUESDAY_4_PM + late)
    with room.at() as clocks:
        kept = clocks.stop(CASE)
    assert (kept.in_time, kept.working_minutes) == (in_time, 360 + 450)


def test_a_pause_takes_no_minutes_and_misses_nothing(room):
    """Two hours ran before it began; it lasts still."""
    room.promise()
    room.clock.move(hours=2)
    with room.at() as clocks:
        clocks.pause(CASE, REASON)
    room.clock.move(days=9)
    with room.at() as clocks:
        kept = clocks.stop(CASE)
    assert (kept.in_time, kept.working_minutes) == (True, 120)


def test_where_no_promise_was_made_none_was_kept(room):
    """And none can be paused or read."""
    with room.at() as clocks:
        clocks.begin_step(CASE, STANDARD, "claim")
        assert clocks.stop(CASE) is None
        for ask in (clocks.deadline, clocks.told, clocks.resume):
            with pytest.raises(LookupError):
                ask(CASE)


def test_a_stopped_promise_can_still_be_read(room):
    """The case's page shows what was promised."""
    promised = room.promise()
    with room.at() as clocks:
        clocks.stop(CASE)
    with room.at() as clocks:
        assert clocks.deadline(CASE) == promised


def test_what_was_told_before_the_handover_is_not_told_again(room):
    """Intake reminded; the next service says only that it was missed."""
    room.promise(told=("approaching",))
    room.clock.set(TUESDAY_4_PM + timedelta(hours=1))
    assert room.tell() == ["promise missed"]


def test_a_promise_of_other_days_counts_from_the_receipt(room):
    """The review found the request simple: three days in place of fourteen."""
    room.promise(14, standard=LONG)
    room.clock.move(days=1)
    with room.at() as clocks:
        promised = clocks.promise_days(CASE, 3)
    assert promised.due.isoformat() == "2026-11-26T16:00:00+08:00"
    assert promised.working_days == 3


@pytest.mark.parametrize("end", ["stop", "end_step", "next_step"])
def test_what_ended_late_between_two_looks_of_the_job_is_told(room, end):
    """Approaching and missed, in the unit that ends it; the job has nothing left to tell."""
    room.begin("claim")
    room.clock.move(days=1)
    with room.at() as clocks:
        if end == "next_step":
            clocks.begin_step(CASE, STANDARD, "visit")
        elif end == "end_step":
            clocks.end_step(CASE)
        else:
            clocks.stop(CASE)
    assert [name for name, _ in room.said()] == ["approaching", "missed"]
    assert room.tell() == []


def test_a_step_that_begins_anew_late_is_told_of_first(room):
    """Another visit of the same step: the moment that has passed was missed all the same."""
    room.begin("visit")
    room.clock.move(days=2)
    room.begin("visit")
    assert [name for name, _ in room.said()] == ["approaching", "missed"]
    assert room.tell() == []
