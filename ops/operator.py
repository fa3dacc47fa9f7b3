"""Asking services from the command line, over the same RPC as the gateway."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import eventlet

from chassis.retry import Unavailable
from chassis.rpc import RpcClient
from chassis.runner import Runner
from chassis.settings import Settings, SettingsError
from contracts.askers import OPERATOR
from contracts.audit import LedgerPage, ReadLedger
from contracts.envelope import USERNAME, Actor, Role
from ops import registry

BROKER_WITHIN = 30.0
"""Seconds that a command waits for the broker; a service waits as long as it takes."""


class Operator:
    """A service without methods: it only asks."""

    name = OPERATOR
    rpc = RpcClient()


def acting(name: str) -> Actor:
    """Who does it, by a user name and not by a person's. Raises SettingsError."""
    if not re.fullmatch(USERNAME, name):
        raise SettingsError("--by takes a user name: 2 to 40 small letters, digits, '_', '.', '-'")
    return Actor(id=name, role=Role.ADMINISTRATOR)


@contextmanager
def asking(settings: Settings, *needed: str) -> Iterator[RpcClient]:
    """A client for the running services; of a stopped embedded system, `needed` are started.

    Raises chassis.retry.Unavailable without a broker.
    """
    helpers = [registry.service_class(name) for name in needed] if settings.embedded else []
    runner = Runner([*helpers, Operator], registry.topology(), settings)
    try:
        _start(runner, None if settings.embedded else BROKER_WITHIN)
        yield next(p for p in runner.containers[-1].dependencies if isinstance(p, RpcClient))
    finally:
        runner.stop()


def _start(runner: Runner, within: float | None) -> None:
    limit = eventlet.Timeout(within)
    try:
        runner.start()
    except eventlet.Timeout as end:
        if end is not limit:
            raise
        raise Unavailable("the broker, or it has no queues of ours yet") from None
    finally:
        limit.cancel()


def ledger_pages(rpc: Any, after: int = 0) -> Iterator[LedgerPage]:
    """The ledger's pages, oldest first, to its end."""
    while True:
        page: LedgerPage = rpc.call(ReadLedger(after=after, limit=1000))
        if not page.entries:
            return
        yield page
        after = page.last
