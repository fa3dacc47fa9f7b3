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


class KillPoints:
    """Called with a point's name whenever it is reached; `die` ends the process.

    Raises ValueError for a point that does not exist or a count that is none.
    """

    def __init__(self, environ: Mapping[str, str], die: Callable[[int], None] = os._exit) -> None:
        self._allowed = environ.get("SIGAP_DEMO") == "1"
        self._die = die
        self._point = ""
        self._left = 0
        self.arm(environ.get(VARIABLE, ""))

    def arm(self, told: str) -> None:
        """From now on, die as `<name>:<nth>` says; an empty text means to live on."""
        point, _, nth = told.partition(":")
        if not self._allowed:
            return
        if point and point not in POINTS:
            raise ValueError(f"{VARIABLE} names no point of {', '.join(POINTS)}")
        self._point, self._left = point, int(nth or 1)

    def __call__(self, point: str) -> None:
        if point == self._point:
            self._left -= 1
            if self._left == 0:
                self._die(KILLED)


reached = KillPoints(os.environ)
