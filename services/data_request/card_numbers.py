"""Numbers of identity and family cards in cells, however their digits are parted. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from standards.national_id import CITY_DIGITS, InvalidNik, parse_nik

DIGITS = 16

CHANCE = 0.5
"""Two neighbouring numbers look like a NIK of anywhere by chance; a share of the rows does not."""

_CODE = re.compile(r"[0-9a-f]{20,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOKEN = re.compile(r"[0-9a-z-]{20,}")
_LETTERS_BETWEEN = re.compile(r"[0-9][a-f]+[0-9]")
_SERIES = re.compile(r"[0-9](?:[\W_]*[0-9])*")
_GROUP = re.compile(r"[0-9]+")


def numbers_in(text: str) -> tuple[str, ...]:
    """Every 16 digits in the text that stand alone or are parted by anything but letters.

    Groups that belong to a longer series count too: a NIK may stand before a year. Codes of
    hexadecimal digits have none.
    """
    if len(text) < DIGITS:
        return ()
    plain = unicodedata.normalize("NFKC", text).casefold()
    if not plain.isascii():
        plain = "".join(str(unicodedata.digit(char, char)) for char in plain)
    if sum(map(plain.count, "0123456789")) < DIGITS:
        return ()
    found: list[str] = []
    for series in _SERIES.findall(_TOKEN.sub(_without_code, plain)):
        groups = _GROUP.findall(series)
        found += (number for _, number in _neighbours(groups))
    return tuple(found)


def is_nik(number: str) -> bool:
    """Whether the digits are well formed as a NIK."""
    try:
        parse_nik(number)
    except InvalidNik:
        return False
    return True


def split_number(rows: Iterable[Sequence[str]]) -> int | None:
    """The first of the columns, from 0, over which a NIK is split.

    One of this city in any row, or well-formed ones in half of the rows that could hold one.
    """
    candidates: dict[tuple[int, int], int] = {}
    niks: dict[tuple[int, int], int] = {}
    for row in rows:
        for place, number in _split_in(row):
            candidates[place] = candidates.get(place, 0) + 1
            if is_nik(number):
                if number.startswith(CITY_DIGITS):
                    return place[0]
                niks[place] = niks.get(place, 0) + 1
    return min(
        (place[0] for place, count in niks.items() if count >= CHANCE * candidates[place]),
        default=None,
    )


def _split_in(row: Sequence[str]) -> Iterable[tuple[tuple[int, int], str]]:
    first = 0
    groups: list[str] = []
    for index, cell in enumerate((*row, "")):
        if cell.isdecimal() and len(cell) < DIGITS:
            if not groups:
                first = index
            groups.append(cell)
            continue
        if len(groups) > 1:
            for (start, end), number in _neighbours(groups):
                yield (first + start, first + end), number
        groups = []


def _neighbours(groups: Sequence[str]) -> Iterable[tuple[tuple[int, int], str]]:
    """Neighbouring groups that make 16 digits, with the places of the first and the last."""
    start = total = 0
    for end, group in enumerate(groups):
        total += len(group)
        while total > DIGITS:
            total -= len(groups[start])
            start += 1
        if total == DIGITS:
            yield (start, end), "".join(groups[start : end + 1])


def _without_code(token: re.Match[str]) -> str:
    code = token.group()
    mixed = len(_LETTERS_BETWEEN.findall(code)) > 1
    return " x " if mixed and _CODE.fullmatch(code) else code
