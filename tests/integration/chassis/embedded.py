"""Three toy services in one process, without broker: alpha publishes, beta repeats, gamma observes.

As a program (`python -m tests.integration.chassis.embedded FOLDER COUNT`) it says COUNT words, and
ends when all is quiet; a test kills it meanwhile.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import eventlet

if __name__ == "__main__":
    eventlet.monkey_patch()

from sqlalchemy import Engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import memory
from chassis.database import database_url, make_engine
from chassis.entrypoints import Event, on_event, on_every_event
from chassis.runner import Runner
from chassis.settings import Settings
from chassis.store import Store
from chassis.tables import messaging_tables
from chassis.topology import Topology
from chassis.work import Work
from contracts.envelope import SYSTEM, CloudEvent, EventData
from tests.integration.chassis.toys import (
    Alpha,
    AlphaBase,
    Asker,
    Behaviour,
    BetaBase,
    Effect,
    Happened,
    Say,
    client_of,
)

TOPOLOGY = Topology(("alpha", "beta"), (("alpha", "happened", "beta"),), ("gamma",))


class GammaBase(DeclarativeBase):
    pass


class Seen(GammaBase):
    """What gamma saw, by plain inserts, so that a double shows."""

    __tablename__ = "seen"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    what: Mapped[str]


BASES: dict[str, Any] = {"alpha": AlphaBase, "beta": BetaBase, "gamma": GammaBase}
for base in BASES.values():
    messaging_tables(base.metadata)


class Repeated(EventData):
    source: ClassVar[str] = "beta"
    event: ClassVar[str] = "repeated"

    word: str


class Beta:
    name = "beta"
    store = Store(BetaBase.metadata)

    @on_event(Happened)
    def on_happened(self, event: Event[Happened], work: Work) -> None:
        word = event.data.word
        Behaviour.tries.append(word)
        work.session.add(Effect(word=word))
        work.emit(event.case, Repeated(word=word))
        Behaviour.act(word, Behaviour.tries.count(word))


class Gamma:
    name = "gamma"
    store = Store(GammaBase.metadata)

    @on_every_event
    def on_any_event(self, event: CloudEvent, work: Work) -> None:
        work.session.add(Seen(what=f"{event.source} {event.sequence} {event.data['word']}"))


class EmbeddedToys:
    """The toy system on the SQLite files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(home=folder, stop_grace_seconds=10.0)
        for name, base in BASES.items():
            with self._engine(name) as engine:
                base.metadata.create_all(engine)

    def runner(self, *services: type) -> Runner:
        return Runner(services or (Alpha, Beta, Gamma, Asker), TOPOLOGY, self.settings, environ={})

    @contextmanager
    def running(self, *services: type) -> Iterator[Runner]:
        runner = self.runner(*services)
        runner.start()
        try:
            yield runner
        finally:
            runner.stop()

    def effects(self) -> list[str]:
        return self._scalars("beta", select(Effect.word))

    def seen(self) -> list[str]:
        """What gamma saw, each as "source sequence word", sorted."""
        return sorted(self._scalars("gamma", select(Seen.what)))

    def outbox(self, name: str) -> list[str]:
        """The ids of the messages in a service's outbox."""
        return self._scalars(name, select(BASES[name].metadata.tables["outbox"].c.message_id))

    def quiet(self) -> bool:
        """True when every event is consumed everywhere."""
        return not self.outbox("alpha") and not self.outbox("beta")

    def _scalars(self, name: str, statement: Any) -> list[Any]:
        with self._engine(name) as engine:
            reading = engine.execution_options(reads_only=True)
            with reading.connect() as connection:
                return list(connection.scalars(statement))

    @contextmanager
    def _engine(self, name: str) -> Iterator[Engine]:
        engine = make_engine(database_url(self.settings, name))
        try:
            yield engine
        finally:
            engine.dispose()


def say(runner: Runner, word: str) -> Any:
    """Ask alpha; the word is the idempotency key too."""
    return client_of(runner).call(Say(word=word), SYSTEM, word)


def empty_broker() -> None:
    """What the end of a process does to its queues."""
    memory.Channel.queues.clear()
    memory.Transport.global_state.clear()
    memory.deliveries.__init__()  # type: ignore[misc]


def main(folder: str, count: int) -> None:
    """Say the words, print each that was answered, and end when all is quiet."""
    toys = EmbeddedToys(Path(folder))
    with toys.running() as runner:
        for number in range(count):
            print("said", say(runner, f"w{number}").state, flush=True)  # noqa: T201
        while not toys.quiet():
            eventlet.sleep(0.05)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
