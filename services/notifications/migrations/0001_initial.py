"""Ways, early events, webhooks and deliveries."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Json, UtcDateTime
from chassis.tables import ROW_ID, create_messaging_tables

revision = "notifications_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_messaging_tables(op)
    op.create_table(
        "cases",
        sa.Column("tracking_number", sa.String(80), primary_key=True),
        sa.Column("given", Json, nullable=True),
        sa.Column("chosen", Json, nullable=True),
        sa.Column("standard", sa.String(80), nullable=True),
        sa.Column("standard_version", sa.String(20), nullable=True),
    )
    op.create_table(
        "early_events",
        sa.Column("event_id", sa.String(80), primary_key=True),
        sa.Column("tracking_number", sa.String(80), nullable=False, index=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("added_at", UtcDateTime, nullable=False),
        sa.Column("wrapped_key", sa.Text, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("retry_at", UtcDateTime, nullable=True),
    )
    _create_deliveries()


def downgrade() -> None:
    for table in ("deliveries", "webhooks", "early_events", "cases"):
        op.drop_table(table)
    for table in ("outbox", "inbox", "replies", "sequences", "suspects"):
        op.drop_table(table)


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("number", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("event_id", sa.String(80), nullable=False),
        sa.Column("target", sa.String(80), nullable=False),
        sa.Column("tracking_number", sa.String(80), nullable=False),
        sa.Column("audience", sa.String(20), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("contact_way", sa.String(20), nullable=True),
        sa.Column("role", sa.String(40), nullable=True),
        sa.Column("webhook", sa.String(36), sa.ForeignKey("webhooks.id"), nullable=True),
        sa.Column("lane", sa.String(36), nullable=False),
        sa.Column("occasion", sa.String(80), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("not_before", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=True),
        sa.Column("lease", sa.String(36), nullable=True),
        sa.Column("leased_until", UtcDateTime, nullable=True),
        sa.Column("last_attempt_at", UtcDateTime, nullable=True),
        sa.Column("last_status", sa.Integer, nullable=True),
        sa.Column("last_error", sa.String(80), nullable=True),
        sa.UniqueConstraint("event_id", "target"),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["lane", "state", "not_before"])
    op.create_index("ix_deliveries_webhook", "deliveries", ["webhook", "number"])
