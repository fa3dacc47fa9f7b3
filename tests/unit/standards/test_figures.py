"""The office's own figures in the standards."""

from dataclasses import replace

import pytest

from contracts.envelope import Role
from standards.catalogue import UnknownStep, all_standards, load
from standards.wording import PAUSE_REASONS

FIGURES = ("field_work", "complexity", "release", "follow_up")


def times(standard_id):
    """Step, actor, office minutes, working days and who is told when it is missed."""
    return [
        (step.id, step.actor_role, step.office_minutes, step.working_days, step.escalate_to)
        for step in load(standard_id).steps
    ]


def test_aid_steps_are_timed_in_office_minutes():
    """What is promised for the next day has no days to give away."""
    assert times("aid_verification") == [
        ("identification", "counter_officer", 60, None, "division_head"),
        ("claim", "verifier", 60, None, "division_head"),
        ("visit", "verifier", 180, None, "division_head"),
        ("assessment", "social_worker", 60, None, "division_head"),
        ("decision", "division_head", 60, None, "agency_head"),
        ("delivery", "counter_officer", 120, None, "division_head"),
    ]


def test_data_request_steps_are_timed_in_working_days():
    """The agency head's own step is told to the agency head."""
    assert times("data_request") == [
        ("disposition", "agency_head", None, 1, "agency_head"),
        ("review", "division_head", None, 1, "agency_head"),
        ("preparation", "social_worker", None, 10, "division_head"),
        ("handover", "social_worker", None, 2, "division_head"),
    ]


def test_complaint_steps_are_timed_in_working_days():
    """The resolution takes longer than the answer."""
    assert times("complaint") == [
        ("check", "complaint_officer", None, 1, "division_head"),
        ("coordination", "complaint_officer", None, 1, "division_head"),
        ("response", "complaint_officer", None, 2, "division_head"),
        ("resolution", "complaint_officer", None, 10, "division_head"),
    ]


@pytest.mark.parametrize("standard", all_standards(), ids=lambda standard: standard.id)
def test_a_step_s_people_are_staff_and_its_id_is_its_own(standard):
    """Every role that acts or is told exists, and no step hides another."""
    roles = {role.value for role in Role}

    assert len({step.id for step in standard.steps}) == len(standard.steps)
    assert {step.actor_role for step in standard.steps} <= roles
    assert {step.escalate_to for step in standard.steps} <= roles
    assert {step.actor_role for step in standard.procedure} <= roles | {"resident"}


def test_a_step_is_found_by_its_id():
    """An unknown one is named, with its standard and a stable code."""
    assert load("complaint").step("coordination").working_days == 1
    with pytest.raises(UnknownStep, match=r"'complaint'.*'visit'") as caught:
        load("complaint").step("visit")
    assert caught.value.code == "unknown_step"


@pytest.mark.parametrize(
    ("standard_id", "minutes"),
    [("aid_verification", 120), ("data_request", 450), ("complaint", 450)],
)
def test_a_deadline_is_told_to_be_near(standard_id, minutes):
    """Two hours before it where one day is promised, a whole day where it is more."""
    assert load(standard_id).approach_minutes == minutes


def test_only_some_services_have_figures_of_their_own():
    """Visits for aid, complexity and release for data, follow-up for complaints."""
    assert [
        (each.id, *(getattr(each, name) is not None for name in FIGURES))
        for each in all_standards()
    ] == [
        ("aid_verification", True, False, False, False),
        ("complaint", False, False, False, True),
        ("data_request", False, True, True, False),
    ]


def test_complexity_has_three_levels_in_both_languages():
    """What the division head chooses from when reviewing a letter."""
    rule = load("data_request").complexity

    assert [(level.id, level.working_days) for level in rule.levels] == [
        ("simple", 3),
        ("moderate", 5),
        ("complex", 8),
    ]
    assert all(level.text_id and level.text_en for level in rule.levels)
    assert (rule.min_working_days, rule.max_working_days) == (3, 14)


def test_complexity_stays_within_what_is_published():
    """A level below the published least, and types beyond the published most, change neither."""
    rule = load("data_request").complexity
    quick = replace(rule.levels[0], working_days=1)

    assert replace(rule, levels=(quick,)).working_days("simple", 2) == 3
    assert replace(rule, levels=(quick,)).working_days("simple", 5) == 4
    assert rule.working_days("complex", 9) == 14


@pytest.mark.parametrize(("level", "types"), [("easy", 1), ("", 1), ("simple", 0), ("simple", -1)])
def test_complexity_refuses_what_no_review_can_find(level, types):
    """An unknown level, and a request for nothing."""
    with pytest.raises(ValueError, match=r"no such level|at least one"):
        load("data_request").complexity.working_days(level, types)


def test_data_are_released_under_terms():
    """No small counts, six terms to sign, six grounds to reject, each in both languages."""
    release = load("data_request").release

    assert release.smallest_cell == 5
    assert [term.id for term in release.terms] == [
        "stated_purpose",
        "not_for_politics",
        "not_passed_on",
        "no_reidentification",
        "source_named",
        "result_shared",
    ]
    assert [ground.id for ground in release.rejection_grounds] == [
        "political_purpose",
        "against_the_rules",
        "other_purpose",
        "data_not_held",
        "personal_data_asked",
        "incomplete_letter",
    ]
    assert all(item.text_id and item.text_en for item in release.terms + release.rejection_grounds)


def test_complaints_are_followed_up():
    """The office's figures and those of SP4N-LAPOR!."""
    rule = load("complaint").follow_up

    assert rule.reopen_working_days == 10
    assert (rule.internal_working_days, rule.external_working_days) == (1, 2)
    assert rule.silent_reminders == 2
    assert (rule.lapor_forward_working_days, rule.lapor_answer_working_days) == (3, 5)
    assert rule.lapor_silence_days == 10


def test_an_incomplete_complaint_may_stop_the_clock():
    """What the resident reads while the office waits for the rest of it."""
    reason = PAUSE_REASONS["complaint_incomplete"]

    assert reason.id == "menunggu kelengkapan pengaduan dari pelapor"
    assert reason.en == "waiting for the complainant to complete the complaint"
