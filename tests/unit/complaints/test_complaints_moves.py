"""The table of moves: what is in it leads somewhere, what is not in it raises."""

from datetime import UTC, datetime

import pytest

from contracts.complaints import CheckComplaint, CheckResult, EscalationReason, EscalationTarget
from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode, IllegalMove, Refusal
from services.complaints.domain import MOVES, Case, Move, State

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NUMBER = "ADU-20261123-0001"
DEWI = Actor(id="dewi", role=Role.COMPLAINT_OFFICER)

EXPECTED = {
    (State.RECEIVED, Move.CHECK_COMPLETE): State.CHECKED,
    (State.RECEIVED, Move.CHECK_INCOMPLETE): State.INCOMPLETE,
    (State.RECEIVED, Move.REDIRECT): State.REDIRECTED,
    (State.RECEIVED, Move.ESCALATE): State.RECEIVED,
    (State.RECEIVED, Move.WITHDRAW): State.WITHDRAWN,
    (State.INCOMPLETE, Move.SUPPLEMENT): State.RECEIVED,
    (State.INCOMPLETE, Move.WITHDRAW): State.WITHDRAWN,
    (State.CHECKED, Move.COORDINATE): State.COORDINATING,
    (State.CHECKED, Move.RECORD_ANSWER): State.CHECKED,
    (State.CHECKED, Move.RESPOND): State.RESPONDED,
    (State.CHECKED, Move.ESCALATE): State.CHECKED,
    (State.CHECKED, Move.WITHDRAW): State.WITHDRAWN,
    (State.COORDINATING, Move.COORDINATE): State.COORDINATING,
    (State.COORDINATING, Move.RECORD_ANSWER): State.COORDINATING,
    (State.COORDINATING, Move.RESPOND): State.RESPONDED,
    (State.COORDINATING, Move.ESCALATE): State.COORDINATING,
    (State.COORDINATING, Move.WITHDRAW): State.WITHDRAWN,
    (State.RESPONDED, Move.RECORD_ANSWER): State.RESPONDED,
    (State.RESPONDED, Move.RESOLVE): State.RESOLVED,
    (State.RESPONDED, Move.ESCALATE): State.RESPONDED,
    (State.RESOLVED, Move.RATE): State.CLOSED,
    (State.RESOLVED, Move.REOPEN): State.CHECKED,
    (State.CLOSED, Move.REOPEN): State.CHECKED,
}


def checked(result, **parts):
    """A finding of the check, by the complaint's owner."""
    return lambda case: case.check(
        DEWI, CheckComplaint(tracking_number=NUMBER, result=result, **parts)
    )


MAKE = {
    Move.CHECK_COMPLETE: checked(CheckResult.COMPLETE),
    Move.CHECK_INCOMPLETE: checked(CheckResult.INCOMPLETE, missing=("matter",)),
    Move.REDIRECT: checked(CheckResult.NOT_OURS, referral="police"),
    Move.SUPPLEMENT: lambda case: case.supplement(),
    Move.COORDINATE: lambda case: case.coordinate(DEWI),
    Move.RECORD_ANSWER: lambda case: case.record_answer(DEWI),
    Move.RESPOND: lambda case: case.respond(DEWI),
    Move.RESOLVE: lambda case: case.resolve(DEWI, NOW),
    Move.ESCALATE: lambda case: case.escalate(DEWI, EscalationTarget.DIVISION_HEAD, "Tolong."),
    Move.RATE: lambda case: case.rate(4),
    Move.REOPEN: lambda case: case.reopen(NOW),
    Move.WITHDRAW: lambda case: case.withdraw(),
}
"""How each move is made on a case."""


def case_in(state):
    """A complaint that Dewi checked, in this state, which may be reopened for now."""
    return Case(state=state, owner="dewi", reopen_until=NOW)


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", State)
def test_every_move_in_every_state_leads_somewhere_or_raises(state, move):
    """The table is total: no pair is without an answer, and the answer is the procedure's."""
    if (state, move) in EXPECTED:
        assert state.after(move) is EXPECTED[state, move]
        assert move in state.moves
        return
    with pytest.raises(IllegalMove) as refused:
        state.after(move)
    assert refused.value.code is ErrorCode.ILLEGAL_MOVE
    assert refused.value.details == {
        "state": state.value,
        "move": move.value,
        "allowed": [move.value for move in state.moves],
    }


def test_the_table_names_every_state():
    """A state without a row would fail with a KeyError in place of a refusal."""
    assert set(MOVES) == set(State)


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", State)
def test_the_case_makes_exactly_the_moves_of_the_table(state, move):
    """No method of the case goes round the table."""
    case = case_in(state)
    if (state, move) in EXPECTED:
        assert MAKE[move](case).state is EXPECTED[state, move]
    else:
        with pytest.raises(IllegalMove):
            MAKE[move](case)
    assert case == case_in(state)


@pytest.mark.parametrize("state", State)
def test_time_passes_a_complaint_upward_only_where_the_table_lets_it(state):
    """What is settled, redirected, withdrawn or waits for the complainant stays where it is."""
    case = case_in(state)
    allowed = (state, Move.ESCALATE) in EXPECTED
    assert (case.next_level(EscalationReason.OVERDUE) is not None) is allowed
    if not allowed:
        with pytest.raises(IllegalMove):
            case.escalated(EscalationTarget.DIVISION_HEAD, EscalationReason.OVERDUE)


@pytest.mark.parametrize("state", State)
def test_a_complaint_waits_for_an_answer_has_one_or_is_over(state):
    """The state answers where the complainant stands."""
    over = state in (State.REDIRECTED, State.WITHDRAWN)
    assert [state.waits_for_answer, state.answered, over].count(True) == 1


def test_a_refusal_of_a_move_is_a_refusal():
    """The gateway shows it as any other."""
    with pytest.raises(Refusal):
        Case(state=State.WITHDRAWN).withdraw()
