"""What is waited for, what is given up at once, and how long one waits."""

from itertools import islice

import pytest
from amqp.exceptions import ConnectionForced, NotFound
from kombu.exceptions import OperationalError as BrokerDown
from pydantic import BaseModel, ValidationError
from sqlalchemy import exc

from chassis.publishing import PublishFailed, Unroutable
from chassis.retry import CalleeFailed, ContractViolation, Failure, Unavailable, failure_of, waits
from chassis.seal import SealBroken
from contracts.errors import Refusal


class Form(BaseModel):
    age: int


def invalid() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate({"age": "old"})
    return caught.value


def of_database(kind: type[exc.DBAPIError], **options: bool) -> exc.DBAPIError:
    return kind("SELECT 1", {}, Exception("driver"), **options)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (of_database(exc.OperationalError), Failure.INFRASTRUCTURE),
        (of_database(exc.InterfaceError), Failure.INFRASTRUCTURE),
        (of_database(exc.DatabaseError, connection_invalidated=True), Failure.INFRASTRUCTURE),
        (exc.TimeoutError("the pool is empty"), Failure.INFRASTRUCTURE),
        (ConnectionRefusedError(), Failure.INFRASTRUCTURE),
        (TimeoutError(), Failure.INFRASTRUCTURE),
        (ConnectionForced(), Failure.INFRASTRUCTURE),
        (NotFound(), Failure.INFRASTRUCTURE),
        (BrokerDown(), Failure.INFRASTRUCTURE),
        (PublishFailed(), Failure.INFRASTRUCTURE),
        (Unroutable(), Failure.INFRASTRUCTURE),
        (Unavailable("intake"), Failure.INFRASTRUCTURE),
        (CalleeFailed("intake"), Failure.UNKNOWN),
        (Refusal(), Failure.CONTRACT),
        (ContractViolation(), Failure.CONTRACT),
        (invalid(), Failure.CONTRACT),
        (of_database(exc.IntegrityError), Failure.UNKNOWN),
        (of_database(exc.DataError), Failure.UNKNOWN),
        (of_database(exc.ProgrammingError), Failure.UNKNOWN),
        (SealBroken("request"), Failure.UNKNOWN),
        (KeyError("x"), Failure.UNKNOWN),
        (ValueError("x"), Failure.UNKNOWN),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_each_error_has_its_kind(error, failure):
    """Servers come back; broken rules stay broken; of the rest one cannot know."""
    assert failure_of(error) is failure


def test_a_refused_contract_stays_one_on_a_lost_connection():
    """What the domain says counts before what the connection did."""
    refusal = Refusal()
    refusal.__cause__ = of_database(exc.OperationalError)
    assert failure_of(refusal) is Failure.CONTRACT


def test_waits_double_up_to_the_longest():
    """The n-th wait lies in the upper half of its doubling step, and never over the limit."""
    step = 0.1
    for wait in islice(waits(first=0.1, longest=30.0), 40):
        assert step / 2 <= wait <= step <= 30.0
        step = min(step * 2, 30.0)
    assert step == 30.0


def test_waits_are_jittered():
    """Replicas that failed together do not come back together."""
    firsts = {next(waits()) for _ in range(20)}
    assert len(firsts) > 1
