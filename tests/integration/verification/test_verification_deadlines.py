"""Every step of a verification has its time; the promise runs until the decision."""

import pytest

from contracts.verification import DeliveryMethod, VisitOutcome
from tests.integration.verification.desk import CASE, HASAN, Desk
from tests.unit.casework.room import closes

STEPS = [
    ("announced", "claim", "verifier", 60),
    ("assigned", "visit", "verifier", 180),
    ("visited", "assessment", "social_worker", 60),
    ("assessed", "decision", "division_head", 60),
    ("decided", "delivery", "counter_officer", 120),
]


def missed(desk):
    """The steps that were missed so far, with who had to move."""
    late = [event.data for event in desk.emitted("deadline_missed")]
    return [(data["step"], data["role"]) for data in late if data["clock"] == "step"]


@pytest.mark.parametrize(("state", "step", "role", "minutes"), STEPS)
def test_each_step_is_due_by_its_time_in_the_standard(desk, state, step, role, minutes):
    """The event that begins it says until when; late is after that."""
    desk.go_to(state)
    moves = [event for event in desk.emitted() if "step" in event.data]
    due = moves[-1].data["step"]
    assert due["step"] == step
    desk.clock.move(minutes=minutes)
    desk.run_job("keep_deadlines")
    assert missed(desk) == []
    desk.clock.move(microseconds=1)
    desk.run_job("keep_deadlines")
    assert missed(desk) == [(step, role)]


def test_nobody_home_begins_the_next_visit_and_at_last_the_assessment(desk):
    """The third absence is the social worker's to judge."""
    desk.go_to("assigned")
    for number in (1, 2, 3):
        desk.report(visit=f"v{number}", outcome=VisitOutcome.NOBODY_HOME, findings=None)
    steps = [event.data["step"]["step"] for event in desk.emitted("visit_reported")]
    assert steps == ["visit", "visit", "assessment"]


def test_a_claim_in_time_is_the_end_of_the_offer(desk):
    """The verifier has the visit now, for its own time."""
    desk.go_to("assigned")
    desk.clock.move(minutes=61)
    desk.run_job("keep_deadlines")
    assert missed(desk) == []


def test_the_division_head_appoints_after_an_offer_in_vain(desk):
    """No step was running; the appointment begins the visit."""
    desk.go_to("announced")
    desk.clock.move(hours=2)
    desk.run_job("keep_deadlines")
    desk.clock.move(hours=1)
    desk.run_job("keep_deadlines")
    assert missed(desk) == [("claim", "verifier")]
    desk.appoint("rina", by=HASAN)
    assert desk.emitted("verifier_assigned")[-1].data["step"]["step"] == "visit"


@pytest.mark.parametrize("state", ["announced", "assigned", "visited", "assessed"])
@pytest.mark.parametrize("how", [Desk.withdraw, Desk.intake_withdraws])
def test_a_withdrawn_case_is_due_no_more(desk, state, how):
    """Wherever it stood, and whoever was told first."""
    desk.go_to(state)
    how(desk)
    desk.clock.move(days=9)
    desk.run_job("keep_deadlines")
    assert desk.emitted("deadline_missed") == desk.emitted("deadline_approaching") == []


def test_a_delivered_case_is_due_no_more(desk):
    """The promise ended with the decision, the last step with the delivery."""
    desk.go_to("decided")
    desk.hand_over(DeliveryMethod.ORAL)
    desk.clock.move(days=9)
    desk.run_job("keep_deadlines")
    assert desk.emitted("deadline_missed") == desk.emitted("deadline_approaching") == []


def test_the_promise_outlives_the_steps(desk):
    """Nothing moved for two days: the agency head hears of it."""
    desk.go_to("assigned")
    desk.clock.move(days=2)
    desk.run_job("keep_deadlines")
    late = {event.data["clock"]: event.data for event in desk.emitted("deadline_missed")}
    assert late["promise"]["escalate_to"] == "agency_head"
    assert late["step"]["escalate_to"] == "division_head"


def test_a_calendar_edited_under_an_open_case_moves_promise_and_step(tmp_path):
    """A spoilt file changes nothing."""
    override = tmp_path / "override.toml"
    override.write_text("")
    desk = Desk(tmp_path, office_override=str(override))
    desk.complete()
    desk.clock.move(hours=6)
    desk.claim()
    desk.run_job("keep_deadlines")
    closes(override, "2026-11-24")
    desk.run_job("keep_deadlines")
    override.write_text("spoilt")
    desk.run_job("keep_deadlines")
    moved = {event.data["clock"]: event.data for event in desk.emitted("deadline_changed")}
    assert moved["promise"]["due"] == "2026-11-25T16:00:00+08:00"
    assert moved["step"]["was"] == "2026-11-24T09:30:00+08:00"
    assert moved["step"]["due"] == "2026-11-25T09:30:00+08:00"
    assert len(desk.emitted("deadline_changed")) == 2
    assert {clock.clock for clock in desk.clocks(CASE)} == {"promise", "step"}
    desk.close()
