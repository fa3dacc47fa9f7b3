"""The rules of each move: who may make it, who sees what, where time passes it."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.complaints import (
    CheckComplaint,
    EscalationReason,
    EscalationTarget,
    LaporStatus,
)
from contracts.envelope import RESIDENT, SYSTEM, Actor, Role
from contracts.errors import ErrorCode, InvalidFields, Refusal
from services.complaints.domain import Case, State

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NUMBER = "ADU-20261123-0001"
DEWI = Actor(id="dewi", role=Role.COMPLAINT_OFFICER)
JOKO = Actor(id="joko", role=Role.COMPLAINT_OFFICER)
HASAN = Actor(id="hasan", role=Role.DIVISION_HEAD)
RAHMA = Actor(id="rahma", role=Role.AGENCY_HEAD)
RINA = Actor(id="rina", role=Role.VERIFIER)
DIVISION, AGENCY, LAPOR = EscalationTarget
BY_HAND, BEYOND, UNOWNED, OVERDUE, SILENT = EscalationReason


def errors_of(call, *args):
    """The fields that the call is refused for, with their codes."""
    with pytest.raises(InvalidFields) as refused:
        call(*args)
    return [(error["field"], error["code"]) for error in refused.value.details["errors"]]


def code_of(call, *args):
    """The code of the refusal that the call raises."""
    with pytest.raises(Refusal) as refused:
        call(*args)
    return refused.value.code


def finding(result, **parts):
    """What a check finds."""
    return CheckComplaint(tracking_number=NUMBER, result=result, **parts)


def case_at(*levels, state=State.CHECKED, **parts):
    """Dewi's complaint, passed to these levels by hand."""
    passed = tuple((level, BEYOND if level is LAPOR else BY_HAND) for level in levels)
    usual = {"owner": "dewi", "owner_role": Role.COMPLAINT_OFFICER}
    return Case(state=state, escalations=passed, **usual | parts)


def test_an_incomplete_complaint_names_what_is_missing():
    """And only that one does."""
    assert errors_of(Case().check, DEWI, finding("incomplete")) == [("missing", "required")]
    wrong = finding("complete", missing=("matter",))
    assert errors_of(Case().check, DEWI, wrong) == [("missing", "not_allowed")]


def test_a_complaint_that_is_not_ours_names_where_to_go():
    """And only that one does."""
    assert errors_of(Case().check, DEWI, finding("not_ours")) == [("referral", "required")]
    wrong = finding("complete", referral="police")
    assert errors_of(Case().check, DEWI, wrong) == [("referral", "not_allowed")]


def test_whoever_checks_owns_it_and_checks_it_again():
    """After a supplement no other officer takes it over."""
    incomplete = Case().check(DEWI, finding("incomplete", missing=("evidence",)))
    again = incomplete.supplement()
    assert incomplete.owner == again.owner == "dewi"
    assert code_of(again.check, JOKO, finding("complete")) is ErrorCode.NOT_THE_OWNER
    assert again.check(DEWI, finding("complete")).owner == "dewi"


def test_the_officer_whom_it_is_about_cannot_check_it():
    """Who finds that out hands it to another."""
    wrong = finding("complete", officer="dewi")
    assert errors_of(Case().check, DEWI, wrong) == [("officer", "not_allowed")]
    assert Case().check(DEWI, finding("complete", officer="joko")).officer == "joko"
    kept = Case(officer="rina").check(DEWI, finding("complete"))
    assert kept.officer == "rina"


@pytest.mark.parametrize(
    ("actor", "levels", "code"),
    [
        (DEWI, (), None),
        (JOKO, (), ErrorCode.NOT_THE_OWNER),
        (JOKO, (LAPOR,), ErrorCode.NOT_THE_OWNER),
        (HASAN, (), ErrorCode.NOT_THE_OWNER),
        (HASAN, (DIVISION,), None),
        (HASAN, (AGENCY,), None),
        (RAHMA, (DIVISION,), ErrorCode.NOT_THE_OWNER),
        (RAHMA, (AGENCY,), None),
        (RAHMA, (LAPOR,), None),
        (RINA, (LAPOR,), ErrorCode.ACCESS_DENIED),
        (RESIDENT, (LAPOR,), ErrorCode.ACCESS_DENIED),
        (SYSTEM, (LAPOR,), ErrorCode.ACCESS_DENIED),
    ],
)
def test_only_the_owner_moves_it_and_the_head_whom_it_was_passed_to(actor, levels, code):
    """The same for every move of the office."""
    case = case_at(*levels)
    moves = [case.coordinate, case.record_answer, case.respond]
    if code is None:
        assert [move(actor).owner for move in moves] == ["dewi"] * 3
    else:
        assert [code_of(move, actor) for move in moves] == [code] * 3
        responded = case_at(*levels, state=State.RESPONDED)
        assert code_of(responded.resolve, actor, NOW) is code


def test_a_head_takes_what_nobody_owns_once_it_was_passed_there():
    """Then it is the head's own."""
    unowned = Case().escalated(DIVISION, UNOWNED)
    assert unowned.check(HASAN, finding("complete")).owner == "hasan"
    assert unowned.check(JOKO, finding("complete")).owner == "joko"
    assert code_of(Case().check, HASAN, finding("complete")) is ErrorCode.NOT_THE_OWNER
    assert code_of(Case().check, RINA, finding("complete")) is ErrorCode.ACCESS_DENIED


@pytest.mark.parametrize(
    ("actor", "to", "code"),
    [
        (DEWI, DIVISION, None),
        (DEWI, AGENCY, None),
        (DEWI, LAPOR, None),
        (JOKO, DIVISION, ErrorCode.NOT_THE_OWNER),
        (JOKO, LAPOR, ErrorCode.NOT_THE_OWNER),
        (HASAN, AGENCY, None),
        (HASAN, LAPOR, ErrorCode.ACCESS_DENIED),
        (RAHMA, LAPOR, None),
        (RINA, DIVISION, ErrorCode.ACCESS_DENIED),
        (RESIDENT, LAPOR, ErrorCode.ACCESS_DENIED),
    ],
)
def test_who_may_pass_a_complaint_upward(actor, to, code):
    """Its owner and the heads; to LAPOR! not the division head."""
    case = case_at()
    if code is None:
        reason = BEYOND if to is LAPOR else BY_HAND
        assert case.escalate(actor, to, "Di luar wewenang.").escalations == ((to, reason),)
    else:
        assert code_of(case.escalate, actor, to, "Di luar wewenang.") is code


def test_a_complaint_is_passed_upward_with_words_once_and_never_down():
    """The same level may hear of it again for another reason."""
    assert errors_of(case_at().escalate, DEWI, DIVISION, " ") == [("words", "required")]
    for level, to in [(AGENCY, DIVISION), (LAPOR, AGENCY)]:
        assert errors_of(case_at(level).escalate, DEWI, to, "Tolong.") == [("to", "not_allowed")]
    again = code_of(case_at(DIVISION).escalate, DEWI, DIVISION, "Tolong.")
    assert again is ErrorCode.ALREADY_ESCALATED
    late = case_at().escalated(DIVISION, OVERDUE)
    assert late.escalate(DEWI, DIVISION, "Tolong.").escalated_to is DIVISION


@pytest.mark.parametrize(
    ("levels", "reason", "to"),
    [
        ((), UNOWNED, DIVISION),
        ((), OVERDUE, DIVISION),
        ((), SILENT, DIVISION),
        ((DIVISION,), UNOWNED, None),
        ((DIVISION,), OVERDUE, AGENCY),
        ((DIVISION,), SILENT, AGENCY),
        ((AGENCY,), OVERDUE, None),
        ((AGENCY,), SILENT, None),
        ((LAPOR,), OVERDUE, None),
    ],
)
def test_time_passes_a_complaint_one_level_up(levels, reason, to):
    """Never downwards, never to LAPOR!."""
    assert case_at(*levels).next_level(reason) is to


@pytest.mark.parametrize(
    ("role", "ways"),
    [
        (Role.COMPLAINT_OFFICER, [DIVISION, AGENCY]),
        (Role.DIVISION_HEAD, [AGENCY]),
        (Role.AGENCY_HEAD, []),
    ],
)
def test_each_reopening_is_passed_upward_anew_from_its_owner(role, ways):
    """One level after the other, never twice; whoever saw it before still does."""
    closed = case_at(DIVISION, AGENCY, state=State.RESOLVED, owner_role=role, reopen_until=NOW)
    case = closed.reopen(NOW)
    assert case.escalated_to is None
    assert case.reached(AGENCY)
    passed = []
    while (to := case.next_level(OVERDUE)) is not None:
        case = case.escalated(to, OVERDUE)
        passed.append(to)
    assert passed == ways
    assert case.escalated_to is (ways[-1] if ways else None)


def test_after_a_reopening_a_hand_may_pass_it_upward_again():
    """To the same level for the same reason, and still not twice."""
    closed = case_at(AGENCY, LAPOR, state=State.RESOLVED, reopen_until=NOW)
    case = closed.reopen(NOW).escalate(DEWI, AGENCY, "Tolong.").escalate(DEWI, LAPOR, "Tolong.")
    assert case.present_escalations == ((AGENCY, BY_HAND), (LAPOR, BEYOND))
    assert code_of(case.escalate, DEWI, LAPOR, "Tolong.") is ErrorCode.ALREADY_ESCALATED


@pytest.mark.parametrize("state", State)
def test_the_agency_head_hears_of_a_silent_lapor_while_the_matter_is_open(state):
    """Once; LAPOR! keeps it."""
    case = case_at(LAPOR, state=state)
    told = case.silent_at_lapor()
    over = {State.RESOLVED, State.CLOSED, State.REDIRECTED, State.WITHDRAWN}
    assert (told.escalations[1:] == ((AGENCY, SILENT),)) is (state not in over)
    assert told.escalated_to is LAPOR
    assert told.silent_at_lapor() is told


@pytest.mark.parametrize("role", Role)
def test_who_sees_the_identity_and_who_the_matter(role):
    """By the highest level that it was passed to."""
    identity = {
        None: {Role.COMPLAINT_OFFICER, Role.SYSTEM},
        DIVISION: {Role.COMPLAINT_OFFICER, Role.SYSTEM, Role.DIVISION_HEAD},
        AGENCY: {Role.COMPLAINT_OFFICER, Role.SYSTEM, Role.DIVISION_HEAD, Role.AGENCY_HEAD},
        LAPOR: {Role.COMPLAINT_OFFICER, Role.SYSTEM, Role.DIVISION_HEAD, Role.AGENCY_HEAD},
    }
    heads = {Role.DIVISION_HEAD, Role.AGENCY_HEAD}
    for level, seers in identity.items():
        case = case_at(*([level] if level else []))
        assert case.shows_identity_to(role) is (role in seers)
        assert case.shows_matter_to(role) is (role in seers | heads | {Role.RESIDENT})


def test_only_a_member_of_the_staff_is_complained_about():
    """A user name does not lock out residents or the system."""
    about = Case(officer="resident")
    assert about.is_about(Actor(id="resident", role=Role.VERIFIER))
    assert not about.is_about(RESIDENT)
    assert not Case(officer="system").is_about(SYSTEM)
    assert not Case().is_about(DEWI)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("status", LaporStatus)
def test_what_lapor_says_agrees_with_where_the_case_stands(state, status):
    """An answer there needs one here; what was sent back never agrees."""
    agreeing = {
        LaporStatus.FORWARDED: {
            *(State.RECEIVED, State.INCOMPLETE, State.CHECKED, State.COORDINATING)
        },
        LaporStatus.ANSWERED: {State.RESPONDED, State.RESOLVED, State.CLOSED},
        LaporStatus.CLOSED: {State.RESPONDED, State.RESOLVED, State.CLOSED},
        LaporStatus.RETURNED: set(),
    }[status]
    assert Case(state=state).agrees_with(status) is (state in agreeing)


def test_a_resolution_is_rated_once_and_the_next_one_again():
    """Reopening asks for another judgement."""
    closed = Case(state=State.RESOLVED, reopen_until=NOW).rate(2)
    assert code_of(closed.rate, 5) is ErrorCode.ALREADY_ANSWERED
    again = closed.reopen(NOW)
    assert (again.state, again.score, again.reopenings) == (State.CHECKED, None, 1)


def test_a_complaint_is_reopened_until_the_moment_that_was_told():
    """And not after it."""
    resolved = Case(state=State.RESOLVED, reopen_until=NOW)
    assert resolved.reopen(NOW).state is State.CHECKED
    late = NOW + timedelta(minutes=1)
    assert code_of(resolved.reopen, late) is ErrorCode.REOPENING_TOO_LATE
