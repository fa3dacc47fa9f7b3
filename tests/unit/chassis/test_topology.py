"""Names and shapes of exchanges and queues are those that stock nameko uses."""

import pytest
from nameko.containers import ServiceContainer
from nameko.events import event_handler
from nameko.rpc import rpc

from chassis.topology import (
    DELIVERY_LIMIT,
    REPLAY_EXCHANGE,
    Topology,
    command_queue,
    dead_letter_queue,
    event_queue,
    events_exchange,
    observer_queue,
)
from chassis.topology import _queues as queues


class Stock:
    """A plain nameko service."""

    name = "beta"

    @event_handler("alpha", "happened")
    def on_happened(self, payload):
        """Not called."""

    @rpc
    def say(self):
        """Not called."""


@pytest.fixture
def stock():
    """nameko's own queues for the plain service."""
    container = ServiceContainer(Stock, {"AMQP_URI": "memory://"})
    container.extensions.all.setup()
    names = {type(extension).__name__: extension for extension in container.extensions}
    return {"event": names["EventHandler"].queue, "rpc": names["RpcConsumer"].queue}


def shape_of(exchange):
    return exchange.name, exchange.type, exchange.durable, exchange.auto_delete


def test_an_event_queue_has_the_name_nameko_would_give_it(stock):
    """So that a service of another team meets no second naming scheme."""
    ours = event_queue("alpha", "happened", "beta")
    assert ours.name == stock["event"].name == "evt-alpha-happened--beta.on_happened"
    assert stock["event"].routing_key in {binding.routing_key for binding in ours.bindings}
    assert ours.durable == stock["event"].durable


def test_the_exchange_is_declared_as_nameko_declares_it(stock):
    """A stock subscriber declares it too: any difference would be refused by the broker."""
    bindings = event_queue("alpha", "happened", "beta").bindings
    ours = {(shape_of(each.exchange), each.routing_key) for each in bindings}
    assert (shape_of(stock["event"].exchange), "happened") in ours
    assert events_exchange("alpha").delivery_mode == stock["event"].exchange.delivery_mode


def test_the_command_queue_is_namekos(stock):
    """nameko's RPC consumer declares it by itself, in the same shape."""
    ours = command_queue("beta")
    assert (ours.name, ours.routing_key) == (stock["rpc"].name, stock["rpc"].routing_key)
    assert shape_of(ours.exchange) == shape_of(stock["rpc"].exchange)
    assert ours.queue_arguments == stock["rpc"].queue_arguments


def test_an_event_queue_is_replicated_and_hands_its_dead_on_safely():
    """Quorum, a high last-resort limit, and at-least-once dead-lettering with what that needs."""
    arguments = event_queue("alpha", "happened", "beta").queue_arguments
    assert arguments["x-queue-type"] == "quorum"
    assert arguments["x-delivery-limit"] == DELIVERY_LIMIT >= 50
    assert arguments["x-dead-letter-strategy"] == "at-least-once"
    assert arguments["x-overflow"] == "reject-publish"
    dead = dead_letter_queue("beta")
    assert arguments["x-dead-letter-exchange"] == dead.exchange.name != ""
    assert arguments["x-dead-letter-routing-key"] == dead.routing_key


def test_a_dead_letter_can_be_sent_back_to_each_queue_by_its_name():
    """One exchange leads to every handler, so that nobody needs the broker's default one."""
    for queue in (event_queue("alpha", "happened", "beta"), observer_queue("beta", ("alpha",))):
        bound = {(each.exchange.name, each.routing_key) for each in queue.bindings}
        assert (REPLAY_EXCHANGE.name, queue.name) in bound


def test_an_observer_takes_every_event_of_every_publisher():
    """One queue, bound to each exchange with `#`."""
    queue = observer_queue("audit", ("alpha", "beta"))
    bound = {(binding.exchange.name, binding.routing_key) for binding in queue.bindings}
    assert bound >= {("alpha.events", "#"), ("beta.events", "#")}


def test_every_service_that_takes_messages_has_a_place_for_its_dead():
    """One that only answers commands can be sent an unreadable one."""
    topology = Topology(("alpha",), (("alpha", "happened", "beta"),), ("audit",))
    names = {queue.name for queue in queues(topology)}
    assert {"alpha.dead", "beta.dead", "audit.dead"} <= names


def test_one_process_at_a_time_takes_what_must_be_in_order():
    """The broker gives that observer's queue to one consumer, and the others' to all."""
    topology = Topology(("alpha",), (), ("audit", "gateway"), in_order=("audit",))
    single = {
        queue.name: queue.queue_arguments.get("x-single-active-consumer", False)
        for queue in queues(topology)
        if queue.name.startswith("evt-all")
    }
    assert single == {"evt-all--audit": True, "evt-all--gateway": False}
