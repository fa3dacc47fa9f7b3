"""What every message writes besides its effects, in statements built once: building costs the most.

On PostgreSQL they ride with others (chassis.riders); SQLite is a call away and executes them at
once.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from psycopg2.errors import UniqueViolation
from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    bindparam,
    insert,
    literal_column,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from chassis.riders import ride
from chassis.tables import MessagingTables


class AlreadyHandled(Exception):
    """The inbox holds this message: an earlier delivery was handled."""


def repeats(error: Exception) -> bool:
    """Whether it says that the message was handled before."""
    told: Any = getattr(error, "orig", None)  # what psycopg2 raised
    violates_inbox = isinstance(told, UniqueViolation) and told.diag.table_name == "inbox"
    return violates_inbox or isinstance(error, AlreadyHandled)


class SqliteStatements:
    """Parameters bear the columns' names."""

    def __init__(self, tables: MessagingTables) -> None:
        inbox, replies, sequences = tables.inbox, tables.replies, tables.sequences
        self._receive = _unless_known(sqlite.insert(inbox))
        self._recall = _unless_known(sqlite.insert(replies))
        self._remember = (
            update(replies)
            .where(replies.c.idempotency_key == bindparam("key"))
            .values(reply=bindparam("text"))
        )
        self._count = (
            sqlite.insert(sequences)
            .values(subject=bindparam("subject"), value=1)
            .on_conflict_do_update(
                index_elements=[sequences.c.subject], set_={"value": sequences.c.value + 1}
            )
            .returning(sequences.c.value)
        )
        self._write = insert(tables.outbox)

    def receive(self, connection: Connection, row: Mapping[str, Any]) -> None:
        """Add an inbox row; raises AlreadyHandled for a known message, here or at the commit."""
        if not connection.execute(self._receive, row).rowcount:
            raise AlreadyHandled

    def recall(self, connection: Connection, row: Mapping[str, Any]) -> bool:
        """Add a row for a command's reply; False if its key is known."""
        return bool(connection.execute(self._recall, row).rowcount)

    def remember(self, connection: Connection, key: str, text: str) -> None:
        """Write the reply into the row of its key."""
        connection.execute(self._remember, {"key": key, "text": text})

    def write(self, connection: Connection, row: Mapping[str, Any]) -> None:
        """Add an outbox row (`subject` and all columns but `sequence`) under its number."""
        number = connection.execute(self._count, {"subject": row["subject"]}).scalar_one()
        connection.execute(self._write, {**row, "sequence": number})


class PostgresStatements(SqliteStatements):
    """The same; a message that is known fails the statement with which its inbox row rides."""

    def __init__(self, tables: MessagingTables) -> None:
        super().__init__(tables)
        replies = tables.replies
        self._recall = _unless_known(postgresql.insert(replies))
        self._texts = {
            "receive": _text(insert(tables.inbox)),
            "remember": _text(self._remember),
            "write": _text(_numbered_write(tables)),
        }

    def receive(self, connection: Connection, row: Mapping[str, Any]) -> None:
        ride(connection, self._texts["receive"], row)

    def remember(self, connection: Connection, key: str, text: str) -> None:
        ride(connection, self._texts["remember"], {"key": key, "text": text})

    def write(self, connection: Connection, row: Mapping[str, Any]) -> None:
        ride(connection, self._texts["write"], row)


@cache
def statements(tables: MessagingTables, dialect: str) -> SqliteStatements:
    """The statements for `postgresql` or `sqlite`."""
    return PostgresStatements(tables) if dialect == "postgresql" else SqliteStatements(tables)


def _unless_known(insertion: Any) -> Insert:
    """Its row count is 1 for a new row, and 0 where the key is there already."""
    statement: Insert = insertion.on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)


def _text(statement: Any) -> str:
    return str(statement.compile(dialect=make_url("postgresql+psycopg2://").get_dialect()()))


def _numbered_write(tables: MessagingTables) -> Insert:
    outbox, sequences = tables.outbox, tables.sequences
    one: ColumnElement[int] = literal_column("1")
    number = (
        postgresql.insert(sequences)
        .values(subject=bindparam("subject"), value=one)
        .on_conflict_do_update(
            index_elements=[sequences.c.subject], set_={"value": sequences.c.value + one}
        )
        .returning(sequences.c.value)
        .cte("number")
    )
    given = [column for column in outbox.c if column.name not in ("id", "sequence")]
    values = [bindparam(column.name, type_=column.type) for column in given]
    return (
        insert(outbox)
        .from_select([*given, outbox.c.sequence], select(*values, number.c.value))
        .add_cte(number)
    )
