"""Steps, reminders and quiet hours, worked out by hand.

5 October 2026 is a Monday without a holiday near it; nothing is worked from 18 to 24 March and on
24 and 25 December 2026.
"""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standards.calendar import WorkCalendar
from standards.catalogue import StepTime, load
from standards.clock import (
    minutes_taken,
    next_office_moment,
    office_minutes_after,
    office_minutes_before,
    step_due,
)
from standards.deadline import Pause, compute_deadline
from tests.unit.standards.office_minutes import office_minutes_between

WITA = timezone(timedelta(hours=8))
CALENDAR = WorkCalendar.load()

moments = st.datetimes(
    datetime.fromisoformat("2025-12-01"),
    datetime.fromisoformat("2027-03-31"),
    timezones=st.just(WITA),
)
# On a busy machine the first look at a year's holidays takes longer than hypothesis allows.
unhurried = settings(deadline=None)


def at(text):
    """A moment in Banjarmasin's time, written without its offset."""
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def a_step(**time):
    """A step of that time."""
    return StepTime("check", "complaint_officer", "cek", "check", 0, "division_head", **time)


MINUTES_BEFORE = [
    ("2026-10-06T16:00", 120, "2026-10-06T14:00"),
    ("2026-10-06T16:00", 180, "2026-10-06T13:00"),
    ("2026-10-06T16:00", 181, "2026-10-06T11:59"),
    ("2026-10-06T16:00", 450, "2026-10-06T07:30"),
    ("2026-10-06T16:00", 451, "2026-10-05T15:59"),
    ("2026-10-06T08:00", 60, "2026-10-05T15:30"),
    ("2026-10-06T12:30", 30, "2026-10-06T11:30"),
    ("2026-10-06T12:30:30", 0, "2026-10-06T12:30:30"),
    ("2026-10-06T10:00:30", 60, "2026-10-06T09:00:30"),
    ("2026-10-12T08:00", 60, "2026-10-09T16:00"),
    ("2026-10-11T10:00", 60, "2026-10-09T15:30"),
    ("2026-10-09T16:30", 300, "2026-10-09T10:00"),
    ("2026-12-28T08:00", 60, "2026-12-23T15:30"),
    ("2026-03-25T16:00", 480, "2026-03-17T14:30"),
]


@pytest.mark.parametrize(("end", "minutes", "moment"), MINUTES_BEFORE)
def test_a_reminder_comes_so_many_office_minutes_before(end, minutes, moment):
    """Breaks, nights and days off do not eat up the time that is left."""
    assert office_minutes_before(at(end), minutes, CALENDAR) == at(moment)


@unhurried
@given(moments, st.integers(1, 3_000))
def test_it_is_the_latest_moment_that_leaves_them(end, minutes):
    """From then on just so many minutes remain, an instant later fewer; waiting leads back."""
    moment = office_minutes_before(end, minutes, CALENDAR)

    assert office_minutes_between(moment, end, CALENDAR) == minutes
    assert office_minutes_between(moment + timedelta.resolution, end, CALENDAR) < minutes
    assert office_minutes_after(moment, minutes, CALENDAR) <= end


def test_a_reminder_refuses_what_cannot_be_meant():
    """Minutes after the end, and a time that could be anyone's."""
    with pytest.raises(ValueError, match="negative"):
        office_minutes_before(at("2026-10-05T09:00"), -1, CALENDAR)
    with pytest.raises(ValueError, match="time zone"):
        office_minutes_before(datetime(2026, 10, 5, 9, 0), 1, CALENDAR)  # noqa: DTZ001 - refused


OFFICE_MOMENTS = [
    ("2026-10-05T07:29:59", "2026-10-05T07:30"),
    ("2026-10-05T07:30", "2026-10-05T07:30"),
    ("2026-10-05T11:59:59", "2026-10-05T11:59:59"),
    ("2026-10-05T12:00", "2026-10-05T13:00"),
    ("2026-10-05T12:59", "2026-10-05T13:00"),
    ("2026-10-05T13:00", "2026-10-05T13:00"),
    ("2026-10-05T15:59", "2026-10-05T15:59"),
    ("2026-10-05T16:00", "2026-10-06T07:30"),
    ("2026-10-05T22:00", "2026-10-06T07:30"),
    ("2026-10-09T16:00", "2026-10-09T16:00"),
    ("2026-10-09T16:30", "2026-10-12T07:30"),
    ("2026-03-17T15:00", "2026-03-25T07:30"),
    ("2026-03-16T16:00", "2026-03-17T08:00"),
]


@pytest.mark.parametrize(("moment", "told"), OFFICE_MOMENTS)
def test_quiet_hours_end_when_the_office_works(moment, told):
    """In a stretch of work there is nothing to wait for; its end belongs to the quiet."""
    assert next_office_moment(at(moment), CALENDAR) == at(told)


def test_quiet_hours_are_the_office_s_whatever_the_zone():
    """08:00 in UTC is the close of the day; what comes out has the office's offset."""
    told = next_office_moment(datetime(2026, 10, 5, 8, 0, tzinfo=UTC), CALENDAR)

    assert told.isoformat() == "2026-10-06T07:30:00+08:00"


@unhurried
@given(moments)
def test_no_office_time_passes_in_quiet_hours(moment):
    """The wait is never backwards, ends within a stretch of work, and costs nobody a minute."""
    told = next_office_moment(moment, CALENDAR)

    assert told >= moment
    assert any(starts <= told < ends for starts, ends in CALENDAR.sessions(told.date()))
    assert office_minutes_between(moment, told, CALENDAR) == 0
    assert next_office_moment(told, CALENDAR) == told


STEPS = [
    ({"office_minutes": 60}, "2026-10-05T11:30", "2026-10-05T13:30"),
    ({"office_minutes": 60}, "2026-10-05T15:30", "2026-10-06T08:00"),
    ({"office_minutes": 60}, "2026-10-05T20:00", "2026-10-06T08:30"),
    ({"working_days": 1}, "2026-10-05T09:00", "2026-10-06T16:00"),
    ({"working_days": 1}, "2026-10-05T15:01", "2026-10-07T16:00"),
    ({"working_days": 2}, "2026-10-08T09:00", "2026-10-12T16:00"),
    ({"working_days": 1}, "2026-12-23T09:00", "2026-12-28T16:00"),
    ({"working_days": 10}, "2026-10-05T09:00", "2026-10-19T16:00"),
]


@pytest.mark.parametrize(("time", "start", "due"), STEPS)
def test_a_step_is_due_after_its_minutes_or_its_days(time, start, due):
    """Minutes run on at once; days are counted as in a promise."""
    assert step_due(a_step(**time), at(start), CALENDAR) == at(due)


@pytest.mark.parametrize(
    ("standard", "step", "due"),
    [
        ("aid_verification", "identification", "2026-10-05T10:00"),
        ("aid_verification", "visit", "2026-10-05T12:00"),
        ("aid_verification", "delivery", "2026-10-05T11:00"),
        ("data_request", "disposition", "2026-10-06T16:00"),
        ("data_request", "handover", "2026-10-07T16:00"),
        ("complaint", "response", "2026-10-07T16:00"),
        ("complaint", "resolution", "2026-10-19T16:00"),
    ],
)
def test_the_office_s_steps_are_due(standard, step, due):
    """Begun on a Monday at nine."""
    assert step_due(load(standard).step(step), at("2026-10-05T09:00"), CALENDAR) == at(due)


# received, pauses, until, minutes
TAKEN = [
    ("2026-10-05T09:00", [], "2026-10-05T09:00", 0),
    ("2026-10-05T09:00", [], "2026-10-05T08:00", 0),
    ("2026-10-05T09:00", [], "2026-10-05T10:00:59", 60),
    ("2026-10-05T09:00:59", [], "2026-10-05T10:00", 60),
    ("2026-10-05T09:00", [], "2026-10-06T16:00", 810),
    ("2026-10-05T15:01", [], "2026-10-06T08:00", 30),
    ("2026-10-05T15:01", [], "2026-10-05T15:30", 0),
    ("2026-10-09T16:00", [], "2026-10-12T08:00", 30),
    ("2026-12-23T09:00", [], "2026-12-28T08:30", 420),
    ("2026-10-05T09:00", ["2026-10-05T10:00/2026-10-05T14:00"], "2026-10-05T15:00", 120),
    ("2026-10-05T09:00", ["2026-10-05T10:00/"], "2026-10-07T15:00", 60),
    ("2026-10-05T09:00", ["2026-10-05T10:00/"], "2026-10-05T09:30", 30),
    (
        "2026-10-05T09:00",
        ["2026-10-05T10:00/2026-10-05T11:30", "2026-10-05T11:00/2026-10-05T12:00"],
        *("2026-10-05T14:00", 120),
    ),
]


@pytest.mark.parametrize(("received", "pauses", "until", "minutes"), TAKEN)
def test_the_time_taken_is_what_the_clock_ran(received, pauses, until, minutes):
    """From when it counts as received, in office minutes, without the pauses."""
    spans = [text.split("/") for text in pauses]
    stops = [
        Pause(at(start), at(end) if end else None, "request_incomplete") for start, end in spans
    ]
    deadline = compute_deadline(at(received), 3, CALENDAR, stops)

    assert minutes_taken(deadline, at(until), CALENDAR) == minutes


@unhurried
@given(moments, st.integers(0, 20_000), st.integers(0, 20_000), st.integers(0, 20_000))
def test_what_a_pause_took_is_not_taken_by_the_office(received, ahead, length, later):
    """The minutes without the pause are those with it and the office minutes within it."""
    minute = timedelta(minutes=1)
    received = received.replace(second=0, microsecond=0)
    start = received + ahead * minute
    stop = Pause(start, start + length * minute, "complaint_incomplete")
    until = received + later * minute
    plain = compute_deadline(received, 3, CALENDAR)
    lost = office_minutes_between(max(start, plain.starts), min(stop.end, until), CALENDAR)

    total = office_minutes_between(plain.starts, until, CALENDAR)
    assert minutes_taken(plain, until, CALENDAR) == total
    paused = compute_deadline(received, 3, CALENDAR, [stop])
    assert minutes_taken(paused, until, CALENDAR) == total - lost
