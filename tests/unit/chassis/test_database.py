"""Columns, counters and the writers' turn."""

import socket
from datetime import UTC, datetime, timedelta, timezone

import eventlet
import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from chassis import database
from chassis.database import database_url, insert_or_ignore, make_engine, next_value
from chassis.retry import Failure, failure_of
from chassis.settings import Settings
from tests.unit.chassis.shelf import TABLES, Note, failing_unit, notes, put

BANJARMASIN = timezone(timedelta(hours=8))


def seen_row(at):
    return {"message_id": "m1", "handled_at": at}


def test_times_come_back_aware_and_in_utc(store):
    """Whatever offset they had when they were written."""
    with store.unit("cause") as work:
        at = datetime(2026, 11, 23, 9, 0, tzinfo=BANJARMASIN)
        work.session.execute(TABLES.inbox.insert(), seen_row(at))
    with store.reading() as session:
        (read,) = session.scalars(select(TABLES.inbox.c.handled_at))
    assert read == at
    assert read.utcoffset() == timedelta(0)


def test_a_time_without_offset_is_refused(store):
    """Nobody could tell later what it meant."""
    with pytest.raises(StatementError, match="offset"), store.unit("cause") as work:
        work.session.execute(TABLES.inbox.insert(), seen_row(datetime(2026, 11, 23)))  # noqa: DTZ001


def test_a_row_is_inserted_once(store):
    """The second time says so, and raises nothing."""
    with store.unit("cause") as work:
        at = datetime(2026, 11, 23, tzinfo=UTC)
        assert insert_or_ignore(work.session, TABLES.inbox, seen_row(at))
        assert not insert_or_ignore(work.session, TABLES.inbox, seen_row(at))
        assert insert_or_ignore(work.session, Note, {"id": 1, "word": "a"})


def test_a_counter_counts_from_one_and_gives_back_what_was_rolled_back(store):
    """Numbers of letters must have no holes."""
    key = {"subject": "letters"}
    with store.unit("cause") as work:
        assert [next_value(work.session, TABLES.sequences, key) for _ in range(2)] == [1, 2]
    with failing_unit(store) as work:
        next_value(work.session, TABLES.sequences, key)
    with store.unit("cause") as work:
        assert next_value(work.session, TABLES.sequences, key) == 3
        assert next_value(work.session, TABLES.sequences, {"subject": "others"}) == 1


def test_a_second_writer_waits_without_holding_up_the_others(store):
    """SQLite itself would wait inside C, where the first could never finish: both would fail."""

    def write(word):
        with store.unit("cause") as work:
            put(work, word)

    with store.unit("cause") as first:
        put(first, "first")
        second = eventlet.spawn(write, "second")
        eventlet.sleep()
        assert not second.dead
        assert notes(store) == []
    second.wait()
    assert notes(store) == ["first", "second"]


def test_one_connection_may_write_twice(store):
    """It has its turn until it is given back; waiting for itself would never end."""
    with store.engine.connect() as connection:
        for word in ("a", "b"):
            connection.execute(insert(Note), {"word": word})
            connection.commit()
    with store.unit("cause") as work:
        put(work, "c")
    assert notes(store) == ["a", "b", "c"]


def test_a_reader_does_not_wait_for_a_writer(store):
    """It sees the last commit."""
    with store.unit("cause") as work:
        put(work, "a")
        with store.reading() as session:
            assert session.scalars(select(Note.word)).all() == []


def test_a_writer_that_is_killed_hands_its_turn_on(store):
    """A stop kills what is past its grace; the next start in this process must be able to write."""
    started = []

    def write_for_ever():
        with store.unit("cause") as work:
            put(work, "lost")
            started.append(work)
            eventlet.sleep(3600)

    writer, waiting = eventlet.spawn(write_for_ever), eventlet.spawn(write_for_ever)
    while not started:
        eventlet.sleep()
    waiting.kill()
    writer.kill()
    with store.unit("cause") as work:
        put(work, "kept")
    assert notes(store) == ["kept"]


def test_an_embedded_service_has_a_file_of_its_own(tmp_path):
    """Named after it, under home."""
    url = database_url(Settings(home=tmp_path), "intake")
    assert url == f"sqlite:///{tmp_path}/intake.sqlite3"


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg2"])
def test_a_service_on_the_server_has_a_database_of_its_own(scheme):
    """The address's path is the prefix of the name; the driver is the one that is green."""
    settings = Settings(amqp_url="amqp://b/", database_url=f"{scheme}://u:p%40w@h:5432/sigap")
    url = database_url(settings, "intake")
    assert url == "postgresql+psycopg2://u:p%40w@h:5432/sigap_intake"


def test_an_error_of_the_database_does_not_quote_the_parameters(store):
    """They are what residents wrote."""
    engine = make_engine(str(store.engine.url))
    statement = text("INSERT INTO nowhere VALUES (:nik)")
    with pytest.raises(Exception, match="nowhere") as failure, engine.begin() as connection:
        connection.execute(statement, {"nik": "6371012345670001"})
    engine.dispose()
    assert "6371012345670001" not in str(failure.value)


@pytest.fixture
def silent_server():
    """The address of a server that accepts connections and never says a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def test_a_server_that_does_not_answer_is_given_up(silent_server, monkeypatch):
    """libpq's own limit does not hold in green threads: the relay would hang, and say nothing."""
    monkeypatch.setattr(database, "CONNECT_SECONDS", 0.05)
    engine = make_engine(f"postgresql+psycopg2://u:p@{silent_server}/sigap")
    with pytest.raises(TimeoutError) as failure:
        engine.connect()
    assert failure_of(failure.value) is Failure.INFRASTRUCTURE
    assert engine.pool.checkedout() == 0
