from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from standards.calendar import DayKind, NotAWorkingDay, WorkCalendar
from standards.office import InvalidOfficeData
from tests.unit.standards.office_minutes import office_minutes_between

WITA = timezone(timedelta(hours=8))

# The three ministers' decree for 2026: 17 national holidays, 8 days of joint leave.
NATIONAL_HOLIDAYS_2026 = {
    *(date(2026, 1, day) for day in (1, 16)),
    date(2026, 2, 17),
    *(date(2026, 3, day) for day in (19, 21, 22)),
    *(date(2026, 4, day) for day in (3, 5)),
    *(date(2026, 5, day) for day in (1, 14, 27, 31)),
    *(date(2026, 6, day) for day in (1, 16)),
    *(date(2026, 8, day) for day in (17, 25)),
    date(2026, 12, 25),
}
JOINT_LEAVE_2026 = {
    date(2026, 2, 16),
    *(date(2026, 3, day) for day in (18, 20, 23, 24)),
    *(date(2026, 5, day) for day in (15, 28)),
    date(2026, 12, 24),
}
YEAR_2026 = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(365)]


@pytest.fixture
def overridden(tmp_path):
    """Builds the calendar with an override file of the given text."""

    def build(text):
        path = tmp_path / "override.toml"
        path.write_text(text, encoding="utf-8")
        return WorkCalendar.load(path)

    return build


def days_of(calendar, kind):
    """The days of 2026 of that kind."""
    return {day for day in YEAR_2026 if calendar.day(day).kind is kind}


def test_2026_has_the_decreed_holidays_and_no_others(calendar):
    """Exactly 17 national holidays, weekends included."""
    assert len(NATIONAL_HOLIDAYS_2026) == 17
    assert days_of(calendar, DayKind.NATIONAL_HOLIDAY) == NATIONAL_HOLIDAYS_2026


def test_2026_has_the_decreed_joint_leave_and_no_more(calendar):
    """Exactly 8 days of joint leave, told apart from the national holidays."""
    assert len(JOINT_LEAVE_2026) == 8
    assert days_of(calendar, DayKind.JOINT_LEAVE) == JOINT_LEAVE_2026


def test_every_other_weekday_of_2026_is_worked(calendar):
    """261 weekdays less 13 holidays and 8 days of joint leave on weekdays."""
    working = [day for day in YEAR_2026 if calendar.is_working(day)]
    weekdays = [day for day in YEAR_2026 if day.weekday() < 5]

    assert len(weekdays) == 261
    assert len(working) == 261 - 13 - 8
    assert {calendar.day(day).kind for day in working} == {DayKind.WORKING}


def test_days_are_named_in_both_languages(calendar):
    """A holiday, joint leave, a weekend day and a working day say what they are."""
    names = [
        (info.name_id, info.name_en)
        for info in map(calendar.day, (date(2026, 3, day) for day in (19, 20, 28, 30)))
    ]

    assert names == [
        ("Hari Suci Nyepi", "Day of Silence"),
        ("Cuti Bersama Hari Raya Idul Fitri", "Eid al-Fitr Joint Leave"),
        ("Sabtu", "Saturday"),
        ("Senin", "Monday"),
    ]


@pytest.mark.parametrize(("monday", "minutes"), [("2026-11-09", 2250), ("2026-03-02", 1950)])
def test_a_week_has_the_hours_of_the_regulation(calendar, monday, minutes):
    """37.5 hours in an ordinary week, 32.5 in Ramadan (Perpres 21/2023 art. 4)."""
    start = datetime.fromisoformat(monday).replace(tzinfo=WITA)

    assert office_minutes_between(start, start + timedelta(days=7), calendar) == minutes


@pytest.mark.parametrize(
    ("day", "opening", "cutoff", "closing"),
    [
        (date(2026, 11, 9), "07:30", "15:00", "16:00"),
        (date(2026, 11, 13), "07:30", "15:00", "16:30"),
        (date(2026, 2, 18), "07:30", "15:00", "16:00"),
        (date(2026, 2, 19), "08:00", "14:00", "15:00"),
        (date(2026, 2, 20), "08:00", "14:00", "15:30"),
        (date(2026, 3, 17), "08:00", "14:00", "15:00"),
        (date(2026, 3, 25), "07:30", "15:00", "16:00"),
    ],
)
def test_the_office_opens_and_closes_by_day_and_season(calendar, day, opening, cutoff, closing):
    """Opening, cut-off and closing carry the office's offset; Ramadan has its own."""
    assert calendar.opening(day).isoformat() == f"{day}T{opening}:00+08:00"
    assert calendar.cutoff(day).isoformat() == f"{day}T{cutoff}:00+08:00"
    assert calendar.closing(day).isoformat() == f"{day}T{closing}:00+08:00"


def test_a_day_without_work_has_no_hours(calendar):
    """On a Sunday there are no hours, no sessions, and no opening to ask for."""
    sunday = date(2026, 11, 15)

    assert calendar.hours(sunday) is None
    assert calendar.sessions(sunday) == ()
    with pytest.raises(NotAWorkingDay):
        calendar.opening(sunday)
    with pytest.raises(NotAWorkingDay):
        calendar.closing(sunday)


def test_the_next_working_day_skips_what_is_not_worked(calendar):
    """After 17 March 2026 comes 25 March; after a Monday comes the Tuesday."""
    assert calendar.next_working_day(date(2026, 3, 17)) == date(2026, 3, 25)
    assert calendar.next_working_day(date(2026, 11, 9)) == date(2026, 11, 10)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-09T07:30", "2026-11-09T16:00", 450),
        ("2026-11-09T11:30", "2026-11-09T13:30", 60),
        ("2026-11-09T12:00", "2026-11-09T13:00", 0),
        ("2026-11-09T00:00", "2026-11-09T07:30", 0),
        ("2026-11-09T15:00", "2026-11-10T08:30", 120),
        ("2026-11-13T11:00", "2026-11-16T08:00", 270),
        ("2026-12-23T15:00", "2026-12-28T08:00", 90),
        ("2026-11-09T09:00:40", "2026-11-09T09:02:20", 1),
        ("2026-11-09T10:00", "2026-11-09T09:00", 0),
    ],
)
def test_working_minutes_leave_out_breaks_nights_and_days_off(calendar, start, end, minutes):
    """Worked out by hand, in whole minutes; nothing passes backwards."""
    first, last = (datetime.fromisoformat(text).replace(tzinfo=WITA) for text in (start, end))

    assert office_minutes_between(first, last, calendar) == minutes


def test_moments_of_any_zone_are_understood_and_naive_ones_refused(calendar):
    """08:00 in UTC is 16:00 at the office; a time without a zone is nobody's."""
    assert calendar.local(datetime(2026, 11, 9, 8, 0, tzinfo=UTC)).hour == 16
    with pytest.raises(ValueError, match="time zone"):
        calendar.local(datetime(2026, 11, 9, 8, 0))  # noqa: DTZ001 - the refused case itself


def test_a_moment_is_not_taken_for_a_day(calendar):
    """A datetime would silently match no holiday, so it is refused."""
    with pytest.raises(TypeError):
        calendar.day(datetime(2026, 12, 25, 9, 0, tzinfo=WITA))


def test_an_override_adds_holidays(overridden):
    """Closed days win over working days, over a range, with the office's reason."""
    calendar = overridden(
        "[[closed_days]]\ndate = 2026-12-30\nuntil = 2026-12-31\n"
        'reason_id = "Banjir besar"\nreason_en = "Great flood"\n'
    )

    for day in (date(2026, 12, 30), date(2026, 12, 31)):
        info = calendar.day(day)
        assert (info.working, info.kind) == (False, DayKind.OVERRIDE)
        assert (info.name_id, info.name_en) == ("Banjir besar", "Great flood")
    assert calendar.is_working(date(2026, 12, 29))


def test_an_override_takes_holidays_back(overridden):
    """A day of joint leave becomes a working day with the hours of its weekday."""
    calendar = overridden(
        '[[working_days]]\ndate = 2026-12-24\nreason_id = "Tetap buka"\nreason_en = "Open"\n'
    )
    info = calendar.day(date(2026, 12, 24))

    assert (info.working, info.kind, info.name_id) == (True, DayKind.OVERRIDE, "Tetap buka")
    assert calendar.closing(date(2026, 12, 24)).hour == 16


def test_an_override_opens_a_saturday_with_hours_of_its_own(overridden):
    """A weekend day can be worked when the file says from when to when."""
    calendar = overridden(
        '[[working_days]]\ndate = 2026-11-14\nreason_id = "Pengganti"\nreason_en = "Make-up"\n'
        'hours = { opens = "08:00", closes = "12:00", cutoff = "11:00" }\n'
    )

    assert calendar.is_working(date(2026, 11, 14))
    assert calendar.closing(date(2026, 11, 14)).hour == 12


def test_an_override_gives_special_hours_to_working_days_only(overridden):
    """A range of special hours changes its working days and leaves the weekend closed."""
    calendar = overridden(
        "[[special_hours]]\ndate = 2026-11-13\nuntil = 2026-11-16\n"
        'hours = { opens = "09:00", closes = "12:00", cutoff = "11:00" }\n'
        'reason_id = "Acara kota"\nreason_en = "City event"\n'
    )

    assert [calendar.is_working(date(2026, 11, day)) for day in (13, 14, 15, 16)] == [
        True,
        False,
        False,
        True,
    ]
    assert calendar.opening(date(2026, 11, 16)).hour == 9
    assert calendar.day(date(2026, 11, 16)).name_en == "City event"


def test_special_hours_win_over_ramadan(overridden):
    """The override has the last word on hours too."""
    calendar = overridden(
        "[[special_hours]]\ndate = 2026-03-17\n"
        'hours = { opens = "08:00", closes = "11:00", cutoff = "10:00" }\n'
        'reason_id = "Jelang libur"\nreason_en = "Before the holidays"\n'
    )

    assert calendar.closing(date(2026, 3, 17)).hour == 11


def test_special_hours_on_a_day_off_are_refused(overridden):
    """They would open nothing, and whoever wrote them thinks they do."""
    with pytest.raises(InvalidOfficeData, match="2026-11-14"):
        overridden(
            "[[special_hours]]\ndate = 2026-11-14\n"
            'hours = { opens = "08:00", closes = "11:00", cutoff = "10:00" }\n'
            'reason_id = "Sabtu"\nreason_en = "Saturday"\n'
        )


def test_joint_leave_may_be_worked(overridden):
    """An office that works on joint leave says so in one line; national holidays stay."""
    calendar = overridden("joint_leave_stops_clock = false\n")

    assert all(calendar.is_working(day) for day in JOINT_LEAVE_2026)
    assert not any(calendar.is_working(day) for day in NATIONAL_HOLIDAYS_2026)


def test_a_ramadan_of_the_office_s_own_replaces_the_calculated_ones(overridden):
    """The announced first day may differ by a day from the calculation."""
    calendar = overridden("[[ramadan]]\nfrom = 2027-02-09\nuntil = 2027-03-09\n")

    assert calendar.opening(date(2027, 2, 8)).strftime("%H:%M") == "07:30"
    assert calendar.opening(date(2027, 2, 9)).strftime("%H:%M") == "08:00"


def test_one_weekday_s_hours_can_be_replaced(overridden):
    """The other weekdays keep theirs, and a working Saturday may be added."""
    calendar = overridden(
        "[hours]\n"
        'friday = { opens = "08:00", closes = "11:30", cutoff = "11:00" }\n'
        'saturday = { opens = "08:00", closes = "12:00", cutoff = "11:00" }\n'
    )

    assert calendar.closing(date(2026, 11, 13)).strftime("%H:%M") == "11:30"
    assert calendar.closing(date(2026, 11, 12)).strftime("%H:%M") == "16:00"
    assert calendar.is_working(date(2026, 11, 14))
    assert calendar.opening(date(2026, 2, 28)).strftime("%H:%M") == "08:00"
