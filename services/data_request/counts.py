"""Whether a cell is a count, however it is written: "+2", "２", "(2)", "2 orang", "Rp 2", "2E+00".

What begins with a number is one unless it is surely something else, because a count that is not
seen leaves the office. Pure.
"""

import re
import unicodedata

_INVISIBLE = ("Cf", "Mn", "Me")
"""Unicode's categories of what is not seen, or seen on another character only."""

_PLAIN = re.compile(r"[0-9]{1,9}")
_CELL = re.compile(
    r"[\s'\"`´’‘“”(\[{<>≤≥=~≈±*+\-−–]*(?:(?:(?:rp|idr|usd)\.?|[$€])[\s+\-−–]*)?"
    r"(?P<number>[0-9](?:[0-9.,'’\s_]*[0-9])?(?:e[+\-−]?[0-9]{1,3})?)(?P<rest>.*)",
    re.DOTALL,
)
_THOUSANDS = re.compile(r"(?!0[^0-9])[0-9]{1,3}(?:[.,'’\s_][0-9]{3})+(?![0-9])")
_DECIMAL = re.compile(r"[0-9]+(?:[.,][0-9]+)?(?:e[+-]?[0-9]{1,3})?")
_FLOAT_NOISE = 1e-6

_UNITS = (
    r"(?:orang|org|jiwa|kk|kpm|krt|art|keluarga|rumah tangga|rumah|penerima|warga|anak|balita"
    r"|lansia|kasus|unit|buah|persons?|people|households?|families|cases?)"
)
_BARE = re.compile(rf"[^a-z0-9]*(?:{_UNITS}[^a-z0-9]*)*")
"""Nothing after the number that gives it another meaning."""

_SOMETHING_ELSE = re.compile(
    r"\s*(?:%|‰|persen|percent|pct"
    r"|(?:tahun|thn|th|bulan|bln|minggu|hari|jam|menit|years?|months?|days?|km|m2|m²|ha|kg)\b"
    r"|(?:jan|feb|mar|apr|mei|may|jun|jul|agu|aug|sep|okt|oct|nov|des|dec)[a-z]*\.?\s+[0-9]{4}\b"
    r"|[.)]\s*(?!" + _UNITS + r"\b)[a-z]"
    r"|[a-z]+[0-9]+[a-z])"
)
"""Shares, ages, measures, dates, "1. Kecamatan" in a list, codes as of "2ab4c"."""

_DATE = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})(?![0-9])")
_OUTLINE = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2}){2,}\.?(?![0-9.,])")
_RANGE = re.compile(r"([0-9]{1,3})\s*(?:[-–—]|s/?d)\s*([0-9]{1,3})(?![0-9])")
_NARROW = 3
"""A range that is narrower says nearly what the count is; "1-4" says no more than "<5"."""

_FIRST_DAYS = re.compile(
    r"(?:1900-01-0([1-9])|0?([1-9])[-/.]0?1[-/.]1900|0?1[-/.]0?([1-9])[-/.]1900)"
    r"(?:[ t]0?0[:.]00(?:[:.]00)?)?"
)
"""How a small number looks that a spreadsheet shows as a date."""


_COMPARED = ("<", ">", "≤", "≥")


def count_in(cell: str) -> int | None:
    """The count that the cell says, without its sign; None where it says none."""
    if _PLAIN.fullmatch(cell):
        return int(cell)
    text = _seen(cell)
    if (day := _FIRST_DAYS.fullmatch(text)) is not None:
        return int(next(filter(None, day.groups())))
    found = _CELL.fullmatch(text)
    if found is None or _is_something_else(text[found.start("number") :], found):
        return None
    return _whole(found["number"])


def is_bare_number(cell: str) -> bool:
    """Whether the cell holds a number and at most its sign, currency or unit.

    Groups of age ("0-4", "60+", "<5") are no numbers.
    """
    text = _seen(cell)
    found = _CELL.fullmatch(text)
    if _FIRST_DAYS.fullmatch(text):
        return True
    if found is None or text.startswith(_COMPARED) or found["rest"] == "+" or _is_range(text):
        return False
    return _BARE.fullmatch(found["rest"]) is not None


def _seen(cell: str) -> str:
    text = unicodedata.normalize("NFKC", cell)
    if not text.isascii():
        text = "".join(_digit(char) for char in text if _is_seen(char))
    return text.strip().casefold()


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in _INVISIBLE


def _digit(char: str) -> str:
    return str(unicodedata.digit(char, char))


def _is_something_else(text: str, found: re.Match[str]) -> bool:
    if _DATE.match(text) or _OUTLINE.match(text) or _is_range(text):
        return True
    return _SOMETHING_ELSE.match(found["rest"]) is not None


def _is_range(text: str) -> bool:
    found = _RANGE.match(text)
    return found is not None and int(found[2]) - int(found[1]) >= _NARROW


def _whole(number: str) -> int | None:
    plain = number.replace("−", "-")
    if _THOUSANDS.match(plain):
        digits = re.sub(r"[^0-9]", "", plain)
        return int(digits[:18])
    plain = re.sub(r"[\s'’_].*", "", plain).rstrip(".,").replace(",", ".")
    if not _DECIMAL.fullmatch(plain):
        return None
    value = float(plain)
    if value > 1e9 or abs(value - round(value)) > _FLOAT_NOISE:
        return None
    return round(value)
