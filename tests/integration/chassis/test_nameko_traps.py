"""Each trap of the framework, sprung on the toy services over a real RabbitMQ and PostgreSQL."""

import time
from datetime import UTC, datetime

import eventlet
import pytest
from kombu import Connection
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from chassis.publishing import BrokerPublisher, Outgoing, Unroutable
from chassis.retry import TRIES, Unavailable
from chassis.topology import command_queue
from contracts.envelope import SYSTEM, CloudEvent, Role
from contracts.errors import ErrorCode, Refusal
from tests.integration.chassis.toys import Alpha, Asker, Behaviour, Beta, Happened, Say, client_of
from tests.real import eventually

HAPPENED_QUEUE = "evt-alpha-happened--beta.on_happened"


def say(runner, word, key=None):
    return client_of(runner).call(Say(word=word), SYSTEM, key or word)


def dead_letters(amqp_url, service="beta"):
    """What lies in the service's dead-letter queue, taken out."""
    letters = []
    with Connection(amqp_url) as connection:
        channel = connection.default_channel
        while letter := channel.basic_get(f"{service}.dead", no_ack=True):
            letters.append(letter)
    return letters


def test_a_handler_that_keeps_raising_ends_as_one_dead_letter_with_its_reason(toys, settings):
    """Plain nameko acknowledges the failure: the event would be gone."""

    def fail(word, attempt):
        raise RuntimeError("6371012345670001")

    Behaviour.act = staticmethod(fail)
    with toys.running(Alpha, Beta, Asker) as runner:
        say(runner, "bad")
        (letter,) = eventually(lambda: dead_letters(settings.amqp_url), "a dead letter")
    assert Behaviour.tries == ["bad"] * TRIES
    assert toys.effects() == []
    assert letter.headers["x-sigap-reason"] == "unknown"
    assert letter.headers["x-sigap-error"] == "builtins.RuntimeError"
    assert letter.headers["x-sigap-attempts"] == TRIES
    assert letter.headers["x-sigap-routing-key"] == "happened"
    assert "6371012345670001" not in str(letter.headers)


def test_a_refused_event_is_dead_lettered_at_once(toys, settings):
    """A broken rule never mends itself, so trying again is waste."""

    def refuse(word, attempt):
        raise Refusal(ErrorCode.ILLEGAL_MOVE)

    Behaviour.act = staticmethod(refuse)
    with toys.running(Alpha, Beta, Asker) as runner:
        say(runner, "no")
        (letter,) = eventually(lambda: dead_letters(settings.amqp_url), "a dead letter")
    assert Behaviour.tries == ["no"]
    assert letter.headers["x-sigap-code"] == "illegal_move"


def test_a_database_that_is_away_is_waited_for_and_never_dead_letters(toys, settings):
    """More failures than the tries of an unexplained one, and still the effect happens once."""

    def away(word, attempt):
        if attempt <= TRIES + 1:
            raise OperationalError("statement", {}, Exception("gone"))

    Behaviour.act = staticmethod(away)
    with toys.running(Alpha, Beta, Asker) as runner:
        say(runner, "patience")
        eventually(lambda: toys.effects() == ["patience"], "the effect")
    assert len(Behaviour.tries) == TRIES + 2
    assert dead_letters(settings.amqp_url) == []


def test_one_failing_message_does_not_hold_up_the_others(toys):
    """The retry happens in place, beside the messages that follow."""

    def fail_one(word, attempt):
        if word == "slow":
            raise OperationalError("statement", {}, Exception("gone"))

    Behaviour.act = staticmethod(fail_one)
    with toys.running(Alpha, Beta, Asker) as runner:
        for word in ("slow", "a", "b", "c"):
            say(runner, word)
        eventually(lambda: sorted(toys.effects()) == ["a", "b", "c"], "the others' effects")


@pytest.mark.parametrize("body", [b"\xff\xfe no json", b"[1, 2", b"{}", b'"text"'])
def test_a_body_that_cannot_be_read_is_kept_as_a_dead_letter(toys, settings, body):
    """kombu logs such a body and acknowledges it: gone."""
    with toys.running(Alpha, Beta, Asker) as runner:
        stranger = BrokerPublisher(settings.amqp_url)
        stranger.publish([Outgoing("alpha.events", "happened", body, "m1")])
        (letter,) = eventually(lambda: dead_letters(settings.amqp_url), "a dead letter")
        say(runner, "after")
        eventually(lambda: toys.effects() == ["after"], "the next message's effect")
    assert letter.body == body or letter.body.encode() == body


def test_the_message_is_acknowledged_only_after_the_commit(toys):
    """Who never gets to commit leaves its message; with the ack first it would be gone."""
    failures = []

    def fail_every_commit(session):
        if Behaviour.tries:
            failures.append(session)
            raise OperationalError("COMMIT", {}, Exception("gone"))

    event.listen(Session, "before_commit", fail_every_commit)
    try:
        with toys.running(Alpha, Beta, Asker) as runner:
            say(runner, "kept")
            eventually(lambda: len(failures) >= 2, "the commit to fail twice")
    finally:
        event.remove(Session, "before_commit", fail_every_commit)
    assert toys.effects() == []
    with toys.running(Beta):
        eventually(lambda: toys.effects() == ["kept"], "the effect")


def test_a_message_that_comes_twice_has_one_effect(toys, settings):
    """The inbox drops what was handled, also by another process at another time."""
    with toys.running(Alpha, Beta, Asker) as runner:
        say(runner, "once")
        eventually(lambda: toys.effects() == ["once"], "the effect")
        repeat(settings.amqp_url, toys)
        say(runner, "next")
        eventually(lambda: "next" in toys.effects(), "the message behind the repeated ones")
    assert toys.effects() == ["once", "next"]


def repeat(amqp_url, toys):
    """Publish the last event again, under its own id, as a relay does that died before deleting."""
    seen = toys.last_message("beta")
    event = CloudEvent(
        id=seen,
        source="/services/alpha",
        type=Happened.cloud_event_type(),
        subject="VRF-1",
        time=datetime.now(UTC),
        sequence="1",
        correlationid="VRF-1",
        causationid="x",
        actor="system",
        actorrole=Role.SYSTEM,
        data={"word": "once"},
    )
    body = event.model_dump_json().encode()
    publisher = BrokerPublisher(amqp_url)
    publisher.publish([Outgoing("alpha.events", "happened", body, seen)] * 3)


def test_an_event_waits_for_a_subscriber_that_never_ran(toys, settings, broker):
    """Every process declares the whole topology, so no publish meets a missing queue."""
    with toys.running(Alpha, Asker) as runner:
        say(runner, "early")
        eventually(lambda: toys.pending() == 0, "the outbox to empty")
    assert broker.queues(settings.amqp_url)[HAPPENED_QUEUE] == 1
    with toys.running(Beta):
        eventually(lambda: toys.effects() == ["early"], "the effect")


def test_a_mandatory_message_that_no_queue_takes_is_an_error(vhost_url):
    """A confirm alone would say that all is well."""
    with Connection(vhost_url) as connection:
        channel = connection.default_channel
        channel.exchange_declare("lonely.events", "topic", durable=True, auto_delete=False)
    with pytest.raises(Unroutable):
        BrokerPublisher(vhost_url).publish([Outgoing("lonely.events", "x", b"{}", "m1")])


def test_a_deleted_queue_is_declared_again_by_whoever_starts(toys, settings):
    """The publisher too declares its subscribers' queues, so their absence loses nothing."""
    with toys.running(Alpha), Connection(settings.amqp_url) as connection:
        connection.default_channel.queue_delete(HAPPENED_QUEUE)
    with toys.running(Alpha, Asker) as runner:
        say(runner, "kept")
        eventually(lambda: toys.pending() == 0, "the outbox to empty")
    with toys.running(Beta):
        eventually(lambda: toys.effects() == ["kept"], "the effect")


def test_a_call_without_callee_ends_in_time_and_is_not_executed_later(toys, settings, broker):
    """Plain nameko hangs, and runs the call when the callee returns."""
    with toys.running(Asker) as runner:
        started = time.monotonic()
        with pytest.raises(Unavailable):
            say(runner, "nobody")
        assert time.monotonic() - started < settings.rpc_timeout_seconds * 2
    eventually(lambda: broker.queues(settings.amqp_url)["rpc-alpha"] == 0, "the call to expire")
    with toys.running(Alpha, Beta, Asker) as runner:
        say(runner, "later")
        eventually(lambda: toys.effects() == ["later"], "the later call's effect")


def test_a_call_to_a_service_without_queue_is_refused_at_once(toys, settings):
    """The mandatory flag brings the call back instead of letting it wait for the timeout."""
    with toys.running(Asker) as runner, Connection(settings.amqp_url) as connection:
        command_queue("alpha")(connection.default_channel).delete()
        started = time.monotonic()
        with pytest.raises(Unavailable):
            say(runner, "nobody")
        assert time.monotonic() - started < settings.rpc_timeout_seconds


def test_a_service_started_before_its_broker_waits_for_it(toys, broker):
    """Plain nameko exits."""
    broker.stop()
    runner = toys.runner(Alpha, Beta, Asker)
    starting = eventlet.spawn(runner.start)
    try:
        eventually(lambda: runner.waits_for == "broker", "it to wait for the broker")
        assert not starting.dead
    finally:
        broker.start()
    starting.wait()
    try:
        say(runner, "up")
        eventually(lambda: toys.effects() == ["up"], "the effect")
    finally:
        runner.stop()


def test_a_command_with_a_known_key_returns_the_stored_reply(toys):
    """Also from another process; and another content under the key is refused."""
    with toys.running(Alpha, Beta, Asker) as runner:
        first = say(runner, "word", key="k1")
        assert say(runner, "word", key="k1") == first
        with pytest.raises(Refusal) as refusal:
            say(runner, "another", key="k1")
        assert refusal.value.code is ErrorCode.IDEMPOTENCY_KEY_REUSED
        eventually(lambda: toys.effects() == ["word"], "one effect")


def test_fifty_equal_commands_at_once_have_one_effect(toys):
    """Rivals wait for the first and get its reply."""
    with toys.running(Alpha, Beta, Asker) as runner:
        pool = eventlet.GreenPool()
        replies = list(pool.imap(lambda _: say(runner, "one", key="same"), range(50)))
        assert len({reply.state for reply in replies}) == 1
        eventually(lambda: toys.pending() == 0, "the outbox to empty")
        eventually(lambda: toys.effects() == ["one"], "the effect")


def test_a_stop_finishes_what_is_in_hand_and_flushes_the_outbox(toys):
    """SIGTERM loses no event that a commit has promised."""
    with toys.running(Alpha, Beta, Asker) as runner:
        for number in range(20):
            say(runner, str(number))
    assert toys.pending() == 0
    with toys.running(Beta):
        eventually(lambda: len(toys.effects()) == 20, "all effects")
