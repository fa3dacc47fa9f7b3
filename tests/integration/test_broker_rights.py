"""Each account's rights on a real broker: what it may do works, all else is refused."""

import re
import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from amqp.exceptions import AccessRefused
from kombu import Connection

from chassis.publishing import BrokerPublisher, Outgoing
from chassis.settings import Settings
from chassis.topology import AUDIT_STREAM, RPC_EXCHANGE, is_declared
from chassis.transport import broker_url
from contracts.askers import OPERATOR
from contracts.catalogue import OBSERVERS, SERVICES, subscriptions
from ops.provision import provision
from ops.registry import topology
from tests.real import Broker

AUDITOR = "auditor"
ROOMS = (*SERVICES, "gateway")
ACCOUNTS = (*ROOMS, OPERATOR, AUDITOR)
CALLS = set(topology().calls)
COMMANDS = sorted({(service, method) for _, service, method in CALLS})
EVENTS = {f"{service}.events": service for service in SERVICES}
DEAD = {f"{room}.dead": room for room in ROOMS}
QUEUES = {
    **DEAD,
    **{f"rpc-{service}": service for service in SERVICES},
    **{f"evt-all--{observer}": observer for observer in OBSERVERS},
    **{f"evt-{source}-{e}--{taker}.on_{e}": taker for source, e, taker in subscriptions()},
}
"""Whose each queue is, by the names that nameko gives them."""


@dataclass
class House:
    """A virtual host with everything declared and all accounts made."""

    settings: Settings
    admin_url: str
    connections: dict[str, Connection] = field(default_factory=dict)

    @contextmanager
    def channel(self, account: str) -> Iterator[Any]:
        """A new channel on the account's one connection: a refusal closes it."""
        url = broker_url(self.settings, account)
        connection = self.connections.setdefault(account, Connection(url))
        channel = connection.connection.channel()
        try:
            yield channel
        finally:
            if channel.is_open:
                channel.close()

    def may(self, account: str, act: Callable[[Any], object]) -> bool:
        """Whether the broker lets the account do it."""
        with self.channel(account) as channel:
            try:
                act(channel)
                channel.basic_qos(0, 1, False)  # a publish is answered only by a refusal
            except AccessRefused:
                return False
        return True


@pytest.fixture(scope="module")
def house(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Provisioned once; what the tests publish stays where it is allowed to go."""
    admin_url = broker.new_vhost()
    family = f"house{secrets.token_hex(3)}"
    folder = tmp_path_factory.mktemp("secrets")
    theirs = Settings(amqp_url=admin_url, database_url="postgresql://unused/", secrets_dir=folder)
    for _ in range(2):  # the second time changes nothing
        provision(theirs, family, None, broker.management_url)
    own = re.sub("//.*@", f"//{family}@", admin_url)
    house = House(theirs.model_copy(update={"amqp_url": own}), admin_url)
    yield house
    for connection in house.connections.values():
        connection.close()
    broker.delete_vhost(admin_url)


def publish(exchange: str, key: str) -> Callable[[Any], object]:
    def act(channel: Any) -> None:
        message = channel.prepare_message(b"{}", None, "application/json")
        channel.basic_publish(message, exchange, key)

    return act


def consume(queue: str) -> Callable[[Any], object]:
    return lambda channel: channel.basic_consume(queue, callback=lambda _: None)


def test_the_system_is_all_there(house: House) -> None:
    """The names in this file are those that were declared."""
    with Connection(house.admin_url) as connection:
        assert is_declared(connection, topology())
        for queue in QUEUES:
            connection.default_channel.queue_declare(queue, passive=True)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_events_go_out_by_ones_own_exchange_only(house: House, account: str) -> None:
    """Nobody speaks in another's name: not even the gateway or an operator has events."""
    allowed = {name for name in EVENTS if house.may(account, publish(name, "no_such_event"))}
    assert allowed == {name for name, owner in EVENTS.items() if owner == account}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_nobody_writes_past_the_exchanges(house: House, account: str) -> None:
    """The broker's default exchange leads into every queue, and the stream belongs to all."""
    targets = (*QUEUES, AUDIT_STREAM, "no_such_queue")
    assert not [queue for queue in targets if house.may(account, publish("", queue))]
    assert house.may(account, publish("audit.stream", "")) == (account == "audit")
    assert house.may(account, publish("sigap.replay", "no_such_queue")) == (account == OPERATOR)
    for foreign in ("amq.topic", "amq.direct", "amq.fanout"):
        assert not house.may(account, publish(foreign, "any"))


@pytest.mark.parametrize("account", ACCOUNTS)
def test_dead_letters_are_buried_in_ones_own_grave_only(house: House, account: str) -> None:
    """A letter in another's grave would be replayed into that one's queue."""
    allowed = {name for name in DEAD if house.may(account, publish(name, "no_such_key"))}
    assert allowed == {name for name, owner in DEAD.items() if owner == account}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_only_what_it_asks_may_be_asked(house: House, account: str) -> None:
    """A command that an account never sends is refused, whoever would answer it."""
    allowed = {
        (service, method)
        for service, method in COMMANDS
        if house.may(account, publish(RPC_EXCHANGE.name, f"{service}.{method}"))
    }
    assert allowed == {(service, method) for who, service, method in CALLS if who == account}
    for address in ("intake.#", "intake.no_such_method", "#", "tally.any"):
        assert not house.may(account, publish(RPC_EXCHANGE.name, address))


@pytest.mark.parametrize("account", ACCOUNTS)
def test_answers_go_to_those_who_ask(house: House, account: str) -> None:
    """A service that somebody never asks cannot answer in another's place."""
    askers = {who for who, service, _ in CALLS if service == account}
    for room in ACCOUNTS:
        address = f"reply.{room}.{uuid.uuid4()}"
        assert house.may(account, publish(RPC_EXCHANGE.name, address)) == (room in askers), room


@pytest.mark.parametrize("account", ACCOUNTS)
def test_only_ones_own_queues_can_be_read(house: House, account: str) -> None:
    """Neither got from, nor consumed, nor purged; operators look into graves only."""

    def readable(owner: str, queue: str) -> bool:
        return (owner == account and queue not in DEAD) or (account == OPERATOR and queue in DEAD)

    for queue, owner in {**QUEUES, AUDIT_STREAM: AUDITOR}.items():
        if queue == AUDIT_STREAM and account == AUDITOR:
            continue  # below: it wants its own way of reading
        if readable(owner, queue):
            assert house.may(account, consume(queue)), queue
            continue
        for act in (
            lambda channel, q=queue: channel.basic_get(q, no_ack=False),
            consume(queue),
            lambda channel, q=queue: channel.queue_purge(q),
        ):
            assert not house.may(account, act), queue


@pytest.mark.parametrize("account", ACCOUNTS)
def test_nothing_of_the_houses_can_be_changed(house: House, account: str) -> None:
    """No queue deleted, not even one's own; none bound elsewhere; no exchange deleted."""
    for queue in (*QUEUES, AUDIT_STREAM):
        assert not house.may(account, lambda channel, q=queue: channel.queue_delete(q))
        for source in ("intake.events", RPC_EXCHANGE.name):
            bind = lambda channel, q=queue, s=source: channel.queue_bind(q, s, "#")  # noqa: E731
            assert not house.may(account, bind), (queue, source)
    for exchange in (*EVENTS, *DEAD, RPC_EXCHANGE.name, "sigap.replay", "audit.stream"):
        assert not house.may(account, lambda channel, e=exchange: channel.exchange_delete(e))


@pytest.mark.parametrize("account", ACCOUNTS)
def test_nothing_new_can_be_declared_but_a_queue_for_answers(house: House, account: str) -> None:
    """Of one's own account, for one's own answers, with no back door into another's queue."""
    asks = any(who == account for who, _, _ in CALLS)
    own, process = f"rpc.reply-{account}-", str(uuid.uuid4())

    def declaring(name: str, **arguments: Any) -> Callable[[Any], object]:
        return lambda channel: channel.queue_declare(name, arguments=arguments, auto_delete=True)

    def bound(address: str) -> Callable[[Any], object]:
        def act(channel: Any) -> None:
            channel.queue_declare(own + process, auto_delete=False)
            channel.queue_bind(own + process, RPC_EXCHANGE.name, address)

        return act

    assert house.may(account, bound(f"reply.{account}.{process}")) == asks
    other = "documents" if account == "gateway" else "gateway"
    for address in (f"reply.{other}.{process}", "reply.#", "#", "intake.submit_request"):
        assert not house.may(account, bound(address)), address
    for name in ("mine", "", f"rpc.reply-{other}-{process}", "evt-intake-x--documents.on_x"):
        assert not house.may(account, declaring(name)), name
    for exchange in ("", "intake.events" if account != "intake" else "documents.events"):
        way_round = {"x-dead-letter-exchange": exchange, "x-message-ttl": 0}
        assert not house.may(account, declaring(own + str(uuid.uuid4()), **way_round)), exchange
    exchange = lambda channel: channel.exchange_declare("new.events", "topic")  # noqa: E731
    assert not house.may(account, exchange)
    if asks:
        assert house.may(account, lambda channel: channel.queue_delete(own + process))


def test_the_auditor_reads_the_stream(house: House) -> None:
    """From its beginning, as often as wanted; nobody can take anything out of it."""
    BrokerPublisher(house.admin_url).publish([Outgoing("", AUDIT_STREAM, b"{}")])
    seen: list[Any] = []
    with house.channel(AUDITOR) as channel:
        channel.basic_qos(0, 10, False)
        first = {"x-stream-offset": "first"}
        channel.basic_consume(AUDIT_STREAM, callback=seen.append, arguments=first)
        while not seen:
            channel.connection.drain_events(timeout=10)


def test_an_account_has_its_own_password(house: House) -> None:
    """Another service's secret opens nothing."""
    for account in ACCOUNTS:
        other = "gateway" if account != "gateway" else "intake"
        stolen = broker_url(house.settings, other).partition("@")[0].rpartition(":")[2]
        own = broker_url(house.settings, account)
        head, _, tail = own.partition("@")
        with (
            pytest.raises(AccessRefused),
            Connection(f"{head.rpartition(':')[0]}:{stolen}@{tail}") as connection,
        ):
            connection.connect()


def test_a_topology_with_another_binding_is_not_there(house: House) -> None:
    """A queue that lacks a binding would lose events unseen; so a new version waits for its own."""
    with Connection(broker_url(house.settings, "intake")) as connection:
        assert is_declared(connection, topology())
        less = replace(topology(), into_stream=())  # the same queues, one binding fewer
        assert not is_declared(connection, less)
