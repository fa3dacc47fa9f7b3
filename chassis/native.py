"""Native work in a real thread, so that the green ones go on, and behind them in priority."""

import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from eventlet import tpool

NICENESS = 10
"""Whoever waits at the counter goes before a letter that is being drawn."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


def aside(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """What `work` returns or raises. It must not touch green threads, sessions or channels."""
    result: Result = tpool.execute(_politely, work, args, kwargs)
    return result


def _politely(
    work: Callable[..., Result], args: tuple[object, ...], kwargs: dict[str, object]
) -> Result:
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)  # 0 is this thread alone, on Linux
    return work(*args, **kwargs)
