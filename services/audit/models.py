"""The ledger, its hash tree and its checkpoints, and the queries on them.

Triggers in the migration refuse every change of what is written, and every index but the next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    and_,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import NullType

from chassis.database import UtcDateTime, insert_or_ignore, next_value
from chassis.tables import ROW_ID, messaging_tables
from contracts.envelope import CloudEvent
from services.audit import merkle
from services.audit.canonical import canonical, parsed

READ = "sigap.personal_data_read."
"""How the type of every reading of personal data begins."""


class Base(DeclarativeBase):
    """Audit's own database."""


messaging_tables(Base.metadata)


class Entry(Base):
    """An event in the ledger. `body` is its text as it was published, `index` counts from 1.

    `leaf` is the hash of its canonical form, the leaf number `index - 1` of the tree.
    """

    __tablename__ = "ledger"
    __table_args__ = (CheckConstraint('"index" > 0', name="ledger_counts_from_one"),)

    index: Mapped[int] = mapped_column(ROW_ID, primary_key=True, autoincrement=False)
    event_id: Mapped[str] = mapped_column(String(80), unique=True)
    case: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(80))
    type: Mapped[str] = mapped_column(String(120))
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[str] = mapped_column(Text)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Head(Base):
    """One row, locked by whoever appends, so that indexes follow the order of the commits."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger)


class Node(Base):
    """The hash of a complete subtree above the leaves; `number` counts from 0 in its level."""

    __tablename__ = "ledger_nodes"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(ROW_ID, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class Tree(Base):
    """One row, made by the migration and locked by whoever makes the tree grow."""

    __tablename__ = "ledger_tree"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger)


class SignedCheckpoint(Base):
    """A checkpoint as it was signed."""

    __tablename__ = "checkpoints"

    size: Mapped[int] = mapped_column(ROW_ID, primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


def append(session: Session, event: CloudEvent, recorded_at: datetime) -> bool:
    """Write the event at the next index; False, and no gap, for one that the ledger holds.

    Raises NotCanonical for one that cannot be hashed.
    """
    body = event.body()
    leaf = merkle.leaf_hash(canonical(parsed(body)))
    index = next_value(session, Head, {"id": 1}, column="size")
    entry = {
        "index": index,
        "event_id": event.id,
        "case": event.subject,
        "source": event.source,
        "type": event.type,
        "time": event.time,
        "body": body,
        "leaf": leaf,
        "recorded_at": recorded_at,
    }
    if insert_or_ignore(session, Entry, entry):
        return True
    session.execute(update(Head).values(size=index - 1))
    return False


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it stands in the database, whatever somebody made of it."""

    index: int
    body: Any
    event_id: str
    case: str
    source: str
    type: str
    time: Any
    leaf: Any


# As the driver gives them: one that was spoilt must not keep the others from being read.
_AS_STORED = (
    Entry.index,
    Entry.body,
    Entry.event_id,
    Entry.case,
    Entry.source,
    Entry.type,
    type_coerce(Entry.time, NullType()),
    type_coerce(Entry.leaf, NullType()),
)


def entries_after(session: Session, index: int, limit: int) -> list[Row]:
    """Up to `limit` entries with a greater index, oldest first.

    From the beginning also the lowest below index 1, where nobody could have appended one.
    """
    chosen = Entry.index > index
    if index == 0:
        below = session.scalar(select(func.min(Entry.index)).where(Entry.index < 1))
        if below is not None:
            chosen, limit = or_(chosen, Entry.index == below), limit + 1
    rows = session.execute(select(*_AS_STORED).where(chosen).order_by(Entry.index).limit(limit))
    return [Row(*row) for row in rows]


def may_be_readings(session: Session, cases: Sequence[str], after: int) -> Iterator[Row]:
    """What by its columns or by its text may be one of the cases' `personal_data_read`, oldest
    first. The text decides; the columns are there to find it, and somebody may have changed them.
    """
    by_columns = and_(Entry.case.in_(cases), Entry.type.startswith(READ, autoescape=True))
    named = or_(*(Entry.body.contains(case, autoescape=True) for case in cases))
    by_text = and_(named, Entry.body.contains(READ, autoescape=True))
    escaped = Entry.body.contains("\\u", autoescape=True)
    chosen = select(*_AS_STORED).where(Entry.index > after, or_(by_columns, by_text, escaped))
    for row in session.execute(chosen.order_by(Entry.index)):
        yield Row(*row)


def size(session: Session) -> int:
    """How many entries the ledger has."""
    return session.scalar(select(Head.size)) or 0


def leaves(session: Session, start: int, end: int) -> list[bytes]:
    """The hashes of the leaves from `start` (from 0) to before `end`, as far as there are any."""
    chosen = select(Entry.leaf).where(Entry.index > start, Entry.index <= end)
    return list(session.scalars(chosen.order_by(Entry.index)))


def tree_size(session: Session) -> int:
    """How many entries stand in the tree."""
    return session.scalar(select(Tree.size)) or 0


def locked_tree_size(session: Session) -> int | None:
    """The same, the tree locked until the transaction ends; None while another has the lock."""
    return session.scalar(select(Tree.size).with_for_update(skip_locked=True))


def grow(session: Session, size: int, new: list[bytes]) -> None:
    """Put these leaves into the locked tree of `size`."""
    nodes = [
        {"level": level, "number": number, "hash": hashed}
        for level, number, hashed in merkle.completed(size, new, reader(session))
    ]
    if nodes:
        session.execute(insert(Node), nodes)
    session.execute(update(Tree).values(size=size + len(new)))


def reader(session: Session) -> merkle.Read:
    """Reads the stored tree's complete subtrees. What is missing raises NoResultFound."""

    def read(level: int, number: int) -> bytes:
        if level == 0:
            return session.scalars(select(Entry.leaf).where(Entry.index == number + 1)).one()
        chosen = select(Node.hash).where(Node.level == level, Node.number == number)
        return session.scalars(chosen).one()

    return read


def newest_checkpoint(session: Session) -> SignedCheckpoint | None:
    """The one of the largest tree."""
    return session.scalars(
        select(SignedCheckpoint).order_by(SignedCheckpoint.size.desc()).limit(1)
    ).first()


def checkpoints_after(session: Session, size: int, limit: int = 100) -> list[str]:
    """The notes of greater trees, smallest first."""
    chosen = select(SignedCheckpoint.note).where(SignedCheckpoint.size > size)
    return list(session.scalars(chosen.order_by(SignedCheckpoint.size).limit(limit)))
