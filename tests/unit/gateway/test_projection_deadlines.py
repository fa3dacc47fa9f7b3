"""What is told of the two clocks, and what of it is shown."""

from datetime import date, timedelta
from itertools import permutations
from typing import Any

from contracts import complaints, data_request, intake, verification
from contracts.deadlines import ClockName
from contracts.envelope import DeadlineDay, EventData, Role
from contracts.intake import RequestReturned, RequestSupplemented
from gateway.presentation import status_page
from gateway.projection import fold
from tests.case_events import (
    ANNOUNCED,
    CASE,
    CLAIMED,
    COMPLETED,
    DEADLINE,
    DUE,
    OFFICE,
    PAUSED,
    RECEIVED,
    TO_THE_LETTER,
    Story,
    told,
)
from tests.complaint_events import CHECKED, COMPLAINED, COMPLAINT, REOPENED
from tests.data_request_events import (
    APPROVED,
    DATA_ASKED,
    DATA_CASE,
    DATA_COMPLETED,
    DISPOSITIONED,
    PROMISED,
    step,
)

LATER = DUE + timedelta(days=1)
HOLIDAY = DeadlineDay(
    date=date(2026, 11, 24),
    counted=False,
    reason="national_holiday",
    text_id="Hari libur nasional",
    text_en="National holiday",
)
RETURNED = RequestReturned(missing=("resident",), deadline=PAUSED)
SUPPLEMENTED = RequestSupplemented(attachments=1, deadline=DEADLINE)
IDENTIFYING = RECEIVED.model_copy(update={"step": step("identification", 1)})
OFFERED = ANNOUNCED.model_copy(update={"step": step("claim", 2)})


def page_after(*steps: EventData) -> dict[str, Any]:
    return status_page(fold(CASE, told(*steps)))


def missed(service: Any = verification, **facts: Any) -> Any:
    """The promise is missed, or what the facts say."""
    facts = {"clock": ClockName.PROMISE, "step": None, "due": DUE, "role": None} | facts
    return service.DeadlineMissed(**facts, escalate_to=Role.AGENCY_HEAD)


def changed(service: Any = verification, **facts: Any) -> Any:
    """The promise moved by a day, or what the facts say."""
    moved = DEADLINE.model_copy(update={"due": LATER})
    facts = {"clock": ClockName.PROMISE, "step": None, "deadline": moved} | facts
    return service.DeadlineChanged(was=DUE, due=LATER, because=(HOLIDAY,), **facts)


def test_the_deadline_explains_itself() -> None:
    """Due time, the promise in the standard's words, and every day."""
    deadline = page_after(RECEIVED)["deadline"]
    assert deadline["due"] == "2026-11-24T16:00:00+08:00"
    assert deadline["promise"]["id"] == "1 Hari Kerja setelah pengajuan"
    assert deadline["text"]["id"] == (
        "Selesai paling lambat Selasa, 24 November 2026 pukul 16.00 WITA"
    )
    assert deadline["steps"][0]["text_id"] == "Hari kerja ke-1"


def test_the_deadline_is_the_last_one_that_an_event_carried() -> None:
    """A later event moves it; the order of arrival does not matter."""
    later = DEADLINE.model_copy(update={"due": DUE + timedelta(days=1)})
    events = told(RECEIVED, RETURNED, SUPPLEMENTED.model_copy(update={"deadline": later}))
    deadline = fold(CASE, reversed(events)).deadline
    assert deadline is not None
    assert deadline.due == DUE + timedelta(days=1)


def test_the_step_that_waits_is_shown_with_its_time_in_the_standards_words() -> None:
    """An office's own figure, beside the promise."""
    assert page_after(IDENTIFYING)["step"] == {
        "id": "identification",
        "due": "2026-11-23T10:00:00+08:00",
        "text": {
            "id": "Identifikasi awal dan pemeriksaan persyaratan",
            "en": "First identification and check of the requirements",
        },
    }


def test_a_step_ends_with_the_hand_over_and_the_next_owner_tells_of_its_own() -> None:
    """Between the two, none is known to wait."""
    assert page_after(IDENTIFYING, COMPLETED)["step"] is None
    assert page_after(IDENTIFYING, COMPLETED, OFFERED)["step"]["id"] == "claim"
    assert page_after(IDENTIFYING, COMPLETED, OFFERED, CLAIMED)["step"] is None


def test_no_step_waits_in_a_closed_case() -> None:
    """Whatever was told of one last."""
    late = missed(clock=ClockName.STEP, step="delivery")
    assert page_after(*TO_THE_LETTER, late)["step"] is None


def test_an_alarm_of_a_step_is_not_in_the_timeline_but_knows_the_step() -> None:
    """The office's own clock is not the resident's; the version grows all the same."""
    alarm = verification.DeadlineApproaching(
        clock=ClockName.STEP, step="visit", due=DUE, role=Role.VERIFIER
    )
    before, after = (
        fold(CASE, told(RECEIVED, COMPLETED, ANNOUNCED, *more)) for more in ((), (alarm,))
    )
    assert (after.timeline, after.version) == (before.timeline, before.version + 1)
    assert after.step is not None
    assert (after.step.step, after.step.due) == ("visit", DUE)
    assert after.missed is False


def test_a_step_moved_by_the_calendar_is_due_later() -> None:
    """The promise stays as it is."""
    moved = changed(intake, clock=ClockName.STEP, step="identification", deadline=None)
    page = page_after(IDENTIFYING, moved)
    assert page["step"]["due"] == LATER.isoformat()
    assert page["deadline"]["changes"] == []
    assert [line["event"] for line in page["timeline"]] == ["request_received"]


def test_a_missed_promise_is_said_plainly() -> None:
    """On the deadline and in the timeline."""
    page = page_after(RECEIVED, COMPLETED, ANNOUNCED, missed())
    assert page["deadline"]["missed"] is True
    assert page["timeline"][-1]["label"]["id"] == "Batas waktu layanan terlewati"


def test_a_promise_that_intake_told_as_missed_stays_missed_after_the_hand_over() -> None:
    """The next owner does not say it again."""
    story = Story(starts=DUE + timedelta(hours=1))
    story.tell(RECEIVED, missed(intake), COMPLETED, ANNOUNCED)
    assert status_page(fold(CASE, story.events))["deadline"]["missed"] is True


def test_a_missed_promise_that_is_moved_ahead_is_missed_no_more() -> None:
    """A day that became a holiday had not to be counted."""
    page = page_after(RECEIVED, COMPLETED, ANNOUNCED, missed(), changed())
    assert page["deadline"]["missed"] is False


def test_a_promise_moved_to_a_moment_that_has_passed_too_stays_missed() -> None:
    """It is not told again, and is true yet."""
    story = Story(starts=DUE + timedelta(days=3))
    story.tell(RECEIVED, missed(intake), changed(intake))
    assert status_page(fold(CASE, story.events))["deadline"]["missed"] is True


def test_a_promise_that_moves_back_to_a_missed_moment_is_missed_again() -> None:
    """A holiday was entered and taken out: nothing is told twice of one moment."""
    back = verification.DeadlineChanged(
        clock=ClockName.PROMISE, step=None, was=LATER, due=DUE, because=(), deadline=DEADLINE
    )
    steps = (RECEIVED, COMPLETED, ANNOUNCED, missed(), changed(), back)
    assert page_after(*steps)["deadline"]["missed"] is True
    assert page_after(*steps[:-1])["deadline"]["missed"] is False


def test_a_missed_promise_stays_missed_while_its_clock_stands_still() -> None:
    """And when it runs again to the same moment; one that was not missed is not."""
    story = (RECEIVED, missed(intake), RETURNED, SUPPLEMENTED)
    told_of = [page_after(*story[:count])["deadline"]["missed"] for count in (2, 3, 4)]
    assert told_of == [True, True, True]
    assert page_after(RECEIVED, RETURNED)["deadline"]["missed"] is False


def test_a_pause_of_a_promise_that_was_moved_ahead_does_not_make_it_missed() -> None:
    """Also after an earlier pause, when it was missed."""
    moved = DEADLINE.model_copy(update={"due": LATER})
    ahead = SUPPLEMENTED.model_copy(update={"deadline": moved})
    page = page_after(RECEIVED, missed(intake), RETURNED, ahead, RETURNED)
    assert page["deadline"]["missed"] is False


def test_a_data_request_that_is_missed_before_its_review_is_missed() -> None:
    """Its new owner tells so before it has told of the promise itself: intake gave it."""
    late = missed(data_request, due=PROMISED.due)
    story = (DATA_ASKED, DATA_COMPLETED, DISPOSITIONED, late)
    assert status_page(fold(DATA_CASE, told(*story)))["deadline"]["missed"] is True
    reviewed = status_page(fold(DATA_CASE, told(*story, APPROVED)))["deadline"]
    assert (reviewed["due"], reviewed["missed"]) == (APPROVED.deadline.due.isoformat(), False)


def test_whichever_part_told_it_first_a_missed_promise_is_missed() -> None:
    """In every order in which the events may arrive."""
    late = missed(data_request, due=PROMISED.due)
    events = Story(DATA_CASE).tell(DATA_ASKED, DATA_COMPLETED, late, DISPOSITIONED)
    for arrived in permutations(events):
        assert fold(DATA_CASE, arrived).missed is True


def test_a_moved_deadline_shows_what_moved_it() -> None:
    """From when to when, and because of which days."""
    deadline = page_after(RECEIVED, COMPLETED, ANNOUNCED, changed())["deadline"]
    (change,) = deadline["changes"]
    assert (change["was"], change["due"]) == (DUE.isoformat(), LATER.isoformat())
    assert change["because"][0]["text_id"] == "Hari libur nasional"
    assert deadline["due"] == LATER.isoformat()


def test_a_reopened_complaint_is_not_late_for_having_been_late() -> None:
    """Its new promise lies ahead."""
    late = missed(complaints, due=COMPLAINED.deadline.due)
    story = Story(COMPLAINT).tell(COMPLAINED, CHECKED, late, REOPENED)
    assert fold(COMPLAINT, story[:3]).missed is True
    assert fold(COMPLAINT, story).missed is False


def test_every_moment_of_a_deadline_carries_the_offices_offset() -> None:
    """Whatever offset the data were in."""
    utc = DEADLINE.model_copy(update={"due": DUE.astimezone(tz=None)})
    page = page_after(RECEIVED.model_copy(update={"deadline": utc}), changed(intake))
    assert page["deadline"]["changes"][0]["at"].endswith("+08:00")
    assert page["deadline"]["due"].endswith("+08:00")
    assert fold(CASE, told(IDENTIFYING)).step.due.tzinfo == OFFICE
