"""What becomes of a delivery: tried, tried again, given up; pure rules."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

ATTEMPTS = 12
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
LEASE = timedelta(seconds=60)
"""How long a replica may take over one attempt; longer than any attempt's limit."""

TRIP = 5
"""After so many failures one after the other a webhook is tried by one delivery at a time."""


class State(StrEnum):
    """Where a delivery stands. Each but waiting can be replayed."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Result(StrEnum):
    """What came of an attempt.

    HINDERED: it failed on our side, which says nothing of the receiver; POSTPONED: it was not even
    tried, and does not count.
    """

    SENT = "sent"
    AGAIN = "again"
    HINDERED = "hindered"
    REFUSED = "refused"
    GONE = "gone"
    UNNEEDED = "unneeded"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An attempt's result, with a coded reason and the receiver's HTTP status if it answered."""

    result: Result
    reason: str | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a delivery is after an attempt; `wait` only if it goes on waiting."""

    state: State
    attempts: int
    wait: timedelta = timedelta()


def judge(attempts: int, result: Result, jitter: float) -> Verdict:
    """The verdict on a delivery with so many attempts before this one; `jitter` is 0 to 1."""
    if result is Result.POSTPONED:
        return Verdict(State.WAITING, attempts, backoff(1, jitter))
    attempts += 1
    if result is Result.SENT:
        return Verdict(State.SENT, attempts)
    if result is Result.UNNEEDED:
        return Verdict(State.DROPPED, attempts)
    if result in (Result.AGAIN, Result.HINDERED) and attempts < ATTEMPTS:
        return Verdict(State.WAITING, attempts, backoff(attempts, jitter))
    return Verdict(State.FAILED, attempts)


def backoff(failures: int, jitter: float) -> timedelta:
    """How long to wait after that many failures: doubling, up to twice as long by `jitter`.

    From FIRST_WAIT to LONGEST_WAIT.
    """
    wait: timedelta = FIRST_WAIT * 2 ** min(failures - 1, 16) * (1 + jitter)
    return min(wait, LONGEST_WAIT)


def is_tripped(failures: int) -> bool:
    """Whether a webhook has failed so often that one delivery at a time is enough."""
    return failures >= TRIP


def rest(failures: int, jitter: float) -> timedelta:
    """How long a webhook is left alone after its failures one after the other."""
    return backoff(failures - TRIP + 1, jitter) if is_tripped(failures) else timedelta()
