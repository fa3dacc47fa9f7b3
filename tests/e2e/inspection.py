"""Looking at a fleet from outside: databases, queues, logs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, text

from tests.fleet import SERVICES, Fleet
from tests.real import Broker


@contextmanager
def database(fleet: Fleet, service: str) -> Iterator[Connection]:
    """A connection to a service's database."""
    engine = create_engine(f"{fleet.database_url}_{service}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def outboxes(fleet: Fleet) -> dict[str, int]:
    """Rows waiting per service."""
    waiting = {}
    for service in SERVICES:
        with database(fleet, service) as connection:
            waiting[service] = connection.scalar(text("SELECT count(*) FROM outbox"))
    return waiting


def letters(fleet: Fleet) -> list[Any]:
    """(tracking number, kind, sequence, state) of every document, by kind and sequence."""
    query = "SELECT tracking_number, kind, sequence, state FROM documents ORDER BY kind, sequence"
    with database(fleet, "documents") as connection:
        return list(connection.execute(text(query)))


def ledger_indexes(fleet: Fleet) -> list[int]:
    with database(fleet, "audit") as connection:
        return list(connection.scalars(text('SELECT "index" FROM ledger ORDER BY 1')))


def nothing_is_left(fleet: Fleet, broker: Broker) -> bool:
    """True when outboxes and queues are empty.

    The audit stream keeps its copies, and the reply queue of a killed process its last replies.
    """
    return not any(outboxes(fleet).values()) and not any(
        count
        for name, count in broker.queues(fleet.amqp_url).items()
        if name != "audit" and not name.startswith("rpc.reply-")
    )


def database_texts(fleet: Fleet) -> Iterator[tuple[str, str]]:
    """(service.table, content) of every table, each row as PostgreSQL writes it."""
    for service in SERVICES:
        with database(fleet, service) as connection:
            for table in inspect(connection).get_table_names():
                rows = connection.scalars(text(f'SELECT t::text FROM "{table}" t'))  # noqa: S608 - our names
                yield f"{service}.{table}", "\n".join(rows)
