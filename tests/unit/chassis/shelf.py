"""A service that keeps notes, to try units of work with: real tables on a SQLite file."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chassis.calls import Call
from chassis.database import make_engine
from chassis.entrypoints import Event, on_event, on_every_event
from chassis.rpc import command, query
from chassis.settings import Settings
from chassis.store import Store
from chassis.tables import messaging_tables
from chassis.work import Work
from contracts.envelope import (
    RESIDENT,
    SYSTEM,
    CloudEvent,
    Command,
    Contract,
    Done,
    EventData,
    Query,
)
from tests.support import StoppedClock

CASE = "VRF-20261123-0001"


class Base(DeclarativeBase):
    """The shelf's tables."""


class Note(Base):
    """What the service did, by plain inserts, so that a double shows."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    word: Mapped[str]


TABLES = messaging_tables(Base.metadata)


class Noted(EventData):
    source: ClassVar[str] = "shelf"
    event: ClassVar[str] = "noted"

    word: str


class WriteNote(Command):
    service: ClassVar[str] = "shelf"
    method: ClassVar[str] = "write_note"
    reply: ClassVar[type[Contract]] = Done

    word: str


class ReadNote(Query):
    service: ClassVar[str] = "shelf"
    method: ClassVar[str] = "read_note"
    reply: ClassVar[type[Contract]] = Done

    word: str


class Shelf:
    """`act` is what a test adds to the handler of `noted`."""

    name = "shelf"
    act: Callable[[Work], None] = staticmethod(lambda work: None)

    def __init__(self, store: Store) -> None:
        self.store = store

    @command(WriteNote)
    def write_note(self, ask: WriteNote, work: Work) -> Done:
        put(work, ask.word)
        work.emit(CASE, Noted(word=ask.word))
        return Done(tracking_number=CASE, state=ask.word)

    @query(ReadNote)
    def read_note(self, ask: ReadNote, work: Work) -> Done:
        return Done(tracking_number=CASE, state=ask.word)

    @on_event(Noted)
    def on_noted(self, event: Event[Noted], work: Work) -> None:
        put(work, event.data.word)
        self.act(work)

    @on_every_event
    def on_any_event(self, event: CloudEvent, work: Work) -> None:
        put(work, event.type)


def open_store(folder: Path) -> Store:
    """A store on an empty database in `folder`, at a stopped time."""
    store = Store(Base.metadata)
    settings = Settings(home=folder)
    store.open(make_engine(f"sqlite:///{folder}/shelf.sqlite3"), StoppedClock(), settings)
    Base.metadata.create_all(store.engine)
    return store


class Broken(Exception):
    """What ends a unit of work in its middle."""


@contextlib.contextmanager
def failing_unit(store: Store) -> Iterator[Work]:
    """A unit of work that fails when all else in it is done."""
    with contextlib.suppress(Broken), store.unit("cause") as work:
        yield work
        raise Broken


def put(work: Work, word: str) -> None:
    work.session.add(Note(word=word))
    work.session.flush()


def notes(store: Store) -> list[str]:
    """The words kept so far, in order."""
    return _scalars(store, select(Note.word).order_by(Note.id))


def inbox(store: Store) -> list[str]:
    return _scalars(store, select(TABLES.inbox.c.message_id))


def replies(store: Store) -> list[str]:
    return _scalars(store, select(TABLES.replies.c.idempotency_key))


def stored_replies(store: Store) -> list[str]:
    """The replies as they lie in the table."""
    return _scalars(store, select(TABLES.replies.c.reply))


def sequences(store: Store) -> list[int]:
    """The numbers of the events in the outbox, in the order they were written."""
    return _scalars(store, select(TABLES.outbox.c.sequence).order_by(TABLES.outbox.c.id))


def ask(service: Shelf, message: WriteNote | ReadNote, key: str | None) -> Any:
    """The reply, as the entrypoint makes it for one call."""
    call = Call(message=message.model_dump(mode="json"), actor=RESIDENT, key=key)
    return getattr(Shelf, message.method).unit(service, call)


def event_of(word: str, id: str) -> CloudEvent:
    return CloudEvent(
        id=id,
        source="/services/shelf",
        type=Noted.cloud_event_type(),
        subject=CASE,
        time=StoppedClock().now(),
        sequence="1",
        correlationid=CASE,
        causationid="test",
        actor=SYSTEM.id,
        actorrole=SYSTEM.role,
        data={"word": word},
    )


def tell(service: Shelf, word: str, id: str) -> str:
    """Deliver a `noted` event; "done" or "duplicate"."""
    outcome: str = Shelf.on_noted.unit(service, event_of(word, id))  # type: ignore[attr-defined]
    return outcome


def _scalars(store: Store, statement: Any) -> list[Any]:
    with Session(store.engine.execution_options(reads_only=True)) as session:
        return list(session.scalars(statement))
