"""Native work aside: other green threads go on, and it steps back in priority."""

import os

import eventlet
import pytest
from eventlet import patcher

from chassis.native import NICENESS, aside


def test_green_threads_go_on_meanwhile():
    """The work ends only after a green thread has run; on the loop itself it never would."""
    ticked = patcher.original("threading").Event()
    eventlet.spawn(ticked.set)
    assert aside(ticked.wait, 10)


def test_it_steps_back_in_priority():
    """In its own thread only: the process keeps what it has."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    assert aside(os.getpriority, os.PRIO_PROCESS, 0) == NICENESS
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_what_it_raises_arrives():
    """As if it had been called here."""
    with pytest.raises(ZeroDivisionError):
        aside(divmod, 1, 0)
