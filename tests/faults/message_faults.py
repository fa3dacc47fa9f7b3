"""Messages that come again, in the wrong order, or spoilt."""

import json
import signal
import uuid
from typing import Any

import eventlet

from chassis.topology import event_queue, observer_queue
from contracts.catalogue import OBSERVERS, subscriptions
from tests.faults.fault import Arena
from tests.faults.stream import Copy, publish, read_stream
from tests.faults.tally import POISON


class Republished:
    """A fifth of what was published since the last time is published again."""

    name = "20% republished"
    lane = "messages"
    share = 0.2

    def __init__(self) -> None:
        self._offset = 0

    def inject(self, arena: Arena) -> None:
        with arena.system.connection() as connection:
            copies, self._offset = read_stream(connection, self._offset)
            chosen = [each for each in copies if arena.dice.random() < self.share]
            arena.count("messages republished", publish(connection, chosen))

    def heal(self, arena: Arena) -> None:
        """Inboxes drop what they have seen."""


class StreamReplayed:
    """The whole audit stream, published again to where it came from, twice."""

    name = "stream replayed twice"
    lane = "messages"

    def inject(self, arena: Arena) -> None:
        with arena.system.connection() as connection:
            copies, _ = read_stream(connection)
            for _ in range(2):
                arena.count("messages republished", publish(connection, copies))

    def heal(self, arena: Arena) -> None:
        """Inboxes drop what they have seen."""


class Reversed:
    """A consumer is frozen for a moment, and what waits for it turned round: new to it, too."""

    name = "order reversed"
    lane = "messages"
    seconds = 3.0

    def inject(self, arena: Arena) -> None:
        system = arena.system
        service = arena.dice.choice(("gateway", "tally", "audit", "verification", "documents"))
        if service in system.held:
            return
        system.held.add(service)
        system.fleet.signal(service, signal.SIGSTOP)
        try:
            eventlet.sleep(self.seconds)
            turned = [self._turn(arena, queue) for queue in _queues_of(service)]
            arena.count("messages reversed", sum(turned))
        finally:
            system.fleet.signal(service, signal.SIGCONT)
            system.held.discard(service)

    def heal(self, arena: Arena) -> None:
        """Sequences tell the order."""

    def _turn(self, arena: Arena, queue: str) -> int:
        with arena.system.connection() as connection:
            channel = connection.channel()
            waiting: list[Any] = []
            while (message := channel.basic_get(queue)) is not None:
                waiting.append(message)
            copies = [
                Copy("", queue, str(each.properties.get("message_id") or ""), _raw(each.body))
                for each in waiting
            ]
            publish(connection, reversed(copies))
            for each in waiting:
                channel.basic_ack(each.delivery_tag)
            return len(copies)


class Poison:
    """Messages that no service can handle; each must end in its service's dead letters."""

    name = "poison"
    lane = "messages"

    def __init__(self, share: float = 0.01) -> None:
        self._share = share
        self._offset = 0

    def inject(self, arena: Arena) -> None:
        with arena.system.connection() as connection:
            copies, self._offset = read_stream(connection, self._offset)
        for _ in range(max(4, int(len(copies) * self._share))):
            make = arena.dice.choice((no_json, wrong_schema, new_version, raising))
            service, copy = make(arena)
            arena.poison.append((service, copy.message_id))
            _publish_surely(arena, copy)

    def heal(self, arena: Arena) -> None:
        """They lie in the dead letters."""


def _publish_surely(arena: Arena, copy: Copy) -> None:
    """Another lane's fault may have taken the broker away: again until it has confirmed."""
    for pause in (1, 2, 4, 8, 16, 32):
        try:
            with arena.system.connection() as connection:
                publish(connection, [copy])
                return
        except Exception:
            eventlet.sleep(pause)
    raise TimeoutError("the broker was away for too long")


def no_json(arena: Arena) -> tuple[str, Copy]:
    """Not even readable."""
    service, queue = _any_queue(arena)
    return service, Copy("", queue, str(uuid.uuid4()), b"\x00 no json")


def wrong_schema(arena: Arena) -> tuple[str, Copy]:
    """JSON that is no event."""
    service, queue = _any_queue(arena)
    return service, Copy("", queue, str(uuid.uuid4()), b'{"specversion": "1.0", "id": 1}')


def new_version(arena: Arena) -> tuple[str, Copy]:
    """An event of a version that its handler does not know."""
    source, event, service = arena.dice.choice(sorted(subscriptions()))
    queue = event_queue(source, event, service).name
    return service, _event(queue, f"/services/{source}", f"sigap.{event}.v99")


def raising(arena: Arena) -> tuple[str, Copy]:
    """One at which the handler raises each time."""
    return "tally", _event(observer_queue("tally").name, "/services/intake", "sigap.poison.v1")


def _event(queue: str, source: str, kind: str) -> Copy:
    identity = str(uuid.uuid4())
    event = {
        "specversion": "1.0",
        "id": identity,
        "source": source,
        "type": kind,
        "subject": POISON,
        "time": "2026-11-23T10:00:00+08:00",
        "datacontenttype": "application/json",
        "sequence": "1",
        "correlationid": POISON,
        "causationid": identity,
        "actor": "system",
        "actorrole": "system",
        "data": {"does": "raises"},
    }
    return Copy("", queue, identity, json.dumps(event).encode())


def _any_queue(arena: Arena) -> tuple[str, str]:
    handlers = [(service, event_queue(s, e, service).name) for s, e, service in subscriptions()]
    observers = [(service, observer_queue(service).name) for service in (*OBSERVERS, "tally")]
    chosen: tuple[str, str] = arena.dice.choice(handlers + observers)
    return chosen


def _queues_of(service: str) -> list[str]:
    if service in (*OBSERVERS, "tally"):
        return [observer_queue(service).name]
    return [event_queue(s, e, to).name for s, e, to in subscriptions() if to == service]


def _raw(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)
