"""What kind of failure an exception is, and how long to wait before the next try."""

import random
import socket
from collections.abc import Iterator
from enum import StrEnum

from amqp.exceptions import AMQPError
from kombu.exceptions import KombuError, OperationalError
from pydantic import ValidationError
from sqlalchemy import exc as database

from chassis.publishing import PublishFailed
from contracts.errors import Refusal

TRIES = 5
"""How often a handler is tried in place before an unexplained failure is dead-lettered."""

LONGEST_WAIT = 30.0


class Unavailable(Exception):
    """Another service did not answer in time, or nobody listens."""


class CalleeFailed(Unavailable):
    """Another service failed at the call for a reason of its own: waiting alone won't mend it."""


class ContractViolation(Exception):
    """A message is not what its contract says."""


class EndsTheProcess(Exception):
    """The process died each time this message was handled."""


class Failure(StrEnum):
    """INFRASTRUCTURE passes by itself; CONTRACT and FATAL never do; of the rest one cannot know."""

    INFRASTRUCTURE = "infrastructure"
    CONTRACT = "contract"
    FATAL = "fatal"
    UNKNOWN = "unknown"


HOPELESS = (Failure.CONTRACT, Failure.FATAL)
"""Not tried again."""

_INFRASTRUCTURE = (
    AMQPError,
    KombuError,
    OperationalError,
    PublishFailed,
    Unavailable,
    OSError,
    socket.timeout,
    database.OperationalError,
    database.InterfaceError,
    database.TimeoutError,
)


def failure_of(error: BaseException) -> Failure:
    """What kind of failure it is, and so whether trying again can help."""
    if isinstance(error, Refusal | ValidationError | ContractViolation):
        return Failure.CONTRACT
    if isinstance(error, EndsTheProcess):
        return Failure.FATAL
    if isinstance(error, CalleeFailed):
        return Failure.UNKNOWN
    if isinstance(error, database.DBAPIError) and error.connection_invalidated:
        return Failure.INFRASTRUCTURE
    if isinstance(error, _INFRASTRUCTURE):
        return Failure.INFRASTRUCTURE
    return Failure.UNKNOWN


def waits(first: float = 0.1, longest: float = LONGEST_WAIT) -> Iterator[float]:
    """Seconds to wait before each retry: doubling up to `longest`, each with full jitter's half."""
    wait = first
    while True:
        yield wait * random.uniform(0.5, 1.0)  # noqa: S311 - jitter is no secret
        wait = min(wait * 2, longest)
