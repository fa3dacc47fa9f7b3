"""Of each due moment is told once that it approaches and once that it was missed, never early."""

from datetime import UTC, timedelta

import pytest

from tests.unit.casework.room import CASE, LONG, STANDARD, name_of

MICROSECOND = timedelta(microseconds=1)
DUE = "2026-11-23T10:00:00+08:00"


def test_a_step_is_told_of_at_its_moments_and_once(room):
    """The claim takes 60 office minutes and is reminded of 15 before; late is after, not at."""
    due = room.begin("claim")
    for moment, told in (
        (due - timedelta(minutes=15) - MICROSECOND, []),
        (due - timedelta(minutes=15), ["step approaching"]),
        (due, []),
        (due + MICROSECOND, ["step missed"]),
        (due + timedelta(days=30), []),
    ):
        room.clock.set(moment.astimezone(UTC))
        assert room.tell() == told
        assert room.tell() == []
    approaching, missed = room.emitted()
    facts = {"clock": "step", "step": "claim", "due": DUE, "role": "verifier"}
    assert approaching.data == facts
    assert missed.data == facts | {"escalate_to": "division_head"}
    assert {approaching.actor, missed.actor} == {"system"}


def test_a_promise_is_nobodys_step(room):
    """No role has to move; the agency head answers for it."""
    room.promise()
    room.clock.move(days=2)
    assert room.tell() == ["promise approaching", "promise missed"]
    missed = room.emitted()[1].data
    facts = {"clock": "promise", "step": None, "due": "2026-11-24T16:00:00+08:00", "role": None}
    assert missed == facts | {"escalate_to": "agency_head"}


def test_a_clock_that_jumps_over_both_moments_tells_both_in_order(room):
    """The system was down over the weekend; the reminder still comes first."""
    room.begin("claim")
    room.clock.move(days=5)
    assert room.tell() == ["step approaching", "step missed"]
    assert [int(event.sequence) for event in room.emitted()] == [1, 2]


def test_a_reminder_whose_moment_has_passed_comes_at_once(room):
    """Five days in, three days are promised: that moment approached and was missed long ago."""
    room.promise(14, standard=LONG)
    room.clock.move(days=7)
    assert room.tell() == []
    with room.at() as clocks:
        due = clocks.promise_days(CASE, 3).due
    assert due < room.clock.now()
    assert room.tell() == ["promise approaching", "promise missed"]
    assert room.tell() == []


def test_another_step_begins_its_own_telling(room):
    """A claim that was reminded of does not use up the visit's reminder."""
    room.begin("claim")
    room.clock.move(minutes=50)
    assert room.tell() == ["step approaching"]
    room.begin("visit")
    assert room.tell() == []
    room.clock.move(hours=6)
    assert room.tell() == ["step approaching", "step missed"]
    assert [event.data["step"] for event in room.emitted()] == ["claim", "visit", "visit"]


def test_another_step_that_is_due_at_the_same_moment_is_told_of_too(room):
    """A moment is a step's own: who claimed late is not who assesses late."""
    room.begin("claim")
    room.clock.move(minutes=50)
    assert room.tell() == ["step approaching"]
    room.clock.move(minutes=-50)
    room.begin("assessment")
    room.clock.move(minutes=50)
    assert room.tell() == ["step approaching"]
    assert len({event.data["due"] for event in room.emitted()}) == 1


@pytest.mark.parametrize("end", ["end_step", "stop"])
def test_a_clock_that_has_ended_tells_nothing(room, end):
    """Whoever has done it in time is not reminded."""
    room.begin("claim")
    room.promise()
    with room.at() as clocks:
        getattr(clocks, end)(CASE)
    room.clock.move(days=10)
    assert room.tell() == ([] if end == "stop" else ["promise approaching", "promise missed"])


def test_the_caller_may_begin_the_next_step_on_an_alarm(room):
    """What is told belongs to the step it was told of, and the telling comes to its end."""

    def escalate(clocks, alarm):
        if alarm.told == "missed" and alarm.step == "claim":
            alarm.case.word = "offered again"
            clocks.begin_step(CASE, STANDARD, "visit")

    room.begin("claim")
    room.clock.move(hours=2)
    assert room.tell(escalate) == ["step approaching", "step missed"]
    assert (room.row().step, room.row().said) == ("visit", ())
    assert room.tell() == []


def test_a_case_that_an_alarm_closes_is_told_of_no_more(room):
    """Its other clock was in the same batch."""
    room.begin("claim")
    room.promise()
    room.clock.move(days=10)
    assert room.tell(lambda clocks, alarm: clocks.stop(CASE)) == ["step approaching"]
    assert room.tell() == []


def test_a_reminder_that_begins_the_step_anew_is_no_miss(room):
    """The due moment that had passed is gone with the step's first beginning."""
    room.begin("claim")
    room.clock.move(hours=2)
    told = room.tell(lambda clocks, alarm: clocks.begin_step(CASE, STANDARD, "visit"))
    assert told == ["step approaching"]
    assert room.tell() == []


def test_a_run_that_fails_tells_again_what_was_not_committed(room):
    """The telling and what follows from it commit together, or not at all."""

    def fail(clocks, alarm):
        raise RuntimeError("the next room is on fire")

    room.begin("claim")
    room.clock.move(hours=2)
    with pytest.raises(RuntimeError):
        room.tell(fail)
    assert room.emitted() == []
    assert room.tell() == ["step approaching", "step missed"]


def test_many_deadlines_are_told_in_batches_that_are_kept(room):
    """What was told before a failure stays told."""
    cases = [f"VRF-20261123-{number:04d}" for number in range(250)]
    for case in cases:
        room.begin("claim", case)
    room.clock.move(minutes=50)
    told = []

    def fail_at_last(clocks, alarm):
        told.append(alarm.case.tracking_number)
        if len(told) == 230:
            raise RuntimeError("the next room is on fire")

    with pytest.raises(RuntimeError):
        room.tell(fail_at_last)
    assert len(room.emitted()) == 200
    assert len(room.tell()) == 50
    assert sorted(event.subject for event in room.emitted()) == cases
    assert {name_of(event) for event in room.emitted()} == {"approaching"}
