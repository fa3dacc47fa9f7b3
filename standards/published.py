"""What a service standard publishes (UU 25/2009 art. 20-21), as data."""

from dataclasses import dataclass
from typing import Literal


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
    """How complaints are made and followed up; the response time is in working days.

    `also`: channels of others than the office that take complaints about it.
    """

    text_id: str
    text_en: str
    channels: tuple[ComplaintChannel, ...]
    stages: tuple[Item, ...]
    response_working_days: int
    response_text_id: str
    response_text_en: str
    resolution_text_id: str
    resolution_text_en: str
    also: tuple[ComplaintChannel, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the office is and how it is reached."""

    office_id: str
    office_en: str
    address: str
    village_code: str
    phone: str
    website: str
