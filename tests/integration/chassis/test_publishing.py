"""Publishing with pipelined confirms, over a real RabbitMQ."""

from urllib.parse import urlsplit

import eventlet
import pytest
from kombu import Connection, Exchange, Queue

from chassis.publishing import (
    BrokerPublisher,
    ConfirmedChannel,
    Outgoing,
    PublishFailed,
    Unroutable,
)
from chassis.retry import Failure, Unavailable, failure_of
from tests.integration.chassis.wire import Wire
from tests.real import eventually

MANY = 700
"""More than one batch of the relay."""

LITTLE_PATIENCE = 0.3
"""Seconds to wait for a confirm that the test holds back."""


@pytest.fixture
def wire(vhost_url):
    """Between the publisher and the broker."""
    address = urlsplit(vhost_url)
    wire = Wire(address.hostname, address.port)
    yield wire
    wire.close()


@pytest.fixture
def wired_url(wire, vhost_url):
    address = urlsplit(vhost_url)
    return vhost_url.replace(f":{address.port}/", f":{wire.port}/")


@pytest.fixture
def publisher(wired_url):
    publisher = BrokerPublisher(wired_url)
    yield publisher
    publisher.close()


@pytest.fixture
def channel(wired_url, queue):
    channel = ConfirmedChannel(wired_url)
    yield channel
    channel.close()


@pytest.fixture
def queue(vhost_url):
    """A quorum queue that takes what is published as `kept`."""
    return declared(vhost_url, "kept", {"x-queue-type": "quorum"})


@pytest.fixture
def full_queue(vhost_url):
    """A queue with room for one message, that refuses the next."""
    return declared(vhost_url, "full", {"x-max-length": 1, "x-overflow": "reject-publish"})


def declared(url, name, arguments):
    exchange = Exchange("toys.events", type="topic", durable=True)
    queue = Queue(name, exchange, routing_key=name, queue_arguments=arguments)
    with Connection(url) as connection:
        queue(connection.default_channel).declare()
    return name


def message(text, key="kept", **options):
    return Outgoing("toys.events", key, str(text).encode(), f"id-{text}", **options)


def taken(url, queue):
    """Bodies in the queue, in order, taken out."""
    found = []
    with Connection(url) as connection:
        channel = connection.default_channel
        while letter := channel.basic_get(queue, no_ack=True):
            found.append(
                bytes(letter.body, "utf-8") if isinstance(letter.body, str) else letter.body
            )
    return found


def test_what_was_published_lies_in_the_queue_in_order(publisher, queue, vhost_url):
    """One call, one wait for all the confirms."""
    publisher.publish([message(number) for number in range(MANY)])
    assert taken(vhost_url, queue) == [str(number).encode() for number in range(MANY)]


def test_many_are_sent_before_the_first_confirm_is_waited_for(channel, wire, queue):
    """One round trip for a batch: with the answers held back, sending goes on."""
    wire.hold()
    for number in range(MANY):
        channel.send(message(number))
    eventually(lambda: wire.held, "the broker to confirm")
    wire.release()
    channel.await_confirms(10.0)


def test_a_publish_returns_only_when_the_broker_has_confirmed(publisher, wire, queue):
    """Before that nothing is known of the message."""
    publisher.publish([message("first")])
    wire.hold()
    with pytest.raises(PublishFailed) as failure:
        publisher.publish([message("second")], timeout=LITTLE_PATIENCE)
    assert failure_of(failure.value) is Failure.INFRASTRUCTURE


def test_without_confirm_a_publish_waits_for_nothing(publisher, wire, queue, vhost_url):
    """An RPC's answer is not worth a round trip: the caller has its timeout."""
    publisher.publish([message("first")])
    wire.hold()
    publisher.publish([message("second")], confirm=False)
    eventually(lambda: wire.held, "the second to be confirmed")
    assert taken(vhost_url, queue) == [b"first", b"second"]


def test_a_confirm_that_comes_late_is_not_taken_for_the_next_ones(channel, wire, queue):
    """After a timeout the first ack to come is the earlier message's."""
    wire.hold()
    channel.send(message("first"))
    with pytest.raises(PublishFailed):
        channel.await_confirms(0)
    eventually(lambda: wire.held, "the first to be confirmed")
    channel.send(message("second"))
    wire.deliver()
    with pytest.raises(PublishFailed, match="1 messages not confirmed"):
        channel.await_confirms(LITTLE_PATIENCE)
    wire.release()
    channel.await_confirms(10.0)


def test_a_channel_is_not_used_again_after_a_timeout(publisher, wire, queue):
    """A late answer to the first would be the fault of the second."""
    with pytest.raises(PublishFailed):
        publisher.publish([message("nobody's", key="nowhere")], timeout=0)
    publisher.publish([message("second")])
    assert wire.connections == 2


def test_a_channel_that_served_well_is_used_again(publisher, wire, queue):
    """Connecting costs more than publishing."""
    for number in range(5):
        publisher.publish([message(number)])
    assert wire.connections == 1


def test_a_connection_that_was_closed_is_noticed_and_replaced(publisher, wire, queue, vhost_url):
    """The broker was restarted while the publisher rested; nobody sees an error."""
    publisher.publish([message("first")])
    wire.cut()
    publisher.publish([message("second")])
    assert taken(vhost_url, queue) == [b"first", b"second"]
    assert wire.connections == 2


def test_a_connection_cut_before_the_confirm_is_a_failed_publish(channel, wire):
    """The message may or may not be there: it is published again, under the same id."""
    wire.hold()
    channel.send(message("first"))
    eventually(lambda: wire.held, "the broker to confirm")
    wire.cut()
    with pytest.raises(Exception) as failure:  # noqa: PT011 - whatever the library calls it
        channel.await_confirms(10.0)
    assert failure_of(failure.value) is Failure.INFRASTRUCTURE


def test_a_failed_handshake_leaves_no_connection_open(publisher, wire):
    """Each call that times out while the broker hangs would leave one more."""
    wire.hold()
    with pytest.raises(Unavailable), eventlet.Timeout(LITTLE_PATIENCE, Unavailable("alpha")):
        publisher.publish([message("first")])
    eventually(lambda: wire.connections == 1 and wire.open == 0, "the client to hang up")


def test_a_message_that_no_queue_takes_is_unroutable(publisher, queue, vhost_url):
    """A confirm alone would say that all is well; the others of its batch are there."""
    batch = [message("a"), message("lost", key="nowhere"), message("b")]
    with pytest.raises(Unroutable, match="1 messages"):
        publisher.publish(batch)
    assert taken(vhost_url, queue) == [b"a", b"b"]


def test_a_message_that_need_not_arrive_may_have_no_queue(publisher, queue):
    """An answer to a caller that has gone."""
    publisher.publish([message("gone", key="nowhere", mandatory=False)])


def test_a_message_that_the_queue_refuses_is_a_failed_publish(publisher, full_queue, vhost_url):
    """A full queue says no to the second; the first is not blamed."""
    publisher.publish([message("fits", key=full_queue)])
    with pytest.raises(PublishFailed, match="refused 2 messages"):
        publisher.publish([message(f"too many {n}", key=full_queue) for n in range(2)])
    assert taken(vhost_url, full_queue) == [b"fits"]


def test_a_refusal_is_not_remembered(publisher, full_queue, vhost_url):
    """The next publish is judged by its own confirms."""
    publisher.publish([message("fits", key=full_queue)])
    with pytest.raises(PublishFailed, match="refused"):
        publisher.publish([message("too many", key=full_queue)])
    assert taken(vhost_url, full_queue) == [b"fits"]
    publisher.publish([message("fits again", key=full_queue)])


def test_an_exchange_that_does_not_exist_is_an_outage(publisher, vhost_url):
    """Somebody deleted it: the rows wait in the outbox until it is declared again."""
    with pytest.raises(Exception) as failure:  # noqa: PT011 - the library's own
        publisher.publish([Outgoing("absent.events", "x", b"{}", "m1")])
    assert failure_of(failure.value) is Failure.INFRASTRUCTURE


def test_a_message_arrives_as_it_was_meant(publisher, queue, vhost_url):
    """JSON, persistent, under its id, with headers."""
    publisher.publish([message("first", headers={"x-sigap-reason": "unknown"})])
    with Connection(vhost_url) as connection:
        letter = connection.default_channel.basic_get(queue, no_ack=True)
    assert letter.content_type == "application/json"
    assert letter.properties["message_id"] == "id-first"
    assert letter.properties["delivery_mode"] == 2
    letter.headers.pop("x-delivery-count", None)  # added by RabbitMQ 3.10 itself
    assert letter.headers == {"x-sigap-reason": "unknown"}
