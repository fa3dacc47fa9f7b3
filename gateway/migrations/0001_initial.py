"""Events, cases, staff, wrong tries, what is good no more."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Json, UtcDateTime
from chassis.tables import create_messaging_tables

revision = "gateway_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_messaging_tables(op)
    op.create_table(
        "events",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("tracking_number", sa.Text, nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        sa.Column("document_code", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("ix_events_tracking_number", "events", ["tracking_number"])
    op.create_index("ix_events_document_code", "events", ["document_code"])
    _create_cases()
    op.create_table(
        "staff",
        sa.Column("username", sa.String(40), primary_key=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("districts", Json, nullable=False),
        sa.Column("display_name", sa.String(120), nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("stamp", sa.String(36), nullable=False),
        sa.Column("issuer", sa.String(200)),
        sa.Column("subject", sa.String(255)),
        sa.UniqueConstraint("issuer", "subject", name="uq_staff_issuer_subject"),
    )
    op.create_table(
        "wrong_tries",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("ends_at", UtcDateTime, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "spent",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("ends_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    for table in ("spent", "wrong_tries", "staff", "cases", "events"):
        op.drop_table(table)
    for table in ("sequences", "suspects", "replies", "inbox", "outbox"):
        op.drop_table(table)


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("tracking_number", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("updated_at", UtcDateTime),
        sa.Column("kind", sa.String(40)),
        sa.Column("stage", sa.String(40)),
        sa.Column("closed", sa.Boolean),
        sa.Column("district", sa.String(20)),
        sa.Column("due", UtcDateTime),
        sa.Column("step_due", UtcDateTime),
        sa.Column("next_due", UtcDateTime),
        sa.Column("offered_to", sa.Text),
        sa.Column("assigned_to", sa.Text),
        sa.Column("concerns", sa.Text),
        sa.Column("escalated_to", sa.String(40)),
        sa.Column("standard", sa.String(60)),
        sa.Column("received_month", sa.String(7)),
        sa.Column("received_at", UtcDateTime),
        sa.Column("done_at", UtcDateTime),
        sa.Column("in_time", sa.Boolean),
        sa.Column("working_minutes", sa.Integer),
        sa.Column("surveyed_month", sa.String(7)),
        sa.Column("survey", sa.Text),
    )
    op.create_index("ix_cases_stage", "cases", ["stage", "next_due", "tracking_number"])
    op.create_index("ix_cases_received_month", "cases", ["received_month"])
    op.create_index("ix_cases_surveyed_month", "cases", ["surveyed_month"])
