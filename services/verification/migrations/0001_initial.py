"""Cases, their clocks, visits, assessments, decisions, and the log of personal-data reads."""

import sqlalchemy as sa
from alembic import op

from casework.clock_tables import create_clock_tables
from casework.readings import create_readings_table
from chassis.database import Json, UtcDateTime
from chassis.tables import create_messaging_tables

revision = "verification_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_messaging_tables(op)
    _create_cases()
    op.create_table(
        "visits",
        _case_column(primary_key=True),
        sa.Column("visit", sa.String(64), primary_key=True),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("verifier", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("visited_at", UtcDateTime, nullable=False),
        sa.Column("reported_at", UtcDateTime, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "assessments",
        _case_column(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("recommendation", sa.String(20), nullable=False),
        sa.Column("assessed_by", sa.Text, nullable=False),
        sa.Column("assessed_at", UtcDateTime, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "decisions",
        _case_column(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    create_clock_tables(op)
    create_readings_table(op)


def downgrade() -> None:
    for table in ("personal_data_reads", "clocks", "decisions", "assessments", "visits", "cases"):
        op.drop_table(table)
    for table in ("sequences", "suspects", "replies", "inbox", "outbox"):
        op.drop_table(table)


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("tracking_number", sa.String(40), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("district", sa.String(20), nullable=False),
        sa.Column("standard", sa.String(80), nullable=False),
        sa.Column("standard_version", sa.String(20), nullable=False),
        sa.Column("offered_to", Json, nullable=False),
        sa.Column("offer_until", UtcDateTime),
        sa.Column("wave", sa.Integer, nullable=False),
        sa.Column("verifier", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("absences", sa.Integer, nullable=False),
        sa.Column("max_visits", sa.Integer, nullable=False),
        sa.Column("letter", sa.Text),
        sa.Column("delivery", sa.String(20)),
        sa.Column("wrapped_key", sa.Text, nullable=False),
    )


def _case_column(**options: bool) -> sa.Column[str]:
    case = sa.ForeignKey("cases.tracking_number")
    return sa.Column("tracking_number", sa.String(40), case, **options)
