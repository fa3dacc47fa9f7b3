"""The queue consumer's end when there is no connection to end on."""

from types import SimpleNamespace

import pytest
from nameko.messaging import QueueConsumerStopped

from chassis.consumer import GuardedQueueConsumer


@pytest.fixture
def consumer():
    consumer = GuardedQueueConsumer()
    consumer.container = SimpleNamespace(service_name="alpha")
    return consumer


def test_without_a_connection_every_provider_can_go(consumer):
    """nameko knows only one, and would fail at the second."""
    for provider in ("events", "calls"):
        consumer.register_provider(provider)
    for provider in ("events", "calls"):
        consumer.unregister_provider(provider)
    consumer.wait_for_providers()


def test_when_all_have_gone_it_no_longer_tries_to_connect(consumer):
    """It would keep the process from ending for as long as the broker is away."""
    consumer.register_provider("events")
    consumer.on_connection_error(OSError(), 30.0)
    consumer.unregister_provider("events")
    with pytest.raises(QueueConsumerStopped):
        consumer.on_connection_error(OSError(), 30.0)


def test_whoever_waits_for_a_cancel_is_told_when_the_connection_is_lost(consumer):
    """The cancel will never be confirmed."""
    told = SimpleNamespace(send=lambda: told_of.append("events"))
    told_of = []
    consumer._pending_remove_providers["events"] = told
    consumer.on_connection_error(OSError(), 2.0)
    assert told_of == ["events"]
    assert consumer._pending_remove_providers == {}


def test_a_cancel_that_fails_is_not_forgotten(consumer):
    """It is made again on the next connection, or given up with it."""

    class Cut:
        def cancel(self):
            raise ConnectionResetError

    consumer._consumers["events"] = Cut()
    consumer._pending_remove_providers["events"] = SimpleNamespace(send=lambda: None)
    with pytest.raises(ConnectionResetError):
        consumer.on_iteration()
    assert "events" in consumer._pending_remove_providers
