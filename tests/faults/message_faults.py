"""Messages that come again, in the wrong order, or spoilt."""

import json
import signal
import uuid
from collections.abc import Callable
from typing import Any

import eventlet

from chassis.topology import event_queue, observer_queue
from contracts.catalogue import OBSERVERS, subscriptions
from tests.faults.fault import Arena, NotNow
from tests.faults.stream import Copy, publish, read_stream
from tests.faults.tally import POISON


class Republished:
    """A fifth of what was published since the last time is published again."""

    name = "20% republished"
    lane = "messages"
    share = 0.2

    def inject(self, arena: Arena) -> None:
        with arena.system.connection() as connection:
            copies, following = read_stream(connection, arena.offsets[self.name])
            chosen = [each for each in copies if arena.dice.random() < self.share]
            if not chosen:
                raise NotNow("nothing was published yet")
            arena.count("messages republished", publish(connection, chosen))
            arena.offsets[self.name] = following

    def heal(self, arena: Arena) -> None:
        """Inboxes drop what they have seen."""


class StreamReplayed:
    """All that the audit stream holds, published again to where it came from, twice."""

    name = "stream replayed twice"
    lane = "messages"

    def inject(self, arena: Arena) -> None:
        with arena.system.connection() as connection:
            held, _ = read_stream(connection)
            copies = dict.fromkeys(held)  # else each replay would make the next one three times it
            for _ in range(2):
                arena.count("messages republished", publish(connection, copies))

    def heal(self, arena: Arena) -> None:
        """Inboxes drop what they have seen."""


def refill(arena: Arena) -> None:
    """Put into each queue that was deleted what the stream holds of its kind, and the poison that
    went with it: that was put into the queue alone."""
    buried = {(service, message_id) for service, message_id, _ in arena.system.dead_letters()}
    gone = [copy for which, copy in arena.poison.items() if which not in buried]
    with arena.system.connection() as connection:
        copies = dict.fromkeys(read_stream(connection)[0])
        for queue, bound in arena.emptied.items():
            held = [
                Copy("", queue, each.message_id, each.body)
                for each in copies
                if (each.exchange, each.routing_key) == bound
            ]
            held += [copy for copy in gone if copy.routing_key == queue]
            arena.count("messages put back", publish(connection, held))


class Reversed:
    """A consumer is frozen for a moment, and what waits for it turned round: new to it, too.

    Not audit's: its queue is given to one consumer alone, and to no other hand.
    """

    name = "order reversed"
    lane = "messages"
    seconds = 3.0

    def inject(self, arena: Arena) -> None:
        system = arena.system
        service = arena.dice.choice(("gateway", "tally", "verification", "documents"))
        if service not in system.ready_ones():
            raise NotNow(f"{service} is not ready")
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
    share = 0.01

    def inject(self, arena: Arena) -> None:
        with arena.system.connection() as connection:
            copies, following = read_stream(connection, arena.offsets[self.name])
        arena.offsets[self.name] = following
        kinds = (no_json, wrong_schema, new_version, raising)
        for number in range(max(len(kinds), int(len(copies) * self.share))):
            _inject(arena, kinds[number % len(kinds)])

    def heal(self, arena: Arena) -> None:
        """They lie in the dead letters."""


class KillingPoison:
    """A message at which its worker dies each time; it must not go on for ever."""

    name = "poison that kills"
    lane = "messages"

    def inject(self, arena: Arena) -> None:
        _inject(arena, killing)

    def heal(self, arena: Arena) -> None:
        """It lies in the dead letters after some deaths."""


def _inject(arena: Arena, make: Callable[[Arena], tuple[str, Copy]]) -> None:
    """Another lane's fault may have taken the broker away: again until it has confirmed."""
    service, copy = make(arena)
    arena.poison[service, copy.message_id] = copy
    arena.count(f"poison: {make.__name__.replace('_', ' ')}")
    while True:
        try:
            with arena.system.connection() as connection:
                publish(connection, [copy])
                return
        except Exception:
            eventlet.sleep(1)


def no_json(arena: Arena) -> tuple[str, Copy]:
    """No JSON."""
    service, queue = _any_queue(arena)
    return service, Copy("", queue, str(uuid.uuid4()), b"\x00 no json")


def wrong_schema(arena: Arena) -> tuple[str, Copy]:
    """Wrong schema."""
    service, queue = _any_queue(arena)
    return service, Copy("", queue, str(uuid.uuid4()), b'{"specversion": "1.0", "id": 1}')


def new_version(arena: Arena) -> tuple[str, Copy]:
    """Unknown version."""
    source, event, service = arena.dice.choice(sorted(subscriptions()))
    queue = event_queue(source, event, service).name
    return service, _event(queue, f"/services/{source}", f"sigap.{event}.v99")


def raising(arena: Arena) -> tuple[str, Copy]:
    """Always raises."""
    return "tally", _event(observer_queue("tally").name, "/services/intake", "sigap.poison.v1")


def killing(arena: Arena) -> tuple[str, Copy]:
    """Kills the worker."""
    queue = observer_queue("tally").name
    return "tally", _event(queue, "/services/intake", "sigap.poison.v1", does="kills")


def _event(queue: str, source: str, kind: str, does: str = "raises") -> Copy:
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
        "data": {"does": does},
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
