"""Events come late, twice and in any order; the case ends the same."""

from datetime import timedelta
from itertools import count, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.office import deadline_view
from contracts.documents import DocumentKind
from contracts.errors import ErrorCode, Refusal
from contracts.intake import Channel, Purpose, RequestKind, RequestReceived
from standards.calendar import WorkCalendar
from standards.deadline import Pause, compute_deadline
from tests.integration.verification.desk import FACTS, Desk, refused
from tests.support import MONDAY_MORNING

NUMBERS = count(1)

PAUSE = Pause(MONDAY_MORNING, MONDAY_MORNING + timedelta(days=1), "request_incomplete")
PAUSED_A_DAY = compute_deadline(MONDAY_MORNING, 1, WorkCalendar.load(), (PAUSE,))

STEPS = {
    "received": Desk.receive,
    "completed": Desk.complete,
    "withdrawn at intake": Desk.intake_withdraws,
    "letter": Desk.issue,
}

ORDERS = [*permutations(["received", "completed", "withdrawn at intake"])]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """One service for all examples; each takes a case of its own."""
    desk = Desk(tmp_path_factory.mktemp("verification"))
    yield desk
    desk.close()


def new_case():
    """A tracking number that no example had before."""
    return f"VRF-20261123-{next(NUMBERS):04d}"


def final_state(happened):
    """What the case must come to when these things happened, in whatever order."""
    if {"withdrawn at intake", "resident withdraws"} & set(happened):
        return "withdrawn"
    return "announced" if "completed" in happened else "received"


def happens(desk, case, step, delivery):
    """One step; the same `delivery` number of a step is the same message again."""
    if step == "resident withdraws":
        try:
            desk.withdraw(case=case)
        except Refusal as refusal:
            if refusal.code is not ErrorCode.ILLEGAL_MOVE:
                raise
    else:
        STEPS[step](desk, case, id=f"{case} {step} {delivery}")


@pytest.mark.parametrize("order", ORDERS)
def test_a_withdrawal_wins_in_every_order(desk, order):
    """Also one that comes before the case is known; nothing raises."""
    case = new_case()
    for step in order:
        happens(desk, case, step, 1)
    assert desk.row(case).state == "withdrawn"
    announced = order.index("completed") < order.index("withdrawn at intake")
    assert desk.names(case) == ["verification_announced"] * announced


@given(
    st.lists(
        st.tuples(st.sampled_from([*STEPS, "resident withdraws"]), st.integers(1, 2)),
        min_size=1,
        max_size=10,
    )
)
@settings(max_examples=150, deadline=None)
def test_any_interleaving_and_repetition_ends_in_the_same_state(desk, happened):
    """The state depends on what happened, not on the order or on how often it was told."""
    case = new_case()
    for step, delivery in happened:
        happens(desk, case, step, delivery)
    row = desk.row(case)
    steps = [step for step, _ in happened]
    assert row.state == final_state(steps)
    assert row.letter == ("K7Q2-M4XW" if "letter" in steps else None)
    names = desk.names(case)
    assert names.count("verification_announced") <= 1
    assert names.count("verification_withdrawn") <= 1
    assert ("verification_announced" in names) or row.state != "announced"


def test_the_same_message_twice_is_handled_once(desk):
    """The inbox knows it."""
    case = new_case()
    assert desk.complete(case, id=f"{case} completed") == "done"
    assert desk.complete(case, id=f"{case} completed") == "duplicate"
    assert desk.names(case) == ["verification_announced"]


def test_a_completion_told_again_under_another_id_changes_nothing(desk):
    """Even when the facts differ: what was announced is what counts."""
    case = new_case()
    desk.complete(case)
    desk.claim(case=case)
    before = vars(desk.row(case)) | {"_sa_instance_state": None}
    desk.complete(case, district="63.71.02")
    desk.receive(case)
    assert vars(desk.row(case)) | {"_sa_instance_state": None} == before
    assert desk.names(case) == ["verification_announced", "verifier_assigned"]


def test_the_completion_brings_the_promise_that_counts(desk):
    """A pause at intake moved it after the case was first heard of."""
    case = new_case()
    desk.receive(case)
    desk.complete(case, deadline=deadline_view(PAUSED_A_DAY))
    [promise] = [clock for clock in desk.clocks(case) if clock.clock == "promise"]
    assert promise.due == PAUSED_A_DAY.due
    announced = [each for each in desk.emitted("verification_announced") if each.subject == case]
    assert announced[0].data["deadline"] == deadline_view(PAUSED_A_DAY).model_dump(mode="json")


@pytest.mark.parametrize("kind", ["received", "completed"])
def test_a_data_request_is_none_of_its_business(desk, kind):
    """Intake tells of it in the same words; it has no district."""
    case = "DTA-20261123-0001"
    facts = {"kind": RequestKind.DATA_REQUEST, "purpose": Purpose.ACADEMIC_RESEARCH}
    facts |= {"district": None, "village": None, "standard": "data_request"}
    if kind == "completed":
        desk.complete(case, **facts)
    else:
        desk.tell(RequestReceived(**FACTS | facts, channel=Channel.WEB), case)
    desk.intake_withdraws(case, stage="data_request")
    assert desk.row(case) is None
    refused(ErrorCode.CASE_NOT_FOUND, desk.withdraw, case=case)


def test_a_resident_may_withdraw_before_the_case_has_arrived(desk):
    """Intake has handed it over while the event is still on its way: it is never announced."""
    case = new_case()
    assert desk.withdraw(case=case).state == "withdrawn"
    desk.receive(case)
    desk.complete(case)
    desk.intake_withdraws(case, stage="verification")
    assert desk.row(case).state == "withdrawn"
    assert desk.names(case) == ["verification_withdrawn"]
    refused(ErrorCode.ILLEGAL_MOVE, desk.withdraw, case=case)
    refused(ErrorCode.ILLEGAL_MOVE, desk.assess, case=case)
    assert desk.read(case=case).state == "withdrawn"


@pytest.mark.parametrize("state", ["decided", "delivered"])
def test_a_late_word_of_a_withdrawal_does_not_undo_a_decision(desk, state):
    """Nor does it raise."""
    case = new_case()
    desk.go_to(state, case)
    desk.intake_withdraws(case)
    assert desk.row(case).state == state


def test_the_letter_may_be_known_before_anything_else(desk):
    """It is kept for the delivery; a receipt is not taken for a letter."""
    case = new_case()
    desk.issue(case)
    desk.issue(case, kind=DocumentKind.RECEIPT)
    desk.go_to("decided", case)
    assert desk.hand_over(case=case).state == "delivered"


def test_a_receipt_does_not_make_a_case(desk):
    """Receipts are issued for every request; they are nothing to verification."""
    case = new_case()
    desk.issue(case, kind=DocumentKind.RECEIPT)
    assert desk.row(case) is None
