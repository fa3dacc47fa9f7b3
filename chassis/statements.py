"""The statements that every message executes, built once because building costs the most."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Update, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from chassis.tables import MessagingTables


@dataclass(frozen=True, slots=True)
class Statements:
    """receive: a new inbox row, nothing for a known one. recall: the same for a reply.
    remember: the reply's text. write: an outbox row with the next number of its case."""

    receive: Insert
    recall: Insert
    remember: Update
    _count: ReturningInsert[Any]
    _write: Insert
    _at_once: bool

    def write(self, connection: Connection, row: Mapping[str, Any]) -> None:
        """Add an outbox row (`subject` and all columns but `sequence`) under its number.

        PostgreSQL does it in one statement, SQLite in two.
        """
        if self._at_once:
            connection.execute(self._write, row)
            return
        number = connection.execute(self._count, {"subject": row["subject"]}).scalar_one()
        connection.execute(self._write, {**row, "sequence": number})


@cache
def statements(tables: MessagingTables, dialect: str) -> Statements:
    """The statements for `postgresql` or `sqlite`; parameters bear the columns' names."""
    new = postgresql.insert if dialect == "postgresql" else sqlite.insert
    inbox, replies, sequences = tables.inbox, tables.replies, tables.sequences
    count = (
        new(sequences)
        .values(subject=bindparam("subject"), value=1)
        .on_conflict_do_update(
            index_elements=[sequences.c.subject], set_={"value": sequences.c.value + 1}
        )
        .returning(sequences.c.value)
    )
    at_once = dialect == "postgresql"
    return Statements(
        receive=_unless_known(new(inbox)),
        recall=_unless_known(new(replies)),
        remember=update(replies)
        .where(replies.c.idempotency_key == bindparam("key"))
        .values(reply=bindparam("text")),
        _count=count,
        _write=_numbered_write(tables, count) if at_once else insert(tables.outbox),
        _at_once=at_once,
    )


def _unless_known(insertion: Any) -> Insert:
    """Its row count is 1 for a new row, and 0 where the key is there already."""
    statement: Insert = insertion.on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)


def _numbered_write(tables: MessagingTables, count: ReturningInsert[Any]) -> Insert:
    outbox = tables.outbox
    given = [column for column in outbox.c if column.name not in ("id", "sequence")]
    number = count.cte("number")
    values = [bindparam(column.name, type_=column.type) for column in given]
    return (
        insert(outbox)
        .from_select([*given, outbox.c.sequence], select(*values, number.c.value))
        .add_cte(number)
    )
