"""A service's store: its engine, its outbox's relay, its units of work."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from nameko.extensions import DependencyProvider
from sqlalchemy import Engine, MetaData
from sqlalchemy.orm import Session

from chassis.backlog import measure
from chassis.clock import Clock
from chassis.database import database_url, make_engine
from chassis.outbox import RelayLoop
from chassis.seal import seal, unseal
from chassis.settings import Settings
from chassis.tables import MessagingTables, messaging_tables
from chassis.transport import make_relay
from chassis.work import Work
from contracts.envelope import SYSTEM, Actor


class Store(DependencyProvider):
    """Every service class has one: `store = Store(Base.metadata)`."""

    engine: Engine
    relay: RelayLoop

    def __init__(self, metadata: MetaData) -> None:
        self.metadata = metadata
        self.tables: MessagingTables = messaging_tables(metadata)

    def setup(self) -> None:
        config = self.container.config
        settings: Settings = config["settings"]
        service = self.container.service_name
        self.open(make_engine(database_url(settings, service)), config["clock"], settings)
        relay = make_relay(settings, service, self.engine, self.tables)
        counted = partial(measure, service, self.engine, self.tables, self.clock)
        self.relay = RelayLoop(service, relay, counted)
        self._grace = settings.stop_grace_seconds

    def open(self, engine: Engine, clock: Clock, settings: Settings) -> None:
        """Use this engine and clock; `setup` does it for a running service."""
        self.engine = engine
        self.clock = clock
        self.zone = ZoneInfo(settings.time_zone)
        self._digest_key = settings.secret("rpc")
        self._reply_key = hmac.new(self._digest_key, b"replies", hashlib.sha256).digest()

    def start(self) -> None:
        self.relay.start()

    def stop(self) -> None:
        self.relay.stop(self._grace)
        self.engine.dispose()

    def kill(self) -> None:
        self.engine.dispose()

    def get_dependency(self, worker_ctx: Any) -> "Store":
        return self

    def unit(self, cause: str, actor: Actor = SYSTEM, traceparent: str | None = None) -> Work:
        """A new unit of work, to be used as a context manager."""
        return Work(
            self.engine,
            self.tables,
            now=self.clock.now(),
            local_time=self._local,
            actor=actor,
            cause=cause,
            traceparent=traceparent,
            published=self._wake,
        )

    def digest(self, content: str) -> str:
        """Tells equal contents from others; keyed, because a content may be guessable."""
        return hmac.new(self._digest_key, content.encode(), hashlib.sha256).hexdigest()

    def sealed_reply(self, reply: str, key: str) -> str:
        """What is stored of a command's reply, which may hold anything; `key` is the command's."""
        return seal(self._reply_key, reply.encode(), f"reply:{key}").hex()

    def opened_reply(self, stored: str, key: str) -> str:
        """The reply that was stored under that key. Raises SealBroken."""
        return unseal(self._reply_key, bytes.fromhex(stored), f"reply:{key}").decode()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads: it takes no writer's turn and commits nothing."""
        with Session(self.engine.execution_options(reads_only=True)) as session:
            yield session

    def _local(self, time: datetime) -> datetime:
        return time.astimezone(self.zone)

    def _wake(self) -> None:
        relay = getattr(self, "relay", None)
        if relay is not None:
            relay.wake()
