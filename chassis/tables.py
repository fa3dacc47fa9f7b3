"""The tables that every service's database holds beside its own."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text

from chassis.database import UtcDateTime

# The in-memory relay reads on from the last id, so SQLite must not give an id twice.
_OPTIONS: dict[str, dict[str, Any]] = {"outbox": {"sqlite_autoincrement": True}}

ROW_ID = BigInteger().with_variant(Integer(), "sqlite")


@dataclass(frozen=True, slots=True)
class MessagingTables:
    """outbox: events to publish. inbox: events handled. replies: commands handled, with the answer,
    sealed. sequences: how many events this service has published of a case. suspects: messages
    that may end the process, and how often their handling began (chassis.suspects)."""

    outbox: Table
    inbox: Table
    replies: Table
    sequences: Table
    suspects: Table


def messaging_tables(metadata: MetaData) -> MessagingTables:
    """These tables in `metadata`, declared there at the first call."""
    if "outbox" not in metadata.tables:
        for name, columns in _columns().items():
            Table(name, metadata, *columns, **_OPTIONS.get(name, {}))
    return MessagingTables(**{name: metadata.tables[name] for name in _columns()})


def create_messaging_tables(op: Any) -> None:
    """For a service's first migration: `op` is alembic's."""
    for name, columns in _columns().items():
        op.create_table(name, *columns, **_OPTIONS.get(name, {}))


def _columns() -> dict[str, list[Column[Any]]]:
    return {
        "outbox": [
            Column("id", ROW_ID, primary_key=True, autoincrement=True),
            Column("message_id", String(36), nullable=False),
            Column("subject", String(80), nullable=False),
            Column("sequence", BigInteger, nullable=False),
            Column("event", String(80), nullable=False),
            Column("body", Text, nullable=False),
            Column("written_at", UtcDateTime, nullable=False),
        ],
        "inbox": [
            Column("message_id", String(80), primary_key=True),
            Column("handled_at", UtcDateTime, nullable=False),
        ],
        "replies": [
            Column("idempotency_key", String(200), primary_key=True),
            Column("fingerprint", String(64), nullable=False),
            Column("reply", Text, nullable=True),
            Column("handled_at", UtcDateTime, nullable=False),
        ],
        "sequences": [
            Column("subject", String(80), primary_key=True),
            Column("value", BigInteger, nullable=False),
        ],
        "suspects": [
            Column("message_id", String(80), primary_key=True),
            Column("begun", Integer, nullable=False),
        ],
    }
