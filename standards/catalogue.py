"""The office's published service standards (UU 25/2009 art. 20-21, PermenPANRB 15/2014) as data.

A case keeps the version it was received under, so every version stays: one file each, named
`<id>-<version>.toml`, the version being year and number ("2026-1").
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, ClassVar, Literal


class UnknownStandard(LookupError):
    """No standard has been published under that id and version."""

    code: ClassVar[str] = "unknown_standard"


class InvalidStandard(ValueError):
    """A standard's file does not hold what a standard consists of."""

    code: ClassVar[str] = "invalid_standard"


@dataclass(frozen=True, slots=True)
class Item:
    """One of the things that a requirement, a product list or a procedure names."""

    id: str
    text_id: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """What an applicant must fulfil, in the standard's own words.

    `any_of`: at least one of these suffices ("dan/atau"); `all_of`: each of these is needed;
    `only_if_asked`: needed only where the institution addressed asks for it.
    """

    id: str
    text_id: str
    text_en: str
    checked_at_counter: bool
    only_if_asked: bool = False
    any_of: tuple[Item, ...] = ()
    all_of: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcedureStep:
    """One numbered step of the procedure, and its role ("resident" or one of the staff's)."""

    number: int
    id: str
    actor_role: str
    text_id: str
    text_en: str


@dataclass(frozen=True, slots=True)
class CompletionTime:
    """How long the service may take, in working days after the day of receipt."""

    min_working_days: int
    max_working_days: int
    text_id: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Fee:
    """What the service costs, in rupiah."""

    rupiah: int
    text_id: str
    text_en: str


@dataclass(frozen=True, slots=True)
class ComplaintChannel:
    """A way to complain; `address` is what is dialled, written to or opened, if anything."""

    id: str
    form: Literal["written", "oral"]
    text_id: str
    text_en: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class ComplaintHandling:
    """How complaints are made and followed up; the response time is in working days."""

    text_id: str
    text_en: str
    channels: tuple[ComplaintChannel, ...]
    stages: tuple[Item, ...]
    response_working_days: int
    response_text_id: str
    response_text_en: str
    resolution_text_id: str
    resolution_text_en: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the office is and how it is reached."""

    office_id: str
    office_en: str
    address: str
    village_code: str
    phone: str
    website: str


@dataclass(frozen=True, slots=True)
class FieldWork:
    """The office's own figures for household visits; not part of what is published.

    `claim_minutes`: office minutes that an announced request waits for a verifier before it is
    offered again, wider; `max_visits`: how often a household is visited at most.
    """

    claim_minutes: int
    max_visits: int


@dataclass(frozen=True, slots=True)
class ServiceStandard:
    """One version of one published standard; `decree` is the number of the office's SK."""

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
    field_work: FieldWork | None = None


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
    complaints = table["complaints"]
    parts = {
        "requirements": tuple(_requirement(entry) for entry in table["requirements"]),
        "procedure": tuple(ProcedureStep(**entry) for entry in table["procedure"]),
        "time": CompletionTime(**table["time"]),
        "fee": Fee(**table["fee"]),
        "products": _items(table["products"]),
        "complaints": ComplaintHandling(
            **complaints
            | {
                "channels": tuple(ComplaintChannel(**entry) for entry in complaints["channels"]),
                "stages": _items(complaints["stages"]),
            }
        ),
        "contact": Contact(**table["contact"]),
        "field_work": FieldWork(**table["field_work"]) if "field_work" in table else None,
    }
    return ServiceStandard(**table | parts)


def _requirement(entry: dict[str, Any]) -> Requirement:
    lists = {key: _items(entry.get(key, [])) for key in ("any_of", "all_of")}
    return Requirement(**entry | lists)


def _items(entries: list[dict[str, str]]) -> tuple[Item, ...]:
    return tuple(Item(**entry) for entry in entries)
