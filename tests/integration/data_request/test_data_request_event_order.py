"""Events come late, twice and in any order; the case ends the same."""

from itertools import count, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import ErrorCode, Refusal
from contracts.intake import RequestKind
from services.data_request.models import Clock, DataRequestCase
from tests.integration.data_request.desk import Desk, refused

NUMBERS = count(1)

STEPS = {"completed": Desk.complete, "withdrawn at intake": Desk.intake_withdraws}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """One service for all examples; each takes a case of its own."""
    desk = Desk(tmp_path_factory.mktemp("data_request"))
    yield desk
    desk.close()


def new_case():
    """A tracking number that no example had before."""
    return f"DTA-20261123-{next(NUMBERS):04d}"


def happens(desk, case, step, delivery):
    """One step; the same `delivery` number of a step is the same message again."""
    if step == "requester withdraws":
        try:
            desk.withdraw(case)
        except Refusal as refusal:
            if refusal.code is not ErrorCode.ILLEGAL_MOVE:
                raise
    else:
        STEPS[step](desk, case, id=f"{case} {step} {delivery}")


@pytest.mark.parametrize("order", [*permutations(STEPS)])
def test_a_withdrawal_wins_in_every_order(desk, order):
    """Also one that comes before the case is known; nothing raises, nothing is due."""
    case = new_case()
    for step in order:
        happens(desk, case, step, 1)
    assert desk.row(case).state == "withdrawn"
    assert desk.row(case).purpose == "academic_research"
    assert desk.names(case) == []
    with desk.session() as session:
        clocks = session.query(Clock).filter_by(tracking_number=case)
        assert not any(clock.running for clock in clocks)


@given(
    st.lists(
        st.tuples(st.sampled_from([*STEPS, "requester withdraws"]), st.integers(1, 2)),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_interleaving_and_repetition_ends_in_the_same_state(desk, happened):
    """The state depends on what happened, not on the order or on how often it was told."""
    case = new_case()
    for step, delivery in happened:
        happens(desk, case, step, delivery)
    steps = {step for step, _ in happened}
    assert desk.row(case).state == ("received" if steps == {"completed"} else "withdrawn")
    assert desk.names(case).count("data_request_withdrawn") <= 1


def test_the_same_message_twice_is_handled_once(desk):
    """The inbox knows it."""
    case = new_case()
    assert desk.complete(case, id=f"{case} completed") == "done"
    assert desk.complete(case, id=f"{case} completed") == "duplicate"


def test_a_completion_told_again_under_another_id_changes_nothing(desk):
    """Even when the facts differ: what was taken over is what counts."""
    case = new_case()
    desk.go_to("in_preparation", case)
    before = vars(desk.row(case)) | {"_sa_instance_state": None}
    desk.complete(case, purpose="social_welfare_development", data_types=9)
    assert vars(desk.row(case)) | {"_sa_instance_state": None} == before


@pytest.mark.parametrize("state", ["rejected", "handed_over"])
def test_a_late_word_of_a_withdrawal_does_not_undo_what_is_closed(desk, state):
    """Nor does it raise."""
    case = new_case()
    desk.go_to(state, case)
    desk.intake_withdraws(case)
    assert desk.row(case).state == state


@pytest.mark.parametrize(
    "state",
    ["received", "dispositioned", "clarification", "in_preparation", "prepared"],
)
def test_a_request_may_be_withdrawn_until_it_is_closed(desk, state):
    """Once; intake hears of it, and its own word changes nothing more."""
    case = new_case()
    desk.go_to(state, case)
    assert desk.withdraw(case).state == "withdrawn"
    desk.intake_withdraws(case)
    refused(ErrorCode.ILLEGAL_MOVE, desk.withdraw, case)
    assert desk.names(case).count("data_request_withdrawn") == 1


def test_requests_of_another_kind_are_nothing_to_this_service(desk):
    """Neither their completion nor their withdrawal makes a case."""
    before = desk.count(DataRequestCase)
    desk.complete("VRF-20261123-0001", kind=RequestKind.ASSISTANCE_VERIFICATION)
    desk.intake_withdraws("VRF-20261123-0001")
    assert desk.count(DataRequestCase) == before
