"""The one place where the tests wait: for a condition, never for a length of time."""

import time
from collections.abc import Callable
from typing import TypeVar

_PAUSE = 0.05  # seconds between two looks

Answer = TypeVar("Answer")


def eventually(condition: Callable[[], Answer], what: str, within: float = 60.0) -> Answer:
    """Return the first true answer of `condition`.

    `what` names the awaited thing in the error, `within` is in seconds. Raises TimeoutError with
    the last answer in it. An exception of `condition` itself is not caught.
    """
    # perf_counter: a test that freezes the wall clock must not freeze this limit.
    deadline = time.perf_counter() + within
    while not (answer := condition()):
        if time.perf_counter() > deadline:
            raise TimeoutError(f"no {what} within {within:g} s; the last answer was {answer!r}")
        time.sleep(_PAUSE)
    return answer
