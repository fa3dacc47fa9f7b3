"""Deadlines that an applicant might dispute, worked out by hand from the calendar on the wall.

Ordinary days: 07:30-12:00, 13:00-16:00, Fridays 07:30-11:30, 13:00-16:30, cut-off 15:00. Ramadan
(19 February to 20 March 2026): 08:00-12:00, 12:30-15:00, Fridays 08:00-11:30, 12:30-15:30, cut-off
14:00. Nothing is worked from 18 to 24 March, on 24 and 25 December 2026, and on 1 and 5 January
2027; October 2026 has no holiday and its 5th is a Monday.
"""

from datetime import datetime, timedelta, timezone

import pytest

from standards.deadline import compute_deadline

WITA = timezone(timedelta(hours=8))


def at(text):
    """A moment in Banjarmasin's time, written without its offset."""
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


# when it is received, the same as a moment, working days, due
CASES = [
    # Around the cut-off, to the minute.
    ("a minute before the cut-off", "2026-10-05T14:59", 1, "2026-10-06T16:00"),
    ("at the cut-off's minute", "2026-10-05T15:00", 1, "2026-10-06T16:00"),
    ("a minute after the cut-off", "2026-10-05T15:01", 1, "2026-10-07T16:00"),
    ("at the cut-off before a Friday", "2026-10-08T15:00", 1, "2026-10-09T16:30"),
    ("after the cut-off before a Friday", "2026-10-08T15:01", 1, "2026-10-12T16:00"),
    ("a minute before Ramadan's cut-off", "2026-03-02T13:59", 1, "2026-03-03T15:00"),
    ("at the minute of Ramadan's cut-off", "2026-03-02T14:00", 1, "2026-03-03T15:00"),
    ("a minute after Ramadan's cut-off", "2026-03-02T14:01", 1, "2026-03-04T15:00"),
    # Around the office's hours, to the minute.
    ("a minute before the opening", "2026-10-05T07:29", 1, "2026-10-06T16:00"),
    ("at the opening", "2026-10-05T07:30", 1, "2026-10-06T16:00"),
    ("in the break", "2026-10-05T12:30", 1, "2026-10-06T16:00"),
    ("at the closing", "2026-10-05T16:00", 1, "2026-10-07T16:00"),
    ("in a day's last minute", "2026-10-05T23:59", 1, "2026-10-07T16:00"),
    ("at midnight, of the day that begins", "2026-10-06T00:00", 1, "2026-10-07T16:00"),
    # Friday afternoon and the weekend.
    ("in Friday's longer break", "2026-10-09T12:15", 1, "2026-10-12T16:00"),
    ("at Friday's cut-off", "2026-10-09T15:00", 1, "2026-10-12T16:00"),
    ("after Friday's cut-off", "2026-10-09T15:01", 1, "2026-10-13T16:00"),
    ("a minute before Friday's close", "2026-10-09T16:29", 3, "2026-10-15T16:00"),
    ("on Friday after Ramadan's cut-off", "2026-03-06T14:01", 1, "2026-03-10T15:00"),
    ("on a Saturday, for 14 days", "2026-10-10T08:00", 14, "2026-10-30T16:30"),
    ("late on a Sunday", "2026-10-11T23:59", 1, "2026-10-13T16:00"),
    # Before joint leave.
    ("at the cut-off before Christmas leave", "2026-12-23T15:00", 1, "2026-12-28T16:00"),
    ("after the cut-off before that leave", "2026-12-23T15:01", 3, "2026-12-31T16:00"),
    ("at the cut-off before Ascension", "2026-05-13T15:00", 3, "2026-05-20T16:00"),
    ("after the cut-off before Ascension", "2026-05-13T15:01", 1, "2026-05-19T16:00"),
    ("on a day of joint leave", "2026-05-15T09:00", 3, "2026-05-21T16:00"),
    ("after the cut-off before Idul Adha", "2026-05-26T15:01", 1, "2026-06-02T16:00"),
    ("before Imlek, into Ramadan", "2026-02-13T15:00", 3, "2026-02-20T15:30"),
    # Nyepi and Idulfitri 2026.
    ("the last that is in time before Idulfitri", "2026-03-17T14:00", 3, "2026-03-27T16:30"),
    ("the first that is too late before it", "2026-03-17T14:01", 3, "2026-03-30T16:00"),
    ("too late on the day before the last", "2026-03-16T14:01", 1, "2026-03-25T16:00"),
    ("on the first day off", "2026-03-18T08:00", 1, "2026-03-26T16:00"),
    ("in the last minute of the days off", "2026-03-24T23:59", 1, "2026-03-26T16:00"),
    ("three days, two before and one after", "2026-03-13T10:00", 3, "2026-03-25T16:00"),
    ("14 days across Idulfitri and Good Friday", "2026-03-09T10:00", 14, "2026-04-06T16:00"),
    # The year's end.
    ("after the cut-off on 30 December", "2026-12-30T15:01", 1, "2027-01-04T16:00"),
    ("at the year's last cut-off", "2026-12-31T15:00", 3, "2027-01-07T16:00"),
    ("14 days from before Christmas", "2026-12-23T15:00", 14, "2027-01-18T16:00"),
    # The leap day.
    ("14 days from the leap day", "2028-02-29T15:00", 14, "2028-03-20T16:00"),
]


@pytest.mark.parametrize(
    ("received", "working_days", "due"), [pytest.param(*case, id=told) for told, *case in CASES]
)
def test_what_is_received(calendar, received, working_days, due):
    """Every case is due at the minute that was worked out by hand."""
    assert compute_deadline(at(received), working_days, calendar).due == at(due)
