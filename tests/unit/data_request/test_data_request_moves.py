"""The table of moves: what is in it leads somewhere, what is not in it raises."""

import pytest

from contracts.data_request import (
    Complexity,
    RejectionGround,
    ReviewDataRequest,
    Side,
    SignHandover,
)
from contracts.envelope import RESIDENT, Actor, Role
from contracts.errors import ErrorCode, IllegalMove, Refusal
from services.data_request.domain import (
    MOVES,
    Case,
    Move,
    State,
    complexity_rule,
    data_release,
)
from standards import catalogue

NUMBER = "DTA-20261123-0001"
SARI = Actor(id="sari", role=Role.SOCIAL_WORKER)
DEWI = Actor(id="dewi", role=Role.SOCIAL_WORKER)
STANDARD = catalogue.load("data_request")
RULE = complexity_rule(STANDARD)

EXPECTED = {
    (State.EXPECTED, Move.OPEN): State.RECEIVED,
    (State.EXPECTED, Move.WITHDRAW): State.WITHDRAWN,
    (State.RECEIVED, Move.DISPOSITION): State.DISPOSITIONED,
    (State.RECEIVED, Move.WITHDRAW): State.WITHDRAWN,
    (State.DISPOSITIONED, Move.APPROVE): State.IN_PREPARATION,
    (State.DISPOSITIONED, Move.REJECT): State.REJECTED,
    (State.DISPOSITIONED, Move.CLARIFY): State.CLARIFICATION,
    (State.DISPOSITIONED, Move.WITHDRAW): State.WITHDRAWN,
    (State.CLARIFICATION, Move.ANSWER): State.DISPOSITIONED,
    (State.CLARIFICATION, Move.WITHDRAW): State.WITHDRAWN,
    (State.IN_PREPARATION, Move.STORE_TABLE): State.IN_PREPARATION,
    (State.IN_PREPARATION, Move.BUILD_PACKAGE): State.PREPARED,
    (State.IN_PREPARATION, Move.WITHDRAW): State.WITHDRAWN,
    (State.PREPARED, Move.STORE_TABLE): State.PREPARED,
    (State.PREPARED, Move.BUILD_PACKAGE): State.PREPARED,
    (State.PREPARED, Move.SIGN): State.PREPARED,
    (State.PREPARED, Move.HAND_OVER): State.HANDED_OVER,
    (State.PREPARED, Move.WITHDRAW): State.WITHDRAWN,
}


def review(decision, **parts):
    """A review with just these parts."""
    return ReviewDataRequest(tracking_number=NUMBER, decision=decision, **parts)


def signature(side, **parts):
    """A signature with everything that its side needs."""
    usual = {"edition": 1, "name": "Nama", "institution": "Kampus", "terms_accepted": True}
    return SignHandover(tracking_number=NUMBER, side=side, **usual | parts)


APPROVAL = review("approve", complexity=Complexity.SIMPLE, social_worker="sari")
REJECTION = review("reject", ground=RejectionGround.DATA_NOT_HELD, words="Tidak ada.")

MAKE = {
    Move.OPEN: lambda case: case.open(2),
    Move.DISPOSITION: lambda case: case.disposition(),
    Move.APPROVE: lambda case: case.review(APPROVAL, RULE),
    Move.REJECT: lambda case: case.review(REJECTION, RULE),
    Move.CLARIFY: lambda case: case.review(review("clarify", words="Apa?"), RULE),
    Move.ANSWER: lambda case: case.answer("Ini."),
    Move.STORE_TABLE: lambda case: case.store_table(SARI),
    Move.BUILD_PACKAGE: lambda case: case.build_package(SARI),
    Move.SIGN: lambda case: case.sign(signature(Side.OFFICE), SARI),
    Move.HAND_OVER: lambda case: case.sign(signature(Side.OFFICE), SARI).sign(
        signature(Side.REQUESTER), RESIDENT
    ),
    Move.WITHDRAW: lambda case: case.withdraw(),
}
"""How each move is made on a case."""


def case_in(state, **parts):
    """A case that Sari is to prepare, with a first edition, in this state."""
    return Case(state=state, social_worker="sari", edition=1, **parts)


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
        "allowed": [*state.moves],
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


@pytest.mark.parametrize("state", State)
def test_a_refused_move_leaves_the_case_as_it_was(state):
    """Cases are frozen: there is nothing to undo after a refusal."""
    case = case_in(state)
    for make in MAKE.values():
        try:
            make(case)
        except Refusal:
            assert case == case_in(state)


@pytest.mark.parametrize("state", State)
def test_the_package_may_be_fetched_only_after_the_handover(state):
    """In every other state the signatures are missing."""
    if state is State.HANDED_OVER:
        case_in(state).check_downloadable()
        return
    with pytest.raises(Refusal) as refused:
        case_in(state).check_downloadable()
    assert refused.value.code is ErrorCode.HANDOVER_NOT_SIGNED


def test_a_letter_that_names_no_data_type_counts_as_one():
    """The promise needs a number."""
    assert Case().open(None).data_types == Case().open(0).data_types == 1


def test_the_review_may_correct_the_number_of_data_types():
    """The promise follows the corrected number."""
    case = Case(state=State.DISPOSITIONED, data_types=2)
    assert case.review(APPROVAL, RULE).working_days == 3
    corrected = case.review(APPROVAL.model_copy(update={"data_types": 6}), RULE)
    assert (corrected.data_types, corrected.working_days) == (6, 7)


def test_a_new_edition_has_no_signatures():
    """They were given for another content."""
    case = case_in(State.PREPARED, signed=(Side.REQUESTER,))
    assert (case.build_package(SARI).edition, case.build_package(SARI).signed) == (2, ())


def test_another_social_worker_is_refused_before_anything_else_is_said():
    """But only where the move is possible at all."""
    with pytest.raises(Refusal) as refused:
        case_in(State.PREPARED).build_package(DEWI)
    assert refused.value.code is ErrorCode.NOT_THE_INSTRUCTED_SOCIAL_WORKER
    with pytest.raises(IllegalMove):
        case_in(State.RECEIVED).build_package(DEWI)


@pytest.mark.parametrize("state", [State.PREPARED, State.HANDED_OVER])
def test_a_side_signs_once(state):
    """Also after the case is closed it is told that it has signed."""
    signed = (Side.OFFICE,) if state is State.PREPARED else tuple(Side)
    with pytest.raises(Refusal) as refused:
        case_in(state, signed=signed).sign(signature(Side.OFFICE), SARI)
    assert refused.value.code is ErrorCode.ALREADY_SIGNED


def test_a_standard_that_gives_no_data_is_not_taken_for_one():
    """The verification's standard has neither complexity nor conditions of release."""
    other = catalogue.load("aid_verification")
    for ask in (complexity_rule, data_release):
        with pytest.raises(catalogue.UnknownStandard):
            ask(other)
