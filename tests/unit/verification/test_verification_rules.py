"""The rules of each move, in the order of the procedure."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode, IllegalMove
from contracts.verification import DeliveryMethod, Position, TeamDiscussion
from services.verification.domain import State, field_work
from services.verification.fields import CLOCK_TOLERANCE, OLDEST_VISIT
from standards.catalogue import UnknownStandard
from tests.unit.verification.samples import (
    ANNOUNCED,
    ASSIGNED,
    BUDI,
    EAST,
    NOW,
    RINA,
    TONO,
    WEST,
    assessment,
    decision,
    nobody_home,
    only,
    refusal_of,
    refused_fields,
    report,
)


def test_an_announced_case_is_offered_to_its_district_for_a_time():
    """The first offer goes to the designated verifiers of the district."""
    assert ANNOUNCED.offered_to == (WEST,)
    assert ANNOUNCED.offer_until == NOW + timedelta(hours=1)
    assert ANNOUNCED.wave == 1


def test_a_case_offered_again_goes_to_all_and_waits_for_an_appointment():
    """The second wave keeps the first district and has no end."""
    again = ANNOUNCED.reoffer((EAST,))
    assert again.offered_to == (EAST, WEST)
    assert again.offer_until is None
    assert again.wave == 2


def test_a_verifier_of_another_district_cannot_claim():
    """Only who is designated for an offered district may take the case."""
    refusal = refusal_of(ANNOUNCED.claim, TONO)
    assert refusal.code is ErrorCode.OTHER_DISTRICT
    assert refusal.details == {"offered_to": [WEST]}


def test_only_a_verifier_can_claim():
    """A social worker of the same district appoints, and does not claim."""
    officer = Actor(id="sari", role=Role.SOCIAL_WORKER, districts=(WEST,))
    assert refusal_of(ANNOUNCED.claim, officer).code is ErrorCode.OTHER_DISTRICT


def test_a_wider_offer_lets_another_district_claim():
    """After the second wave the verifier of the east may take it."""
    assert ANNOUNCED.reoffer((EAST,)).claim(TONO).verifier == "tono"


def test_the_second_claim_is_told_that_it_came_late():
    """The first claim wins."""
    assert refusal_of(ASSIGNED.claim, BUDI).code is ErrorCode.ALREADY_CLAIMED


def test_a_verifier_may_claim_their_own_case_again():
    """A repeated claim changes nothing."""
    assert ASSIGNED.claim(RINA) == ASSIGNED


def test_an_appointed_verifier_may_claim_from_another_district():
    """An appointment does not ask for the district, and the appointed need not either."""
    appointed = ANNOUNCED.appoint("tono")
    assert appointed.claim(TONO) == appointed


def test_an_appointment_replaces_an_earlier_assignment_before_the_visit():
    """A social worker can give the case to somebody else."""
    assert ASSIGNED.appoint("budi").verifier == "budi"


def test_only_the_assigned_verifier_reports():
    """A colleague of the same district cannot report the visit."""
    refusal = refusal_of(ASSIGNED.report, BUDI, report(), NOW)
    assert refusal.code is ErrorCode.NOT_THE_ASSIGNED_VERIFIER


def test_a_visited_household_needs_findings():
    """A report without findings names the missing field."""
    for findings in (None, "", "  "):
        refusal = refusal_of(ASSIGNED.report, RINA, report(findings=findings), NOW)
        assert refusal.code is ErrorCode.VALIDATION_FAILED
        assert refusal.details == only("findings", "required")


def test_nobody_home_leaves_the_case_assigned_and_is_counted():
    """An attempt in vain needs no findings."""
    tried = ASSIGNED.report(RINA, nobody_home(), NOW)
    assert (tried.state, tried.attempts, tried.absences) == (State.ASSIGNED, 1, 1)


def test_a_household_met_at_last_ends_the_row_of_absences():
    """Attempts go on counting, absences start anew."""
    met = ASSIGNED.report(RINA, nobody_home(), NOW).report(RINA, report(), NOW)
    assert (met.state, met.attempts, met.absences) == (State.VISITED, 2, 0)


@pytest.mark.parametrize(
    ("visited_at", "accepted"),
    [
        (NOW - timedelta(days=3), True),
        (NOW, True),
        (NOW + CLOCK_TOLERANCE, True),
        (NOW + CLOCK_TOLERANCE + timedelta(seconds=1), False),
        (NOW - OLDEST_VISIT, True),
        (NOW - OLDEST_VISIT - timedelta(seconds=1), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), False),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))), False),
        (NOW.replace(tzinfo=None), False),
    ],
)
def test_a_visit_lies_in_the_past_but_not_before_clocks_were_set(visited_at, accepted):
    """Field reports arrive late, never early; an unset clock's date is refused, not stored."""
    late = report(visited_at=visited_at)
    if accepted:
        assert ASSIGNED.report(RINA, late, NOW).state is State.VISITED
    else:
        refusal = refusal_of(ASSIGNED.report, RINA, late, NOW)
        assert refusal.code is ErrorCode.VALIDATION_FAILED
        assert refused_fields(refusal) == ["visited_at"]


@pytest.mark.parametrize(
    "visit",
    ["", "a b", "x" * 65, "Bu Siti, gang 3", "v\x00", "v1\n", "6371054509873947-1"],
)
def test_a_visit_id_holds_neither_free_text_nor_a_nik(visit):
    """The id stands in events, so it is letters, digits, dots, dashes and underscores."""
    refusal = refusal_of(ASSIGNED.report, RINA, report(visit=visit), NOW)
    assert refusal.details == only("visit", "wrong_format")


@pytest.mark.parametrize(
    "position",
    [
        Position(latitude=91, longitude=114.5, accuracy_m=5),
        Position(latitude=-3.3, longitude=181, accuracy_m=5),
        Position(latitude=-3.3, longitude=114.5, accuracy_m=-1),
        Position(latitude=-3.3, longitude=114.5, accuracy_m=float("inf")),
        Position(latitude=float("nan"), longitude=114.5, accuracy_m=5),
    ],
)
def test_a_position_lies_on_earth(position):
    """What no receiver can have measured is refused; it could not be stored as JSON either."""
    refusal = refusal_of(ASSIGNED.report, RINA, report(position=position), NOW)
    assert refusal.details == only("position", "out_of_range")


@pytest.mark.parametrize("field", ["household_members", "monthly_income_idr"])
def test_members_and_income_are_not_negative(field):
    """Nothing is a number, less than nothing is a slip."""
    assert ASSIGNED.report(RINA, report(**{field: 0}), NOW).state is State.VISITED
    refusal = refusal_of(ASSIGNED.report, RINA, report(**{field: -1}), NOW)
    assert refusal.details == only(field, "out_of_range")


def test_every_wrong_field_is_named_at_once():
    """Who reports from the field corrects everything in one go."""
    wrong = report(visit="", findings=None, visited_at=NOW + timedelta(days=1))
    refusal = refusal_of(ASSIGNED.report, RINA, wrong, NOW)
    assert refused_fields(refusal) == ["visit", "visited_at", "findings"]


def test_an_assessment_waits_for_a_visit_or_for_enough_absences():
    """With two visits at most, the second absence opens the assessment, the first does not."""
    once = ASSIGNED.report(RINA, nobody_home(), NOW)
    assert refusal_of(once.assess, assessment()).code is ErrorCode.ILLEGAL_MOVE
    twice = once.report(RINA, nobody_home("8d1f0e52-2"), NOW)
    assert twice.assess(assessment()).state is State.ASSESSED


def test_an_assessment_needs_grounds_and_a_team_discussion_its_parts():
    """What was not written down cannot be read by the division head."""
    visited = ASSIGNED.report(RINA, report(), NOW)
    wrong = {
        "grounds": assessment(grounds=" "),
        "team_discussion.participants": assessment(
            team_discussion=TeamDiscussion(participants=(), conclusion="Layak.")
        ),
        "team_discussion.conclusion": assessment(
            team_discussion=TeamDiscussion(participants=("sari",), conclusion="")
        ),
    }
    for field, told in wrong.items():
        assert refusal_of(visited.assess, told).details == only(field, "required")
    blank = TeamDiscussion(participants=("sari", " "), conclusion="Layak.")
    refusal = refusal_of(visited.assess, assessment(team_discussion=blank))
    assert refused_fields(refusal) == ["team_discussion.participants"]


@pytest.mark.parametrize("word", ["eligible", "not_eligible", "send_back"])
def test_every_decision_needs_grounds(word):
    """Also an order to visit again says why."""
    assessed = ASSIGNED.report(RINA, report(), NOW).assess(assessment())
    refusal = refusal_of(assessed.decide, decision(word, grounds=""))
    assert refusal.details == only("grounds", "required")


def test_a_case_sent_back_returns_to_the_same_verifier():
    """The row of absences starts anew, the attempts go on."""
    twice = ASSIGNED.report(RINA, nobody_home("a"), NOW).report(RINA, nobody_home("b"), NOW)
    back = twice.assess(assessment()).decide(decision("send_back"))
    assert (back.state, back.verifier) == (State.ASSIGNED, "rina")
    assert (back.attempts, back.absences) == (2, 0)
    with pytest.raises(IllegalMove):
        back.assess(assessment())


@pytest.mark.parametrize("method", DeliveryMethod)
def test_a_letter_is_delivered_only_when_it_exists(method):
    """Oral information does not wait for the letter."""
    assessed = ASSIGNED.report(RINA, report(), NOW).assess(assessment())
    decided = assessed.decide(decision("eligible"))
    if method is DeliveryMethod.ORAL:
        assert decided.deliver(method).delivery is method
        return
    assert refusal_of(decided.deliver, method).code is ErrorCode.LETTER_NOT_READY


def test_a_decided_case_cannot_be_withdrawn():
    """The decision stands, and so does its letter."""
    assessed = ASSIGNED.report(RINA, report(), NOW).assess(assessment())
    with pytest.raises(IllegalMove):
        assessed.decide(decision("not_eligible")).withdraw()


def test_the_figures_come_from_the_version_the_case_was_received_under():
    """A version that was never published, and a standard without visits, are errors."""
    assert field_work("aid_verification", "2026-1").max_visits > 0
    with pytest.raises(UnknownStandard):
        field_work("aid_verification", "1999-1")
    with pytest.raises(UnknownStandard):
        field_work("data_request", "2026-1")
