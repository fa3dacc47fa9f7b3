"""Named points at which a process may be told to die, for tests that try what a kill there breaks.

`SIGAP_KILL_POINT=<name>:<nth>` ends the process with `os._exit(137)`, as kill -9 would, when it
comes to that point for the nth time; only with `SIGAP_DEMO=1`. Unset, a point costs one call.
"""

import os
from collections.abc import Callable, Mapping

VARIABLE = "SIGAP_KILL_POINT"
KILLED = 137

POINTS = (
    "before_commit",
    "after_commit",
    "before_publish",
    "after_publish",
    "before_confirm",
    "after_confirm",
    "before_outbox_delete",
    "after_outbox_delete",
    "before_ack",
    "after_ack",
)
"""Commit is a unit of work's. Publish is the sending of a batch, confirm the broker's answers to
it, outbox delete the commit that takes the confirmed rows away; ack is a message's."""

Reached = Callable[[str], None]


def _pass(point: str) -> None:
    """Nobody is to die here."""


def armed(environ: Mapping[str, str], die: Callable[[int], None] = os._exit) -> Reached:
    """What is to be called with a point's name whenever it is reached.

    Raises ValueError for a point that does not exist or a count that is none.
    """
    point, _, nth = environ.get(VARIABLE, "").partition(":")
    if not point or environ.get("SIGAP_DEMO") != "1":
        return _pass
    if point not in POINTS:
        raise ValueError(f"{VARIABLE} names no point of {', '.join(POINTS)}")
    left = int(nth or 1)

    def count(reached_point: str) -> None:
        nonlocal left
        if reached_point == point:
            left -= 1
            if left == 0:
                die(KILLED)

    return count


reached = armed(os.environ)
