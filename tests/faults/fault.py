"""The shape that all faults share."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from tests.faults.proxy import Proxy
from tests.faults.system import System

Poisoned = tuple[str, str]
"""The service in whose dead letters it must end, and its message id."""


@dataclass(slots=True)
class Arena:
    """What faults act upon. `poison` collects what was put in; `notes` what could not be done."""

    system: System
    dice: random.Random
    proxy: Proxy | None = None
    poison: list[Poisoned] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    replay: bool = False
    """Whether the stream must be replayed in the end: a queue was deleted with what it held."""

    def count(self, what: str, number: int = 1) -> None:
        """For the report."""
        self.counted[what] += number

    def skip(self, fault: "Fault", why: str) -> None:
        """Say that a fault cannot be made here."""
        self.notes.append(f"SKIPPED {fault.name}: {why}")


class Fault(Protocol):
    """Something that goes wrong. `inject` begins it, `heal` ends it and may return at once where
    the system mends itself; `lane` tells which faults never happen at the same time."""

    name: str
    lane: str

    def inject(self, arena: Arena) -> None: ...

    def heal(self, arena: Arena) -> None: ...
