"""A step ends with the promise at the latest, and whoever has it is told first."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.casework.room import CASE, LONG, closes

TUESDAY, WEDNESDAY = "2026-11-24", "2026-11-25"
THURSDAY_4_PM = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.fixture
def room(room, override):
    """The room with its override file."""
    room.override = override
    return room


def test_a_step_that_has_longer_than_the_promise_ends_with_it(room):
    """Three days are promised, the preparation alone may take ten."""
    room.promise(3, standard=LONG)
    assert room.begin("preparation", standard=LONG) == THURSDAY_4_PM
    assert room.row("step").due == THURSDAY_4_PM


def test_a_step_that_ends_before_the_promise_keeps_its_own_time(room):
    """One working day for the review."""
    due = room.promise(3, standard=LONG).due
    assert room.begin("review", standard=LONG) == due - timedelta(days=2)


def test_whoever_has_the_step_is_told_before_the_promise_is(room):
    """At the same moments, also where the step's own reminder would come later."""
    due = room.promise(1, standard=LONG).due
    room.clock.move(hours=2)
    room.begin("review", standard=LONG)
    room.clock.set(due - timedelta(hours=4))
    assert room.tell() == ["step approaching", "promise approaching"]
    room.clock.set(due + timedelta(microseconds=1))
    assert room.tell() == ["step missed", "promise missed"]


def test_a_promise_that_had_passed_bounds_no_step(room):
    """A step that is missed when it begins warns of nothing."""
    room.promise(1, standard=LONG)
    room.clock.move(days=7)
    assert room.begin("review", standard=LONG) > room.clock.now()


def test_a_promise_that_stands_still_or_has_stopped_bounds_no_step(room):
    """Nothing is promised for that moment."""
    for end in ("pause", "stop"):
        room.promise(1, standard=LONG)
        with room.at() as clocks:
            clocks.stop(CASE) if end == "stop" else clocks.pause(CASE, "request_incomplete")
        assert room.begin("preparation", standard=LONG) > THURSDAY_4_PM


def test_a_running_step_follows_a_promise_of_fewer_days(room):
    """And gets its own time back when more are promised."""
    room.promise(14, standard=LONG)
    own = room.begin("preparation", standard=LONG)
    for days, due in ((3, THURSDAY_4_PM), (14, own)):
        with room.at() as clocks:
            clocks.promise_days(CASE, days)
            assert clocks.present_step(CASE).due == due


def test_the_calendar_moves_a_step_with_the_promise_and_both_are_told_once(room, override):
    """A closed day in the three that are promised."""
    room.promise(3, standard=LONG)
    room.begin("preparation", standard=LONG)
    closes(override, TUESDAY)
    room.follow()
    room.follow()
    events = [event.data for event in room.emitted()]
    assert sorted(event["clock"] for event in events) == ["promise", "step"]
    assert {event["due"] for event in events} == {"2026-11-27T16:30:00+08:00"}
    assert all([day["date"] for day in event["because"]] == [TUESDAY] for event in events)


def test_a_step_that_rings_first_takes_an_outdated_promise_along(room, override):
    """It would be told of by a moment that the promise no longer has."""
    room.promise(1, standard=LONG)
    room.begin("preparation", standard=LONG)
    closes(override, TUESDAY)
    room.clock.set(datetime(2026, 11, 24, 7, 0, tzinfo=UTC))
    room.tell()
    assert room.row("step").due == room.row("promise").due
    assert room.row("step").due.date().isoformat() == WEDNESDAY
