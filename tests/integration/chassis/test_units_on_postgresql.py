"""Units of work and the relay on a real PostgreSQL, where rivals truly run at once."""

import json

import eventlet
import pytest
from eventlet.event import Event as Signal
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from chassis.database import make_engine, next_value
from chassis.outbox import BrokerRelay
from chassis.publishing import PublishFailed
from chassis.settings import Settings
from chassis.store import Store
from tests.real import eventually
from tests.support import StoppedClock
from tests.unit.chassis.shelf import (
    CASE,
    TABLES,
    Base,
    Note,
    Noted,
    Shelf,
    WriteNote,
    ask,
    failing_unit,
    inbox,
    notes,
    put,
    sequences,
    tell,
)

RIVALS = 20


@pytest.fixture
def store(database_url, postgres, tmp_path):
    url = postgres.create_database(database_url.rpartition("/")[2] + "_shelf")
    store = Store(Base.metadata)
    store.open(make_engine(url), StoppedClock(), Settings(home=tmp_path))
    Base.metadata.create_all(store.engine)
    yield store
    store.engine.dispose()


@pytest.fixture
def shelf(store):
    return Shelf(store)


def at_once(call, count=RIVALS):
    """What `call(number)` gives, for so many at once."""
    threads = [eventlet.spawn(call, number) for number in range(count)]
    return [thread.wait() for thread in threads]


def test_rivals_number_a_cases_events_without_gaps(store):
    """Also when every third of them fails at the end."""

    def emit(number):
        unit = failing_unit(store) if number % 3 == 0 else store.unit("cause")
        with unit as work:
            work.emit(CASE, Noted(word=str(number)))

    at_once(emit)
    kept = len([number for number in range(RIVALS) if number % 3])
    assert sorted(sequences(store)) == list(range(1, kept + 1))


def test_rivals_never_get_one_number_twice(store):
    """A letter's number is a counter's next value."""

    def number(_):
        with store.unit("cause") as work:
            return next_value(work.session, TABLES.sequences, {"subject": "letters"})

    assert sorted(at_once(number)) == list(range(1, RIVALS + 1))


def test_rivals_with_one_key_have_one_effect_and_one_reply(shelf, store):
    """Whoever comes second waits for the first's commit."""
    replies = at_once(lambda _: ask(shelf, WriteNote(word="a"), "k1"))
    assert len(set(replies)) == 1
    assert notes(store) == ["a"]


def test_rival_deliveries_have_one_effect(shelf, store):
    """Two replicas got the same message."""
    outcomes = at_once(lambda _: tell(shelf, "a", "m1"))
    assert sorted(outcomes) == ["done", *["duplicate"] * (RIVALS - 1)]
    assert notes(store) == ["a"]


def test_two_deliveries_beyond_their_checkpoints_leave_one_second_half(shelf, store):
    """Whoever ends later finds the message marked, and takes back what it did since."""
    halfway, go_on = [], Signal()

    def meet(work):
        work.checkpoint()
        halfway.append(work)
        go_on.wait()
        work.emit(CASE, Noted(word="second half"))

    shelf.act = meet
    deliveries = [eventlet.spawn(tell, shelf, "a", "m1") for _ in range(2)]
    while len(halfway) < 2:
        eventlet.sleep(0.01)
    go_on.send()
    assert sorted(delivery.wait() for delivery in deliveries) == ["done", "duplicate"]
    assert inbox(store) == ["m1"]
    assert sequences(store) == [1]


class Wire:
    """A publisher that keeps what it is given; `fault` is called before."""

    def __init__(self, fault=lambda: None):
        self.sent = []
        self.fault = fault

    def publish(self, messages):
        self.fault()
        self.sent += [message.message_id for message in messages]
        eventlet.sleep()

    def close(self):
        """Nothing to close."""


def relay_of(store, wire):
    return BrokerRelay("shelf", store.engine, TABLES, wire)


def fill(store, count):
    with store.unit("cause") as work:
        for number in range(count):
            work.emit(CASE, Noted(word=str(number)))
    with store.reading() as session:
        return list(
            session.scalars(select(TABLES.outbox.c.message_id).order_by(TABLES.outbox.c.id))
        )


def waiting(store):
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(TABLES.outbox))


def test_the_relay_publishes_in_the_order_of_writing_and_deletes(store):
    """In batches; what is done is gone."""
    ids, wire = fill(store, 1200), Wire()
    relay = relay_of(store, wire)
    while relay.pump():
        pass
    assert wire.sent == ids
    assert waiting(store) == 0


def test_a_publish_that_failed_leaves_every_row(store):
    """Nothing is known of the messages, so all of them go again, under their own ids."""

    def fail():
        raise PublishFailed

    ids, wire = fill(store, 3), Wire(fail)
    with pytest.raises(PublishFailed):
        relay_of(store, wire).pump()
    assert waiting(store) == 3
    wire.fault = lambda: None
    assert relay_of(store, wire).pump() == 3
    assert wire.sent == ids


def test_a_replica_that_waits_for_the_broker_holds_up_no_other(store):
    """The other takes the rows behind."""
    fill(store, 700)
    go_on = Signal()
    slow, quick = Wire(go_on.wait), Wire()
    first = eventlet.spawn(relay_of(store, slow).pump)
    eventually(lambda: store.engine.pool.checkedout(), "the first to begin")
    second = eventlet.spawn(relay_of(store, quick).pump)
    eventually(lambda: second.dead, "the second to end")
    go_on.send()
    assert (first.wait(), second.wait()) == (500, 200)


def test_replicas_do_not_publish_one_row_twice(store):
    """Each skips the rows that another has taken."""
    ids, wire = fill(store, 1200), Wire()
    counts = at_once(lambda _: relay_of(store, wire).pump(), count=4)
    assert sum(counts) == len(wire.sent) == len(set(wire.sent))
    while relay_of(store, wire).pump():
        pass
    assert sorted(wire.sent) == sorted(ids)


def test_a_row_that_commits_late_is_not_gone_past(store):
    """Its number is smaller than those already published; a cursor would miss it."""
    wire = Wire()
    with store.unit("late") as late:
        late.emit(CASE, Noted(word="late"))
        fill_other(store)
        relay_of(store, wire).pump()
        assert len(wire.sent) == 1
    relay_of(store, wire).pump()
    assert len(wire.sent) == 2


def fill_other(store):
    with store.unit("early") as early:
        put(early, "x")
        early.emit("VRF-20261123-0002", Noted(word="early"))


def test_a_message_that_was_handled_has_no_second_effect(shelf, store):
    """Its inbox row rides with the handler's first statement, and fails it."""
    assert tell(shelf, "a", "m1") == "done"
    assert tell(shelf, "a", "m1") == "duplicate"
    assert (notes(store), inbox(store)) == (["a"], ["m1"])


def test_a_handler_without_statements_is_told_too(shelf, store):
    """Then the inbox row rides with COMMIT."""
    shelf.act = lambda work: None
    assert [tell(shelf, "a", "m1") for _ in range(3)] == ["done", "duplicate", "duplicate"]
    assert inbox(store) == ["m1"]


def test_what_an_event_says_is_written_as_it_is(shelf, store):
    """Also what a statement's text would take for a placeholder, or for its own end."""
    word = "100% %s %(x)s '; DROP TABLE notes; -- \\ \"é"
    shelf.act = lambda work: work.emit(CASE, Noted(word=word))
    tell(shelf, "a", "m1")
    with store.unit("cause") as work:
        work.emit(CASE, Noted(word=word))
        put(work, "b")
    with store.reading() as session:
        bodies = session.scalars(select(TABLES.outbox.c.body).order_by(TABLES.outbox.c.id)).all()
    assert [json.loads(body)["data"]["word"] for body in bodies] == [word, word]


def test_another_violated_rule_is_no_duplicate(shelf):
    """Only the inbox tells that a message was handled."""

    def collide(work):
        work.session.execute(insert(Note), {"id": 99, "word": "a"})

    shelf.act = collide
    assert tell(shelf, "a", "m1") == "done"
    with pytest.raises(IntegrityError):
        tell(shelf, "a", "m2")
