"""A case's status as server-sent events (WHATWG HTML, section 9.2)."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chassis.store import Store
from contracts.envelope import Actor
from gateway.changes import changes
from gateway.status import StatusView, status_of
from gateway.visibility import hidden_from

RETRY_MILLISECONDS = 3000


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds: a comment keeps the connection open, a look finds what another replica stored,
    and after its lifetime a stream ends; the client then goes on from its Last-Event-ID."""

    heartbeat: float = 15.0
    look: float = 1.0
    lifetime: float = 600.0


PACE = Pace()


def events(
    store: Store,
    tracking_number: str,
    actor: Actor,
    last_event_id: str | None,
    pace: Pace = PACE,
    admitted: Callable[[], bool] = lambda: True,
) -> Iterator[bytes]:
    """The status now, unless the client has it, and then whenever it changes.

    An event's id is the status's version, its data the body of `GET /v1/status`. It ends without a
    word when the case turns out to be a complaint about the actor, or when the actor is no longer
    `admitted`, which is asked before anything is sent. No transaction is open while the stream
    waits.
    """
    known = _version(last_event_id)
    ends = time.monotonic() + pace.lifetime
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    while (left := ends - time.monotonic()) > 0:
        waiting = min(pace.heartbeat, left)
        status = wait_for_change(store, tracking_number, known, waiting, look=pace.look)
        # After the status was read: what is shown is never newer than what was asked.
        with store.reading() as session:
            if hidden_from(session, actor, tracking_number):
                return
        if not admitted():
            return
        if status is None:
            yield b": still here\n\n"
        else:
            known = status.version
            yield f"id: {known}\nevent: status\ndata: {status.body}\n\n".encode()


def wait_for_change(
    store: Store, tracking_number: str, known: int, timeout: float, look: float = PACE.look
) -> StatusView | None:
    """The status as soon as its version is not the `known` one, None after `timeout` seconds.

    A change stored in this process ends the wait at once, another replica's within `look` seconds.
    """
    ends = time.monotonic() + timeout
    # Watching begins before the first look, or a change between the two would be missed.
    with changes.watch(tracking_number) as bell:
        while True:
            with store.reading() as session:
                status = status_of(session, tracking_number)
            if status is not None and status.version != known:
                return status
            left = ends - time.monotonic()
            if left <= 0:
                return None
            bell.wait(min(look, left))


def _version(last_event_id: str | None) -> int:
    text = last_event_id or ""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0
