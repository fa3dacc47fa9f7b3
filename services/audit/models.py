"""The ledger and its head, and the queries on them.

Triggers in the migration refuse every change of an entry, and every index but the next.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, Text, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chassis.database import UtcDateTime, insert_or_ignore, next_value
from chassis.tables import ROW_ID, messaging_tables
from contracts.envelope import CloudEvent


class Base(DeclarativeBase):
    """Audit's own database."""


messaging_tables(Base.metadata)


class Entry(Base):
    """An event in the ledger. `body` is its text as it was published, `index` counts from 1."""

    __tablename__ = "ledger"

    index: Mapped[int] = mapped_column(ROW_ID, primary_key=True, autoincrement=False)
    event_id: Mapped[str] = mapped_column(String(80), unique=True)
    case: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(80))
    type: Mapped[str] = mapped_column(String(120))
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Head(Base):
    """One row, locked by whoever appends, so that indexes follow the order of the commits."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger)


def append(session: Session, event: CloudEvent, recorded_at: datetime) -> bool:
    """Write the event at the next index; False, and no gap, for one that the ledger holds."""
    index = next_value(session, Head, {"id": 1}, column="size")
    entry = {
        "index": index,
        "event_id": event.id,
        "case": event.subject,
        "source": event.source,
        "type": event.type,
        "time": event.time,
        "body": event.body(),
        "recorded_at": recorded_at,
    }
    if insert_or_ignore(session, Entry, entry):
        return True
    session.execute(update(Head).values(size=index - 1))
    return False


def entries_after(session: Session, index: int, limit: int) -> list[tuple[int, str]]:
    """Up to `limit` (index, body) pairs with a greater index, oldest first."""
    chosen = select(Entry.index, Entry.body).where(Entry.index > index)
    rows = session.execute(chosen.order_by(Entry.index).limit(limit))
    return [(number, body) for number, body in rows]


def size(session: Session) -> int:
    """How many entries the ledger has."""
    return session.scalar(select(Head.size)) or 0
