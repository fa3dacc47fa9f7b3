"""Cases, reviews, clarifications, tables, packages, signatures, downloads, clocks, reads."""

import sqlalchemy as sa
from alembic import op

from casework.clock_tables import create_clock_tables
from casework.readings import create_readings_table
from chassis.database import Json, UtcDateTime
from chassis.tables import create_messaging_tables

revision = "data_request_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_messaging_tables(op)
    create_clock_tables(op)
    create_readings_table(op)
    _create_cases()
    _create_decisions()
    _create_package()


def downgrade() -> None:
    own = ("downloads", "signatures", "packages", "tables", "clarifications", "reviews", "cases")
    for table in (*own, "personal_data_reads", "clocks"):
        op.drop_table(table)
    for table in ("sequences", "suspects", "replies", "inbox", "outbox"):
        op.drop_table(table)


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("tracking_number", sa.String(40), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("standard", sa.String(80), nullable=False),
        sa.Column("standard_version", sa.String(20), nullable=False),
        sa.Column("data_types", sa.Integer, nullable=False),
        sa.Column("complexity", sa.String(20)),
        sa.Column("working_days", sa.Integer),
        sa.Column("social_worker", sa.Text),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("signed", Json, nullable=False),
        sa.Column("handed_over_at", UtcDateTime),
        sa.Column("sealed_note", sa.LargeBinary),
        sa.Column("wrapped_key", sa.Text, nullable=False),
    )
    op.create_index("ix_cases_register", "cases", ["handed_over_at", "tracking_number"])


def _create_decisions() -> None:
    op.create_table(
        "reviews",
        _case_column(primary_key=True),
        _number_column("number"),
        sa.Column("reviewed_by", sa.Text, nullable=False),
        sa.Column("reviewed_at", UtcDateTime, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "clarifications",
        _case_column(primary_key=True),
        _number_column("number"),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("sealed_question", sa.LargeBinary, nullable=False),
        sa.Column("answered_at", UtcDateTime),
        sa.Column("sealed_answer", sa.LargeBinary),
    )


def _create_package() -> None:
    op.create_table(
        "tables",
        sa.Column("id", sa.String(36), primary_key=True),
        _case_column(nullable=False),
        sa.Column("stored_by", sa.Text, nullable=False),
        sa.Column("stored_at", UtcDateTime, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("sealed_rows", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_tables_case", "tables", ["tracking_number", "stored_at"])
    op.create_table(
        "packages",
        _case_column(primary_key=True),
        _number_column("edition"),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("sealed_archive", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "signatures",
        _case_column(primary_key=True),
        _number_column("edition"),
        sa.Column("side", sa.String(20), primary_key=True),
        sa.Column("signed_by", sa.Text, nullable=False),
        sa.Column("signed_at", UtcDateTime, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "downloads",
        _case_column(primary_key=True),
        _number_column("number"),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("downloaded_at", UtcDateTime, nullable=False),
    )


def _case_column(**options: bool) -> sa.Column[str]:
    case = sa.ForeignKey("cases.tracking_number")
    return sa.Column("tracking_number", sa.String(40), case, **options)


def _number_column(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)
