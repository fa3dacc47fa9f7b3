"""Who may send which command or query: the broker's rights are made from it.

`tests/contracts/test_askers.py` compares it with what the code sends.
"""

from collections.abc import Iterator

from contracts import (
    audit,
    complaints,
    data_request,
    documents,
    intake,
    notifications,
    operations,
    verification,
)
from contracts.catalogue import MESSAGES
from contracts.envelope import Message

GATEWAY = "gateway"
OPERATOR = "operator"
"""The operators' tools."""

OF_A_PERSON: tuple[type[Message], ...] = (
    intake.ReadSubject,
    intake.EraseSubject,
    verification.ReadSubject,
    data_request.ReadSubject,
    complaints.ReadSubject,
    complaints.EraseSubject,
    documents.ReadSubject,
    notifications.ReadSubject,
    audit.ReadReadings,
)
"""A person's own record and its erasure."""

ASKED: dict[str, tuple[type[Message], ...]] = {
    "documents": (
        intake.ReadRequest,
        intake.ReadApplication,
        verification.ReadVerification,
        data_request.ReadDataRequest,
        complaints.ReadComplaint,
    ),
    "notifications": (intake.ReadContacts, complaints.ReadContacts),
    OPERATOR: (
        audit.ReadLedger,
        audit.ReadCheckpoint,
        audit.ReadLeafHashes,
        operations.RecordReplay,
        operations.RecordDiscard,
        *OF_A_PERSON,
    ),
}
"""What others than the gateway ask."""

NOT_BY_THE_GATEWAY: tuple[type[Message], ...] = (
    intake.ReadContacts,
    complaints.ReadContacts,
    audit.ReadLeafHashes,
    operations.RecordReplay,
    operations.RecordDiscard,
    *OF_A_PERSON,
)
"""The gateway asks everything else."""


def calls() -> Iterator[tuple[str, str, str]]:
    """(who asks, service, method) of everything that may be asked."""
    for message in MESSAGES:
        if message not in NOT_BY_THE_GATEWAY:
            yield GATEWAY, message.service, message.method
    for asker, messages in ASKED.items():
        for message in messages:
            yield asker, message.service, message.method
