import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from standards.calendar import WorkCalendar
from standards.deadline import Deadline, Pause, StepReason, compute_deadline
from standards.explanation import explain

WITA = timezone(timedelta(hours=8))

BEFORE_CHRISTMAS = datetime(2026, 12, 21, 9, 0, tzinfo=WITA)


def pause(start, end=None, reason="clarification_requested"):
    """A pause in December 2026, bounds as (day, hour)."""
    first, last = (
        datetime(2026, 12, *bound, tzinfo=WITA) if bound else None for bound in (start, end)
    )
    return Pause(first, last, reason)


def reasons(deadline):
    """Day of the month, reason and whether it counts, in order."""
    return [(step.date.day, step.reason.value, step.counted) for step in deadline.steps]


def test_every_day_is_counted_or_skipped_with_its_reason(calendar):
    """From receipt to the due day, working days count and the others say why not."""
    deadline = compute_deadline(BEFORE_CHRISTMAS, 3, calendar)

    assert reasons(deadline) == [
        (21, "received", False),
        (22, "working_day", True),
        (23, "working_day", True),
        (24, "joint_leave", False),
        (25, "national_holiday", False),
        (26, "weekend", False),
        (27, "weekend", False),
        (28, "working_day", True),
    ]


def test_steps_read_in_both_languages(calendar):
    """A holiday and a weekend are named in Indonesian and in English, days are numbered."""
    steps = compute_deadline(BEFORE_CHRISTMAS, 3, calendar).steps
    texts = [(step.text_id, step.text_en) for step in steps]

    assert texts[0] == ("Hari penerimaan, tidak dihitung", "Day of receipt, not counted")
    assert texts[2] == ("Hari kerja ke-2", "Working day 2")
    assert texts[3] == ("Cuti Bersama Hari Raya Natal", "Christmas Joint Leave")
    assert texts[4] == ("Hari libur nasional: Hari Raya Natal", "National holiday: Christmas Day")
    assert texts[5] == ("Akhir pekan: Sabtu", "Weekend: Saturday")


def test_a_request_after_the_cutoff_says_when_it_counts_as_received(calendar):
    """The day of arrival names the cut-off, the next working day the opening hour."""
    received = datetime(2026, 12, 23, 15, 1, tzinfo=WITA)
    deadline = compute_deadline(received, 1, calendar)

    assert reasons(deadline) == [
        (23, "after_cutoff", False),
        (24, "joint_leave", False),
        (25, "national_holiday", False),
        (26, "weekend", False),
        (27, "weekend", False),
        (28, "considered_received", False),
        (29, "working_day", True),
    ]
    assert "setelah batas penerimaan pukul 15.00" in deadline.steps[0].text_id
    assert "when the office opens at 07:30" in deadline.steps[5].text_en


def test_a_request_on_a_day_without_work_shows_that_day_first(calendar):
    """What arrives on a Sunday waits for the Monday, and the Sunday says it is a weekend."""
    deadline = compute_deadline(datetime(2026, 11, 15, 20, 0, tzinfo=WITA), 1, calendar)

    assert reasons(deadline) == [
        (15, "weekend", False),
        (16, "considered_received", False),
        (17, "working_day", True),
    ]


def test_a_request_before_opening_belongs_to_the_same_day(calendar):
    """What arrives before the doors open counts from the opening, and the step says so."""
    deadline = compute_deadline(datetime(2026, 11, 16, 6, 0, tzinfo=WITA), 1, calendar)

    assert reasons(deadline) == [(16, "received", False), (17, "working_day", True)]
    assert deadline.steps[0].text_en.startswith("Received before the office opens at 07:30")


def test_a_moment_of_another_zone_is_the_office_s_day(calendar):
    """Times are shown with the office's offset: 07:00 UTC is the cut-off, a minute later is not."""
    in_time = compute_deadline(datetime(2026, 11, 9, 7, 0, tzinfo=UTC), 1, calendar)
    too_late = compute_deadline(datetime(2026, 11, 9, 7, 1, tzinfo=UTC), 1, calendar)

    assert in_time.received_at.isoformat() == "2026-11-09T15:00:00+08:00"
    assert in_time.due.isoformat() == "2026-11-10T16:00:00+08:00"
    assert too_late.due.isoformat() == "2026-11-11T16:00:00+08:00"


def test_a_paused_clock_has_no_due_moment(calendar):
    """While a pause lasts there is no deadline, and the steps end on the day the clock stopped."""
    deadline = compute_deadline(BEFORE_CHRISTMAS, 3, calendar, [pause((22, 10))])

    assert deadline.due is None
    assert deadline.paused
    assert reasons(deadline) == [(21, "received", False), (22, "partly_paused", True)]


def test_a_clock_stopped_on_a_day_off_stops_on_the_next_working_day(calendar):
    """An open pause from Christmas on shows up on the first day that would have counted."""
    deadline = compute_deadline(BEFORE_CHRISTMAS, 3, calendar, [pause((25, 10))])

    assert deadline.due is None
    assert reasons(deadline)[-2:] == [(27, "weekend", False), (28, "paused", False)]


def test_a_pause_after_the_due_moment_changes_nothing(calendar):
    """What has fallen due stays due, even while a later pause is open."""
    plain = compute_deadline(BEFORE_CHRISTMAS, 1, calendar)
    paused = compute_deadline(BEFORE_CHRISTMAS, 1, calendar, [pause((22, 16))])

    assert (paused.due, paused.steps) == (plain.due, plain.steps)


def test_a_pause_is_told_day_by_day(calendar):
    """Days wholly and partly paused say so, with the minutes and the reason."""
    stops = [pause((22, 10), (28, 10), reason="request_incomplete")]
    deadline = compute_deadline(BEFORE_CHRISTMAS, 1, calendar, stops)

    assert reasons(deadline) == [
        (21, "received", False),
        (22, "partly_paused", True),
        (23, "paused", False),
        (24, "joint_leave", False),
        (25, "national_holiday", False),
        (26, "weekend", False),
        (27, "weekend", False),
        (28, "partly_paused", True),
    ]
    assert deadline.due == datetime(2026, 12, 28, 16, 0, tzinfo=WITA)
    assert deadline.steps[1].text_id == (
        "Hari kerja ke-1; 300 menit kerja tidak dihitung: "
        "menunggu kelengkapan persyaratan dari pemohon"
    )
    assert deadline.steps[2].text_en == (
        "The clock is stopped: waiting for the applicant to complete the requirements"
    )


def test_only_minutes_lost_before_the_deadline_are_told(calendar):
    """A pause that begins after the due minute of the same day is not held against it."""
    stops = [pause((22, 10), (22, 11)), pause((23, 10), (23, 11), reason="request_incomplete")]
    deadline = compute_deadline(BEFORE_CHRISTMAS, 1, calendar, stops)

    assert deadline.due == datetime(2026, 12, 23, 8, 30, tzinfo=WITA)
    assert reasons(deadline)[-1] == (23, "working_day", True)


def test_each_day_names_the_pause_that_took_its_minutes(calendar):
    """With two pauses, a day carries the reason of the one that touched it."""
    stops = [pause((22, 10), (22, 11)), pause((23, 8), (23, 9), reason="request_incomplete")]
    steps = compute_deadline(BEFORE_CHRISTMAS, 1, calendar, stops).steps

    assert steps[1].text_en.endswith("60 working minutes not counted: " + stops[0].reason.en)
    assert steps[2].text_en.endswith("60 working minutes not counted: " + stops[1].reason.en)


def test_pauses_are_kept_in_order_and_with_the_office_s_offset(calendar):
    """However they come in, a deadline holds and tells them as the office lived them."""
    first, second = pause((22, 10), (22, 11)), pause((23, 8), None, reason="request_incomplete")
    utc = Pause(first.start.astimezone(UTC), first.end.astimezone(UTC), first.reason_code)
    carried = compute_deadline(BEFORE_CHRISTMAS, 3, calendar, [second, utc]).as_dict()

    assert [(entry["start"], entry["end"]) for entry in carried["pauses"]] == [
        ("2026-12-22T10:00:00+08:00", "2026-12-22T11:00:00+08:00"),
        ("2026-12-23T08:00:00+08:00", None),
    ]


def test_a_deadline_told_without_its_pauses_reads_back(calendar):
    """An event may leave the pauses out; the days still say what they took."""
    carried = compute_deadline(BEFORE_CHRISTMAS, 3, calendar, [pause((22, 10))]).as_dict()
    del carried["pauses"]

    assert Deadline.from_dict(carried).paused
    assert Deadline.from_dict(carried).pauses == ()


def test_a_holiday_added_later_moves_the_deadline_and_says_why(calendar, tmp_path):
    """The office's closure skips a day that counted before, with the office's own reason."""
    override = tmp_path / "office.toml"
    override.write_text(
        '[[closed_days]]\ndate = 2026-12-22\nreason_id = "Banjir"\nreason_en = "Flood"\n'
    )
    before = compute_deadline(BEFORE_CHRISTMAS, 1, calendar)
    after = compute_deadline(BEFORE_CHRISTMAS, 1, WorkCalendar.load(override))

    assert before.due == datetime(2026, 12, 22, 16, 0, tzinfo=WITA)
    assert after.due == datetime(2026, 12, 23, 16, 0, tzinfo=WITA)
    closed = after.steps[1]
    assert (closed.counted, closed.reason) == (False, StepReason.OVERRIDE)
    assert (closed.text_id, closed.text_en) == ("Kantor tutup: Banjir", "Office closed: Flood")


def test_a_changed_working_day_gives_the_office_s_reason(tmp_path):
    """Special hours move the due moment, and the step says which reason the office gave."""
    override = tmp_path / "office.toml"
    override.write_text(
        "[[special_hours]]\ndate = 2026-12-22\n"
        'hours = { opens = "07:30", closes = "12:00", cutoff = "11:00" }\n'
        'reason_id = "Rapat"\nreason_en = "Meeting"\n'
    )
    deadline = compute_deadline(BEFORE_CHRISTMAS, 1, WorkCalendar.load(override))

    assert deadline.due == datetime(2026, 12, 22, 12, 0, tzinfo=WITA)
    assert deadline.steps[1].text_id == "Hari kerja ke-1 (Rapat)"


@pytest.mark.parametrize("end", [None, (28, 10)])
def test_a_deadline_survives_json(calendar, end):
    """What an event carries reads back as the same deadline, and other keys are left alone."""
    deadline = compute_deadline(BEFORE_CHRISTMAS, 3, calendar, [pause((22, 10), end)])
    carried = json.loads(json.dumps(deadline.as_dict() | {"standard": "aid_verification"}))

    assert Deadline.from_dict(carried) == deadline
    assert carried["paused"] is (end is None)
    assert carried["steps"][0] == {
        "date": "2026-12-21",
        "counted": False,
        "reason": "received",
        "text_id": "Hari penerimaan, tidak dihitung",
        "text_en": "Day of receipt, not counted",
    }


def test_the_explanation_reads_from_receipt_to_due_moment(calendar):
    """The Indonesian lines a resident reads, in order and complete."""
    deadline = compute_deadline(datetime(2026, 11, 14, 9, 5, tzinfo=WITA), 1, calendar)

    assert explain(deadline, "id").splitlines() == [
        "Diterima: Sabtu, 14 November 2026 pukul 09.05 WITA",
        "Dianggap diterima: Senin, 16 November 2026 pukul 07.30 WITA",
        "Waktu layanan: 1 hari kerja",
        "- Sabtu, 14 November 2026: Akhir pekan: Sabtu",
        "- Minggu, 15 November 2026: Akhir pekan: Minggu",
        "- Senin, 16 November 2026: Dianggap diterima saat kantor buka pukul 07.30; "
        "hari penerimaan tidak dihitung",
        "- Selasa, 17 November 2026: Hari kerja ke-1",
        "Batas waktu: Selasa, 17 November 2026 pukul 16.00 WITA",
    ]


def test_the_explanation_names_every_pause(calendar):
    """In English, read back from an event: a closed pause has both ends, an open one its start."""
    stops = [pause((22, 10), (22, 11)), pause((23, 10))]
    deadline = Deadline.from_dict(compute_deadline(BEFORE_CHRISTMAS, 3, calendar, stops).as_dict())
    lines = explain(deadline, "en").splitlines()

    assert lines[0] == "Received: Monday, 21 December 2026 at 09:00 WITA"
    assert lines[-3:] == [
        "Stopped Tuesday, 22 December 2026 at 10:00 WITA to "
        "Tuesday, 22 December 2026 at 11:00 WITA: waiting for the applicant's clarification",
        "Stopped since Wednesday, 23 December 2026 at 10:00 WITA: "
        "waiting for the applicant's clarification",
        "The deadline is set when the clock runs again",
    ]


def test_moments_without_a_zone_are_refused(calendar):
    """A naive time could be anyone's, so neither a receipt nor a pause may be one."""
    naive = datetime(2026, 12, 21, 9, 0)  # noqa: DTZ001 - the refused case itself
    with pytest.raises(ValueError, match="time zone"):
        compute_deadline(naive, 1, calendar)
    with pytest.raises(ValueError, match="time zone"):
        Pause(naive, None, "clarification_requested")
    with pytest.raises(ValueError, match="time zone"):
        Pause(BEFORE_CHRISTMAS, naive, "clarification_requested")


def test_a_promise_below_one_working_day_is_refused(calendar):
    """Zero working days would be due on the day of receipt, which is not counted."""
    with pytest.raises(ValueError, match="at least one"):
        compute_deadline(BEFORE_CHRISTMAS, 0, calendar)


def test_a_pause_needs_a_known_reason_and_a_sane_end():
    """The resident is told why the clock stands still, so the reason must have words."""
    with pytest.raises(ValueError, match="no such reason"):
        pause((22, 10), None, reason="lunch")
    with pytest.raises(ValueError, match="ends before"):
        pause((22, 10), (22, 9))


def test_the_steps_of_a_leap_year_hold_the_leap_day(calendar):
    """29 February 2028 appears once, as a counted day."""
    deadline = compute_deadline(datetime(2028, 2, 25, 9, 0, tzinfo=WITA), 2, calendar)

    assert [step.counted for step in deadline.steps if step.date == date(2028, 2, 29)] == [True]


def test_a_working_day_that_a_pause_cut_in_two_is_counted_once(calendar):
    """The part that is left over is told as the rest of it."""
    monday = datetime(2026, 12, 14, 9, 0, tzinfo=WITA)
    stopped = pause((15, 9), (15, 11))
    told = [step.text_en for step in compute_deadline(monday, 1, calendar, [stopped]).steps]
    assert told[1].startswith("Working day 1; 120 working minutes not counted")
    assert told[2] == "Rest of working day 1"
