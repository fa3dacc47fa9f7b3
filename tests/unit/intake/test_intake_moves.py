"""The table of moves: what is in it is allowed, everything else is refused."""

import pytest

from contracts.errors import ErrorCode, IllegalMove, Refusal
from services.intake.domain import Move, State, withdrawn

ALLOWED = {
    (State.RECEIVED, Move.COMPLETE): State.COMPLETED,
    (State.RECEIVED, Move.RETURN): State.RETURNED,
    (State.RECEIVED, Move.WITHDRAW): State.WITHDRAWN,
    (State.RETURNED, Move.SUPPLEMENT): State.RECEIVED,
    (State.RETURNED, Move.WITHDRAW): State.WITHDRAWN,
    (State.COMPLETED, Move.WITHDRAW): State.CLOSED,
}
EVERY = [(state, move) for state in State for move in Move]


@pytest.mark.parametrize(("state", "move"), [pair for pair in EVERY if pair in ALLOWED])
def test_an_allowed_move_leads_to_its_state(state, move):
    """The procedure, step by step."""
    assert state.after(move) is ALLOWED[state, move]


@pytest.mark.parametrize(("state", "move"), [pair for pair in EVERY if pair not in ALLOWED])
def test_any_other_move_is_refused_and_says_what_is_allowed(state, move):
    """An illegal move never does nothing."""
    with pytest.raises(IllegalMove) as refused:
        state.after(move)
    assert refused.value.code is ErrorCode.ILLEGAL_MOVE
    allowed = [each.value for each in Move if (state, each) in ALLOWED]
    assert refused.value.details == {"state": state.value, "move": move.value, "allowed": allowed}


def test_a_withdrawn_request_is_closed():
    """Nothing follows a withdrawal."""
    assert State.WITHDRAWN.moves == State.CLOSED.moves == ()


@pytest.mark.parametrize("state", [State.RECEIVED, State.RETURNED])
def test_a_resident_withdraws_what_is_still_at_intake(state):
    """Before the handover the withdrawal is intake's to take."""
    assert withdrawn(state) is State.WITHDRAWN


@pytest.mark.parametrize("state", [State.COMPLETED, State.CLOSED])
def test_a_resident_cannot_withdraw_at_intake_what_was_handed_over(state):
    """Verification has it or had it, and is asked: it knows whose withdrawal it took."""
    with pytest.raises(Refusal) as refused:
        withdrawn(state)
    assert refused.value.code is ErrorCode.ALREADY_HANDED_OVER


def test_a_resident_cannot_withdraw_twice():
    """The second withdrawal is told that the first one closed the request."""
    with pytest.raises(IllegalMove):
        withdrawn(State.WITHDRAWN)
