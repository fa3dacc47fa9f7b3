"""The national identity number (NIK) and family-card number (KK): their shape, what it tells.

NIK, 16 digits: region of first registration (6), birth date DDMMYY (day + 40 for women), serial
(4, from 0001). It never changes, so a region elsewhere or a differing date is no ground to refuse.
No error message, code or repr here ever holds a number or a part of it.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

Sex = Literal["female", "male"]

CITY_DIGITS = "6371"
WOMEN_DAY_OFFSET = 40

# In a UUID without hyphens 16 digits may follow each other by chance.
_ALONE = re.compile(r"(?<![0-9A-Fa-f])[0-9]{16}(?![0-9A-Fa-f])")


class InvalidNik(ValueError):
    """The text cannot be a NIK: not 16 digits, an impossible birth date, or serial 0000."""

    code: ClassVar[str] = "invalid_nik"


class InvalidKk(ValueError):
    """The text cannot be a family-card number: not 16 digits."""

    code: ClassVar[str] = "invalid_kk"


@dataclass(frozen=True, slots=True)
class Nik:
    """A well-formed NIK: region (6 digits), day (without the offset), month, two-digit year."""

    number: str
    region: str
    birth_day: int
    birth_month: int
    birth_year: int
    sex: Sex
    serial: int

    def __repr__(self) -> str:
        return "Nik(hidden)"


def parse_nik(text: str) -> Nik:
    """Read a NIK written as exactly 16 digits; raises InvalidNik for its shape only."""
    if not _is_16_digits(text):
        raise InvalidNik("a NIK has exactly 16 digits")
    day, month, year = int(text[6:8]), int(text[8:10]), int(text[10:12])
    sex: Sex = "female" if day > WOMEN_DAY_OFFSET else "male"
    if sex == "female":
        day -= WOMEN_DAY_OFFSET
    if not _exists(day, month, year):
        raise InvalidNik("the birth date in the NIK does not exist")
    serial = int(text[12:])
    if serial == 0:
        raise InvalidNik("the serial number in the NIK starts from 0001")
    return Nik(text, text[:6], day, month, year, sex, serial)


def nik_warnings(nik: Nik, birth_date: date | None, sex: Sex | None) -> tuple[str, ...]:
    """What an officer should look at, as codes; none of it is a ground for refusal.

    `nik_other_region`: first registered outside this city; `nik_birth_date_differs` and
    `nik_sex_differs`: not what was stated (None where nothing was stated).
    """
    found = []
    if not nik.region.startswith(CITY_DIGITS):
        found.append("nik_other_region")
    if birth_date is not None:
        stated = (birth_date.day, birth_date.month, birth_date.year % 100)
        if stated != (nik.birth_day, nik.birth_month, nik.birth_year):
            found.append("nik_birth_date_differs")
    if sex is not None and sex != nik.sex:
        found.append("nik_sex_differs")
    return tuple(found)


def check_kk(text: str) -> None:
    """Accept a family-card number of exactly 16 digits; raises InvalidKk.

    The number changes with the household, so nothing more is read from it.
    """
    if not _is_16_digits(text):
        raise InvalidKk("a family-card number has exactly 16 digits")


def holds_number(text: str) -> bool:
    """Whether 16 digits stand by themselves in the text, as of a NIK or a family card."""
    return _ALONE.search(text) is not None


def _is_16_digits(text: str) -> bool:
    return len(text) == 16 and text.isascii() and text.isdigit()


def _exists(day: int, month: int, year: int) -> bool:
    # 29 February 00 existed in 2000, not in 1900; every other leap day in both centuries.
    try:
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True
