"""What operators do to dead letters. The audit service records it and publishes it."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from contracts.envelope import Command, Contract, Done, EventData

LETTER_ID = r"^[A-Za-z0-9_:.-]{1,80}$"
PLAIN_NAME = r"^[A-Za-z0-9_.-]{0,120}$"
"""A word of the system's own; nothing that somebody wrote fits into it by chance."""


class DeadLetterRecord(EventData):
    """A dead letter as its headers tell of it; `buried_at` is null for one of the broker's own.

    `letter` is the message's id, or a hash of the message if it has none that may be shown.
    `taker` is the service that could not handle it.
    """

    source: ClassVar[str] = "audit"
    event: ClassVar[str]

    letter: str = Field(pattern=LETTER_ID)
    taker: str = Field(pattern=PLAIN_NAME)
    reason: str = Field(pattern=PLAIN_NAME)
    error: str = Field(pattern=PLAIN_NAME)
    attempts: int = Field(ge=0)
    buried_at: AwareDatetime | None = None


class DeadLetterReplayed(DeadLetterRecord):
    """An operator, the actor, sent a dead letter back to the queue in which it had failed."""

    event: ClassVar[str] = "dead_letter_replayed"


class DeadLetterDiscarded(DeadLetterRecord):
    """An operator, the actor, threw a dead letter away: its service never handles the message."""

    event: ClassVar[str] = "dead_letter_discarded"


class _RecordOperation(Command):
    """`subject` is the case that the message was about, or `<taker>.dead` if it tells none."""

    service: ClassVar[str] = "audit"
    reply: ClassVar[type[Contract]] = Done

    subject: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,80}$")


class RecordReplay(_RecordOperation):
    """An operator has sent a dead letter back; the actor is the operator."""

    method: ClassVar[str] = "record_replay"

    letter: DeadLetterReplayed


class RecordDiscard(_RecordOperation):
    """An operator throws a dead letter away; the actor is the operator."""

    method: ClassVar[str] = "record_discard"

    letter: DeadLetterDiscarded
