"""The table of moves: what is in it leads somewhere, what is not in it raises."""

from datetime import UTC, datetime

import pytest

from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode, IllegalMove, Refusal
from contracts.verification import (
    AssessEligibility,
    DecideVerification,
    DeliveryMethod,
    Outcome,
    ReportVisit,
    VisitOutcome,
)
from services.verification.domain import MOVES, Case, Move, State, state_reported

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NUMBER = "VRF-20261123-0001"
WEST = "63.71.03"
RINA = Actor(id="rina", role=Role.VERIFIER, districts=(WEST,))

EXPECTED = {
    (State.RECEIVED, Move.ANNOUNCE): State.ANNOUNCED,
    (State.RECEIVED, Move.WITHDRAW): State.WITHDRAWN,
    (State.ANNOUNCED, Move.REOFFER): State.ANNOUNCED,
    (State.ANNOUNCED, Move.CLAIM): State.ASSIGNED,
    (State.ANNOUNCED, Move.APPOINT): State.ASSIGNED,
    (State.ANNOUNCED, Move.WITHDRAW): State.WITHDRAWN,
    (State.ASSIGNED, Move.APPOINT): State.ASSIGNED,
    (State.ASSIGNED, Move.REPORT_VISIT): State.VISITED,
    (State.ASSIGNED, Move.REPORT_ABSENCE): State.ASSIGNED,
    (State.ASSIGNED, Move.ASSESS_UNSEEN): State.ASSESSED,
    (State.ASSIGNED, Move.WITHDRAW): State.WITHDRAWN,
    (State.VISITED, Move.ASSESS): State.ASSESSED,
    (State.VISITED, Move.WITHDRAW): State.WITHDRAWN,
    (State.ASSESSED, Move.DECIDE): State.DECIDED,
    (State.ASSESSED, Move.SEND_BACK): State.ASSIGNED,
    (State.ASSESSED, Move.WITHDRAW): State.WITHDRAWN,
    (State.DECIDED, Move.DELIVER): State.DELIVERED,
}


def visit(outcome):
    """A report with everything that its outcome needs."""
    return ReportVisit(
        tracking_number=NUMBER, visit="v1", outcome=outcome, visited_at=NOW, findings="Ada."
    )


def decision(word):
    """A decision with its grounds."""
    return DecideVerification(tracking_number=NUMBER, decision=word, grounds="Sesuai.")


ASSESSMENT = AssessEligibility(
    tracking_number=NUMBER, recommendation=Outcome.ELIGIBLE, grounds="Layak."
)

MAKE = {
    Move.ANNOUNCE: lambda case: case.announce(WEST, NOW, max_visits=3),
    Move.REOFFER: lambda case: case.reoffer((WEST,)),
    Move.CLAIM: lambda case: case.claim(RINA),
    Move.APPOINT: lambda case: case.appoint("rina"),
    Move.REPORT_VISIT: lambda case: case.report(RINA, visit(VisitOutcome.HOUSEHOLD_VISITED), NOW),
    Move.REPORT_ABSENCE: lambda case: case.report(RINA, visit(VisitOutcome.NOBODY_HOME), NOW),
    Move.ASSESS: lambda case: case.assess(ASSESSMENT),
    Move.ASSESS_UNSEEN: lambda case: case.assess(ASSESSMENT),
    Move.DECIDE: lambda case: case.decide(decision("eligible")),
    Move.SEND_BACK: lambda case: case.decide(decision("send_back")),
    Move.DELIVER: lambda case: case.deliver(DeliveryMethod.ORAL),
    Move.WITHDRAW: lambda case: case.withdraw(),
}
"""How each move is made on a case."""


def case_in(state, **parts):
    """A case offered in the west and given to Rina, in this state."""
    return Case(state=state, offered_to=(WEST,), wave=1, verifier="rina", max_visits=3, **parts)


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


@pytest.mark.parametrize("move", [move for move in Move if move is not Move.ASSESS_UNSEEN])
@pytest.mark.parametrize("state", State)
def test_the_case_makes_exactly_the_moves_of_the_table(state, move):
    """No method of the case goes round the table."""
    case = case_in(state)
    if (state, move) in EXPECTED:
        assert MAKE[move](case).state is EXPECTED[state, move]
    elif move is Move.CLAIM and state.has_verifier:
        assert MAKE[move](case) == case
    else:
        with pytest.raises(IllegalMove):
            MAKE[move](case)


@pytest.mark.parametrize("state", State)
def test_an_assessment_without_a_visit_is_possible_only_while_assigned(state):
    """Enough absences open the assessment of an assigned case and of no other."""
    case = case_in(state, absences=3)
    if state in (State.ASSIGNED, State.VISITED):
        assert case.assess(ASSESSMENT).state is State.ASSESSED
    else:
        with pytest.raises(IllegalMove):
            case.assess(ASSESSMENT)


@pytest.mark.parametrize("state", State)
def test_a_verifier_has_the_case_from_assignment_to_decision(state):
    """The state answers whose it is."""
    assert state.has_verifier is (state in (State.ASSIGNED, State.VISITED, State.ASSESSED))


@pytest.mark.parametrize("state", State)
def test_a_refused_move_leaves_the_case_as_it_was(state):
    """Cases are frozen: there is nothing to undo after a refusal."""
    case = case_in(state)
    for make in MAKE.values():
        try:
            make(case)
        except Refusal:
            assert case == case_in(state)


def test_a_report_leads_where_its_outcome_says():
    """The reply to a repeated report is the first one's, without looking at the case."""
    assert state_reported(VisitOutcome.HOUSEHOLD_VISITED) is State.VISITED
    assert state_reported(VisitOutcome.NOBODY_HOME) is State.ASSIGNED
