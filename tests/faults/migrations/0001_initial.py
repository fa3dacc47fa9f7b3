"""The tally's table."""

import sqlalchemy as sa
from alembic import op

from chassis.tables import ROW_ID, create_messaging_tables

revision = "tally_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_messaging_tables(op)
    op.create_table(
        "effects",
        sa.Column("row", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
    )


def downgrade() -> None:
    for table in ("effects", "outbox", "inbox", "replies", "sequences", "suspects"):
        op.drop_table(table)
