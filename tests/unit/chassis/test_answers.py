"""What an answer means to the caller: a reply, a refusal, an outage, or a fault of the callee."""

import pytest

from chassis.calls import Answer
from chassis.retry import CalleeFailed, Failure, Unavailable, failure_of
from chassis.rpc import _reply_of
from contracts.audit import LedgerPage, ReadLedger
from contracts.errors import ErrorCode, Refusal

PAGE = LedgerPage(entries=(), last=0, size=0)


def test_a_reply_is_of_the_messages_own_model():
    """The gateway and the services meet in the contract."""
    assert _reply_of(Answer(reply=PAGE.model_dump()), ReadLedger()) == PAGE


def test_a_refusal_keeps_its_code():
    """Code and details cross, no module path."""
    with pytest.raises(Refusal) as refusal:
        _reply_of(Answer(code=ErrorCode.CASE_NOT_FOUND), ReadLedger())
    assert refusal.value.code is ErrorCode.CASE_NOT_FOUND


def test_an_outage_at_the_callee_is_waited_for():
    """As if nobody had answered."""
    with pytest.raises(Unavailable) as outage:
        _reply_of(Answer(failure=Failure.INFRASTRUCTURE), ReadLedger())
    assert failure_of(outage.value) is Failure.INFRASTRUCTURE


@pytest.mark.parametrize("failure", ["unknown", "contract", "internal", "unknown_method"])
def test_a_fault_of_the_callee_is_not_waited_for_without_end(failure):
    """An event handler gives up after its tries, and the event is kept as a dead letter."""
    with pytest.raises(CalleeFailed) as fault:
        _reply_of(Answer(failure=failure), ReadLedger())
    assert failure_of(fault.value) is Failure.UNKNOWN
