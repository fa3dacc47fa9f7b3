"""What each standard promises, worked out by hand; 5 October 2026 is a Monday, without a holiday
in the weeks after it.
"""

from datetime import datetime, timedelta, timezone

import pytest

from standards.catalogue import load
from standards.deadline import compute_deadline

WITA = timezone(timedelta(hours=8))


def at(text):
    """A moment in Banjarmasin's time, written without its offset."""
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


# standard, received, entered, due; all of them promise one length of time only
PROMISES = [
    ("aid_verification", "2026-10-05T09:00", "2026-10-05T09:00", "2026-10-06T16:00"),
    ("aid_verification", "2026-10-09T15:01", "2026-10-09T15:01", "2026-10-13T16:00"),
    ("complaint", "2026-10-05T09:00", "2026-10-05T09:00", "2026-10-08T16:00"),
    ("complaint", "2026-10-05T09:00", "2026-10-06T15:30", "2026-10-08T16:00"),
    ("complaint", "2026-10-09T09:00", "2026-10-12T10:00", "2026-10-14T16:00"),
    ("complaint", "2026-10-10T20:00", "2026-10-12T10:00", "2026-10-15T16:00"),
    ("complaint", "2026-03-17T09:00", "2026-03-25T09:00", "2026-03-27T16:30"),
]


@pytest.mark.parametrize(("standard", "received", "entered", "due"), PROMISES)
def test_a_promise_counts_from_the_receipt_and_not_from_the_entry(
    calendar, standard, received, entered, due
):
    """What lay in the box over a day or a holiday is due as if it had been entered at once."""
    time = load(standard).time
    deadline = compute_deadline(at(received), time.max_working_days, calendar)

    assert time.min_working_days == time.max_working_days
    assert deadline.received_at <= at(entered)
    assert deadline.due == at(due)


# level, data types, working days, due when received on Monday 5 October 2026 at 09:00
COMPLEXITY = [
    ("simple", 1, 3, "2026-10-08T16:00"),
    ("simple", 2, 3, "2026-10-08T16:00"),
    ("simple", 3, 4, "2026-10-09T16:30"),
    ("simple", 13, 14, "2026-10-23T16:30"),
    ("simple", 14, 14, "2026-10-23T16:30"),
    ("moderate", 1, 5, "2026-10-12T16:00"),
    ("moderate", 2, 5, "2026-10-12T16:00"),
    ("moderate", 3, 6, "2026-10-13T16:00"),
    ("moderate", 6, 9, "2026-10-16T16:30"),
    ("complex", 2, 8, "2026-10-15T16:00"),
    ("complex", 3, 9, "2026-10-16T16:30"),
    ("complex", 8, 14, "2026-10-23T16:30"),
    ("complex", 9, 14, "2026-10-23T16:30"),
    ("complex", 100, 14, "2026-10-23T16:30"),
]


@pytest.mark.parametrize(("level", "data_types", "working_days", "due"), COMPLEXITY)
def test_a_data_request_is_due_by_its_complexity(calendar, level, data_types, working_days, due):
    """Three, five or eight days, one more for each type beyond the second, never more than 14."""
    promised = load("data_request").complexity.working_days(level, data_types)

    assert promised == working_days
    assert compute_deadline(at("2026-10-05T09:00"), promised, calendar).due == at(due)
