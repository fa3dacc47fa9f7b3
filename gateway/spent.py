"""What is good no more before its time: tokens of who signed out, and attempts to sign in that were
used. Kept in the gateway's database, so that all replicas know."""

from datetime import datetime

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.database import UtcDateTime, insert_or_ignore
from gateway.models import Base


class Spent(Base):
    """`key` is a keyed digest of what it is; from `ends_at` on it would be good no more anyway."""

    __tablename__ = "spent"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


def spend(session: Session, key: str, ends_at: datetime) -> bool:
    """Note that it is good no more; False if that was noted before."""
    return insert_or_ignore(session, Spent, {"key": key, "ends_at": ends_at})


def is_spent(session: Session, key: str) -> bool:
    """Whether it is good no more."""
    return session.scalar(select(Spent.key).where(Spent.key == key)) is not None


def forget_spent(session: Session, now: datetime) -> None:
    """Delete what had ended by `now`."""
    session.execute(delete(Spent).where(Spent.ends_at < now))
