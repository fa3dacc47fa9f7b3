"""Broker and database that die, refuse, or forget their clients."""

import eventlet
from kombu import Queue
from sqlalchemy import create_engine, text

from chassis.topology import command_queue, event_queue, events_exchange
from contracts.catalogue import subscriptions
from tests.faults.fault import Arena
from tests.faults.system import DATABASES


class BrokerRestart:
    """kill -9 of the broker, a moment without it, and a new start."""

    name = "broker kill -9"
    lane = "servers"

    def inject(self, arena: Arena) -> None:
        arena.system.broker.kill()
        eventlet.sleep(arena.dice.uniform(0.5, 3))

    def heal(self, arena: Arena) -> None:
        arena.system.broker.start()


class DatabaseRestart:
    """kill -9 of the database server with all its backends, and a new start."""

    name = "database kill -9"
    lane = "servers"

    def inject(self, arena: Arena) -> None:
        arena.system.postgres.kill()
        eventlet.sleep(arena.dice.uniform(0.5, 3))

    def heal(self, arena: Arena) -> None:
        arena.system.postgres.start()


class MemoryAlarm:
    """The broker takes no message until the alarm is over."""

    name = "memory alarm"
    lane = "servers"
    seconds = 10.0

    def inject(self, arena: Arena) -> None:
        arena.system.broker.ctl("set_vm_memory_high_watermark", "absolute", "1")
        eventlet.sleep(self.seconds)

    def heal(self, arena: Arena) -> None:
        arena.system.broker.ctl("set_vm_memory_high_watermark", "0.6")


class ConnectionsClosed:
    """The management command that closes every connection."""

    name = "connections closed"
    lane = "servers"

    def inject(self, arena: Arena) -> None:
        arena.system.broker.ctl("close_all_connections", "rig")

    def heal(self, arena: Arena) -> None:
        """Clients connect again by themselves."""


class CommandQueueDeleted:
    """A service's queue of commands is deleted with what it held, and declared again.

    Callers of what was lost hear nothing and repeat; consumers are cancelled and come back.
    """

    name = "command queue deleted"
    lane = "servers"

    def __init__(self) -> None:
        self._queue = command_queue("intake")

    def inject(self, arena: Arena) -> None:
        self._queue = command_queue(arena.dice.choice(("intake", "verification", "complaints")))
        with arena.system.connection() as connection:
            self._queue(connection.default_channel).delete()

    def heal(self, arena: Arena) -> None:
        with arena.system.connection() as connection:
            self._queue(connection.default_channel).declare()


class EventQueueDeleted:
    """A handler's queue is deleted with what it held, and declared again.

    What it held is gone: other queues have their copies, so no publisher is told. The remedy is
    the operator's, and the rig's in the end: the audit stream's copies, put into it again.
    """

    name = "event queue deleted"
    lane = "servers"

    def __init__(self) -> None:
        self._queue: Queue | None = None

    def inject(self, arena: Arena) -> None:
        source, event, service = arena.dice.choice(sorted(subscriptions()))
        self._queue = event_queue(source, event, service)
        arena.emptied[self._queue.name] = (events_exchange(source).name, event)
        with arena.system.connection() as connection:
            self._queue(connection.default_channel).delete()

    def heal(self, arena: Arena) -> None:
        if self._queue is None:
            return
        with arena.system.connection() as connection:
            self._queue(connection.default_channel).declare()


class SessionsTerminated:
    """Every session of every service's database is ended by the server."""

    name = "sessions terminated"
    lane = "servers"

    def inject(self, arena: Arena) -> None:
        fleet = arena.system.fleet
        engine = create_engine(f"{fleet.database_url}_{DATABASES[0]}")
        try:
            with engine.connect() as connection:
                prefix = fleet.database_url.rpartition("/")[2]
                ended = text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE starts_with(datname, :prefix) AND pid <> pg_backend_pid()"
                )
                connection.execute(ended, {"prefix": prefix}).all()
        finally:
            engine.dispose()

    def heal(self, arena: Arena) -> None:
        """Pools connect again by themselves."""
