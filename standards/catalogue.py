"""The office's published service standards (UU 25/2009 art. 20-21, PermenPANRB 15/2014) as data.

A case keeps the version it was received under, so every version stays: one file each, named
`<id>-<version>.toml`, the version being year and number ("2026-1").
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, ClassVar

from standards.figures import (
    ComplaintFollowUp,
    ComplexityLevel,
    ComplexityRule,
    DataRelease,
    FieldWork,
    StepTime,
)
from standards.published import (
    ComplaintChannel,
    ComplaintHandling,
    CompletionTime,
    Contact,
    Fee,
    Item,
    ProcedureStep,
    Requirement,
)

__all__ = [
    "Catalogue",
    "ComplaintChannel",
    "ComplaintFollowUp",
    "ComplaintHandling",
    "CompletionTime",
    "ComplexityLevel",
    "ComplexityRule",
    "Contact",
    "DataRelease",
    "Fee",
    "FieldWork",
    "InvalidStandard",
    "Item",
    "ProcedureStep",
    "Requirement",
    "ServiceStandard",
    "StepTime",
    "UnknownStandard",
    "UnknownStep",
    "all_standards",
    "load",
]


class UnknownStandard(LookupError):
    """No standard has been published under that id and version."""

    code: ClassVar[str] = "unknown_standard"


class UnknownStep(LookupError):
    """The standard knows no time for a step of that id."""

    code: ClassVar[str] = "unknown_step"


class InvalidStandard(ValueError):
    """A standard's file does not hold what a standard consists of."""

    code: ClassVar[str] = "invalid_standard"


@dataclass(frozen=True, slots=True)
class ServiceStandard:
    """One version of one published standard; `decree` is the number of the office's SK.

    From `approach_minutes` on, the figures are the office's own: how many office minutes before
    the promised time a case is told to be near it, the times of the steps, and what only some
    services have.
    """

    id: str
    version: str
    decree: str
    title_id: str
    title_en: str
    requirements: tuple[Requirement, ...]
    procedure: tuple[ProcedureStep, ...]
    time: CompletionTime
    fee: Fee
    products: tuple[Item, ...]
    complaints: ComplaintHandling
    contact: Contact
    approach_minutes: int
    steps: tuple[StepTime, ...]
    field_work: FieldWork | None = None
    complexity: ComplexityRule | None = None
    release: DataRelease | None = None
    follow_up: ComplaintFollowUp | None = None

    def step(self, step_id: str) -> StepTime:
        """The time of that step; raises UnknownStep."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise UnknownStep(f"service standard {self.id!r} has no time for a step {step_id!r}")


class Catalogue:
    """Every version of every standard found in one folder; raises InvalidStandard."""

    def __init__(self, folder: Traversable) -> None:
        self._standards: dict[str, dict[str, ServiceStandard]] = {}
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".toml") and "-" in file.name:
                standard = _read(file)
                self._standards.setdefault(standard.id, {})[standard.version] = standard

    def load(self, standard_id: str, version: str | None = None) -> ServiceStandard:
        """The standard in that version, or in its newest; raises UnknownStandard."""
        versions = self._standards.get(standard_id)
        if versions is None:
            raise UnknownStandard(f"no service standard is called {standard_id!r}")
        chosen = version or max(versions, key=_order)
        if chosen not in versions:
            raise UnknownStandard(f"service standard {standard_id!r} has no version {chosen!r}")
        return versions[chosen]

    def all_standards(self) -> tuple[ServiceStandard, ...]:
        """The newest version of each standard, ordered by id."""
        return tuple(self.load(standard_id) for standard_id in sorted(self._standards))


def load(standard_id: str, version: str | None = None) -> ServiceStandard:
    """The published standard in that version, or in its newest; raises UnknownStandard."""
    return _published().load(standard_id, version)


def all_standards() -> tuple[ServiceStandard, ...]:
    """The newest version of each published standard, ordered by id."""
    return _published().all_standards()


@cache
def _published() -> Catalogue:
    return Catalogue(files("standards"))


def _order(version: str) -> tuple[int, int]:
    year, number = version.split("-")
    return int(year), int(number)


def _read(file: Traversable) -> ServiceStandard:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        standard = _standard(table)
        _order(standard.version)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidStandard(f"{file.name}: {error}") from error
    if file.name != f"{standard.id}-{standard.version}.toml":
        raise InvalidStandard(f"{file.name} holds {standard.id} {standard.version}")
    return standard


def _standard(table: dict[str, Any]) -> ServiceStandard:
    published = {
        "requirements": tuple(_requirement(entry) for entry in table["requirements"]),
        "procedure": tuple(ProcedureStep(**entry) for entry in table["procedure"]),
        "time": CompletionTime(**table["time"]),
        "fee": Fee(**table["fee"]),
        "products": _items(table["products"]),
        "complaints": _complaints(table["complaints"]),
        "contact": Contact(**table["contact"]),
    }
    figures = {
        "steps": tuple(StepTime(**entry) for entry in table["steps"]),
        "field_work": FieldWork(**table["field_work"]) if "field_work" in table else None,
        "complexity": _complexity(table),
        "release": _release(table.get("release")),
        "follow_up": ComplaintFollowUp(**table["follow_up"]) if "follow_up" in table else None,
    }
    return ServiceStandard(**table | published | figures)


def _complaints(table: dict[str, Any]) -> ComplaintHandling:
    channels = {
        key: tuple(ComplaintChannel(**entry) for entry in entries)
        for key, entries in (("channels", table["channels"]), ("also", table.get("also", [])))
    }
    return ComplaintHandling(**table | channels | {"stages": _items(table["stages"])})


def _complexity(table: dict[str, Any]) -> ComplexityRule | None:
    if "complexity" not in table:
        return None
    levels = tuple(ComplexityLevel(**entry) for entry in table["complexity"]["levels"])
    bounds = {key: table["time"][key] for key in ("min_working_days", "max_working_days")}
    return ComplexityRule(**table["complexity"] | bounds | {"levels": levels})


def _release(table: dict[str, Any] | None) -> DataRelease | None:
    if table is None:
        return None
    return DataRelease(
        **table | {key: _items(table[key]) for key in ("terms", "rejection_grounds")}
    )


def _requirement(entry: dict[str, Any]) -> Requirement:
    lists = {key: _items(entry.get(key, [])) for key in ("any_of", "all_of")}
    return Requirement(**entry | lists)


def _items(entries: list[dict[str, str]]) -> tuple[Item, ...]:
    return tuple(Item(**entry) for entry in entries)
