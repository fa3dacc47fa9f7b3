"""Identifiers of events and calls."""

import uuid

import time_machine

from chassis.ids import uuid7


def test_it_is_a_version_7_uuid():
    """RFC 9562 fixes the version and the variant bits."""
    for _ in range(200):
        made = uuid.UUID(uuid7())
        assert made.version == 7
        assert made.variant == uuid.RFC_4122


def test_its_text_is_the_canonical_one():
    """Small letters and hyphens, as every other reader writes it."""
    made = uuid7()
    assert str(uuid.UUID(made)) == made


@time_machine.travel(1_795_226_400.5, tick=False)
def test_it_begins_with_the_time_in_milliseconds():
    """48 bits of Unix time: an operator can read from an id when it was made."""
    assert int(uuid7().replace("-", "")[:12], 16) == 1_795_226_400_500


def test_later_ones_sort_behind_earlier_ones():
    """By text too, so that an index on them grows at its end."""
    made = []
    for second in range(5):
        with time_machine.travel(1_795_226_400 + second, tick=False):
            made.append(uuid7())
    assert made == sorted(made)


def test_two_of_one_moment_differ():
    """74 random bits."""
    with time_machine.travel(1_795_226_400, tick=False):
        assert len({uuid7() for _ in range(1000)}) == 1000
