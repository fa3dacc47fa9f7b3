"""The rig's own record, outside the system: what was attempted, and what the client was told.

A file that is only appended to, written through to the disk before the client goes on.
"""

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ACKNOWLEDGED, REFUSED, UNKNOWN = "acknowledged", "refused", "unknown"
SUBMISSIONS = ("requests.submit_request", "complaints.submit_complaint")


@dataclass(slots=True)
class Operation:
    """One write of a client. `key` is the name under which the services know it (the cause of its
    events), `events` the events that it alone brings about at once, by source and name."""

    key: str
    what: str
    case: str
    events: tuple[str, ...]
    outcome: str = UNKNOWN
    told: dict[str, Any] = field(default_factory=dict)


class Record:
    """Every operation of every client. One that has no outcome is unknown.

    `acknowledged` counts writes, `submitted` those of them that made a case.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")
        self.operations: dict[str, Operation] = {}
        self.acknowledged = 0
        self.submitted = 0

    def attempted(self, operation: Operation) -> None:
        """Before the first byte is sent."""
        self.operations[operation.key] = operation
        self._write("attempted", operation.key, write=operation.what, case=operation.case)

    def settled(self, operation: Operation, outcome: str, **told: Any) -> None:
        """What the client was told in the end."""
        operation.outcome, operation.told = outcome, told
        if outcome == ACKNOWLEDGED:
            self.acknowledged += 1
            self.submitted += operation.what in SUBMISSIONS
        self._write(outcome, operation.key, **told)

    def happened(self, what: str, fault: str) -> None:
        """Begin and end of a fault, for whoever reads the file afterwards."""
        self._write(what, fault)

    def outcomes(self) -> Counter[str]:
        """How many operations ended how."""
        return Counter(operation.outcome for operation in self.operations.values())

    def close(self) -> None:
        """No more is written."""
        self._file.close()

    def _write(self, what: str, key: str, **more: Any) -> None:
        line = {"is": what, "key": key, "at": datetime.now(UTC).isoformat(), **more}
        self._file.write(json.dumps(line).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
