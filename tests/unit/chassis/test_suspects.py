"""Messages whose handling ends the process are found, and the innocent beside them are not."""

from types import SimpleNamespace

import eventlet
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.retry import EndsTheProcess
from chassis.suspects import LAST_CHANCES, SUSPECT_AFTER, Seclusion, Trial
from tests.unit.chassis.shelf import TABLES

SUSPECT = SimpleNamespace(headers={"x-delivery-count": SUSPECT_AFTER})
FRESH = SimpleNamespace(headers={})


def begun(store):
    """What is noted: how often each message was begun."""
    with Session(store.engine.execution_options(reads_only=True)) as session:
        return dict(session.execute(select(TABLES.suspects)).all())


@pytest.fixture
def dies(store):
    """A try in a process that ends in its middle: what was begun there is never left."""
    begun_and_never_left = []

    def begin(message=SUSPECT):
        attempt = Trial(Seclusion(), store, message).attempt("m")
        begun_and_never_left.append(attempt)
        attempt.__enter__()

    return begin


def test_a_message_that_ends_the_process_each_time_has_its_last_chance(store, dies):
    """Each beginning counts that came to no end; buried, it may be replayed like any other."""
    for _ in range(LAST_CHANCES):
        dies()
    with pytest.raises(EndsTheProcess):
        dies()
    assert begun(store) == {}


def test_what_came_to_an_end_is_forgotten(store):
    """The others were the broker's doing, or the operator's."""
    for _ in range(LAST_CHANCES + 1):
        with Trial(Seclusion(), store, SUSPECT).attempt("m"):
            assert begun(store) == {"m": 1}
    assert begun(store) == {}


def test_a_failure_is_no_death(store):
    """Nor is a process that is ended while the message waits for its next try."""
    for _ in range(LAST_CHANCES + 1):
        with pytest.raises(ConnectionResetError), Trial(Seclusion(), store, SUSPECT).attempt("m"):
            raise ConnectionResetError
    assert begun(store) == {}


def test_a_message_that_has_not_come_back_often_costs_nothing(store, dies):
    """No row is written for it."""
    dies(FRESH)
    assert begun(store) == {}


def test_a_suspect_is_handled_with_nothing_else_in_hand(store):
    """Else its neighbours would be charged with its deaths, and it with theirs."""
    seclusion, told = Seclusion(), []

    def handle(name, message):
        with Trial(seclusion, store, message).attempt(name):
            told.append(f"{name} begins")
            eventlet.sleep(0.01)
            told.append(f"{name} ends")

    pool = eventlet.GreenPool()
    for name, message in (("a", FRESH), ("b", FRESH), ("s", SUSPECT), ("c", FRESH), ("d", FRESH)):
        pool.spawn(handle, name, message)
    pool.waitall()
    both, alone, after = told[:4], told[4:6], told[6:]
    assert sorted(both) == ["a begins", "a ends", "b begins", "b ends"]
    assert alone == ["s begins", "s ends"]
    assert sorted(after) == ["c begins", "c ends", "d begins", "d ends"]
