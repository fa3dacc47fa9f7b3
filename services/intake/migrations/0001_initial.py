"""Persons, requests, their clocks, attachments, the log of reads, the day's numbers."""

import sqlalchemy as sa
from alembic import op

from casework.attachments import create_attachments_table
from casework.clock_tables import create_clock_tables
from casework.numbering import create_day_counters_table
from casework.readings import create_readings_table
from chassis.database import Json, UtcDateTime
from chassis.tables import create_messaging_tables

revision = "intake_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_messaging_tables(op)
    _create_persons()
    _create_requests()
    create_day_counters_table(op)
    create_clock_tables(op)
    create_attachments_table(op)
    create_readings_table(op)


def downgrade() -> None:
    for table in (
        "personal_data_reads",
        "attachments",
        "clocks",
        "day_counters",
        "supplements",
        "requests",
        "persons",
        "sequences",
        "suspects",
        "replies",
        "inbox",
        "outbox",
    ):
        op.drop_table(table)


def _create_persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("nik_index", sa.String(64), unique=True),
        sa.Column("wrapped_key", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )


def _create_requests() -> None:
    op.create_table(
        "requests",
        sa.Column("tracking_number", sa.String(40), primary_key=True),
        sa.Column("person_id", sa.String(36), sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("district", sa.String(20)),
        sa.Column("village", sa.String(20)),
        sa.Column("standard", sa.String(80), nullable=False),
        sa.Column("standard_version", sa.String(20), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("warnings", Json, nullable=False),
        sa.Column("submission", sa.LargeBinary, nullable=False),
        sa.Column("checklist", sa.LargeBinary),
        sa.Index("ix_requests_person", "person_id", "purpose"),
    )
    op.create_table(
        "supplements",
        sa.Column(
            "tracking_number",
            sa.String(40),
            sa.ForeignKey("requests.tracking_number"),
            primary_key=True,
        ),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
    )
