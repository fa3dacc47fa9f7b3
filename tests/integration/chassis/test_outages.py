"""Servers that go away at bad moments, with the toy services on wires that a test can cut."""

import os
import socket
from urllib.parse import urlsplit

import eventlet
import pytest
from eventlet.event import Event as Signal
from kombu import Connection
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chassis import consumer
from chassis.consumer import GuardedQueueConsumer
from chassis.database import make_engine
from chassis.entrypoints import EventEntrypoint
from chassis.publishing import BrokerPublisher, Outgoing
from chassis.retry import Unavailable
from contracts.envelope import SYSTEM
from contracts.errors import ErrorCode, Refusal
from tests.integration.chassis.toys import Alpha, Asker, Behaviour, Beta, Say, client_of
from tests.integration.chassis.wire import Wire
from tests.real import eventually

HAPPENED_QUEUE = "evt-alpha-happened--beta.on_happened"


@pytest.fixture
def broker_wire(vhost_url):
    yield from wire_to(vhost_url)


@pytest.fixture
def database_wire(database_url):
    yield from wire_to(database_url)


def wire_to(url):
    address = urlsplit(url)
    wire = Wire(address.hostname, address.port)
    yield wire
    wire.close()


def through(wire, url):
    return url.replace(f":{urlsplit(url).port}/", f":{wire.port}/")


@pytest.fixture
def settings(settings, broker_wire, database_wire):
    """Over the wires; a stop that is not prompt would take an hour."""
    return settings.model_copy(
        update={
            "amqp_url": through(broker_wire, settings.amqp_url),
            "database_url": through(database_wire, settings.database_url),
            "stop_grace_seconds": 3600.0,
        }
    )


def say(runner, word):
    return client_of(runner).call(Say(word=word), SYSTEM, word)


def consumers(runner):
    return [
        e for c in runner.containers for e in c.extensions if isinstance(e, GuardedQueueConsumer)
    ]


def test_a_stop_does_not_wait_for_a_broker_that_is_away(toys, broker_wire, monkeypatch):
    """Not even for the next try to connect, which may be half a minute off."""
    tries, on_error = [], GuardedQueueConsumer.on_connection_error
    monkeypatch.setattr(
        GuardedQueueConsumer,
        "on_connection_error",
        lambda self, *error: tries.append(self) or on_error(self, *error),
    )
    runner = toys.runner(Alpha, Beta, Asker)
    runner.start()
    say(runner, "a")
    broker_wire.close()
    eventually(lambda: not any(c.connected for c in consumers(runner)), "them to notice")
    so_far = len(tries)
    stopping = eventlet.spawn(runner.stop)
    eventually(lambda: stopping.dead, "the stop to end")
    assert len(tries) == so_far


def test_a_stop_just_when_the_broker_goes_away_ends_too(toys, broker_wire):
    """Nobody has noticed yet, and the cancels run into a dead connection."""
    runner = toys.runner(Alpha, Beta, Asker)
    runner.start()
    say(runner, "a")
    broker_wire.close()
    stopping = eventlet.spawn(runner.stop)
    eventually(lambda: stopping.dead, "the stop to end")


def test_a_stop_while_it_waits_for_the_broker_ends(toys, broker_wire):
    """The broker went away between the declaration of the queues and the first consume."""
    runner = toys.runner(Alpha, Beta, Asker)
    broker_wire.close()
    runner._topology_is_there = lambda: True
    starting = eventlet.spawn(runner.start)
    eventually(lambda: runner.containers[0].started, "the first service to start")
    stopping = eventlet.spawn(runner.stop)
    eventually(lambda: stopping.dead, "the stop to end")
    starting.kill()


def test_a_stop_acknowledges_what_was_in_hand(toys, broker, vhost_url, monkeypatch):
    """Else the message comes again at the next start, though its effect is there."""
    monkeypatch.setattr(consumer, "LOOK_UP_SECONDS", 0.01)
    go_on = Signal()
    Behaviour.act = staticmethod(lambda word, attempt: go_on.wait())
    runner = toys.runner(Alpha, Beta, Asker)
    runner.start()
    say(runner, "a")
    eventually(lambda: Behaviour.tries, "beta to begin")
    stopping = eventlet.spawn(runner.stop)
    others = [c for c in runner.containers if c.service_name != "beta"]
    eventually(lambda: all(c._died.ready() for c in others), "the others to end")
    go_on.send()
    eventually(lambda: stopping.dead, "the stop to end")
    assert toys.effects() == ["a"]
    eventually(lambda: broker.queues(vhost_url)[HAPPENED_QUEUE] == 0, "an empty queue")


def test_a_stop_does_not_wait_for_a_letter_that_cannot_be_buried(toys, broker_wire, monkeypatch):
    """Its message is the broker's again."""
    failed = []
    monkeypatch.setattr(
        "chassis.dead_letters.log.warning", lambda *line, **values: failed.append(values)
    )

    def refuse(word, attempt):
        broker_wire.close()
        raise Refusal(ErrorCode.ILLEGAL_MOVE)

    Behaviour.act = staticmethod(refuse)
    runner = toys.runner(Alpha, Beta, Asker)
    runner.start()
    say(runner, "a")
    eventually(lambda: failed, "a burial to fail")
    stopping = eventlet.spawn(runner.stop)
    eventually(lambda: stopping.dead, "the stop to end")


def test_a_message_that_comes_again_is_tried_by_one_worker(toys, broker_wire, monkeypatch):
    """Each lost connection would leave one more to try it, until no worker is left for others."""
    deliveries, handle = [], EventEntrypoint.handle_message
    monkeypatch.setattr(
        EventEntrypoint,
        "handle_message",
        lambda self, *message: deliveries.append(message) or handle(self, *message),
    )

    def away(word, attempt):
        raise OperationalError("statement", {}, Exception("gone"))

    Behaviour.act = staticmethod(away)
    with toys.running(Alpha, Beta, Asker) as runner:
        say(runner, "a")
        for count in (1, 2, 3):
            eventually(lambda count=count: len(deliveries) >= count, "the message")
            broker_wire.cut()
        (beta,) = (c for c in runner.containers if c.service_name == "beta")
        eventually(lambda: len(deliveries) >= 4, "the message")
        eventually(lambda: beta._worker_pool.running() == 1, "one worker to be left")


def test_a_stop_leaves_no_connection_open(toys, broker_wire):
    """The broker would log each as a client that vanished."""
    with toys.running(Alpha, Beta, Asker) as runner:
        say(runner, "a")
        eventually(lambda: toys.effects() == ["a"], "the effect")
        assert broker_wire.open
    eventually(lambda: broker_wire.open == 0, "every connection to be closed")


def test_after_a_cut_everything_goes_on_by_itself(toys, broker_wire):
    """Consumers, relay, calls and answers come back on new connections."""
    with toys.running(Alpha, Beta, Asker) as runner:
        say(runner, "a")
        eventually(lambda: toys.effects() == ["a"], "the effect")
        broker_wire.cut()
        eventually(lambda: answered(runner, "b"), "an answer")
        eventually(lambda: toys.effects() == ["a", "b"], "the effect")


def answered(runner, word):
    try:
        return say(runner, word)
    except Unavailable:
        return None


def test_a_late_answer_is_not_taken_for_another_calls(toys, broker_wire):
    """The caller has given up; what it asks next gets its own answer, and nothing piles up."""
    with toys.running(Alpha, Beta, Asker) as runner:
        say(runner, "a")
        broker_wire.hold()
        with pytest.raises(Unavailable):
            say(runner, "late")
        still_awaited = dict(client_of(runner).listener._reply_events)
        broker_wire.release()
        assert still_awaited == {}
        assert [say(runner, word).state for word in ("b", "c")] == ["b", "c"]


def test_pooled_connections_that_the_server_closed_are_replaced(toys, database_wire):
    """The database was restarted while the services rested."""
    with toys.running(Alpha, Beta, Asker) as runner:
        say(runner, "a")
        eventually(lambda: toys.effects() == ["a"], "the effect")
        database_wire.cut()
        assert say(runner, "b").state == "b"
        eventually(lambda: toys.effects() == ["a", "b"], "the effect")
        eventually(lambda: toys.pending() == 0, "the outbox to empty")


def test_a_call_that_a_publisher_cannot_understand_is_kept_as_a_dead_letter(toys, settings):
    """A service that takes no events has a place for it too."""
    with toys.running(Alpha, Asker) as runner:
        stranger = BrokerPublisher(settings.amqp_url)
        stranger.publish([Outgoing("nameko-rpc", "alpha.say", b"[1, 2", "m1")])
        eventually(lambda: dead_letter(settings, "alpha"), "a dead letter")
        assert say(runner, "a").state == "a"
        stranger.close()


def dead_letter(settings, service):
    with Connection(settings.amqp_url) as connection:
        return connection.default_channel.basic_get(f"{service}.dead", no_ack=True)


@pytest.fixture
def engine(toys, settings):
    engine = make_engine(f"{settings.database_url}_alpha")
    yield engine
    engine.dispose()


def test_a_query_that_is_cut_off_leaves_no_broken_connection_in_the_pool(engine):
    """Its answer would be read by whoever gets the connection next."""
    for _ in range(3):
        with eventlet.Timeout(0.1, False), engine.begin() as connection:
            connection.execute(text("SELECT pg_sleep(60)"))
    with engine.begin() as connection:
        assert connection.execute(text("SELECT 7")).scalar() == 7
    assert engine.pool.checkedout() == 0


def test_a_server_that_vanishes_is_noticed_within_a_minute(engine):
    """The system's own keepalive begins after two hours; the relay would be as long silent."""
    with engine.connect() as connection:
        descriptor = os.dup(connection.connection.fileno())
    with socket.socket(fileno=descriptor) as end:

        def option(name):
            return end.getsockopt(socket.IPPROTO_TCP, name)

        quiet = option(socket.TCP_KEEPIDLE)
        probes = option(socket.TCP_KEEPINTVL) * option(socket.TCP_KEEPCNT)
        assert end.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert quiet + probes <= 60
        assert 0 < option(socket.TCP_USER_TIMEOUT) <= 60_000
