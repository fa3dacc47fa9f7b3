"""The resident no longer wants it: at intake, or where verification has it."""

import pytest

from contracts.errors import ErrorCode
from tests.integration.intake.counter import UNKNOWN, refused


@pytest.mark.parametrize("returned", [False, True])
def test_a_resident_withdraws(counter, returned):
    """While intake has it, at once."""
    case = counter.received()
    if returned:
        counter.identify(case, resident=False)
    assert counter.withdraw(case) == "withdrawn"
    assert counter.last().data == {"stage": "intake"}
    with refused(ErrorCode.ILLEGAL_MOVE):
        counter.identify(case)


def test_what_verification_has_is_withdrawn_there(counter):
    """Intake says so, and follows when verification has done it."""
    case = counter.received()
    counter.identify(case)
    with refused(ErrorCode.ALREADY_HANDED_OVER):
        counter.withdraw(case)
    assert counter.verification_withdrew(case) == "done"
    assert counter.last().data == {"stage": "verification"}
    assert counter.last().actor == "resident"
    assert counter.read(case).state == "closed"
    with refused(ErrorCode.ALREADY_HANDED_OVER):
        counter.withdraw(case)


def test_a_withdrawal_told_twice_is_told_on_once(counter):
    """The same message is dropped by the inbox, another one by the state."""
    case = counter.received()
    counter.identify(case)
    counter.verification_withdrew(case, id="m-1")
    assert counter.verification_withdrew(case, id="m-1") == "duplicate"
    assert counter.verification_withdrew(case, id="m-2") == "done"
    assert counter.emitted().count("request_withdrawn") == 1


@pytest.mark.parametrize("case", [UNKNOWN, "not a number"])
def test_a_withdrawal_of_an_unknown_case_is_no_fault(counter, case):
    """It is dropped, not dead-lettered."""
    assert counter.verification_withdrew(case) == "done"
    assert counter.emitted() == []


def test_a_withdrawal_out_of_order_closes_the_request(counter):
    """Whatever intake believed, the resident no longer wants it."""
    case = counter.received()
    counter.verification_withdrew(case)
    assert counter.last().data == {"stage": "verification"}
    with refused(ErrorCode.ILLEGAL_MOVE):
        counter.identify(case)
