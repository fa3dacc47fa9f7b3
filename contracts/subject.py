"""A person's own record and its erasure: what every service that keeps personal data answers.

Source of the rules: UU 27/2022 (personal data protection), art. 7 and 32 (access, with the trail of
processing, within 3x24 hours), art. 8, 43 and 44 (erasure and destruction).
"""

from typing import Any, ClassVar

from pydantic import Field

from contracts.envelope import TRACKING_NUMBER, Command, Contract, EventData, Query

KEEPERS = ("intake", "complaints")
"""The services that keep persons; what the others store of a case follows them."""

ACCESS = "subject_access"
"""The purpose under which a person's record is read for the person."""

REASON = r"^[a-z][a-z_]{1,63}$"
"""Why a person is erased, as a code: it stands in an event, so it may not be written freely."""


class SubjectCase(Contract):
    """One service's part of a case of the person.

    `open` is whether that service still works on it; `handed_over` says that another one decides
    that. `data` is everything stored about the person, null once it is erased or when it was not
    asked for; `withheld` names the fields left out because they tell of others.
    """

    tracking_number: str
    state: str
    open: bool = False
    handed_over: bool = False
    erased: bool = False
    data: dict[str, Any] | None = Field(default=None, repr=False)
    withheld: tuple[str, ...] = ()


class SubjectRecord(Contract):
    """What one service stores about a person.

    `person` finds the same person at the other services, without telling who it is; null where
    nobody can be found by a NIK.
    """

    cases: tuple[SubjectCase, ...]
    person: str | None = None


class ReadSubject(Query):
    """What is stored about the person: of those cases, and where the service knows persons, of
    every other case of theirs.

    Found by `nik`, by `person` (see SubjectRecord), or by cases. `with_data` is a read of personal
    data: it is logged and published with the purpose `subject_access`.
    """

    method: ClassVar[str] = "read_subject"
    reply: ClassVar[type[Contract]] = SubjectRecord
    patience_seconds: ClassVar[float | None] = 30.0

    tracking_numbers: tuple[str, ...] = ()
    nik: str | None = Field(default=None, repr=False)
    person: str | None = None
    with_data: bool = True


class SubjectErased(Contract):
    """The cases of the person; `erased_now` is false when they were erased before."""

    cases: tuple[str, ...]
    erased_now: bool


class EraseSubject(Command):
    """Destroy the key of the person whom the case is of: all their cases become unreadable.

    Refused with case_still_open while any of their cases is open. `closed` are those of which the
    service that they were handed over to says that they are closed.
    """

    method: ClassVar[str] = "erase_subject"
    reply: ClassVar[type[Contract]] = SubjectErased

    tracking_number: str = Field(pattern=TRACKING_NUMBER)
    closed: tuple[str, ...] = ()
    reason: str = Field(pattern=REASON)


class PersonalDataErased(EventData):
    """A service can read nothing more of what it stored about the person of this case."""

    event: ClassVar[str] = "personal_data_erased"

    reason: str = Field(pattern=REASON)
