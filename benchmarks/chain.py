"""The same chain twice: on the chassis, with its guarantees, and on bare nameko without.

    request_received ──▶ verification ──▶ verification_done ──▶ a projection in documents

Each service runs in its own process: `python -m benchmarks.chain KIND SERVICE`. Both write the same
rows to PostgreSQL and carry the same data; bare nameko commits, then dispatches.
"""

# ruff: noqa: E402 - green threads must be in place before anything opens a socket
import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import os
import signal
import sys
from typing import Any, ClassVar

from nameko.containers import ServiceContainer
from nameko.events import EventDispatcher, event_handler
from nameko.extensions import DependencyProvider
from nameko.rpc import rpc
from sqlalchemy import DateTime, String, create_engine, func
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chassis.database import POOL_SIZE, database_url
from chassis.entrypoints import Event, on_event
from chassis.rpc import command
from chassis.runner import Runner
from chassis.settings import Settings
from chassis.store import Store
from chassis.tables import messaging_tables
from chassis.topology import Topology
from chassis.work import Work
from contracts.envelope import Command, Contract, Done, EventData

WRITERS = 10
"""Green threads that submit at once."""

SERVICES = ("intake", "verification", "documents")


class Base(DeclarativeBase):
    pass


class Row(Base):
    """What each service keeps of a case."""

    __tablename__ = "cases"

    tracking_number: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[Any] = mapped_column(DateTime(timezone=True), server_default=func.now())


messaging_tables(Base.metadata)


def body_of(number: int) -> dict[str, Any]:
    """The data that both chains carry."""
    return {"district": "63.71.03", "village": "63.71.03.1003", "purpose": "jamkesda", "n": number}


class RequestReceived(EventData):
    source: ClassVar[str] = "intake"
    event: ClassVar[str] = "request_received"

    district: str
    village: str
    purpose: str
    n: int


class VerificationDone(RequestReceived):
    source: ClassVar[str] = "verification"
    event: ClassVar[str] = "verification_done"


class Submit(Command):
    service: ClassVar[str] = "intake"
    method: ClassVar[str] = "submit"
    reply: ClassVar[type[Contract]] = Done

    first: int
    count: int


class GuaranteedIntake:
    name = "intake"
    store = Store(Base.metadata)

    @command(Submit)
    def submit(self, ask: Submit, work: Work) -> Done:
        """Take `count` requests, each in a unit of work of its own."""

        def one(number: int) -> None:
            case = f"VRF-{number}"
            with self.store.unit(case) as unit:
                unit.session.add(Row(tracking_number=case, state="received"))
                unit.emit(case, RequestReceived(**body_of(number)))

        pool = eventlet.GreenPool(WRITERS)
        for number in range(ask.first, ask.first + ask.count):
            pool.spawn_n(one, number)
        return Done(tracking_number="", state="started")


class GuaranteedVerification:
    name = "verification"
    store = Store(Base.metadata)

    @on_event(RequestReceived)
    def on_request_received(self, event: Event[RequestReceived], work: Work) -> None:
        work.session.add(Row(tracking_number=event.case, state="decided"))
        work.emit(event.case, VerificationDone(**event.data.model_dump()))


class GuaranteedDocuments:
    name = "documents"
    store = Store(Base.metadata)

    @on_event(VerificationDone)
    def on_verification_done(self, event: Event[VerificationDone], work: Work) -> None:
        work.session.add(Row(tracking_number=event.case, state="projected"))


class Database(DependencyProvider):
    """A session per worker, as nameko's examples have it."""

    def setup(self) -> None:
        settings: Settings = self.container.config["settings"]
        # As a nameko service has it that does without the chassis.
        self.engine = create_engine(
            database_url(settings, self.container.service_name),
            pool_size=POOL_SIZE,
            max_overflow=POOL_SIZE,
        )

    def get_dependency(self, worker_ctx: Any) -> Session:
        return Session(self.engine)


class BareIntake:
    name = "intake"
    session = Database()
    dispatch = EventDispatcher()

    @rpc
    def submit(self, first: int, count: int) -> str:
        """Take `count` requests; each is committed, then dispatched."""
        engine, dispatch = self.session.get_bind(), self.dispatch

        def one(number: int) -> None:
            case = f"VRF-{number}"
            with Session(engine) as session:
                session.add(Row(tracking_number=case, state="received"))
                session.commit()
            dispatch("request_received", {"case": case, **body_of(number)})

        pool = eventlet.GreenPool(WRITERS)
        for number in range(first, first + count):
            pool.spawn_n(one, number)
        return "started"


class BareVerification:
    name = "verification"
    session = Database()
    dispatch = EventDispatcher()

    @event_handler("intake", "request_received")
    def on_request_received(self, payload: dict[str, Any]) -> None:
        with self.session as session:
            session.add(Row(tracking_number=payload["case"], state="decided"))
            session.commit()
        self.dispatch("verification_done", payload)


class BareDocuments:
    name = "documents"
    session = Database()

    @event_handler("verification", "verification_done")
    def on_verification_done(self, payload: dict[str, Any]) -> None:
        with self.session as session:
            session.add(Row(tracking_number=payload["case"], state="projected"))
            session.commit()


GUARANTEED = {c.name: c for c in (GuaranteedIntake, GuaranteedVerification, GuaranteedDocuments)}
BARE = {c.name: c for c in (BareIntake, BareVerification, BareDocuments)}
TOPOLOGY = Topology(
    publishers=SERVICES,
    subscriptions=(
        ("intake", "request_received", "verification"),
        ("verification", "verification_done", "documents"),
    ),
    observers=(),
)


def main(kind: str, service: str) -> None:
    """Run one service of one chain until SIGTERM."""
    settings = Settings.read()
    if kind == "guaranteed":
        from chassis import logs

        logs.configure("json")
        Runner([GUARANTEED[service]], TOPOLOGY, settings).run()
        return
    config = {"AMQP_URI": settings.amqp_url, "settings": settings, "environ": dict(os.environ)}
    container = ServiceContainer(BARE[service], config)
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(container.stop))
    container.start()
    container.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
