"""Persons, requests, attachments, the log of reads, the day's numbers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.database import Json, UtcDateTime
from chassis.tables import ROW_ID, create_messaging_tables

revision = "intake_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_messaging_tables(op)
    _create_persons()
    _create_requests()
    _create_attachments()
    _create_personal_data_reads()


def downgrade() -> None:
    for table in (
        "personal_data_reads",
        "attachments",
        "supplements",
        "requests",
        "day_counters",
        "persons",
        "sequences",
        "replies",
        "inbox",
        "outbox",
    ):
        op.drop_table(table)


def _create_persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("nik_index", sa.String(64), nullable=False, unique=True),
        sa.Column("wrapped_key", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )


def _create_requests() -> None:
    op.create_table(
        "day_counters",
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.create_table(
        "requests",
        sa.Column("tracking_number", sa.String(40), primary_key=True),
        sa.Column("person_id", sa.String(36), sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("district", sa.String(20), nullable=False),
        sa.Column("village", sa.String(20), nullable=False),
        sa.Column("standard", sa.String(80), nullable=False),
        sa.Column("standard_version", sa.String(20), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("deadline", Json, nullable=False),
        sa.Column("warnings", Json, nullable=False),
        sa.Column("submission", sa.LargeBinary, nullable=False),
        sa.Column("checklist", sa.LargeBinary),
        sa.Index("ix_requests_person", "person_id", "purpose"),
    )
    op.create_table(
        "supplements",
        _request_column(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
    )


def _create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(36), primary_key=True),
        _request_column(nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("by_staff", sa.Boolean, nullable=False),
        sa.Column("uploaded_at", UtcDateTime, nullable=False),
        sa.Column("wrapped_key", sa.Text),
        sa.Column("sealed_key", sa.LargeBinary),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Index("ix_attachments_uploads", "tracking_number", "uploaded_at"),
    )


def _create_personal_data_reads() -> None:
    op.create_table(
        "personal_data_reads",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        _request_column(nullable=False, index=True),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("read_at", UtcDateTime, nullable=False),
    )


def _request_column(**options: Any) -> sa.Column[str]:
    return sa.Column(
        "tracking_number", sa.String(40), sa.ForeignKey("requests.tracking_number"), **options
    )
