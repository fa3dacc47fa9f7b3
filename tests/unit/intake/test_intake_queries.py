"""Queries that need no database."""

import pytest

from services.intake.models import find_request, locked_request


class NoDatabase:
    """PostgreSQL refuses the zero byte with an error of its own, so it must never be asked."""

    def __getattr__(self, name):
        raise AssertionError(f"{name} was asked for")


@pytest.mark.parametrize("garbage", ["", "x", "VRF-20261123-0001\x00", "6371034505850003"])
def test_what_cannot_be_a_name_is_not_asked_for(garbage):
    """A name that cannot exist is unknown."""
    assert find_request(NoDatabase(), garbage) is None
    assert locked_request(NoDatabase(), garbage) is None
