"""What time does: reminders and escalations happen once each, and go upward only."""

import pytest

from contracts.errors import ErrorCode
from tests.integration.complaints.desk import (
    CASE,
    DEWI,
    HASAN,
    JOKO,
    RAHMA,
    ComplaintsDesk,
    refused,
    refused_fields,
)
from tests.integration.complaints.moments import office


def escalations(desk):
    """Where the complaint was passed so far, and why."""
    return [(e.data["to"], e.data["reason"]) for e in desk.emitted("complaint_escalated")]


def reminded(desk):
    """Until when the partners have after each reminder."""
    told = [event.data for event in desk.emitted("complaint_coordinated")]
    return [data["answer_due"] for data in told if data["stage"] == "reminded"]


def test_what_nobody_checks_in_time_is_passed_to_the_division_head(desk):
    """Not at the close of the day, but once it has passed, and once."""
    desk.submit()
    desk.at(office(24, 16))
    assert escalations(desk) == []
    desk.at(office(24, 16, 0, 1))
    desk.keep_deadlines()
    desk.at(office(24, 17))
    assert escalations(desk) == [("division_head", "unowned")]
    [event] = desk.emitted("complaint_escalated")
    assert (event.actor, event.data["office_due"]) == ("system", office(26, 16).isoformat())
    assert event.data["lapor_due"] is None
    assert event.data["step"] == {"step": "check", "due": office(24, 16).isoformat()}


def test_what_its_owner_has_not_checked_again_is_not_unowned(desk):
    """Somebody has it."""
    desk.go_to("incomplete")
    desk.supplement()
    desk.at(office(24, 16, 1))
    assert "deadline_missed" in desk.names()
    assert escalations(desk) == []


def test_what_is_late_is_passed_up_one_level_after_the_other(desk):
    """Unowned to the division head, then overdue to the agency head; there it ends."""
    desk.submit()
    for moment in (office(24, 16, 1), office(26, 16), office(26, 16, 1), office(45, 9)):
        desk.at(moment)
    assert escalations(desk) == [("division_head", "unowned"), ("agency_head", "overdue")]
    assert desk.read().escalated_to == "agency_head"


def test_a_missed_promise_goes_to_the_division_head_and_a_missed_response_further(desk):
    """The step that ends after the promise shows that nothing helped."""
    desk.go_to("coordinating")
    desk.at(office(26, 16, 1))
    assert escalations(desk) == [("division_head", "overdue")]
    desk.clock.set(office(27, 9))
    desk.record_answer()
    desk.at(office(31, 16))
    assert escalations(desk) == [("division_head", "overdue")]
    desk.at(office(31, 16, 1))
    desk.at(office(40, 16))
    assert escalations(desk) == [("division_head", "overdue"), ("agency_head", "overdue")]


def test_an_overdue_complaint_that_nobody_moves_goes_up_level_by_level(desk):
    """Each level has the time of a response; above the agency head there is nobody."""
    desk.go_to("checked")
    desk.at(office(26, 16, 1))
    assert escalations(desk) == [("division_head", "overdue")]
    assert desk.last("complaint_escalated")["step"]["step"] == "response"
    desk.at(office(33, 16, 1))
    assert escalations(desk) == [("division_head", "overdue"), ("agency_head", "overdue")]
    desk.at(office(60, 16, 1))
    assert len(escalations(desk)) == 2


def test_a_response_step_that_ends_before_the_promise_passes_nothing_up(desk):
    """The complainant still has time."""
    desk.go_to("coordinating")
    desk.record_answer()
    desk.escalate("division_head")
    desk.at(office(25, 16, 1))
    assert desk.last("deadline_missed")["step"] == "response"
    assert escalations(desk) == [("division_head", "by_hand")]


def test_a_reopened_complaint_is_late_only_when_its_new_promise_is(desk):
    """That it was overdue before does not make the new response late; it goes up from its owner
    again."""
    desk.go_to("checked")
    desk.at(office(26, 16, 1))
    desk.respond()
    desk.resolve()
    desk.clock.set(office(30, 9))
    desk.reopen()
    desk.at(office(32, 16, 1))
    assert desk.last("deadline_missed")["step"] == "response"
    assert escalations(desk) == [("division_head", "overdue")]
    desk.at(office(33, 16, 1))
    desk.keep_deadlines()
    assert escalations(desk) == [("division_head", "overdue"), ("division_head", "overdue")]
    assert desk.read(by=HASAN).escalated_to == "division_head"


def test_a_kept_promise_passes_nothing_up(desk):
    """The resolution has its own time, and is told of when late."""
    desk.go_to("responded")
    desk.at(office(45, 16))
    assert desk.last("deadline_missed")["step"] == "resolution"
    assert escalations(desk) == []


def test_a_silent_partner_is_reminded_once_for_each_due_moment(desk):
    """The same span again after each reminder; the reminder is the system's."""
    desk.go_to("coordinating")
    desk.at(office(24, 16))
    assert reminded(desk) == []
    desk.at(office(24, 16, 0, 1))
    desk.keep_deadlines()
    desk.at(office(25, 16))
    assert reminded(desk) == [office(25, 16).isoformat()]
    desk.at(office(25, 16, 0, 1))
    assert reminded(desk) == [office(25, 16).isoformat(), office(26, 16).isoformat()]
    assert desk.emitted("complaint_coordinated")[-1].actor == "system"
    assert desk.last("complaint_coordinated")["step"]["step"] == "coordination"
    assert desk.read().coordinations[0].reminders == 2


def test_after_two_silent_reminders_the_complaint_is_passed_upward(desk):
    """The partner is not reminded a third time."""
    desk.go_to("checked")
    desk.clock.set(office(24, 9))
    desk.coordinate()
    for day in (25, 26, 27, 30, 31):
        desk.at(office(day, 16, 0, 1))
        desk.keep_deadlines()
    assert len(reminded(desk)) == 2
    assert escalations(desk) == [
        ("division_head", "overdue"),
        ("agency_head", "silent_coordination"),
    ]


def test_each_coordination_has_its_own_reminders(desk):
    """A partner outside has longer; one that answered is left alone."""
    desk.go_to("coordinating")
    desk.coordinate(scope="external")
    desk.record_answer(1)
    desk.at(office(24, 16, 1))
    assert reminded(desk) == []
    desk.at(office(25, 16, 1))
    assert reminded(desk) == [office(27, 16, 30).isoformat()]
    assert desk.last("complaint_coordinated")["coordination"] == 2


def test_nobody_is_reminded_once_the_complainant_has_an_answer(desk):
    """Nor after a reopening, for the old question."""
    desk.go_to("coordinating")
    desk.respond()
    desk.resolve()
    desk.reopen()
    desk.coordinate()
    desk.record_answer(2)
    desk.at(office(25, 16, 1))
    assert reminded(desk) == []


def test_after_an_outage_a_partner_is_reminded_once(desk):
    """And has the whole span from then on."""
    desk.go_to("coordinating")
    desk.at(office(30, 9))
    assert reminded(desk) == [office(31, 16).isoformat()]


def test_a_hand_passes_it_upward_with_words(desk):
    """The words are kept, the event tells where and why."""
    desk.go_to("checked")
    assert desk.escalate("agency_head").state == "checked"
    assert escalations(desk) == [("agency_head", "by_hand")]
    assert desk.last("complaint_escalated")["step"]["step"] == "coordination"
    [_, written] = desk.read().written
    assert (written.what, written.words, written.by) == (
        "escalation",
        "Di luar wewenang saya.",
        "dewi",
    )


def test_it_is_never_passed_downwards_nor_twice(desk):
    """A refusal changes nothing."""
    desk.go_to("checked")
    desk.escalate("agency_head")
    assert refused_fields(desk.escalate, "division_head") == [("to", "not_allowed")]
    refused(ErrorCode.ALREADY_ESCALATED, desk.escalate, "agency_head")
    assert refused_fields(desk.escalate, "lapor", words="") == [("words", "required")]
    assert escalations(desk) == [("agency_head", "by_hand")]


@pytest.mark.parametrize("state", ["incomplete", "resolved", "redirected", "withdrawn"])
def test_what_waits_for_the_complainant_or_is_over_stays_where_it_is(desk, state):
    """There is nothing to pass upward."""
    desk.go_to(state)
    refused(ErrorCode.ILLEGAL_MOVE, desk.escalate)


def test_who_may_pass_it_upward(desk):
    """Its owner and the heads."""
    desk.go_to("checked")
    refused(ErrorCode.NOT_THE_OWNER, desk.escalate, by=JOKO)
    desk.escalate("division_head", by=HASAN)
    refused(ErrorCode.ACCESS_DENIED, desk.escalate, "lapor", by=HASAN)
    desk.escalate("agency_head", by=HASAN)
    desk.escalate("lapor", by=RAHMA)
    assert escalations(desk) == [
        ("division_head", "by_hand"),
        ("agency_head", "by_hand"),
        ("lapor", "beyond_power"),
    ]


def test_the_promise_follows_the_offices_calendar(tmp_path):
    """A flood on Wednesday moves Thursday to Friday, and says so."""
    override = tmp_path / "override.toml"
    override.write_text("")
    desk = ComplaintsDesk(tmp_path / "service", office_override=str(override))
    desk.submit()
    desk.keep_deadlines()
    override.write_text(
        '[[closed_days]]\ndate = 2026-11-25\nreason_id = "Banjir"\nreason_en = "Flood"\n'
    )
    desk.keep_deadlines()
    desk.keep_deadlines()
    [changed] = desk.emitted("deadline_changed")
    assert changed.data["due"] == office(27, 16, 30).isoformat()
    assert changed.subject == CASE
    desk.check(by=DEWI)
    desk.close()
