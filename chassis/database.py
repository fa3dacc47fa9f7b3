"""One database per service: PostgreSQL in production, SQLite embedded; the same code."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    Table,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from chassis.riders import let_statements_ride
from chassis.settings import Settings, account_name, database_secret, owner_of

Json = JSON().with_variant(postgresql.JSONB(), "postgresql")
"""A column of JSON; JSONB on PostgreSQL."""

POOL_SIZE = 20

CONNECT_SECONDS = 5.0

# A server that vanishes without a word is noticed after about a minute, not after two hours.
_NOTICE_SILENCE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes, stored in UTC. A naive one raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its offset")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def database_url(settings: Settings, service: str, *, as_owner: bool = False) -> str:
    """Where `service` keeps its data: `<prefix>_<service>` on the server, or a file under home.

    An address without a password names the family of accounts, `sigap` in `sigap_intake` and in
    `sigap_intake_owner`; raises SettingsError where that one's password is missing.
    """
    if settings.database_url is None:
        return f"sqlite:///{Path(settings.home).absolute() / service}.sqlite3"
    url = make_url(settings.database_url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg2")
    if url.password is None:
        who = owner_of(service) if as_owner else service
        password = settings.secret(database_secret(who)).hex()
        url = url.set(username=account_name(url.username, who), password=password)
    name = f"{url.database or 'sigap'}_{service}"
    return url.set(database=name).render_as_string(hide_password=False)


def make_engine(url: str) -> Engine:
    """An engine that fits green threads: no statement of ours blocks the others for long."""
    if make_url(url).get_backend_name() != "sqlite":
        server = create_engine(
            url,
            pool_size=POOL_SIZE,
            max_overflow=POOL_SIZE,
            hide_parameters=True,  # an error's text must not hold what a resident wrote
            connect_args=_NOTICE_SILENCE,
            json_serializer=_to_json,
        )
        _limit_connecting(server)
        let_statements_ride(server)
        return server
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=POOL_SIZE, hide_parameters=True, json_serializer=_to_json)
    _serialise_sqlite_writers(engine)
    return engine


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _limit_connecting(engine: Engine) -> None:
    """Give up after `CONNECT_SECONDS`; libpq's own limit does not hold in green threads."""

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Dialect, record: Any, arguments: Any, options: Any) -> DBAPIConnection:
        with eventlet.Timeout(CONNECT_SECONDS, TimeoutError("the database does not answer")):
            return dialect.connect(*arguments, **options)


def _serialise_sqlite_writers(engine: Engine) -> None:
    """Queue green threads before BEGIN IMMEDIATE.

    SQLite waits for its lock inside C, where no other green thread could run to release it.
    """
    turn = Semaphore(1)

    @event.listens_for(engine, "connect")
    def _configure(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if connection.get_execution_options().get("reads_only"):
            connection.exec_driver_sql("BEGIN")
            return
        if "holds_turn" not in connection.info:
            turn.acquire()
            connection.info["holds_turn"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def _release(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        if record.info.pop("holds_turn", False):
            turn.release()


def insert_or_ignore(session: Session, model: Any, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its unique key is there; True if it was inserted.

    On PostgreSQL a rival transaction's uncommitted row is waited for.
    """
    table = _table(model)
    statement = _dialect_insert(session, table).values(**values).on_conflict_do_nothing()
    result = session.execute(statement.returning(*table.primary_key.columns))
    return result.first() is not None


def next_value(session: Session, table: Any, key: Mapping[str, Any], column: str = "value") -> int:
    """The next number of the counter row `key`, from 1, without gaps.

    The row stays locked until the transaction ends; a rollback gives the number back.
    """
    table = _table(table)
    statement = (
        _dialect_insert(session, table)
        .values(**key, **{column: 1})
        .on_conflict_do_update(index_elements=list(key), set_={column: table.c[column] + 1})
        .returning(table.c[column])
    )
    return int(session.execute(statement).scalar_one())


def _table(model: Any) -> Table:
    table: Table = getattr(model, "__table__", model)
    return table


def _dialect_insert(session: Session, table: Table) -> Any:
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
