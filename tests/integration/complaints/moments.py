"""Moments of the office that the tests speak of."""

from datetime import datetime, timedelta, timezone

OFFICE = timezone(timedelta(hours=8))


def office(day, hour, minute=0, second=0):
    """A moment of November 2026 at the office; day 31 is 1 December, and so on."""
    return datetime(2026, 11, 1, hour, minute, second, tzinfo=OFFICE) + timedelta(days=day - 1)
