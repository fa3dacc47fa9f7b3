"""The shape that all faults share."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import eventlet

from tests.faults.proxy import Proxy
from tests.faults.record import Record
from tests.faults.stream import Copy
from tests.faults.system import System

Poisoned = tuple[str, str]
"""The service in whose dead letters it must end, and its message id."""


class NotNow(Exception):
    """The fault cannot be made at the moment; it is tried again later."""


@dataclass(slots=True)
class Arena:
    """What faults act upon. `poison` collects what was put in; `notes` what could not be done."""

    system: System
    record: Record
    dice: random.Random
    proxy: Proxy | None = None
    poison: dict[Poisoned, Copy] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    measured: dict[str, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    """What a fault itself saw that must not be."""
    emptied: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Queues that were deleted with what they held, with the exchange and key they are bound by."""
    offsets: Counter[str] = field(default_factory=Counter)
    """How far each kind of fault has read the stream."""
    at_work: int = 0
    calm: bool = False

    def count(self, what: str, number: int = 1) -> None:
        """For the report."""
        self.counted[what] += number

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Around each fault: wait while another wants to be the only one."""
        while self.calm:
            eventlet.sleep(0.2)
        self.at_work += 1
        try:
            yield
        finally:
            self.at_work -= 1

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Within a fault's turn: wait until it is the only one, and remain so."""
        self.calm = True
        try:
            while self.at_work > 1:
                eventlet.sleep(0.2)
            yield
        finally:
            self.calm = False


class Fault(Protocol):
    """Something that goes wrong. `inject` begins it, `heal` ends it and may return at once where
    the system mends itself; `lane` tells which faults never happen at the same time."""

    name: str
    lane: str

    def inject(self, arena: Arena) -> None: ...

    def heal(self, arena: Arena) -> None: ...
