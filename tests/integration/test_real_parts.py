"""The real parts keep what they promise the other tests."""

import os
import subprocess
import sys
from http.client import HTTPException
from pathlib import Path
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


def _run_without_parts(folder: Path, ci: str) -> str:
    """Run two tests that ask for the parts where neither can be had; return the output."""
    tests = "def test_a(broker): pass\ndef test_b(vhost_url, postgres): pass\n"
    (folder / "test_parts.py").write_text(tests)
    nowhere = {"SIGAP_TEST_PARTS": "docker", "DOCKER_HOST": "unix:///nowhere", "CI": ci}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.real.plugin", "-c", "/dev/null"]
    done = subprocess.run(
        [*command, "-W", "ignore", "-p", "no:cacheprovider", str(folder / "test_parts.py")],
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_a_test_without_its_part_is_skipped_and_counted_aloud(tmp_path: Path) -> None:
    """The last lines name the part, the number of skipped tests and the reason."""
    output = _run_without_parts(tmp_path, ci="")
    assert "REAL PARTS: 2 tests skipped: no RabbitMQ (no Docker engine answers; " in output
    assert "2 skipped" in output


def test_with_ci_a_test_without_its_part_fails(tmp_path: Path) -> None:
    """CI=true turns the skip into a failure that gives the reason."""
    output = _run_without_parts(tmp_path, ci="true")
    assert "REAL PARTS: no RabbitMQ (no Docker engine answers; " in output
    assert "2 errors" in output
