"""The gateway's application before all the real services: no broker, no waiting, nothing faked.

Commands go to the services' own units of work, and what these publish is delivered at once.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from chassis.outbox import outgoing
from chassis.rpc import RpcClient
from contracts.catalogue import OBSERVERS, SERVICES, SUBSCRIBERS
from contracts.envelope import SYSTEM, Actor, CloudEvent, Message
from ops.registry import service_class
from services.notifications.lanes import Lanes
from tests.integration.gateway.desk import Desk
from tests.support import Bench

_WRITERS = ("documents", "notifications")
_HEARD_BY = {event.event: services for event, services in SUBSCRIBERS.items()}


class Room(Bench):
    """One service; it asks the others through `wires`."""

    def __init__(self, service: type, folder: Path, wires: "Wires") -> None:
        super().__init__(service, folder, demo="true")
        for name, provider in vars(service).items():
            if isinstance(provider, RpcClient):
                setattr(self.service, name, wires)

    def _made(self, name: str, provider: Any) -> Any:
        return Lanes()


class Wires:
    """Takes each message to the service that it is for."""

    def __init__(self) -> None:
        self.rooms: dict[str, Bench] = {}

    def call(
        self,
        message: Message,
        actor: Actor = SYSTEM,
        idempotency_key: str | None = None,
        traceparent: str | None = None,
    ) -> Any:
        return self.rooms[message.service].ask(message, actor, idempotency_key)


class WholeOffice(Desk):
    """The desk with all the services behind it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        wires = Wires()
        for name in SERVICES:
            wires.rooms[name] = Room(service_class(name), folder, wires)
        self.rooms = wires.rooms
        self.rpc.call = wires.call  # type: ignore[method-assign]
        self.papers = True
        self._published = dict.fromkeys(self.rooms, 0)
        self._seen: dict[str, int] = {}
        self._watching = {
            name: sqlite3.connect(folder / f"{name}.sqlite3", isolation_level=None)
            for name in self.rooms
        }

    def spread(self) -> None:
        """Deliver what was published, and what follows from it, until nothing does.

        Without `papers` nobody writes letters or messages about it, which takes most of the time.
        """
        while events := list(self._new_events()):
            for event in events:
                for name, handler in self._hearers(event):
                    room = self.bench if name == "gateway" else self.rooms[name]
                    room.deliver(event, handler)

    def state(self) -> tuple[object, ...]:
        """Is another one after any commit of a service, and after any event at the gateway."""
        versions = [self._version(name) for name in self.rooms]
        with self.bench.session() as session:
            known = session.connection().exec_driver_sql(
                "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM spent), "
                "(SELECT group_concat(stamp) FROM staff)"
            )
            return (*versions, tuple(known.one()))

    def close(self) -> None:
        for connection in self._watching.values():
            connection.close()
        for room in self.rooms.values():
            room.close()
        super().close()

    def _version(self, name: str) -> int:
        return int(self._watching[name].execute("PRAGMA data_version").fetchone()[0])

    def _new_events(self) -> Iterator[CloudEvent]:
        for name, room in self.rooms.items():
            if self._version(name) == self._seen.get(name):
                continue
            self._seen[name] = self._version(name)
            outbox = room.store.tables.outbox
            new = select(outbox).where(outbox.c.id > self._published[name]).order_by(outbox.c.id)
            with room.session() as session:
                rows = session.execute(new).all()
            for row in rows:
                self._published[name] = row.id
                yield CloudEvent.model_validate_json(outgoing(name, row).body)

    def _hearers(self, event: CloudEvent) -> Iterator[tuple[str, str]]:
        for name in OBSERVERS:
            if self.papers or name not in _WRITERS:
                yield name, "on_any_event"
        for name in _HEARD_BY[event.event_name]:
            if self.papers or name not in _WRITERS:
                yield name, f"on_{event.event_name}"
