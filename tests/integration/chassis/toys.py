"""Two small services to try the chassis with: alpha publishes, beta reacts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from nameko.containers import ServiceContainer
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database import database_url, make_engine
from chassis.entrypoints import Event, on_event
from chassis.rpc import RpcClient, command
from chassis.runner import Runner
from chassis.settings import Settings
from chassis.store import Store
from chassis.tables import messaging_tables
from chassis.topology import Topology
from chassis.work import Work
from contracts.envelope import Command, Contract, Done, EventData

TOPOLOGY = Topology(("alpha", "beta"), (("alpha", "happened", "beta"),), ())


class AlphaBase(DeclarativeBase):
    pass


class BetaBase(DeclarativeBase):
    pass


class Effect(BetaBase):
    """What beta did, by plain inserts, so that a double shows."""

    __tablename__ = "effects"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    word: Mapped[str]


messaging_tables(AlphaBase.metadata)
messaging_tables(BetaBase.metadata)


class Happened(EventData):
    source: ClassVar[str] = "alpha"
    event: ClassVar[str] = "happened"

    word: str


class Say(Command):
    service: ClassVar[str] = "alpha"
    method: ClassVar[str] = "say"
    reply: ClassVar[type[Contract]] = Done

    word: str


class Alpha:
    name = "alpha"
    store = Store(AlphaBase.metadata)

    @command(Say)
    def say(self, ask: Say, work: Work) -> Done:
        work.emit("VRF-1", Happened(word=ask.word))
        return Done(tracking_number="VRF-1", state=ask.word)


class Behaviour:
    """What beta's handler does beside its insert; a test replaces `act`."""

    tries: ClassVar[list[str]] = []
    act: ClassVar[Callable[[str, int], None]] = staticmethod(lambda word, attempt: None)

    @classmethod
    def reset(cls) -> None:
        cls.tries = []
        cls.act = staticmethod(lambda word, attempt: None)


class Beta:
    name = "beta"
    store = Store(BetaBase.metadata)

    @on_event(Happened)
    def on_happened(self, event: Event[Happened], work: Work) -> None:
        word = event.data.word
        Behaviour.tries.append(word)
        work.session.add(Effect(word=word))
        work.session.flush()
        Behaviour.act(word, Behaviour.tries.count(word))


class Asker:
    """Lends its RPC client to the test."""

    name = "asker"
    rpc = RpcClient()


class ToySystem:
    """Starts and stops toy services on the given settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.environ: dict[str, str] = {}
        for name, base in (("alpha", AlphaBase), ("beta", BetaBase)):
            engine = make_engine(database_url(settings, name))
            base.metadata.create_all(engine)
            engine.dispose()

    def runner(self, *services: type) -> Runner:
        return Runner(services, TOPOLOGY, self.settings, environ=self.environ)

    @contextmanager
    def running(self, *services: type) -> Iterator[Runner]:
        runner = self.runner(*services)
        runner.start()
        try:
            yield runner
        finally:
            runner.stop()

    def effects(self) -> list[str]:
        return self._query("beta", lambda c: list(c.scalars(select(Effect.word))))

    def pending(self, service: str = "alpha") -> int:
        base = {"alpha": AlphaBase, "beta": BetaBase}[service]
        outbox = base.metadata.tables["outbox"]
        return self._query(
            service, lambda c: c.execute(select(func.count()).select_from(outbox)).scalar_one()
        )

    def last_message(self, service: str) -> str:
        """The id of a message that the service's inbox knows."""
        inbox = BetaBase.metadata.tables["inbox"]
        return self._query(service, lambda c: c.scalars(select(inbox.c.message_id)).first())

    def _query(self, service: str, ask: Callable[[Any], Any]) -> Any:
        engine = make_engine(database_url(self.settings, service))
        try:
            with engine.connect() as connection:
                return ask(connection)
        finally:
            engine.dispose()


def client_of(runner: Runner) -> RpcClient:
    """The asker's RPC client."""
    container = _container(runner, "asker")
    return next(p for p in container.dependencies if isinstance(p, RpcClient))


def _container(runner: Runner, name: str) -> ServiceContainer:
    return next(c for c in runner.containers if c.service_name == name)
