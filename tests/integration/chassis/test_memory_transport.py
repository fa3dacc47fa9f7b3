"""The embedded transport: all services in one process, no broker, and still nothing lost."""

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import eventlet
import pytest

from chassis import consumer, memory, outbox
from chassis.publishing import Outgoing, Unroutable
from chassis.retry import Unavailable
from contracts.envelope import SYSTEM
from contracts.errors import ErrorCode, Refusal
from tests.integration.chassis.embedded import Alpha, EmbeddedToys, empty_broker, say
from tests.integration.chassis.toys import Asker, Behaviour, Say, client_of
from tests.real import eventually

ROOT = Path(__file__).parents[3]
WORDS = 40
KILLS = 5


@pytest.fixture
def toys(tmp_path):
    empty_broker()
    Behaviour.reset()
    yield EmbeddedToys(tmp_path)
    Behaviour.reset()
    empty_broker()


def words_seen(toys, source):
    prefix = f"/services/{source} "
    return sorted(w.rsplit(" ", 1)[1] for w in toys.seen() if w.startswith(prefix))


def test_a_call_and_the_events_that_follow_from_it_go_through(toys):
    """RPC to alpha, an event to beta, beta's own event, and gamma who sees both."""
    with toys.running() as runner:
        assert say(runner, "a").state == "a"
        eventually(toys.quiet, "all events to be consumed")
    assert toys.effects() == ["a"]
    assert toys.seen() == ["/services/alpha 1 a", "/services/beta 1 a"]


def test_a_refusal_crosses_with_its_code(toys):
    """The sealed call works as it does over a broker."""
    with toys.running() as runner:
        say(runner, "a")
        with pytest.raises(Refusal) as refusal:
            client_of(runner).call(Say(word="b"), SYSTEM, "a")
    assert refusal.value.code is ErrorCode.IDEMPOTENCY_KEY_REUSED


def test_a_call_that_nobody_answers_ends_in_time(toys):
    """Alpha's queue is there, alpha is not."""
    toys.settings = toys.settings.model_copy(update={"rpc_timeout_seconds": 0.1})
    with toys.running(Asker) as runner, pytest.raises(Unavailable):
        say(runner, "a")


def test_a_call_waits_as_long_as_its_message_asks(toys):
    """Alpha begins after the usual time is over; neither the call nor its message has expired."""

    class SayAtLeisure(Say):
        patience_seconds: ClassVar[float | None] = 60.0

    toys.settings = toys.settings.model_copy(update={"rpc_timeout_seconds": 0.1})
    with toys.running(Asker) as runner:
        client = client_of(runner)
        ask = eventlet.spawn(client.call, SayAtLeisure(word="a"), SYSTEM, "a")
        with pytest.raises(Unavailable):
            say(runner, "b")
        with toys.running(Alpha):
            assert ask.wait().state == "a"


def test_many_calls_at_once_are_all_answered(toys):
    """More than the workers there are; SQLite's writers take turns."""
    with toys.running() as runner:
        pool = eventlet.GreenPool()
        states = [r.state for r in pool.imap(lambda n: say(runner, f"w{n}"), range(100))]
        eventually(toys.quiet, "all events to be consumed")
    assert states == [f"w{n}" for n in range(100)]
    assert sorted(toys.effects()) == sorted(states)


def test_consumers_are_woken_by_a_put(toys, monkeypatch):
    """They look by themselves once an hour here, so without the bell nothing would move."""
    monkeypatch.setattr(consumer, "LOOK_UP_SECONDS", 3600.0)
    runner = toys.runner()
    runner.start()
    try:
        say(runner, "a")
        eventually(lambda: toys.effects() == ["a"], "the effect")
    finally:
        for container in runner.containers:
            for thread in list(container._managed_threads):
                thread.kill()


def test_an_idle_system_hardly_looks(toys, monkeypatch):
    """Each consumer looks into its queues a few times a second, not hundreds of times."""
    looks, sweeps = [], []
    get, pump = memory.Channel._get, memory.MemoryRelay.pump
    monkeypatch.setattr(outbox, "SWEEP_SECONDS", consumer.LOOK_UP_SECONDS)
    monkeypatch.setattr(
        memory.Channel, "_get", lambda self, queue, **o: looks.append(queue) or get(self, queue)
    )
    monkeypatch.setattr(
        memory.MemoryRelay, "pump", lambda self: sweeps.append(self._service) or pump(self)
    )
    with toys.running():
        looks.clear()
        sweeps.clear()
        eventually(lambda: sweeps.count("alpha") >= 4, "four sweeps")
        assert looks
        assert max(looks.count(queue) for queue in looks) <= 2 * sweeps.count("alpha")


def test_an_outbox_row_stays_until_every_queue_has_consumed_it(toys):
    """Gamma has it, beta does not: a restart must bring it to beta."""

    def wait(word, attempt):
        go_on.wait()

    go_on = eventlet.event.Event()
    Behaviour.act = staticmethod(wait)
    with toys.running() as runner:
        say(runner, "a")
        eventually(lambda: words_seen(toys, "alpha") == ["a"], "gamma to see it")
        eventually(lambda: Behaviour.tries == ["a"], "beta to begin")
        assert len(toys.outbox("alpha")) == 1
        go_on.send()
        eventually(toys.quiet, "beta to finish")


def test_events_that_were_not_consumed_come_after_a_restart(toys):
    """Beta and gamma did not run; their queues went with the process."""
    with toys.running(Alpha, Asker) as runner:
        for word in ("a", "b", "c"):
            say(runner, word)
    assert len(toys.outbox("alpha")) == 3
    empty_broker()
    with toys.running():
        eventually(toys.quiet, "all events to be consumed")
    assert toys.effects() == ["a", "b", "c"]


def test_a_dead_letter_keeps_its_outbox_row_and_is_tried_at_the_next_start(toys):
    """Here the row is the only copy there is."""

    def refuse(word, attempt):
        if word == "bad":
            raise Refusal(ErrorCode.ILLEGAL_MOVE)

    Behaviour.act = staticmethod(refuse)
    with toys.running() as runner:
        say(runner, "bad")
        say(runner, "good")
        eventually(lambda: toys.effects() == ["good"], "the other's effect")
        eventually(lambda: len(toys.outbox("alpha")) == 1, "the other's row to go")
        assert Behaviour.tries.count("bad") == 1
    empty_broker()
    Behaviour.reset()
    with toys.running():
        eventually(toys.quiet, "the dead letter to be handled")
    assert toys.effects() == ["good", "bad"]
    assert words_seen(toys, "alpha") == ["bad", "good"]


def test_a_message_that_no_queue_takes_is_unroutable(toys):
    """As over a broker; what need not arrive may be lost."""
    with toys.running():
        publisher = memory.MemoryPublisher()
        with pytest.raises(Unroutable):
            publisher.publish([Outgoing("nameko-rpc", "nobody.listens", b"{}")])
        publisher.publish([Outgoing("nameko-rpc", "nobody.listens", b"{}", mandatory=False)])
        publisher.close()


def test_a_body_that_cannot_be_read_harms_nobody(toys):
    """It is put aside, and the messages behind it are handled."""
    with toys.running() as runner:
        publisher = memory.MemoryPublisher()
        publisher.publish([Outgoing("alpha.events", "happened", b"[1, 2", "m1")])
        say(runner, "after")
        eventually(lambda: toys.effects() == ["after"], "the next message's effect")
        publisher.close()


def test_kill_9_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path):
    """Five processes die on the same folder; the sixth finishes, and each word happened once."""
    for _ in range(KILLS):
        with start(tmp_path) as process:
            for _ in range(random.randint(1, 2 * WORDS)):  # noqa: S311 - no secret
                process.stdout.readline()
            process.kill()
    with start(tmp_path) as process:
        process.communicate()
    assert process.returncode == 0
    toys, words = EmbeddedToys(tmp_path), sorted(f"w{n}" for n in range(WORDS))
    assert sorted(toys.effects()) == words
    assert words_seen(toys, "alpha") == words
    assert words_seen(toys, "beta") == words
    numbers = sorted(int(seen.split()[1]) for seen in toys.seen())
    assert numbers == sorted([*range(1, WORDS + 1)] * 2)
    assert toys.quiet()


def start(folder):
    """The toy system as a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.integration.chassis.embedded"]
    return subprocess.Popen(
        [*command, str(folder), str(WORDS)],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("SIGAP_")},
        stdout=subprocess.PIPE,
        text=True,
    )
