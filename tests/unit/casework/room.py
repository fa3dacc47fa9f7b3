"""A service that keeps cases and nothing else: their clocks run under the aid standard."""

from contextlib import contextmanager

from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from casework.attachments import AttachmentColumns
from casework.clock_tables import ClockColumns, calendar_table
from casework.clocks import Clocks
from casework.numbering import DayCounterColumns
from casework.office import office_calendar
from casework.readings import ReadingColumns
from chassis.database import make_engine
from chassis.outbox import outgoing
from chassis.settings import Settings
from chassis.store import Store
from chassis.tables import messaging_tables
from contracts.deadlines import DeadlineEvents
from contracts.envelope import CloudEvent
from contracts.verification import DeadlineApproaching, DeadlineChanged, DeadlineMissed
from standards import catalogue
from standards.deadline import compute_deadline
from tests.support import StoppedClock

CASE = "VRF-20261123-0001"
STANDARD = catalogue.load("aid_verification")
LONG = catalogue.load("data_request")
EVENTS = DeadlineEvents(DeadlineApproaching, DeadlineMissed, DeadlineChanged)


class Base(DeclarativeBase):
    """The room's own database."""


TABLES = messaging_tables(Base.metadata)
calendar_table(Base.metadata)


class Case(Base):
    """A case, with a word that alarms may write."""

    __tablename__ = "cases"

    tracking_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), default="")


class Clock(ClockColumns, Base):
    """The clocks of the room's cases."""


class Attachment(AttachmentColumns, Base):
    """The room's files."""


class Reading(ReadingColumns, Base):
    """Who read."""


class DayCounter(DayCounterColumns, Base):
    """The numbers of each day."""


class Room:
    """One process of the service; several on one `url` with one `clock` are replicas."""

    def __init__(self, url, home, clock=None, override=None) -> None:
        self.clock = clock or StoppedClock()
        self.override = override
        self.store = Store(Base.metadata)
        self.store.open(make_engine(url), self.clock, Settings(home=home))
        Base.metadata.create_all(self.store.engine)

    def clocks(self, work) -> Clocks:
        """The clocks in this unit."""
        return Clocks(work, Clock, EVENTS, office_calendar(self.override))

    @contextmanager
    def at(self, case=CASE):
        """Work at a case, its row locked, a new one if need be; gives its clocks."""
        with self.store.unit("test") as work:
            found = select(Case).where(Case.tracking_number == case).with_for_update()
            if work.session.scalar(found) is None:
                work.session.add(Case(tracking_number=case))
                work.session.flush()
            yield self.clocks(work)

    def begin(self, step="claim", case=CASE, standard=STANDARD):
        """Begin a step; when it is due."""
        with self.at(case) as clocks:
            return clocks.begin_step(case, standard, step).due

    def promise(self, days=1, case=CASE, standard=STANDARD, told=(), calendar=None):
        """Promise so many working days from now on; the promise as it stands."""
        with self.at(case) as clocks:
            deadline = compute_deadline(self.clock.now(), days, calendar or clocks.calendar)
            return clocks.promise(case, standard, deadline, told)

    def tell(self, then=lambda clocks, alarm: None) -> list[str]:
        """Run the telling alone; `then` is done with each alarm, in its transaction."""
        told = []
        with self.store.unit("job") as work:
            clocks = self.clocks(work)
            for alarm in clocks.tell(Case):
                told.append(f"{alarm.clock} {alarm.told}")
                then(clocks, alarm)
        return told

    def follow(self) -> None:
        """Run the following of the calendar alone."""
        with self.store.unit("job") as work:
            self.clocks(work).follow_calendar(Case)

    def row(self, clock="step", case=CASE) -> Clock:
        """A clock as it is stored."""
        with self.store.reading() as session:
            return session.get(Clock, (case, clock))

    def emitted(self) -> list[CloudEvent]:
        """The outbox so far, in order."""
        with self.store.reading() as session:
            rows = session.execute(select(TABLES.outbox).order_by(TABLES.outbox.c.id)).all()
        bodies = [outgoing("verification", row).body for row in rows]
        return [CloudEvent.model_validate_json(body) for body in bodies]

    def said(self) -> list[tuple[str, str]]:
        """What was told so far: the event's name without its first word, and the due moment."""
        return [(name_of(event), event.data["due"]) for event in self.emitted()]

    def close(self) -> None:
        self.store.engine.dispose()


def name_of(event) -> str:
    """`approaching`, `missed` or `changed`."""
    return event.event_name.removeprefix("deadline_")


def closes(path, *days, word="Banjir") -> None:
    """Write an override file that closes the office on these days."""
    path.write_text(
        "".join(
            f'[[closed_days]]\ndate = {day}\nreason_id = "{word}"\nreason_en = "Flood"\n'
            for day in days
        )
    )
