"""Starting and stopping a process: nothing ends half, in silence, or never."""

import signal
import sys

import eventlet
import pytest
from eventlet.event import Event as Done
from structlog.testing import capture_logs

from chassis.retry import Unavailable
from chassis.rpc import command
from chassis.runner import Runner
from contracts.errors import ErrorCode, Refusal
from tests.integration.chassis.embedded import (
    TOPOLOGY,
    Alpha,
    AlphaBase,
    Beta,
    EmbeddedToys,
    empty_broker,
    say,
)
from tests.integration.chassis.toys import Asker, Behaviour, Say
from tests.real import eventually


@pytest.fixture
def toys(tmp_path):
    empty_broker()
    Behaviour.reset()
    yield EmbeddedToys(tmp_path)
    Behaviour.reset()
    empty_broker()


@pytest.fixture
def run():
    """Run a runner as the program does; gives its green thread. Signals are put back."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    started = []

    def start(runner):
        started.append((runner, eventlet.spawn(runner.run)))
        return started[-1][1]

    yield start
    for runner, thread in started:
        runner.stop()
        thread.kill()
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def held():
    """Beta's handler waits for this."""
    go_on = Done()
    Behaviour.act = staticmethod(lambda word, attempt: go_on.wait())
    yield go_on
    if not go_on.ready():
        go_on.send()


def up(runner):
    return lambda: all(container.started for container in runner.containers)


def test_sigterm_ends_it_after_what_is_in_hand(toys, run, held):
    """The handler finishes, and its effect is committed."""
    runner = toys.runner()
    running = run(runner)
    eventually(up(runner), "the services")
    say(runner, "a")
    eventually(lambda: Behaviour.tries, "beta to begin")
    signal.raise_signal(signal.SIGTERM)
    eventually(lambda: runner._stopping, "the stop to begin")
    held.send()
    running.wait()
    assert toys.effects() == ["a"]


def test_a_second_sigterm_does_not_cut_the_first_short(toys, run, held):
    """An impatient operator loses no work by it, and gets no traceback."""
    runner = toys.runner()
    running = run(runner)
    eventually(up(runner), "the services")
    say(runner, "a")
    eventually(lambda: Behaviour.tries, "beta to begin")
    first, second = eventlet.spawn(runner.stop), eventlet.spawn(runner.stop)
    for _ in range(20):
        eventlet.sleep()
    assert not running.dead
    assert not second.dead
    held.send()
    for thread in (first, second, running):
        thread.wait()
    assert toys.effects() == ["a"]


def test_what_does_not_end_within_the_grace_is_left(toys, run, held):
    """Its message comes again; the process ends."""
    toys.settings = toys.settings.model_copy(update={"stop_grace_seconds": 0.3})
    runner = toys.runner()
    running = run(runner)
    eventually(up(runner), "the services")
    say(runner, "a")
    eventually(lambda: Behaviour.tries, "beta to begin")
    runner.stop()
    running.wait()
    assert toys.effects() == []
    assert len(toys.outbox("alpha")) == 1


def test_a_service_that_dies_ends_the_process(toys, run):
    """Whichever it is: half a system that looks alive would be restarted by nobody."""
    runner = toys.runner(Alpha, Beta)
    running = run(runner)
    eventually(up(runner), "the services")
    (last,) = (c for c in runner.containers if c.service_name == "beta")
    try:
        raise RuntimeError("died")
    except RuntimeError:
        last.kill(sys.exc_info())
    with pytest.raises(RuntimeError, match="died"):
        running.wait()
    assert not any(container.started for container in runner.containers)


def test_a_start_that_fails_ends_the_process(toys, run):
    """A wrong secret, a port in use: the operator sees it at once."""

    class Broken(Alpha):
        name = "alpha"

        class Store(type(Alpha.store)):
            def setup(self):
                raise RuntimeError("no key")

        store = Store(AlphaBase.metadata)

    running = run(toys.runner(Broken))
    with pytest.raises(RuntimeError, match="no key"):
        running.wait()


def test_a_stop_while_it_waits_for_the_database_ends_it(toys, run):
    """It has nothing to finish."""
    runner = Runner([Alpha, Beta], TOPOLOGY, toys.settings, databases_ready=lambda: False)
    running = run(runner)
    eventlet.sleep()
    runner.stop()
    running.wait()


def test_a_part_that_fails_to_stop_is_not_silent(toys, monkeypatch):
    """And it does not keep the others from stopping."""
    runner = toys.runner()
    runner.start()
    (store,) = (d for c in runner.containers for d in c.dependencies if _is_betas_store(d))
    monkeypatch.setattr(store, "stop", lambda: 1 / 0)
    with capture_logs() as lines:
        runner.stop()
    assert not [c for c in runner.containers if c.service_name == "alpha" and c.started]
    assert [line["service"] for line in lines if line["event"] == "stop_failed"] == ["beta"]


def _is_betas_store(dependency):
    return isinstance(dependency, type(Beta.store)) and dependency.container.service_name == "beta"


def test_a_refusal_that_cannot_be_sent_harms_only_its_caller(toys):
    """An exception behind the handler would end the whole service."""
    toys.settings = toys.settings.model_copy(update={"rpc_timeout_seconds": 0.3})

    class Odd(Alpha):
        @command(Say)
        def say(self, ask, work):
            if ask.word == "odd":
                raise Refusal(ErrorCode.ILLEGAL_MOVE, thing=object())
            return Alpha.say.__wrapped__(self, ask, work)

    with toys.running(Odd, Beta, Asker) as runner:
        with pytest.raises(Unavailable):
            say(runner, "odd")
        assert say(runner, "a").state == "a"
