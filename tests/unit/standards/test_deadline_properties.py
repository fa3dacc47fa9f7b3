from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from standards.calendar import WorkCalendar
from standards.clock import office_minutes_after
from standards.deadline import Deadline, Pause, compute_deadline
from standards.office import DayChange, read_office
from tests.unit.standards.office_minutes import office_minutes_between

WITA = timezone(timedelta(hours=8))
MINUTE = timedelta(minutes=1)
NEVER = datetime.max.replace(tzinfo=WITA)

OFFICE = read_office()
CALENDAR = WorkCalendar(OFFICE)

moments = st.datetimes(
    datetime.fromisoformat("2025-12-01"),
    datetime.fromisoformat("2027-03-31"),
    timezones=st.just(WITA),
)
days = st.dates(date(2025, 12, 1), date(2027, 4, 30))
promises = st.integers(1, 14)

# On a busy machine the first look at a year's holidays takes longer than hypothesis allows.
unhurried = settings(deadline=None)


@st.composite
def received_and_pauses(draw, most=3):
    """A moment of receipt, and pauses after it that may overlap; the last may be open."""
    received = draw(moments)
    pauses = []
    for _ in range(draw(st.integers(0, most))):
        start = received + draw(st.integers(0, 20_000)) * MINUTE
        length = draw(st.none() | st.integers(0, 15_000))
        end = None if length is None else start + length * MINUTE
        pauses.append(Pause(start, end, "clarification_requested"))
    return received, pauses


def closed_on(*closed):
    """The office's calendar with holidays added."""
    changes = {day: DayChange(day, "Libur", "Holiday") for day in closed}
    return WorkCalendar(replace(OFFICE, closed_days=changes))


def due_or_never(deadline: Deadline) -> datetime:
    """The due moment, a paused clock counting as never."""
    return deadline.due or NEVER


def last_date(deadline: Deadline) -> date:
    """The day of the due moment, or of the last step while paused."""
    return deadline.due.date() if deadline.due else deadline.steps[-1].date


@unhurried
@given(received_and_pauses(), promises)
def test_a_deadline_never_lies_before_its_start(case, working_days):
    """Receipt, start and due moment come in that order, and start and due in office hours."""
    received, pauses = case
    deadline = compute_deadline(received, working_days, CALENDAR, pauses)

    assert deadline.received_at <= deadline.starts < due_or_never(deadline)
    assert CALENDAR.is_working(deadline.starts.date())
    assert deadline.due is None or CALENDAR.is_working(deadline.due.date())


@unhurried
@given(received_and_pauses(), promises)
def test_steps_are_contiguous_from_receipt_to_the_end(case, working_days):
    """Every calendar day appears once and in order, and only working days count."""
    received, pauses = case
    deadline = compute_deadline(received, working_days, CALENDAR, pauses)
    first, last = received.date(), last_date(deadline)

    span = (last - first).days + 1
    assert [step.date for step in deadline.steps] == [
        first + timedelta(days=offset) for offset in range(span)
    ]
    assert all(CALENDAR.is_working(step.date) for step in deadline.steps if step.counted)


@unhurried
@given(moments, promises)
def test_as_many_days_count_as_were_promised(received, working_days):
    """Without a pause the counted steps are the promise, and it is due when the last one closes."""
    deadline = compute_deadline(received, working_days, CALENDAR)
    counted = [step.date for step in deadline.steps if step.counted]

    assert len(counted) == working_days
    assert deadline.due == CALENDAR.closing(counted[-1])
    assert deadline.starts.date() < counted[0]


@unhurried
@given(moments, moments, promises)
def test_what_is_received_later_is_not_due_earlier(one, other, working_days):
    """The due moment never moves back as the moment of receipt moves on."""
    earlier, later = sorted((one, other))

    assert due_or_never(compute_deadline(earlier, working_days, CALENDAR)) <= due_or_never(
        compute_deadline(later, working_days, CALENDAR)
    )


@unhurried
@given(received_and_pauses(), st.integers(1, 13))
def test_a_longer_promise_is_due_later(case, working_days):
    """One more working day moves the deadline on, unless the clock stands still."""
    received, pauses = case
    shorter = compute_deadline(received, working_days, CALENDAR, pauses)
    longer = compute_deadline(received, working_days + 1, CALENDAR, pauses)

    assert shorter.due is None or shorter.due < due_or_never(longer)


@unhurried
@given(received_and_pauses(), promises, st.lists(days, min_size=1, max_size=4))
def test_a_holiday_added_never_makes_a_deadline_earlier(case, working_days, closed):
    """Whatever pauses there are, and in Ramadan too, a day off only ever moves it on."""
    received, pauses = case
    before = compute_deadline(received, working_days, CALENDAR, pauses)
    after = compute_deadline(received, working_days, closed_on(*closed), pauses)

    assert due_or_never(before) <= due_or_never(after)


@unhurried
@given(received_and_pauses(), promises)
def test_a_pause_never_makes_a_deadline_earlier(case, working_days):
    """Each pause taken together with the others moves the deadline on or leaves it."""
    received, pauses = case
    deadlines = [
        due_or_never(compute_deadline(received, working_days, CALENDAR, pauses[:count]))
        for count in range(len(pauses) + 1)
    ]

    assert deadlines == sorted(deadlines)


@unhurried
@given(moments, promises, st.integers(1, 14), st.integers(1, 6))
def test_a_pause_of_whole_working_days_costs_as_many(received, working_days, ahead, length):
    """A pause from one opening to a later one moves the deadline by the working days between."""
    plain = compute_deadline(received, working_days, CALENDAR)
    day = plain.starts.date()
    for _ in range(min(ahead, working_days)):
        day = CALENDAR.next_working_day(day)
    resumed = day
    for _ in range(length):
        resumed = CALENDAR.next_working_day(resumed)
    stop = Pause(CALENDAR.opening(day), CALENDAR.opening(resumed), "clarification_requested")

    longer = compute_deadline(received, working_days + length, CALENDAR)
    assert compute_deadline(received, working_days, CALENDAR, [stop]).due == longer.due


@settings(unhurried, max_examples=40)
@given(received_and_pauses(most=2), st.integers(1, 3))
def test_the_clock_agrees_with_counting_minute_by_minute(case, working_days):
    """The due moment is the one a patient clerk finds who ticks off every running minute."""
    received, pauses = case
    deadline = compute_deadline(received, working_days, CALENDAR, pauses)
    minute = deadline.starts.replace(second=0, microsecond=0)
    nominal = compute_deadline(received, working_days, CALENDAR).due
    left = sum(share for _, share in office_minutes(minute, nominal.date()))

    for tick, share in office_minutes(minute, date(2027, 12, 31)):
        if tick.date() > last_date(deadline):
            assert deadline.due is None
            return
        if not any(stands_still(pause, tick) for pause in pauses):
            left -= share
            if left <= 0:
                assert deadline.due == tick + MINUTE
                return
    raise AssertionError("the clerk never came to an end")


def office_minutes(since, last):
    """Each office minute from a moment to the end of a day, with its share of its working day."""
    day = since.date()
    while day <= last:
        sessions = CALENDAR.sessions(day)
        whole = sum((ends - starts) // MINUTE for starts, ends in sessions)
        for starts, ends in sessions:
            for offset in range((ends - starts) // MINUTE):
                if starts + offset * MINUTE >= since:
                    yield starts + offset * MINUTE, Fraction(1, whole)
        day += timedelta(days=1)


def stands_still(pause, tick):
    """Whether a pause covers a minute, seconds dropped at both ends."""
    start = pause.start.replace(second=0, microsecond=0)
    end = pause.end.replace(second=0, microsecond=0) if pause.end else NEVER
    return start <= tick < end


@unhurried
@given(received_and_pauses(), promises)
def test_every_deadline_survives_its_dictionary(case, working_days):
    """No deadline loses anything on its way through an event."""
    received, pauses = case
    deadline = compute_deadline(received, working_days, CALENDAR, pauses)

    assert Deadline.from_dict(deadline.as_dict()) == deadline


@unhurried
@given(moments, st.integers(1, 3_000))
def test_a_step_timer_waits_exactly_its_office_minutes(start, minutes):
    """Between the start and the end of a wait lie just the minutes that were asked for."""
    end = office_minutes_after(start, minutes, CALENDAR)

    assert office_minutes_between(start, end, CALENDAR) == minutes
    assert office_minutes_between(start, end - MINUTE, CALENDAR) == minutes - 1
