"""Named points at which a process dies on demand."""

import pytest

from chassis.kill_points import KILLED, POINTS, VARIABLE, armed

DEMO = {"SIGAP_DEMO": "1"}


def test_a_process_dies_when_it_comes_to_its_point_for_the_nth_time():
    """Not before, and not at another point."""
    deaths: list[int] = []
    reached = armed({**DEMO, VARIABLE: "before_ack:2"}, deaths.append)
    for point in ("before_ack", "after_ack", "before_commit"):
        reached(point)
    assert deaths == []
    reached("before_ack")
    assert deaths == [KILLED]


@pytest.mark.parametrize("environ", [DEMO, {VARIABLE: "before_ack:1"}])
def test_nobody_dies_outside_a_demo_or_without_a_point(environ):
    """A variable that is left over in production does nothing."""
    deaths: list[int] = []
    reached = armed(environ, deaths.append)
    for point in POINTS:
        reached(point)
    assert deaths == []


def test_a_point_that_does_not_exist_is_refused():
    """A misspelt point would prove nothing."""
    with pytest.raises(ValueError, match="names no point"):
        armed({**DEMO, VARIABLE: "before_akc:1"})
