"""The loop around a relay: it never ends by itself, and a stop publishes what is left."""

from itertools import repeat

import eventlet
import pytest

from chassis import outbox
from chassis.outbox import RelayLoop
from chassis.publishing import PublishFailed


class Shelf:
    """A relay with rows on a shelf, and failures before them."""

    def __init__(self) -> None:
        self.rows = 0
        self.failures: list[Exception] = []
        self.pumped = 0
        self.closed = False

    def pump(self) -> int:
        self.pumped += 1
        if self.failures:
            raise self.failures.pop()
        done, self.rows = min(self.rows, 1), max(self.rows - 1, 0)
        return done

    def pending(self) -> int:
        return self.rows

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def relay(monkeypatch):
    monkeypatch.setattr(outbox, "SWEEP_SECONDS", 3600.0)
    monkeypatch.setattr(outbox, "waits", lambda: repeat(0.0))
    return Shelf()


@pytest.fixture
def loop(relay):
    loop = RelayLoop("alpha", relay)
    loop.start()
    eventlet.sleep()
    yield loop
    if not loop._thread.dead:
        loop.stop(0.01)


def settle():
    """Let every green thread that can run do so."""
    for _ in range(20):
        eventlet.sleep()


def test_a_commit_wakes_it(loop, relay):
    """Without waiting for the next sweep."""
    relay.rows = 3
    settle()
    assert relay.rows == 3
    loop.wake()
    settle()
    assert relay.rows == 0


def test_waking_it_twice_is_waking_it_once(loop, relay):
    """Many commits come while it publishes."""
    before = relay.pumped
    for _ in range(10):
        loop.wake()
    settle()
    assert relay.pumped == before + 1


def test_without_a_commit_it_rests(loop, relay):
    """An idle office costs nothing."""
    before = relay.pumped
    settle()
    assert relay.pumped == before


def test_a_failure_does_not_end_it(loop, relay):
    """Every later event would be kept back, and nobody would know."""
    relay.rows, relay.failures = 2, [PublishFailed(), KeyError("x"), OSError()]
    loop.wake()
    settle()
    assert relay.rows == 0


def test_a_stop_publishes_what_is_left(loop, relay):
    """A commit has promised it."""
    relay.rows = 5
    loop.stop(grace=30.0)
    assert relay.rows == 0
    assert relay.closed


def test_a_stop_does_not_wait_for_a_broker_that_is_away(loop, relay):
    """What is left is safe in the database; the operator wants the process to end."""
    relay.rows, relay.failures = 1, [PublishFailed()] * 100
    loop.stop(grace=30.0)
    assert len(relay.failures) >= 98
    assert relay.closed


def test_one_that_never_started_can_be_stopped(relay):
    """The service may be told to stop before it is up."""
    RelayLoop("alpha", relay).stop(grace=30.0)
    assert relay.closed
