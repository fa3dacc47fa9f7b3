"""An event has its effect once, however often it is delivered and wherever a delivery stops."""

import eventlet
import pytest
from eventlet.event import Event as Signal

from chassis.retry import ContractViolation
from tests.unit.chassis.shelf import (
    CASE,
    Noted,
    Shelf,
    WriteNote,
    ask,
    event_of,
    failing_unit,
    inbox,
    notes,
    put,
    sequences,
    tell,
)


class Killed(Exception):
    """Stands for the end of the process in the middle of a handler."""


def test_an_event_is_handled_once(shelf, store):
    """The second delivery is dropped before the handler."""
    assert tell(shelf, "a", "m1") == "done"
    assert tell(shelf, "a", "m1") == "duplicate"
    assert notes(store) == ["a"]


def test_two_events_of_equal_content_are_two(shelf, store):
    """Only the id tells whether it is the same."""
    tell(shelf, "a", "m1")
    tell(shelf, "a", "m2")
    assert notes(store) == ["a", "a"]


def test_an_event_whose_handler_failed_is_handled_again(shelf, store):
    """Its inbox row went with the rollback."""
    shelf.act = fail
    with pytest.raises(Killed):
        tell(shelf, "a", "m1")
    shelf.act = Shelf.act
    assert tell(shelf, "a", "m1") == "done"
    assert notes(store) == ["a"]


def fail(work):
    raise Killed


def test_an_event_of_another_version_is_a_broken_contract(shelf, store):
    """Its fields mean something else: it is dead-lettered, not guessed at."""
    event = event_of("a", "m1").model_copy(update={"type": "sigap.noted.v2"})
    with pytest.raises(ContractViolation):
        Shelf.on_noted.unit(shelf, event)
    assert inbox(store) == []


def test_an_observer_drops_repeated_events_too(shelf, store):
    """The ledger holds each event once."""
    event = event_of("a", "m1")
    outcomes = [Shelf.on_any_event.unit(shelf, event) for _ in range(2)]
    assert outcomes == ["done", "duplicate"]
    assert notes(store) == ["sigap.noted.v1"]


def test_a_checkpoint_keeps_the_progress_and_does_not_mark_the_message(shelf, store):
    """A crash after it brings the message back, to a handler that finds what it did."""

    def crash(work):
        work.emit(CASE, Noted(word="reserved"))
        work.checkpoint()
        raise Killed

    shelf.act = crash
    with pytest.raises(Killed):
        tell(shelf, "a", "m1")
    assert (notes(store), sequences(store), inbox(store)) == (["a"], [1], [])


def test_a_handler_that_ends_after_a_checkpoint_marks_the_message(shelf, store):
    """From then on a delivery is a repeated one."""
    shelf.act = lambda work: (work.checkpoint(), put(work, "second half"))
    assert tell(shelf, "a", "m1") == "done"
    assert inbox(store) == ["m1"]
    assert tell(shelf, "a", "m1") == "duplicate"
    assert notes(store) == ["a", "second half"]


def test_after_a_checkpoint_no_transaction_is_open(shelf, store):
    """Slow work follows it; another writer must get its turn meanwhile."""

    def write_beside(work):
        work.checkpoint()
        with store.unit("beside") as other:
            put(other, "beside")

    shelf.act = write_beside
    tell(shelf, "a", "m1")
    assert notes(store) == ["a", "beside"]


def test_each_of_several_checkpoints_keeps_what_was_done_so_far(shelf, store):
    """The message stays unmarked until the end."""

    def crash(work):
        work.checkpoint()
        put(work, "b")
        work.checkpoint()
        put(work, "c")
        raise Killed

    shelf.act = crash
    with pytest.raises(Killed):
        tell(shelf, "a", "m1")
    assert (notes(store), inbox(store)) == (["a", "b"], [])


def test_what_waits_for_the_commit_is_told_at_the_checkpoint(shelf, store):
    """It is one."""
    told = []

    def watch(work):
        work.after_commit(lambda: told.append("first"))
        work.checkpoint()
        assert told == ["first"]
        work.after_commit(lambda: told.append("second"))

    shelf.act = watch
    tell(shelf, "a", "m1")
    assert told == ["first", "second"]


def test_two_deliveries_at_once_leave_one_inbox_row_and_one_second_half(shelf, store):
    """Both pass the checkpoint; whoever ends later finds the message marked, and takes back."""
    halfway, go_on = [], Signal()

    def meet(work):
        work.checkpoint()
        halfway.append(work)
        go_on.wait()
        work.emit(CASE, Noted(word="second half"))

    shelf.act = meet
    deliveries = [eventlet.spawn(tell, shelf, "a", "m1") for _ in range(2)]
    while len(halfway) < 2:
        eventlet.sleep()
    go_on.send()
    assert sorted(delivery.wait() for delivery in deliveries) == ["done", "duplicate"]
    assert inbox(store) == ["m1"]
    assert sequences(store) == [1]


def test_a_command_has_no_checkpoint(shelf, monkeypatch):
    """Its effects and its stored reply commit together, else a retry would double the first."""
    monkeypatch.setattr("tests.unit.chassis.shelf.put", lambda work, word: work.checkpoint())
    with pytest.raises(RuntimeError, match="commit together"):
        ask(shelf, WriteNote(word="a"), "k1")


def test_a_job_has_checkpoints(store):
    """It has no message to mark: each commits what was done."""
    with failing_unit(store) as work:
        put(work, "a")
        work.checkpoint()
        put(work, "b")
    assert notes(store) == ["a"]
