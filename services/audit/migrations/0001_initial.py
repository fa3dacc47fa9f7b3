"""The ledger, its hash tree and checkpoints, and what keeps them append-only and without gaps."""

import sqlalchemy as sa
from alembic import op

from chassis.database import UtcDateTime
from chassis.tables import ROW_ID, create_messaging_tables

revision = "audit_0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("ledger", "ledger_nodes", "checkpoints")

# BEFORE INSERT comes before a conflict is resolved, so INSERT OR REPLACE replaces nothing.
SQLITE = (
    *(
        f"""CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
        for table in APPEND_ONLY
        for change in ("UPDATE", "DELETE")
    ),
    """CREATE TRIGGER ledger_nodes_replaces_nothing BEFORE INSERT ON ledger_nodes
    WHEN EXISTS (SELECT 1 FROM ledger_nodes WHERE level = NEW.level AND number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER checkpoints_replaces_nothing BEFORE INSERT ON checkpoints
    WHEN EXISTS (SELECT 1 FROM checkpoints WHERE size = NEW.size)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_takes_an_event_once BEFORE INSERT ON ledger
    WHEN EXISTS (SELECT 1 FROM ledger WHERE event_id = NEW.event_id)
    BEGIN SELECT RAISE(IGNORE); END""",
    """CREATE TRIGGER ledger_takes_the_next_index BEFORE INSERT ON ledger
    WHEN NEW."index" <> (SELECT coalesce(max("index"), 0) + 1 FROM ledger)
    BEGIN SELECT RAISE(ABORT, 'the ledger has no gaps'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION ledger_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
    *(
        f"""CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses_change()"""
        for table in APPEND_ONLY
    ),
    # An owner's own rights, which nobody but a superuser has without asking for them back.
    f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(APPEND_ONLY)} FROM CURRENT_USER",
    """CREATE FUNCTION ledger_takes_the_next_index() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW."index" <> (SELECT coalesce(max("index"), 0) + 1 FROM ledger) THEN
            RAISE EXCEPTION 'the ledger has no gaps';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER ledger_takes_the_next_index BEFORE INSERT ON ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_takes_the_next_index()""",
)


def upgrade() -> None:
    create_messaging_tables(op)
    op.create_table(
        "ledger",
        sa.Column("index", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.String(80), nullable=False, unique=True),
        sa.Column("case", sa.String(80), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("type", sa.String(120), nullable=False),
        sa.Column("time", UtcDateTime, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.CheckConstraint('"index" > 0', name="ledger_counts_from_one"),
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("size", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "ledger_nodes",
        sa.Column("level", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("number", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "ledger_tree",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("size", sa.BigInteger, nullable=False),
    )
    op.execute("INSERT INTO ledger_tree (id, size) VALUES (1, 0)")
    op.create_table(
        "checkpoints",
        sa.Column("size", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("signed_at", UtcDateTime, nullable=False),
    )
    for statement in POSTGRESQL if _on_postgresql() else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    for table in ("checkpoints", "ledger_tree", "ledger_nodes", "ledger_head", "ledger"):
        op.drop_table(table)
    if _on_postgresql():
        op.execute("DROP FUNCTION ledger_refuses_change, ledger_takes_the_next_index")
    for table in ("outbox", "inbox", "replies", "sequences", "suspects"):
        op.drop_table(table)


def _on_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"
