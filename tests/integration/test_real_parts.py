"""The real parts keep what they promise the other tests."""

from http.client import HTTPException
from urllib.parse import urlsplit

import psycopg2
import pytest
from kombu import Connection, Producer, Queue
from sqlalchemy import create_engine, text

from tests.real.broker import Broker
from tests.real.database import PostgresServer
from tests.real.waiting import eventually


def _durable(connection: Connection) -> Queue:
    arguments = {"x-queue-type": "quorum"}
    return Queue("kept", channel=connection.channel(), queue_arguments=arguments)


def _publish(url: str, bodies: list[str]) -> None:
    with Connection(url, transport_options={"confirm_publish": True}) as connection:
        _durable(connection).declare()
        producer = Producer(connection.channel())
        for body in bodies:
            producer.publish(body, routing_key="kept")


def test_a_confirmed_message_survives_the_broker_being_killed(
    broker: Broker, vhost_url: str
) -> None:
    """A quorum queue on the test's virtual host is there again, with its message, after kill -9."""
    _publish(vhost_url, ["kept"])
    broker.kill()
    with pytest.raises(ConnectionRefusedError), Connection(vhost_url) as dead:
        dead.connect()
    broker.start()
    eventually(lambda: broker.queues(vhost_url) == {"kept": 1}, "the message")
    with Connection(vhost_url) as connection:
        message = _durable(connection).get()
        assert message is not None
        assert message.payload == "kept"
        message.ack()
    eventually(lambda: broker.queues(vhost_url) == {"kept": 0}, "an empty queue")


def test_an_unacknowledged_message_is_counted(broker: Broker, vhost_url: str) -> None:
    """`queues` counts what a consumer holds as well as what waits."""
    _publish(vhost_url, ["held", "waiting"])
    with Connection(vhost_url) as connection:
        assert _durable(connection).get() is not None
        eventually(lambda: broker.queues(vhost_url) == {"kept": 2}, "both messages")


def test_virtual_hosts_keep_tests_apart(broker: Broker, vhost_url: str) -> None:
    """A queue of one virtual host is not seen in another, and goes when its host goes."""
    _publish(vhost_url, ["mine"])
    other = broker.new_vhost()
    assert broker.queues(other) == {}
    broker.delete_vhost(other)
    with pytest.raises(HTTPException, match=r"40[04]"):
        broker.queues(other)


def test_a_committed_row_survives_the_database_being_killed(
    postgres: PostgresServer, database_url: str
) -> None:
    """With fsync on, a row is there again after kill -9, on the same port."""
    name = urlsplit(database_url).path.removeprefix("/")
    engine = create_engine(postgres.create_database(f"{name}_intake"))
    with engine.begin() as connection:
        assert connection.execute(text("SHOW fsync")).scalar() == "on"
        connection.execute(text("CREATE TABLE kept AS SELECT 7 AS seven"))
    postgres.kill()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(postgres.url.replace("+psycopg2", ""), connect_timeout=2)
    postgres.start()
    engine.dispose()
    with engine.begin() as connection:
        assert connection.execute(text("SELECT seven FROM kept")).scalar() == 7
    engine.dispose()


def test_databases_are_dropped_by_prefix_even_while_in_use(postgres: PostgresServer) -> None:
    """Nothing of one test is left for the next, and nothing of the next is taken."""
    engine = create_engine(postgres.create_database("sigap_going_intake"))
    staying = create_engine(postgres.create_database("sigap_staying_intake"))
    with engine.connect(), staying.connect() as connection:
        postgres.drop_databases("sigap_going")
        names = connection.execute(text("SELECT datname FROM pg_database")).scalars().all()
    engine.dispose()
    staying.dispose()
    postgres.drop_databases("sigap_staying")
    assert "sigap_staying_intake" in names
    assert "sigap_going_intake" not in names
