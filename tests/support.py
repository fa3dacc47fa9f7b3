"""A service on a bench: real unit of work, inbox, outbox and database, without a broker."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nameko.extensions import DependencyProvider
from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.calls import Call
from chassis.database import database_url, make_engine
from chassis.ids import uuid7
from chassis.migrations import migrate
from chassis.outbox import outgoing
from chassis.rpc import RpcClient
from chassis.settings import Configured, Settings
from chassis.store import Store
from chassis.vault import Vault, VaultProvider
from contracts.envelope import RESIDENT, SYSTEM, Actor, CloudEvent, EventData, Message

MONDAY_MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday 23 November 2026, 09:00 in Banjarmasin."""


class StoppedClock:
    """Moves only when a test moves it."""

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now

    def move(self, **delta: float) -> None:
        self._now += timedelta(**delta)


class RecordedRpc:
    """Answers for the other services; `replies` maps a message type to a function of it."""

    def __init__(self) -> None:
        self.replies: dict[type[Message], Callable[[Any], Any]] = {}
        self.calls: list[tuple[Message, Actor, str | None]] = []

    def call(
        self,
        message: Message,
        actor: Actor = SYSTEM,
        idempotency_key: str | None = None,
        traceparent: str | None = None,
    ) -> Any:
        self.calls.append((message, actor, idempotency_key))
        return self.replies[type(message)](message)


class Bench:
    """One service class on its own migrated SQLite file in `folder`, or on `server` if given."""

    def __init__(self, service: type, folder: Path, server: str | None = None, **env: str) -> None:
        environ = {"SIGAP_HOME": str(folder), **{f"SIGAP_{k.upper()}": v for k, v in env.items()}}
        self.clock = StoppedClock()
        self.rpc = RecordedRpc()
        self.vault = Vault({"k1": b"m" * 32}, b"i" * 32)
        self._class = service
        settings = _settings_model(service).read(environ)
        if server is not None:
            settings = settings.model_copy(update={"database_url": server})
        self.url = database_url(settings, service.name)
        migrate(self.url, migrations_of(service))
        self.store = Store(service.store.metadata)
        self.store.open(make_engine(self.url), self.clock, settings)
        self.service = service()
        self._inject(environ)

    def ask(self, message: Message, actor: Actor = RESIDENT, key: str | None = None) -> Any:
        """The reply to a command or query; raises Refusal."""
        call = Call(message=message.model_dump(mode="json"), actor=actor, key=key or uuid7())
        return getattr(self._class, message.method).unit(self.service, call)

    def tell(
        self,
        data: EventData,
        case: str,
        actor: Actor = SYSTEM,
        id: str | None = None,
        sequence: int = 1,
    ) -> str:
        """Deliver an event; returns "done" or "duplicate"."""
        event = CloudEvent(
            id=id or uuid7(),
            source=f"/services/{data.source}",
            type=data.cloud_event_type(),
            subject=case,
            time=self.clock.now(),
            sequence=str(sequence),
            correlationid=case,
            causationid="test",
            actor=actor.id,
            actorrole=actor.role,
            data=data.model_dump(mode="json"),
        )
        return self.deliver(event, f"on_{data.event}")

    def deliver(self, event: CloudEvent, handler: str) -> str:
        return getattr(self._class, handler).unit(self.service, event)

    def run_job(self, name: str) -> None:
        """Run an `@every` job once; raises what it raises."""
        with self.store.unit(f"job:{name}") as work:
            getattr(self._class, name).__wrapped__(self.service, work)

    def emitted(self, name: str | None = None) -> list[CloudEvent]:
        """The outbox so far, in order; of one event's name if given."""
        outbox = self.store.tables.outbox
        with self.store.reading() as session:
            rows = session.execute(select(outbox).order_by(outbox.c.id)).all()
        messages = [outgoing(self.service.name, row) for row in rows]
        events = [CloudEvent.model_validate_json(message.body) for message in messages]
        return [e for e in events if name is None or e.event_name == name]

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.store.reading() as session:
            yield session

    def close(self) -> None:
        self.store.engine.dispose()

    def _inject(self, environ: dict[str, str]) -> None:
        for name, provider in vars(self._class).items():
            if isinstance(provider, Store):
                setattr(self.service, name, self.store)
            elif isinstance(provider, VaultProvider):
                setattr(self.service, name, self.vault)
            elif isinstance(provider, RpcClient):
                setattr(self.service, name, self.rpc)
            elif isinstance(provider, Configured):
                setattr(self.service, name, provider.model.read(environ))
            elif isinstance(provider, DependencyProvider):
                setattr(self.service, name, self._made(name, provider))

    def _made(self, name: str, provider: DependencyProvider) -> Any:
        """What a service's own kind of dependency is on the bench."""
        raise TypeError(f"the bench has nothing for {name}")


def migrations_of(service: type) -> Path:
    return Path(str(sys.modules[service.__module__].__file__)).parent / "migrations"


def _settings_model(service: type) -> Any:
    chosen = [p.model for p in vars(service).values() if isinstance(p, Configured)]
    return chosen[0] if chosen else Settings
