"""Deadlines that a pause or the office's own override moves, worked out by hand.

Ordinary days: 07:30-12:00, 13:00-16:00, Fridays 07:30-11:30, 13:00-16:30, cut-off 15:00: 450 office
minutes. Ramadan (19 February to 20 March 2026): 08:00-12:00, 12:30-15:00, Fridays 08:00-11:30,
12:30-15:30, cut-off 14:00: 390 office minutes. Nothing is worked from 18 to 24 March, on 24 and
25 December 2026, and on 1 and 5 January 2027; October 2026 has no holiday and its 5th is a Monday.
"""

from datetime import datetime, timedelta, timezone

import pytest

from standards.calendar import WorkCalendar
from standards.deadline import Pause, compute_deadline

WITA = timezone(timedelta(hours=8))


def at(text):
    """A moment in Banjarmasin's time, written without its offset."""
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def change(kind, first, until=None, hours=None):
    """An entry of the office's override file; hours as opening, closing and cut-off."""
    lines = [f"[[{kind}]]", f"date = {first}", 'reason_id = "Sebab"', 'reason_en = "Cause"']
    if until:
        lines.append(f"until = {until}")
    if hours:
        opens, closes, cutoff = hours.split()
        lines.append(f'hours = {{ opens = "{opens}", closes = "{closes}", cutoff = "{cutoff}" }}')
    return "\n".join(lines) + "\n"


CLOSED_ON_TUESDAY = change("closed_days", "2026-10-06")
HALF_A_MONDAY = change("special_hours", "2026-10-05", hours="07:30 12:00 11:00")
HALF_A_TUESDAY = change("special_hours", "2026-10-06", hours="07:30 12:00 11:00")
OPEN_ON_SATURDAY = change("working_days", "2026-10-10", hours="08:00 12:00 11:00")
# The library only estimates the Idulfitri of 2028.
OPEN_BEFORE_LEAP_DAY = change("working_days", "2028-02-28")


def case(told, received, working_days, due, override="", pauses=""):
    """A row of the table; pauses as start/end, apart by a space, an open one without its end."""
    return pytest.param(received, working_days, due, override, pauses.split(), id=told)


# What is told, received, working days, due (None: the clock stands still), what else there was.
CASES = [
    # Around the cut-off, to the minute.
    case(
        "at a half day's own cut-off",
        "2026-10-05T11:00",
        1,
        "2026-10-06T16:00",
        override=HALF_A_MONDAY,
    ),
    case(
        "after a half day's own cut-off",
        "2026-10-05T11:01",
        1,
        "2026-10-07T16:00",
        override=HALF_A_MONDAY,
    ),
    # Around the office's hours, to the minute.
    case(
        "due at the close of a half day",
        "2026-10-05T09:00",
        1,
        "2026-10-06T12:00",
        override=HALF_A_TUESDAY,
    ),
    # Friday afternoon and the weekend.
    case(
        "before a Saturday that is worked",
        "2026-10-09T10:00",
        1,
        "2026-10-10T12:00",
        override=OPEN_ON_SATURDAY,
    ),
    case(
        "on a Saturday that is worked",
        "2026-10-10T11:00",
        1,
        "2026-10-12T16:00",
        override=OPEN_ON_SATURDAY,
    ),
    case(
        "after that Saturday's cut-off",
        "2026-10-10T11:01",
        1,
        "2026-10-13T16:00",
        override=OPEN_ON_SATURDAY,
    ),
    # Before joint leave.
    case(
        "before joint leave that is worked",
        "2026-12-23T09:00",
        1,
        "2026-12-24T16:00",
        override="joint_leave_stops_clock = false\n",
    ),
    case(
        "after the cut-off before leave taken back",
        "2026-12-23T15:01",
        1,
        "2026-12-28T16:00",
        override=change("working_days", "2026-12-24"),
    ),
    # The year's end.
    case(
        "before a last day that is closed",
        "2026-12-30T10:00",
        1,
        "2027-01-04T16:00",
        override=change("closed_days", "2026-12-31"),
    ),
    # Days that the office adds or takes back afterwards.
    case(
        "a holiday added on the due day",
        "2026-10-05T09:00",
        1,
        "2026-10-07T16:00",
        override=CLOSED_ON_TUESDAY,
    ),
    case(
        "a holiday added on the day of receipt",
        "2026-10-06T09:00",
        1,
        "2026-10-08T16:00",
        override=CLOSED_ON_TUESDAY,
    ),
    case(
        "three days of flood",
        "2026-10-05T09:00",
        3,
        "2026-10-13T16:00",
        override=change("closed_days", "2026-10-06", "2026-10-08"),
    ),
    case(
        "a Saturday closed once more",
        "2026-10-09T10:00",
        1,
        "2026-10-12T16:00",
        override=change("closed_days", "2026-10-10"),
    ),
    case(
        "Independence Day worked after all",
        "2026-08-14T10:00",
        1,
        "2026-08-17T16:00",
        override=change("working_days", "2026-08-17"),
    ),
    # The leap day.
    case(
        "due on the leap day",
        "2028-02-28T09:00",
        1,
        "2028-02-29T16:00",
        override=OPEN_BEFORE_LEAP_DAY,
    ),
    case(
        "due on it after a late Friday",
        "2028-02-25T15:01",
        1,
        "2028-02-29T16:00",
        override=OPEN_BEFORE_LEAP_DAY,
    ),
    case(
        "paused from the leap day to its morrow",
        "2028-02-28T09:00",
        1,
        "2028-03-01T16:00",
        override=OPEN_BEFORE_LEAP_DAY,
        pauses="2028-02-29T10:00/2028-03-01T10:00",
    ),
    # Pauses, over days off and to the minute.
    case(
        "a pause wholly over Christmas costs nothing",
        "2026-12-22T09:00",
        3,
        "2026-12-29T16:00",
        pauses="2026-12-24T10:00/2026-12-28T07:30",
    ),
    case(
        "a pause over Christmas and a working day costs that day",
        "2026-12-22T09:00",
        3,
        "2026-12-30T16:00",
        pauses="2026-12-23T16:00/2026-12-28T16:00",
    ),
    case(
        "a pause over Christmas costs two hours before it and one after",
        "2026-12-22T09:00",
        3,
        "2026-12-30T10:30",
        pauses="2026-12-23T14:00/2026-12-28T08:30",
    ),
    # 180 of Ramadan's 390 minutes were left: 6/13 of 450 are 207.7.
    case(
        "a pause over Idulfitri leaves six thirteenths of a day",
        "2026-03-16T09:00",
        1,
        "2026-03-25T10:58",
        pauses="2026-03-17T11:30/2026-03-25T07:30",
    ),
    # 60 of 390 minutes were left: 2/13 of 450 are 69.2.
    case(
        "a pause over Idulfitri that ends in the morning",
        "2026-03-16T09:00",
        1,
        "2026-03-25T09:40",
        pauses="2026-03-17T14:00/2026-03-25T08:30",
    ),
    case(
        "a pause over the weekend",
        "2026-10-08T09:00",
        1,
        "2026-10-12T10:00",
        pauses="2026-10-09T15:30/2026-10-12T09:00",
    ),
    case(
        "a pause before the weekend and one after it",
        "2026-10-08T09:00",
        1,
        "2026-10-12T09:00",
        pauses="2026-10-09T08:00/2026-10-09T09:00 2026-10-12T08:00/2026-10-12T08:30",
    ),
    case(
        "a pause over a holiday that was added",
        "2026-10-05T09:00",
        1,
        "2026-10-08T09:30",
        override=change("closed_days", "2026-10-07"),
        pauses="2026-10-06T15:00/2026-10-08T08:30",
    ),
    case(
        "a pause in the very last minute",
        "2026-10-05T09:00",
        1,
        "2026-10-07T07:31",
        pauses="2026-10-06T15:59/2026-10-07T07:30",
    ),
    case(
        "a pause from the due minute on changes nothing",
        "2026-10-05T09:00",
        1,
        "2026-10-06T16:00",
        pauses="2026-10-06T16:00/",
    ),
    case(
        "a pause of less than a minute changes nothing",
        "2026-10-05T09:00",
        1,
        "2026-10-06T16:00",
        pauses="2026-10-06T10:00:10/2026-10-06T10:00:50",
    ),
    case("while a pause lasts", "2026-10-05T09:00", 1, None, pauses="2026-10-06T10:00/"),
]


@pytest.mark.parametrize(("received", "working_days", "due", "override", "pauses"), CASES)
def test_what_pauses_and_overrides_move(tmp_path, received, working_days, due, override, pauses):
    """Every case is due at the minute that was worked out by hand."""
    file = tmp_path / "override.toml"
    file.write_text(override, encoding="utf-8")
    spans = [text.split("/") for text in pauses]
    stops = [
        Pause(at(start), at(end) if end else None, "request_incomplete") for start, end in spans
    ]

    deadline = compute_deadline(at(received), working_days, WorkCalendar.load(file), stops)

    assert deadline.due == (at(due) if due else None)
