"""Named points at which a process dies on demand."""

import pytest

from chassis.kill_points import KILLED, POINTS, VARIABLE, KillPoints

DEMO = {"SIGAP_DEMO": "1"}


def test_a_process_dies_when_it_comes_to_its_point_for_the_nth_time():
    """Not before, and not at another point."""
    deaths: list[int] = []
    reached = KillPoints({**DEMO, VARIABLE: "before_ack:2"}, deaths.append)
    for point in ("before_ack", "after_ack", "before_commit"):
        reached(point)
    assert deaths == []
    reached("before_ack")
    assert deaths == [KILLED]


@pytest.mark.parametrize("environ", [DEMO, {VARIABLE: "before_ack:1"}])
def test_nobody_dies_outside_a_demo_or_without_a_point(environ):
    """A variable that is left over in production does nothing."""
    deaths: list[int] = []
    reached = KillPoints(environ, deaths.append)
    for point in POINTS:
        reached(point)
    assert deaths == []


def test_a_point_that_does_not_exist_is_refused():
    """A misspelt point would prove nothing."""
    with pytest.raises(ValueError, match="names no point"):
        KillPoints({**DEMO, VARIABLE: "before_akc:1"})


def test_a_running_process_can_be_given_a_point_and_be_spared():
    """The rig need not start a process anew for it."""
    deaths: list[int] = []
    reached = KillPoints(DEMO, deaths.append)
    reached.arm("after_ack:1")
    reached.arm("")
    reached("after_ack")
    assert deaths == []
    reached.arm("after_ack:1")
    reached("after_ack")
    assert deaths == [KILLED]
