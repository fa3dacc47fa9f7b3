"""A case as far as its events are known."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from contracts.complaints import Element, EscalationTarget, Referral
from contracts.data_request import RejectionGround, Side
from contracts.documents import DocumentKind
from contracts.envelope import DeadlineDay, DeadlineView, StepDue
from contracts.intake import Purpose
from contracts.verification import Outcome
from gateway.stages import CaseKind, Stage, Status
from standards.catalogue import UnknownStandard, load

OWNERS = ("complaints", "data_request", "verification", "intake")
"""The services that keep cases; of two that know a case, the first has it from the second."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline. `variant` tells apart what the same event can mean."""

    at: datetime
    event: str
    variant: str | None
    actor_role: str


@dataclass(frozen=True, slots=True)
class Document:
    """A letter or receipt, as its owner announced it."""

    code: str
    kind: DocumentKind
    number: str
    sha256: str
    size: int
    issued_at: datetime
    self_made_certificate: bool
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """The newest data package of a data request; `size` in bytes."""

    edition: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Change:
    """The promise's due moment was moved by the office's calendar: by the days in `because`."""

    at: datetime
    was: datetime
    due: datetime
    because: tuple[DeadlineDay, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """How a promise ended. `working_minutes` are the office minutes that its clock ran."""

    at: datetime
    in_time: bool
    working_minutes: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one service says of its own part of a case: its stage, and its two clocks."""

    stage: Stage | None = None
    deadline: DeadlineView | None = None
    step: StepDue | None = None


_NOTHING = Part()


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as far as its events are known.

    `version` counts the events that are shown, so it grows with each one. `offered_to` holds
    district codes; `assigned_to` (who has the case) and `concerns` (whom a complaint is about) are
    staff user names; `missing` holds requirement ids or what a complaint lacks; `awaited` the
    coordinations without an answer. `kept` is None until the promise has ended; `kept_before` are
    those of a complaint before it was reopened. `missed_dues` are the promise's due moments that
    were missed, told by whichever of its owners; None among them while the clock of a missed
    promise stands still. Moments carry the offset under which the event was published.
    """

    tracking_number: str
    version: int = 0
    kind: CaseKind | None = None
    purpose: Purpose | None = None
    standard: tuple[str, str] | None = None
    district: str | None = None
    received_at: datetime | None = None
    updated_at: datetime | None = None
    missing: tuple[str, ...] = ()
    offered_to: tuple[str, ...] = ()
    assigned_to: str | None = None
    absences: int = 0
    outcome: Outcome | None = None
    rejection: RejectionGround | None = None
    package: Package | None = None
    signed: tuple[Side, ...] = ()
    downloads: int = 0
    concerns: str | None = None
    awaited: frozenset[int] = frozenset()
    escalated_to: EscalationTarget | None = None
    referral: Referral | None = None
    reopen_until: datetime | None = None
    score: int | None = None
    survey: Mapping[Element, int] | None = None
    surveyed_at: datetime | None = None
    kept: Kept | None = None
    kept_before: tuple[Kept, ...] = ()
    missed_dues: frozenset[datetime | None] = frozenset()
    changes: tuple[Change, ...] = ()
    timeline: tuple[Moment, ...] = ()
    documents: tuple[Document, ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether an event has said what kind of case this is; until then nobody sees it."""
        return self.kind is not None

    @property
    def stage(self) -> Stage:
        """Withdrawn once any service says so, else what the case's present owner says."""
        if any(part.stage is Stage.WITHDRAWN for part in self.parts.values()):
            return Stage.WITHDRAWN
        stage = self._owners_part.stage or Stage.RECEIVED
        if stage is Stage.NOBODY_HOME and self.absences >= _most_visits(self.standard):
            return Stage.NEVER_HOME
        if stage is Stage.DECIDED and self._has_letter:
            return Stage.LETTER_ISSUED
        return stage

    @property
    def status(self) -> Status:
        """The stage as callers see it."""
        return self.stage.status

    @property
    def deadline(self) -> DeadlineView | None:
        """The promise, as the last of the case's owners has counted it."""
        parts = (self.part(source) for source in OWNERS)
        return next((part.deadline for part in parts if part.deadline), None)

    @property
    def missed(self) -> bool:
        """Whether the promise's present due moment was missed; of each is told once."""
        return self.deadline is not None and self.deadline.due in self.missed_dues

    @property
    def step(self) -> StepDue | None:
        """The step that waits at the office, and until when; None where none waits."""
        if self.status.closed:
            return None
        # An owner may tell of its step's clock before it has moved the case.
        parts = (self.part(source) for source in OWNERS)
        return next((part.step for part in parts if part.stage or part.step), None)

    def part(self, source: str) -> Part:
        """What this service has said."""
        return self.parts.get(source, _NOTHING)

    def with_part(self, source: str, **said: Any) -> "CaseView":
        """The case, where this service says so of its part."""
        return replace(self, parts={**self.parts, source: replace(self.part(source), **said)})

    @property
    def _owners_part(self) -> Part:
        parts = (self.part(source) for source in OWNERS)
        return next((part for part in parts if part.stage), _NOTHING)

    @property
    def _has_letter(self) -> bool:
        letters = (each for each in self.documents if each.kind is DocumentKind.VERIFICATION_LETTER)
        return any(not letter.revoked for letter in letters)


def _most_visits(standard: tuple[str, str] | None) -> float:
    """How often a household is visited at most, by the standard the case was received under."""
    if standard is None:
        return float("inf")
    try:
        field_work = load(*standard).field_work
    except UnknownStandard:
        return float("inf")
    return field_work.max_visits if field_work else float("inf")
