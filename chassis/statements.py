"""The statements that every message executes, built once because building costs the most."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Insert, Update, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from chassis.tables import MessagingTables


@dataclass(frozen=True, slots=True)
class Statements:
    """receive: a new inbox row, nothing for a known one. recall: the same for a reply.
    count: the next number of a case's sequence. write: an outbox row. remember: a reply."""

    receive: ReturningInsert[Any]
    recall: ReturningInsert[Any]
    count: ReturningInsert[Any]
    write: Insert
    remember: Update


@cache
def statements(tables: MessagingTables, dialect: str) -> Statements:
    """The statements for `postgresql` or `sqlite`; parameters bear the columns' names."""
    new = postgresql.insert if dialect == "postgresql" else sqlite.insert
    inbox, replies, sequences = tables.inbox, tables.replies, tables.sequences
    return Statements(
        receive=new(inbox).on_conflict_do_nothing().returning(inbox.c.message_id),
        recall=new(replies).on_conflict_do_nothing().returning(replies.c.idempotency_key),
        count=new(sequences)
        .values(value=1)
        .on_conflict_do_update(
            index_elements=[sequences.c.subject], set_={"value": sequences.c.value + 1}
        )
        .returning(sequences.c.value),
        write=insert(tables.outbox),
        remember=update(replies)
        .where(replies.c.idempotency_key == bindparam("key"))
        .values(reply=bindparam("text")),
    )
