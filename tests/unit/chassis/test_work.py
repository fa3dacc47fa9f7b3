"""One message, one transaction: state, inbox, replies and outbox commit together or not at all."""

import json
from datetime import timedelta

import eventlet
import pytest
from eventlet.event import Event as Signal
from sqlalchemy import select

from chassis.outbox import outgoing
from chassis.seal import SealBroken
from contracts.envelope import RESIDENT, Actor, CloudEvent, Role
from contracts.errors import ErrorCode, Refusal
from tests.support import MONDAY_MORNING
from tests.unit.chassis.shelf import (
    CASE,
    TABLES,
    Noted,
    ReadNote,
    WriteNote,
    ask,
    failing_unit,
    inbox,
    notes,
    put,
    replies,
    sequences,
    stored_replies,
)

OTHER_CASE = "VRF-20261123-0002"


def messages(store):
    """The outbox as it would be published."""
    with store.reading() as session:
        rows = session.execute(select(TABLES.outbox).order_by(TABLES.outbox.c.id)).all()
    return [outgoing("shelf", row) for row in rows]


def test_everything_of_a_unit_is_committed_together(store):
    """State, inbox row and outbox row."""
    with store.unit("cause") as work:
        work.receive("m1")
        put(work, "a")
        work.emit(CASE, Noted(word="a"))
        assert (notes(store), inbox(store), sequences(store)) == ([], [], [])
    assert (notes(store), inbox(store), sequences(store)) == (["a"], ["m1"], [1])


def test_nothing_of_a_unit_that_fails_is_committed(store):
    """Nor is the message marked, so it is handled again."""
    with failing_unit(store) as work:
        work.receive("m1")
        put(work, "a")
        work.emit(CASE, Noted(word="a"))
    assert (notes(store), inbox(store), sequences(store)) == ([], [], [])


def test_a_unit_that_fails_gives_its_connection_back(store):
    """With the writers' turn: else the next unit would wait for ever."""
    for _ in range(50):
        with failing_unit(store) as work:
            put(work, "a")
    with store.unit("cause") as work:
        put(work, "b")
    assert notes(store) == ["b"]
    assert store.engine.pool.checkedout() == 0


def test_events_of_a_case_are_numbered_without_gaps(store):
    """From 1, each case for itself, over any number of units."""
    with store.unit("cause") as work:
        work.emit(CASE, Noted(word="a"))
        work.emit(CASE, Noted(word="b"))
        work.emit(OTHER_CASE, Noted(word="c"))
    with store.unit("cause") as work:
        work.emit(CASE, Noted(word="d"))
    assert sequences(store) == [1, 2, 1, 3]


def test_a_rollback_gives_its_numbers_back(store):
    """A consumer that misses number 2 may trust that it is on its way."""
    with store.unit("cause") as work:
        work.emit(CASE, Noted(word="a"))
    with failing_unit(store) as work:
        work.emit(CASE, Noted(word="b"))
    with store.unit("cause") as work:
        work.emit(CASE, Noted(word="c"))
    assert sequences(store) == [1, 2]


def test_an_event_tells_who_caused_it_when_and_why(store):
    """The envelope is filled from the unit: cause, actor, trace, and the office's own time."""
    siti = Actor(id="siti", role=Role.DIVISION_HEAD)
    with store.unit("cause", siti, "00-trace") as work:
        work.emit(CASE, Noted(word="a"))
    (message,) = messages(store)
    event = CloudEvent.model_validate_json(message.body)
    assert (event.actor, event.actorrole) == ("staff:siti", Role.DIVISION_HEAD)
    assert (event.causationid, event.correlationid, event.subject) == ("cause", CASE, CASE)
    assert (event.source, event.type) == ("/services/shelf", "sigap.noted.v1")
    assert (event.sequence, event.traceparent) == ("1", "00-trace")
    assert event.time == MONDAY_MORNING
    assert event.time.utcoffset() == timedelta(hours=8)
    assert message.message_id == event.id


def test_a_resident_is_nobodys_staff(store):
    """Only staff are named; a resident and the system are what they are."""
    with store.unit("cause", RESIDENT) as work:
        work.emit(CASE, Noted(word="a"))
        work.emit(CASE, Noted(word="b"), actor=Actor(id="budi", role=Role.VERIFIER))
    assert [json.loads(m.body)["actor"] for m in messages(store)] == ["resident", "staff:budi"]


@pytest.mark.parametrize("word", ['"sequence":"1"', 'x","sequence":"1', "\\"])
def test_an_events_content_cannot_change_its_number(store, word):
    """The number is put into the text of the body, which holds what anybody wrote."""
    with store.unit("cause") as work:
        work.emit(CASE, Noted(word="first"))
        work.emit(CASE, Noted(word=word))
        work.emit(f'{CASE}","sequence":"1', Noted(word=word))
    events = [CloudEvent.model_validate_json(message.body) for message in messages(store)]
    assert [event.sequence for event in events] == ["1", "2", "1"]
    assert [event.data["word"] for event in events] == ["first", word, word]


def test_the_relay_is_woken_after_the_commit_and_only_for_events(store):
    """A wake-up before it would find nothing."""
    woken = []
    store._wake = lambda: woken.append(sequences(store))
    with store.unit("cause") as work:
        put(work, "a")
    with store.unit("cause") as work:
        work.emit(CASE, Noted(word="a"))
    with failing_unit(store) as work:
        work.emit(CASE, Noted(word="b"))
    assert woken == [[1]]


def test_a_call_for_after_the_commit_is_made_then_and_once(store):
    """What others are told must be true when they look."""
    seen = []
    with store.unit("cause") as work:
        put(work, "a")
        work.after_commit(lambda: seen.append(notes(store)))
        assert seen == []
    assert seen == [["a"]]


def test_a_call_for_after_the_commit_is_not_made_without_one(store):
    """What was rolled back did not happen."""
    seen = []
    with failing_unit(store) as work:
        work.after_commit(lambda: seen.append("told"))
    assert seen == []


def test_a_repeated_command_gets_the_stored_reply_and_no_second_effect(shelf, store):
    """Whoever lost the answer asks again under the same key."""
    first = ask(shelf, WriteNote(word="a"), "k1")
    assert ask(shelf, WriteNote(word="a"), "k1") == first
    assert (notes(store), sequences(store), replies(store)) == (["a"], [1], ["k1"])


def test_a_stored_reply_does_not_tell_what_it_holds(shelf, store):
    """It may hold an officer's words or a secret; it opens under its own key alone."""
    ask(shelf, WriteNote(word="Mangkurat"), "k1")
    (stored,) = stored_replies(store)
    assert "Mangkurat" not in stored
    assert "Mangkurat" in store.opened_reply(stored, "k1")
    with pytest.raises(SealBroken):
        store.opened_reply(stored, "k2")


def test_a_rival_with_the_same_key_waits_and_gets_the_firsts_reply(shelf, store, monkeypatch):
    """A client that lost patience asks again while the first is still being answered."""
    go_on = Signal()

    def put_slowly(work, word):
        put(work, word)
        go_on.wait()

    monkeypatch.setattr("tests.unit.chassis.shelf.put", put_slowly)
    rivals = [eventlet.spawn(ask, shelf, WriteNote(word="a"), "k1") for _ in range(3)]
    eventlet.sleep()
    assert not any(rival.dead for rival in rivals)
    go_on.send()
    assert len({rival.wait() for rival in rivals}) == 1
    assert (notes(store), sequences(store)) == (["a"], [1])


def test_a_key_that_comes_with_another_content_is_refused(shelf, store):
    """It would get the reply of a question it did not ask."""
    ask(shelf, WriteNote(word="a"), "k1")
    with pytest.raises(Refusal) as refusal:
        ask(shelf, WriteNote(word="b"), "k1")
    assert refusal.value.code is ErrorCode.IDEMPOTENCY_KEY_REUSED
    assert notes(store) == ["a"]


def test_a_command_that_was_refused_may_come_again_under_its_key(shelf, store, monkeypatch):
    """A refusal leaves no trace, so a later try is a new one."""
    monkeypatch.setattr("tests.unit.chassis.shelf.put", refuse)
    with pytest.raises(Refusal):
        ask(shelf, WriteNote(word="a"), "k1")
    assert replies(store) == []
    monkeypatch.undo()
    assert ask(shelf, WriteNote(word="a"), "k1").state == "a"


def refuse(work, word):
    raise Refusal(ErrorCode.ILLEGAL_MOVE)


def test_a_query_stores_no_reply(shelf, store):
    """What it answers is personal data, and asking twice is no harm."""
    assert ask(shelf, ReadNote(word="a"), "k1").state == "a"
    assert ask(shelf, ReadNote(word="b"), "k1").state == "b"
    assert replies(store) == []


def test_what_is_stored_to_compare_commands_does_not_tell_their_content(store):
    """A NIK has few digits: a plain hash of it could be tried out."""
    assert store.digest("nik 6371012345670001") == store.digest("nik 6371012345670001")
    other = type(store)(store.metadata)
    other._digest_key = b"another key"
    assert store.digest("nik 6371012345670001") != other.digest("nik 6371012345670001")
