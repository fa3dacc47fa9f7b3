"""What each account may do on the broker: write its own exchanges, read its own queues.

The patterns are those of RabbitMQ's permissions: `configure`, `write` and `read` are matched with
names of exchanges and queues, the topic permissions with routing keys on the exchange of commands.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chassis.topology import (
    AUDIT_STREAM,
    REPLAY_EXCHANGE,
    RPC_EXCHANGE,
    Topology,
    command_queue,
    dead_letter_exchange,
    dead_letter_queue,
    event_queue,
    events_exchange,
    observer_queue,
    reply_queue,
    stream_exchange,
)

OPERATOR = "operator"
"""The operators' tools, also as those who ask in `Topology.calls`."""

AUDITOR = "auditor"
"""Reads the audit stream, and nothing else."""

NOTHING = "^$"
_PROCESS = "PROCESS"
_ANY_PROCESS = "[0-9a-f-]{36}"


@dataclass(frozen=True, slots=True)
class Rights:
    """Patterns; an empty exchange name is matched as `amq.default`, so none of these fits it."""

    configure: str = NOTHING
    write: str = NOTHING
    read: str = NOTHING
    send: str = NOTHING
    """Addresses of commands and answers that may be sent."""
    listen: str = NOTHING
    """Addresses that may be bound to a queue of one's own."""


def accounts(topology: Topology) -> dict[str, Rights]:
    """The rights of every service and of the two kinds of people, by account."""
    askers = {asker for asker, _, _ in topology.calls}
    services = sorted({*topology.takers, *askers} - {OPERATOR})
    return {
        **{service: _rights(service, topology) for service in services},
        OPERATOR: _operator(topology),
        AUDITOR: Rights(read=_any_of([AUDIT_STREAM])),
    }


def _rights(service: str, topology: Topology) -> Rights:
    asks = any(asker == service for asker, _, _ in topology.calls)
    replies = [_reply_queue(service)] if asks else []
    return Rights(
        configure=_any_of((), replies),
        write=_any_of(_written(service, topology), replies),
        read=_any_of(_read(service, topology), replies),
        send=_any_of(_commands(service, topology), _answers(service, topology)),
        listen=_any_of((), [_reply_address(service)] if asks else []),
    )


def _operator(topology: Topology) -> Rights:
    """Looks at everybody's dead letters, and sends them back where they failed."""
    replies = [_reply_queue(OPERATOR)]
    dead = [dead_letter_queue(service).name for service in topology.takers]
    return Rights(
        configure=_any_of((), replies),
        write=_any_of([RPC_EXCHANGE.name, REPLAY_EXCHANGE.name], replies),
        read=_any_of([RPC_EXCHANGE.name, *dead], replies),
        send=_any_of(_commands(OPERATOR, topology)),
        listen=_any_of((), [_reply_address(OPERATOR)]),
    )


def _written(service: str, topology: Topology) -> Iterator[str]:
    yield RPC_EXCHANGE.name
    yield dead_letter_exchange(service).name
    if service in topology.publishers:
        yield events_exchange(service).name
    if service in topology.into_stream:
        yield stream_exchange(service).name


def _read(service: str, topology: Topology) -> Iterator[str]:
    if any(asker == service for asker, _, _ in topology.calls):
        yield RPC_EXCHANGE.name  # to bind its reply queue
    if service in topology.publishers:
        yield command_queue(service).name
    if service in topology.observers:
        yield observer_queue(service).name
    for source, event, taker in topology.subscriptions:
        if taker == service:
            yield event_queue(source, event, service).name


def _commands(asker: str, topology: Topology) -> Iterator[str]:
    return (f"{service}.{method}" for who, service, method in topology.calls if who == asker)


def _answers(service: str, topology: Topology) -> Iterator[str]:
    askers = {asker for asker, asked, _ in topology.calls if asked == service}
    return map(_reply_address, sorted(askers))


def _reply_queue(service: str) -> str:
    return _for_any_process(reply_queue(service, _PROCESS).name)


def _reply_address(service: str) -> str:
    return _for_any_process(reply_queue(service, _PROCESS).routing_key)


def _for_any_process(name: str) -> str:
    return _literally(name).replace(_PROCESS, _ANY_PROCESS)


def _literally(name: str) -> str:
    return re.escape(name).replace(r"\-", "-")


def _any_of(names: Iterable[str], patterns: Iterable[str] = ()) -> str:
    """Exactly one of these; of none of them, nothing."""
    choices = [*map(_literally, sorted(names)), *patterns]
    return f"^({'|'.join(choices)})$" if choices else NOTHING
