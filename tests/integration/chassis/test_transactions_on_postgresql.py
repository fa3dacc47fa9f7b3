"""What a transaction sends to PostgreSQL, and that it is one although psycopg2 begins none."""

import eventlet
import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from chassis.database import make_engine
from tests.unit.chassis.shelf import Base, Note


@pytest.fixture
def engine(database_url, postgres):
    url = postgres.create_database(database_url.rpartition("/")[2] + "_shelf")
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def words(engine):
    with engine.connect() as connection:
        return connection.scalars(select(Note.word).order_by(Note.word)).all()


def write(connection, *words_):
    for word in words_:
        connection.execute(insert(Note), {"word": word})


def collide(engine, first):
    with engine.begin() as connection:
        write(connection, *filter(None, [first]))
        connection.execute(insert(Note), {"id": 1, "word": "twice"})


def test_what_is_not_committed_is_not_there(engine):
    """Neither for others meanwhile nor afterwards."""
    with engine.connect() as connection:
        write(connection, "a", "b")
        assert words(engine) == []
    assert words(engine) == []


def test_a_failure_takes_all_of_its_transaction_with_it(engine):
    """Also when the very first statement fails, with which BEGIN travelled."""
    with engine.begin() as connection:
        connection.execute(insert(Note), {"id": 1, "word": "kept"})
    for first in ("lost", None):
        with pytest.raises(IntegrityError):
            collide(engine, first)
    with engine.begin() as connection:
        write(connection, "next")
    assert words(engine) == ["kept", "next"]


def test_many_rows_at_once_begin_too(engine):
    """psycopg2 would repeat a statement of its own for each row, and BEGIN with it."""
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO notes (word) VALUES (:w)"), [{"w": "a"}, {"w": "b"}])
        connection.rollback()
        assert words(engine) == []
        connection.execute(text("INSERT INTO notes (word) VALUES (:w)"), [{"w": "a"}, {"w": "b"}])
        connection.commit()
    assert words(engine) == ["a", "b"]


def test_a_connection_is_given_back_without_a_transaction(engine):
    """One left open would keep its locks, and hide the writes of whoever borrows it next."""
    with engine.connect() as connection:
        write(connection, "lost")
    with engine.connect() as connection:
        open_ones = text(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        )
        assert connection.execution_options(reads_only=True).scalar(open_ones) == 0


def test_a_writer_that_is_killed_keeps_no_lock(engine):
    """Its connection is not lent again with half a transaction in it."""
    with engine.begin() as connection:
        connection.execute(insert(Note), {"id": 1, "word": "a"})
    locked = eventlet.event.Event()

    def hold():
        with engine.begin() as connection:
            connection.execute(text("UPDATE notes SET word = 'b'"))
            locked.send()
            connection.execute(text("SELECT pg_sleep(1)"))

    holder = eventlet.spawn(hold)
    locked.wait()
    holder.kill()
    with engine.begin() as connection:
        connection.execute(text("UPDATE notes SET word = 'c'"))
    assert words(engine) == ["c"]


def test_a_lost_server_session_is_an_error_and_the_next_transaction_works(engine):
    """PostgreSQL ended it between two statements: nothing of the transaction is there."""
    with engine.connect() as connection:
        write(connection, "lost")
        session = connection.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": session})
        with pytest.raises(DBAPIError) as failure:
            connection.commit()
        assert failure.value.connection_invalidated
    with engine.begin() as connection:
        write(connection, "next")
    assert words(engine) == ["next"]


def test_a_reader_opens_no_transaction(engine):
    """It holds nothing back, however long it lasts."""
    reading = engine.execution_options(reads_only=True)
    with reading.connect() as connection:
        assert connection.scalars(select(Note.word)).all() == []
        with engine.begin() as other:
            write(other, "a")
        assert connection.scalars(select(Note.word)).all() == ["a"]
        begun = text("SELECT now() = statement_timestamp()")
        connection.execute(select(Note.word))
        assert connection.scalar(begun)
