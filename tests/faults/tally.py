"""A service of the rig's own on the chassis: it writes a row for each event whose effect it takes.

The table has no unique key but its row number, so an effect that happens twice stands there twice.
"""

import os

from sqlalchemy import String, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.entrypoints import on_every_event
from chassis.kill_points import KILLED
from chassis.store import Store
from chassis.tables import ROW_ID, messaging_tables
from chassis.work import Work
from contracts.envelope import CloudEvent

POISON = "rig_poison"
"""The subject of the rig's own poison; its data say what it does."""


class Base(DeclarativeBase):
    """The tally's own database."""


messaging_tables(Base.metadata)


class Effect(Base):
    """One effect of one event."""

    __tablename__ = "effects"

    row: Mapped[int] = mapped_column(ROW_ID, primary_key=True, autoincrement=True)
    event_id: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80))


class TallyService:
    """Counts."""

    name = "tally"
    store = Store(Base.metadata)

    @on_every_event
    def on_any_event(self, event: CloudEvent, work: Work) -> None:
        """A plain insert: nothing but the inbox keeps a second delivery from counting twice."""
        if event.subject == POISON:
            if event.data.get("does") == "kills":
                os._exit(KILLED)
            raise RuntimeError("poison of the rig")
        work.session.execute(insert(Effect).values(event_id=event.id, subject=event.subject))
