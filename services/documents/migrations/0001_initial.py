"""Documents, their contents, the number series, the log of reads, and the messaging tables."""

import sqlalchemy as sa
from alembic import op

from casework.readings import create_readings_table
from chassis.database import UtcDateTime
from chassis.tables import create_messaging_tables

revision = "documents_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_messaging_tables(op)
    create_readings_table(op)
    op.create_table(
        "series",
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.create_table(
        "contents",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("wrapped_key", sa.String(200), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("tracking_number", sa.String(32), primary_key=True),
        sa.Column("erased_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "handovers",
        sa.Column("tracking_number", sa.String(32), primary_key=True),
        sa.Column("over", sa.Boolean, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("code", sa.String(16), primary_key=True),
        sa.Column("tracking_number", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reserved_at", UtcDateTime, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("sequence", sa.Integer),
        sa.Column("number", sa.String(80)),
        sa.Column("issued_at", UtcDateTime),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("contents.sha256")),
        sa.Column("size", sa.Integer),
        sa.Column("certificate_subject", sa.String(300)),
        sa.Column("self_made_certificate", sa.Boolean),
        sa.UniqueConstraint("tracking_number", "kind", "edition"),
        sa.UniqueConstraint("kind", "year", "sequence"),
    )


def downgrade() -> None:
    for table in (
        *("documents", "handovers", "erasures", "contents", "series", "personal_data_reads"),
        *("sequences", "suspects", "replies", "inbox", "outbox"),
    ):
        op.drop_table(table)
