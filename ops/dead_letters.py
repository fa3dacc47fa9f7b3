"""Looking at dead letters, sending them back, and throwing them away.

A letter leaves its queue only after the broker holds its copy, or after the ledger's service has
taken note of the discard. Whatever breaks in between leaves it there; the copy is dropped by the
inbox of a service that has handled the message.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from amqp.exceptions import NotFound
from kombu import Connection

from chassis.ids import uuid7
from chassis.publishing import CONNECT_TIMEOUT, BrokerPublisher, Outgoing, Unroutable
from chassis.retry import Unavailable
from chassis.rpc import RpcClient
from chassis.settings import Settings, SettingsError
from chassis.topology import REPLAY_EXCHANGE, Topology, dead_letter_queue
from chassis.transport import broker_url
from contracts.askers import OPERATOR
from contracts.envelope import Actor, Command
from contracts.operations import (
    DeadLetterDiscarded,
    DeadLetterReplayed,
    RecordDiscard,
    RecordReplay,
)
from ops.letters import Letter, read_letter

EMBEDDED = (
    "the embedded system has no queues of dead letters: such a message stays in its outbox, the "
    "log has `dead_letter`, and each start tries it again"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which letters are meant: all that fit what is given."""

    services: tuple[str, ...]
    ids: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    limit: int = 1000

    def fits(self, letter: Letter) -> bool:
        """Whether the letter is meant, by its id and reason."""
        return (not self.ids or letter.id in self.ids) and (
            not self.reasons or letter.reason in self.reasons
        )


class Held:
    """A letter that is held for us; given back when the connection ends, unless it is dropped."""

    def __init__(self, letter: Letter, message: Any) -> None:
        self.letter = letter
        self._message = message

    def drop(self) -> None:
        """Take it out of its queue for good."""
        self._message.channel.basic_ack(self._message.delivery_tag)


@contextmanager
def holding(settings: Settings, topology: Topology, choice: Choice) -> Iterator[list[Held]]:
    """The chosen letters, oldest first within a service.

    While they are held nobody else gets them; then each is back in its place. Raises SettingsError,
    chassis.retry.Unavailable.
    """
    if settings.amqp_url is None:
        raise SettingsError(EMBEDDED)
    connection = Connection(broker_url(settings, OPERATOR), connect_timeout=CONNECT_TIMEOUT)
    try:
        connection.connect()
    except connection.connection_errors as error:
        raise Unavailable(f"the broker ({type(error).__name__})") from None
    try:
        channel = connection.channel()
        found: list[Held] = []
        for service in choice.services:
            found += _fitting(channel, service, topology, choice)
        yield found
        channel.close()  # answered when the broker has taken every acknowledgement before it
    finally:
        connection.release()


def waiting(settings: Settings, services: Iterable[str]) -> dict[str, int]:
    """How many dead letters each service has."""
    url = broker_url(settings, OPERATOR)
    with Connection(url, connect_timeout=CONNECT_TIMEOUT) as connection:
        channel = connection.channel()
        return {service: _declared(channel, service) for service in services}


def replay(
    held: Sequence[Held], publisher: BrokerPublisher, rpc: RpcClient, actor: Actor
) -> Iterator[tuple[Letter, str]]:
    """Send each back to the queue in which it failed, under its own id; tells (letter, outcome).

    The outcome is `replayed`, or `no queue`: then it stays. Raises chassis.retry.Unavailable when
    nobody takes note; that letter stays too, with its copy on the way.
    """
    for each in held:
        try:
            publisher.publish([_again(each.letter)])
        except Unroutable:
            yield each.letter, "no queue"
            continue
        record = DeadLetterReplayed(**each.letter.record())
        _note(rpc, RecordReplay(subject=each.letter.subject(), letter=record), actor)
        each.drop()
        yield each.letter, "replayed"


def discard(held: Sequence[Held], rpc: RpcClient, actor: Actor) -> Iterator[tuple[Letter, str]]:
    """Throw each away, once it is noted who did so; tells (letter, `discarded`)."""
    for each in held:
        record = DeadLetterDiscarded(**each.letter.record())
        _note(rpc, RecordDiscard(subject=each.letter.subject(), letter=record), actor)
        each.drop()
        yield each.letter, "discarded"


def _note(rpc: RpcClient, command: Command, actor: Actor) -> None:
    rpc.call(command, actor, idempotency_key=uuid7())


def _again(letter: Letter) -> Outgoing:
    return Outgoing(
        exchange=REPLAY_EXCHANGE.name,
        routing_key=letter.queue,
        body=letter.body,
        message_id=letter.message_id,
        content_type=letter.content_type,
    )


def _fitting(channel: Any, service: str, topology: Topology, choice: Choice) -> list[Held]:
    """All are taken, up to those that lie there now, and up to `limit` that fit are kept.

    All, because what is given back comes behind what was left lying: so their order stays.
    """
    kept: list[Held] = []
    for _ in range(_declared(channel, service)):
        raw = channel.basic_get(dead_letter_queue(service).name)
        if raw is None:
            break
        message = channel.message_to_python(raw)
        letter = read_letter(service, message, topology)
        if choice.fits(letter) and len(kept) < choice.limit:
            kept.append(Held(letter, message))
    return kept


def _declared(channel: Any, service: str) -> int:
    queue = dead_letter_queue(service).name
    try:
        return int(channel.queue_declare(queue, passive=True).message_count)
    except NotFound:
        raise SettingsError(f"the broker has no queue {queue}; was Sigap ever started?") from None
