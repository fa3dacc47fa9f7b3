"""Deadlines worked out by hand with the decree's calendar of 2026 on the table.

Ordinary days: 07:30-12:00, 13:00-16:00, Fridays 07:30-11:30, 13:00-16:30, cut-off 15:00.
Ramadan (19 February to 20 March 2026): 08:00-12:00, 12:30-15:00, Fridays 08:00-11:30, 12:30-15:30,
cut-off 14:00.
"""

from datetime import datetime, timedelta, timezone

import pytest

from standards.clock import office_minutes_after
from standards.deadline import Pause, compute_deadline

WITA = timezone(timedelta(hours=8))


def at(text):
    """A moment in Banjarmasin's time, written without its offset."""
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


# received, working days, counts as received (None: at once), due
DEADLINES = [
    # An ordinary week: Monday 9 November 2026.
    ("2026-11-09T09:00", 1, None, "2026-11-10T16:00"),
    ("2026-11-12T10:00", 1, None, "2026-11-13T16:30"),
    ("2026-11-13T10:00", 1, None, "2026-11-16T16:00"),
    ("2026-11-09T09:00", 3, None, "2026-11-12T16:00"),
    ("2026-11-10T09:00", 3, None, "2026-11-13T16:30"),
    ("2026-11-11T09:00", 3, None, "2026-11-16T16:00"),
    ("2026-11-09T09:00", 14, None, "2026-11-27T16:30"),
    # Around the cut-off, to the minute.
    ("2026-11-09T14:59:59", 1, None, "2026-11-10T16:00"),
    ("2026-11-09T15:00:00", 1, None, "2026-11-10T16:00"),
    ("2026-11-09T15:00:59", 1, None, "2026-11-10T16:00"),
    ("2026-11-09T15:01:00", 1, "2026-11-10T07:30", "2026-11-11T16:00"),
    ("2026-11-09T16:00", 1, "2026-11-10T07:30", "2026-11-11T16:00"),
    ("2026-11-09T23:59:59", 1, "2026-11-10T07:30", "2026-11-11T16:00"),
    # Around the opening, and in the break.
    ("2026-11-10T00:00", 1, "2026-11-10T07:30", "2026-11-11T16:00"),
    ("2026-11-10T07:29:59", 1, "2026-11-10T07:30", "2026-11-11T16:00"),
    ("2026-11-10T07:30", 1, None, "2026-11-11T16:00"),
    ("2026-11-10T12:30", 1, None, "2026-11-11T16:00"),
    # Friday afternoon and the weekend.
    ("2026-11-13T15:00", 1, None, "2026-11-16T16:00"),
    ("2026-11-13T15:01", 1, "2026-11-16T07:30", "2026-11-17T16:00"),
    ("2026-11-13T16:30", 3, "2026-11-16T07:30", "2026-11-19T16:00"),
    ("2026-11-14T09:00", 1, "2026-11-16T07:30", "2026-11-17T16:00"),
    ("2026-11-15T20:00", 1, "2026-11-16T07:30", "2026-11-17T16:00"),
    # Before joint leave: 24 December; 16 February.
    ("2026-12-23T09:00", 1, None, "2026-12-28T16:00"),
    ("2026-12-23T15:01", 1, "2026-12-28T07:30", "2026-12-29T16:00"),
    ("2026-12-22T15:01", 1, "2026-12-23T07:30", "2026-12-28T16:00"),
    ("2026-12-24T10:00", 1, "2026-12-28T07:30", "2026-12-29T16:00"),
    ("2026-02-13T10:00", 1, None, "2026-02-18T16:00"),
    # Into Ramadan and in it.
    ("2026-02-13T15:01", 1, "2026-02-18T07:30", "2026-02-19T15:00"),
    ("2026-02-18T15:00", 1, None, "2026-02-19T15:00"),
    ("2026-02-19T14:00", 1, None, "2026-02-20T15:30"),
    ("2026-02-19T14:01", 1, "2026-02-20T08:00", "2026-02-23T15:00"),
    ("2026-02-19T07:45", 1, "2026-02-19T08:00", "2026-02-20T15:30"),
    # Nyepi and Idulfitri: nothing from 18 to 24 March.
    ("2026-03-16T10:00", 1, None, "2026-03-17T15:00"),
    ("2026-03-17T14:00", 1, None, "2026-03-25T16:00"),
    ("2026-03-17T14:01", 1, "2026-03-25T07:30", "2026-03-26T16:00"),
    ("2026-03-19T12:00", 1, "2026-03-25T07:30", "2026-03-26T16:00"),
    ("2026-03-22T12:00", 3, "2026-03-25T07:30", "2026-03-30T16:00"),
    ("2026-03-17T09:00", 3, None, "2026-03-27T16:30"),
    ("2026-03-11T09:00", 5, None, "2026-03-25T16:00"),
    ("2026-03-16T09:00", 14, None, "2026-04-13T16:00"),
    # The other holidays of the year.
    ("2026-01-15T09:00", 1, None, "2026-01-19T16:00"),
    ("2026-04-02T09:00", 1, None, "2026-04-06T16:00"),
    ("2026-04-30T09:00", 1, None, "2026-05-04T16:00"),
    ("2026-05-13T09:00", 1, None, "2026-05-18T16:00"),
    ("2026-05-26T14:00", 3, None, "2026-06-03T16:00"),
    ("2026-05-29T15:01", 1, "2026-06-02T07:30", "2026-06-03T16:00"),
    ("2026-06-15T10:00", 1, None, "2026-06-17T16:00"),
    ("2026-08-14T10:00", 1, None, "2026-08-18T16:00"),
    ("2026-08-24T10:00", 1, None, "2026-08-26T16:00"),
    ("2026-08-10T10:00", 14, None, "2026-09-01T16:00"),
    # Over the year's end; 1 and 5 January 2027 are holidays.
    ("2025-12-31T09:00", 1, None, "2026-01-02T16:30"),
    ("2026-12-31T10:00", 1, None, "2027-01-04T16:00"),
    ("2026-12-31T15:01", 1, "2027-01-04T07:30", "2027-01-06T16:00"),
    ("2026-12-30T10:00", 3, None, "2027-01-06T16:00"),
    ("2026-12-21T10:00", 14, None, "2027-01-14T16:00"),
    # Leap days.
    ("2024-02-28T09:00", 1, None, "2024-02-29T16:00"),
    ("2024-02-23T09:00", 4, None, "2024-02-29T16:00"),
    ("2028-02-29T10:00", 1, None, "2028-03-01T16:00"),
    ("2028-02-29T15:01", 1, "2028-03-01T07:30", "2028-03-02T16:00"),
    ("2028-02-29T10:00", 3, None, "2028-03-03T16:30"),
]


@pytest.mark.parametrize(("received", "working_days", "starts", "due"), DEADLINES)
def test_a_deadline_is_what_the_calendar_on_the_wall_says(
    calendar, received, working_days, starts, due
):
    """Receipt, start and due moment agree with what was worked out by hand."""
    deadline = compute_deadline(at(received), working_days, calendar)

    assert deadline.received_at == at(received)
    assert deadline.starts == at(starts or received)
    assert deadline.due == at(due)


# received, working days, pauses, due
PAUSED_DEADLINES = [
    # Received Monday, due Tuesday 16:00 if nothing had stopped.
    ("2026-11-09T09:00", 1, ["2026-11-10T10:00/2026-11-10T11:00"], "2026-11-11T08:30"),
    ("2026-11-09T09:00", 1, ["2026-11-10T11:30/2026-11-10T13:30"], "2026-11-11T08:30"),
    ("2026-11-09T09:00", 1, ["2026-11-10T10:00:40/2026-11-10T11:00:20"], "2026-11-11T08:30"),
    ("2026-11-09T09:00", 1, ["2026-11-10T12:00/2026-11-10T13:00"], "2026-11-10T16:00"),
    ("2026-11-09T09:00", 1, ["2026-11-09T16:00/2026-11-10T07:30"], "2026-11-10T16:00"),
    ("2026-11-09T09:00", 1, ["2026-11-10T07:30/2026-11-10T16:00"], "2026-11-11T16:00"),
    ("2026-11-09T09:00", 1, ["2026-11-10T07:30/2026-11-12T16:00"], "2026-11-13T16:30"),
    ("2026-11-09T09:00", 1, ["2026-11-09T10:00/2026-11-09T14:00"], "2026-11-11T10:30"),
    ("2026-11-09T09:00", 1, ["2026-11-10T15:00/2026-11-11T15:00"], "2026-11-11T16:00"),
    ("2026-11-09T09:00", 1, ["2026-11-10T10:00/2026-11-16T10:00"], "2026-11-16T16:00"),
    ("2026-11-09T09:00", 1, ["2026-11-10T10:00/2026-11-13T10:00"], "2026-11-13T16:30"),
    ("2026-11-09T09:00", 1, ["2026-11-10T16:00/2026-11-12T10:00"], "2026-11-10T16:00"),
    # Begun before it was received: what was lost is lost from the receipt on.
    ("2026-11-09T10:00", 1, ["2026-11-09T09:00/2026-11-09T11:00"], "2026-11-11T08:30"),
    # Several, apart and overlapping, in any order.
    (
        "2026-11-09T09:00",
        1,
        ["2026-11-11T08:00/2026-11-11T09:00", "2026-11-10T10:00/2026-11-10T11:00"],
        "2026-11-11T09:30",
    ),
    (
        "2026-11-09T09:00",
        1,
        ["2026-11-10T10:00/2026-11-10T12:00", "2026-11-10T11:00/2026-11-10T14:00"],
        "2026-11-11T10:30",
    ),
    # Begun on the Saturday before the Monday on which it counts as received.
    ("2026-11-13T15:01", 1, ["2026-11-14T10:00/2026-11-16T09:30"], "2026-11-18T09:30"),
    # Over Christmas, and wholly within it.
    ("2026-12-21T09:00", 3, ["2026-12-23T10:00/2026-12-28T10:00"], "2026-12-29T16:00"),
    ("2026-12-21T09:00", 3, ["2026-12-24T09:00/2026-12-27T12:00"], "2026-12-28T16:00"),
    # From a day of 450 minutes into Ramadan's 390: a day for a day, two thirds for two thirds.
    ("2026-02-13T09:00", 1, ["2026-02-18T07:30/2026-02-18T16:00"], "2026-02-19T15:00"),
    ("2026-02-13T09:00", 1, ["2026-02-18T10:00/2026-02-19T10:00"], "2026-02-19T14:50"),
    ("2026-02-13T09:00", 1, ["2026-02-18T10:00/2026-02-18T10:01"], "2026-02-19T08:01"),
]


@pytest.mark.parametrize(("received", "working_days", "pauses", "due"), PAUSED_DEADLINES)
def test_a_pause_moves_the_deadline_by_the_office_time_it_takes(
    calendar, received, working_days, pauses, due
):
    """The due moment after pauses agrees with what was worked out by hand."""
    spans = [tuple(map(at, text.split("/"))) for text in pauses]
    stops = [Pause(start, end, "clarification_requested") for start, end in spans]

    assert compute_deadline(at(received), working_days, calendar, stops).due == at(due)


OFFICE_MINUTES = [
    ("2026-11-09T09:00", 60, "2026-11-09T10:00"),
    ("2026-11-09T09:00:30", 60, "2026-11-09T10:00:30"),
    ("2026-11-09T11:00", 60, "2026-11-09T12:00"),
    ("2026-11-09T11:30", 60, "2026-11-09T13:30"),
    ("2026-11-09T12:15", 60, "2026-11-09T14:00"),
    ("2026-11-09T15:00", 60, "2026-11-09T16:00"),
    ("2026-11-09T15:30", 60, "2026-11-10T08:00"),
    ("2026-11-09T06:00", 60, "2026-11-09T08:30"),
    ("2026-11-09T07:30", 900, "2026-11-10T16:00"),
    ("2026-11-13T16:00", 60, "2026-11-16T08:00"),
    ("2026-11-14T10:00", 60, "2026-11-16T08:30"),
    ("2026-12-23T15:30", 60, "2026-12-28T08:00"),
    ("2026-03-17T14:30", 60, "2026-03-25T08:00"),
    ("2026-11-14T10:00", 0, "2026-11-14T10:00"),
]


@pytest.mark.parametrize(("start", "minutes", "end"), OFFICE_MINUTES)
def test_a_step_timer_runs_in_office_time_only(calendar, start, minutes, end):
    """Breaks, nights, weekends, holidays and joint leave do not shorten a wait."""
    assert office_minutes_after(at(start), minutes, calendar) == at(end)


def test_a_step_timer_refuses_a_negative_wait(calendar):
    """A wait that would lie in the past is a mistake of the caller."""
    with pytest.raises(ValueError, match="negative"):
        office_minutes_after(at("2026-11-09T09:00"), -1, calendar)
