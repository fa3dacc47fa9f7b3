"""Any number of replicas tell of each due moment once, on a real PostgreSQL.

What is guarded: the case is locked and one that is held is left out, the clock is read again under
the lock, and what was told is remembered in the transaction that tells it.
"""

from collections import Counter
from datetime import timedelta
from random import Random

import eventlet
import pytest
from sqlalchemy import func, select, text

from casework.clock_batches import BATCH, clock_batches
from tests.real import eventually
from tests.unit.casework.room import CASE, STANDARD, Case, Clock, closes, name_of

SECOND = timedelta(seconds=1)
GROUPS, IN_A_GROUP = 5, 400
ASLEEP = func.pg_sleep(0.5).is_not(None)


class Killed(Exception):
    """The process ends in the middle of its work."""


def cases_of(group):
    return [f"VRF-20261123-{group:02d}{number:04d}" for number in range(IN_A_GROUP)]


def begin_all(room, cases):
    """Begin the claim of each; when they are due."""
    with room.store.unit("test") as work:
        work.session.add_all([Case(tracking_number=case) for case in cases])
        work.session.flush()
        clocks = room.clocks(work)
        return {case: clocks.begin_step(case, STANDARD, "claim").due for case in cases}


def at_once(rooms, call):
    """What `call` gives for each of the rooms, all at the same time."""
    return [thread.wait() for thread in [eventlet.spawn(call, room) for room in rooms]]


def killed_after(alarms):
    """For `tell`: the process is killed when it has told so many."""
    left = [alarms]

    def count(clocks, alarm):
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    return count


def tell_or_die(chance):
    """A run that often ends before its time, at any place of a batch."""

    def run(room):
        try:
            room.tell(killed_after(chance.randrange(3 * BATCH)))
        except Killed:
            return "killed"
        return "done"

    return run


@pytest.mark.timeout(300)
def test_two_thousand_deadlines_are_told_once_each_and_none_early(replicas):
    """Three replicas at once, some killed in between and started anew, as the hours pass."""
    chance = Random(7)  # noqa: S311 - it only varies the place of the end
    ends, dues = Counter(), {}
    [office] = replicas()
    for group in range(GROUPS):
        dues |= begin_all(office, cases_of(group))
        office.clock.move(minutes=5)
    for _ in range(12):
        office.clock.move(minutes=7, seconds=30)
        ends.update(at_once(replicas(3), tell_or_die(chance)))
        at_once(replicas(3), lambda room: room.tell())
        now = office.clock.now()
        expected = sum(due - timedelta(minutes=15) <= now for due in dues.values())
        expected += sum(due < now for due in dues.values())
        assert len(office.emitted()) == expected
    told = Counter((event.subject, name_of(event)) for event in office.emitted())
    assert told == {(case, name): 1 for case in dues for name in ("approaching", "missed")}
    for event in office.emitted():
        due = dues[event.subject]
        approaching = name_of(event) == "approaching"
        assert event.sequence == ("1" if approaching else "2")
        assert event.time >= due - timedelta(minutes=15) if approaching else event.time > due
    assert ends["killed"] >= 5


def test_a_replica_that_hangs_keeps_nobody_waiting(replicas):
    """What it holds is left to it; when it is gone, others tell of that too."""
    first, second = replicas(2)
    cases = cases_of(0)
    begin_all(first, cases)
    first.clock.move(minutes=50)
    hanging = first.store.unit("hanging")
    alarms = first.clocks(hanging).tell(Case)
    held = [next(alarms).case.tracking_number for _ in range(3)]
    assert len(second.tell()) == IN_A_GROUP - BATCH
    assert not {*held} & {event.subject for event in second.emitted()}
    pid = hanging.session.scalar(select(func.pg_backend_pid()))
    kill = text("SELECT pg_terminate_backend(:pid)").bindparams(pid=pid)
    with second.store.reading() as session:
        session.execute(kill)
    eventually(lambda: len(second.tell()) == BATCH, "the cases of the killed replica")
    assert Counter(event.subject for event in second.emitted()) == dict.fromkeys(cases, 1)
    alarms.close()
    hanging.session.invalidate()


def a_late_batch(room):
    """The clocks that a replica gets whose question was asked before another's answer."""
    with room.store.unit("late") as work:
        ringing = (Clock.alarm_at <= work.now) & ASLEEP
        batch = next(clock_batches(work.session, Clock, Case, ringing, Clock.alarm_at), [])
        return [row.to_tell(work.now) for _, row in batch]


def is_asking(room):
    """Whether the question of `a_late_batch` is with the server."""
    asleep = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event = 'PgSleep' AND datname = current_database()"
    )
    with room.store.reading() as session:
        return session.scalar(asleep) == 1


def test_a_clock_that_was_told_while_its_case_was_asked_for_is_not_told_again(replicas):
    """It was found ringing; under the lock of its case it rings no more."""
    first, second = replicas(2)
    first.begin("claim")
    first.clock.move(minutes=50)
    late = eventlet.spawn(a_late_batch, second)
    eventually(lambda: is_asking(first), "the question of the second replica")
    assert first.tell() == ["step approaching"]
    assert late.wait() == []


@pytest.mark.parametrize("end", ["stop", "pause", "end_step"])
def test_a_clock_that_ended_while_its_case_was_asked_for_tells_nothing(replicas, end):
    """The officer was as fast as the clock."""
    first, second = replicas(2)
    first.promise()
    first.begin("claim")
    first.clock.move(minutes=50)
    late = eventlet.spawn(a_late_batch, second)
    eventually(lambda: is_asking(first), "the question of the second replica")
    with first.at() as clocks:
        getattr(clocks, end)(CASE, *(["request_incomplete"] if end == "pause" else []))
    assert late.wait() == []


def test_a_case_that_somebody_works_on_is_left_for_the_next_run(replicas):
    """Nothing waits, and what the officer did counts."""
    first, second = replicas(2)
    first.begin("claim")
    first.clock.move(minutes=50)
    with first.at() as clocks:
        assert second.tell() == []
        clocks.begin_step(CASE, STANDARD, "visit")
    assert second.tell() == []
    first.clock.move(hours=3)
    assert second.tell() == ["step approaching"]


def test_officers_and_alarms_never_wait_for_each_other_in_a_circle(replicas):
    """Both take the case first and its clocks after; no deadlock, no lost step."""
    rooms = replicas(4)
    cases = cases_of(0)[:60]
    begin_all(rooms[0], cases)
    rooms[0].clock.move(hours=2)

    def work(room):
        order = Random(id(room))  # noqa: S311 - it only varies the order
        for case in order.sample(cases, len(cases)):
            with room.at(case) as clocks:
                clocks.begin_step(case, STANDARD, "visit")
        return "worked"

    def run(room):
        return work(room) if room in rooms[:2] else [room.tell() for _ in range(20)] and "told"

    assert at_once(rooms, run) == ["worked", "worked", "told", "told"]
    told = Counter((e.subject, name_of(e), e.data["step"]) for e in rooms[0].emitted())
    assert set(told.values()) <= {1}
    with rooms[0].store.reading() as session:
        assert {row.step for row in session.scalars(select(Clock))} == {"visit"}


def test_a_calendar_edited_under_open_deadlines_moves_each_once(replicas):
    """Every replica sees the file change; one alone moves a case and says why."""
    rooms = replicas(3)
    cases = cases_of(0)[:250]
    with rooms[0].store.unit("test") as work:
        work.session.add_all([Case(tracking_number=case) for case in cases])
    for case in cases:
        rooms[0].promise(case=case)
    at_once(rooms, lambda room: room.follow())
    closes(rooms[0].override, "2026-11-24")
    at_once(rooms, lambda room: room.follow())
    at_once(rooms, lambda room: room.follow())
    moved = rooms[0].emitted()
    assert Counter(event.subject for event in moved) == dict.fromkeys(cases, 1)
    assert {name_of(event) for event in moved} == {"changed"}
    assert {event.data["because"][0]["date"] for event in moved} == {"2026-11-24"}
    rooms[0].override.write_text("[[closed_days]]")
    at_once(rooms, lambda room: room.follow())
    assert len(rooms[0].emitted()) == len(cases)


def test_a_case_that_is_held_while_the_calendar_is_followed_is_moved_later(replicas):
    """The first look is not over before every clock has been looked at."""
    first, second = replicas(2)
    first.promise()
    closes(first.override, "2026-11-24")
    with first.at():
        second.follow()
        assert second.emitted() == []
    second.follow()
    assert [name_of(event) for event in second.emitted()] == ["changed"]
