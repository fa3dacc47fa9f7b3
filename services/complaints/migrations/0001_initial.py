"""Complaints and what is kept with them: persons, words, coordinations, LAPOR!, surveys."""

import sqlalchemy as sa
from alembic import op

from casework.attachments import create_attachments_table
from casework.clock_tables import create_clock_tables
from casework.numbering import create_day_counters_table
from casework.readings import create_readings_table
from chassis.database import Json, UtcDateTime
from chassis.tables import create_messaging_tables

revision = "complaints_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_messaging_tables(op)
    create_clock_tables(op)
    create_attachments_table(op)
    create_readings_table(op)
    create_day_counters_table(op)
    _create_persons()
    _create_complaints()
    _create_coordinations()
    _create_writings()
    _create_lapor()
    _create_surveys()


def downgrade() -> None:
    for table in (
        *("surveys", "lapor", "writings", "coordinations", "complaints", "persons"),
        *("day_counters", "personal_data_reads", "attachments", "clocks"),
        *("sequences", "suspects", "replies", "inbox", "outbox"),
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


def _create_complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("tracking_number", sa.String(40), primary_key=True),
        sa.Column("person_id", sa.String(36), sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("standard", sa.String(80), nullable=False),
        sa.Column("standard_version", sa.String(20), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("entered_at", UtcDateTime, nullable=False),
        sa.Column("about_case", sa.String(40)),
        sa.Column("officer", sa.String(40)),
        sa.Column("owner", sa.Text),
        sa.Column("owner_role", sa.String(40)),
        sa.Column("missing", Json, nullable=False),
        sa.Column("referral", sa.String(40)),
        sa.Column("escalations", Json, nullable=False),
        sa.Column("earlier_escalations", sa.Integer, nullable=False),
        sa.Column("responses", sa.Integer, nullable=False),
        sa.Column("reopenings", sa.Integer, nullable=False),
        sa.Column("reopen_until", UtcDateTime),
        sa.Column("score", sa.Integer),
        sa.Column("submission", sa.LargeBinary, nullable=False),
        sa.Column("contacts", sa.LargeBinary, nullable=False),
    )


def _create_coordinations() -> None:
    op.create_table(
        "coordinations",
        _complaint_column(),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("span_days", sa.Integer, nullable=False),
        sa.Column("answer_due", UtcDateTime, nullable=False),
        sa.Column("remind_at", UtcDateTime, index=True),
        sa.Column("reminders", sa.Integer, nullable=False),
        sa.Column("answered_at", UtcDateTime),
        sa.Column("question", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.LargeBinary),
    )


def _create_writings() -> None:
    op.create_table(
        "writings",
        _complaint_column(),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
    )


def _create_lapor() -> None:
    op.create_table(
        "lapor",
        _complaint_column(),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("escalated_at", UtcDateTime, nullable=False),
        sa.Column("office_due", UtcDateTime),
        sa.Column("forward_due", UtcDateTime, nullable=False),
        sa.Column("answer_due", UtcDateTime, nullable=False),
        sa.Column("silent_at", UtcDateTime, index=True),
        sa.Column("status", sa.String(20)),
        sa.Column("updated_at", UtcDateTime),
        sa.Column("sealed", sa.LargeBinary),
    )


def _create_surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("tracking_number", sa.String(40), primary_key=True),
        sa.Column("answered_at", UtcDateTime, nullable=False),
        sa.Column("scores", Json, nullable=False),
        sa.Column("wrapped_key", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
    )


def _complaint_column() -> sa.Column[str]:
    case = sa.ForeignKey("complaints.tracking_number")
    return sa.Column("tracking_number", sa.String(40), case, primary_key=True)
