"""A table that is to be given away: its headings and cells as text, and whether it may be.

Nothing that stands in a cell is ever repeated: a refusal names the reason and the column. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contracts.errors import ErrorCode, Refusal
from services.data_request import card_numbers, personal_columns
from services.data_request.counts import count_in, is_bare_number

MAX_CELLS = 200_000
MAX_COLUMNS = 200
MAX_CELL_LENGTH = 32_767
"""Characters; a spreadsheet's cell holds no more."""

YEARS = range(1900, 2101)
"""The only numbers that head a column by themselves."""

LEAST_COLUMNS = 2
"""A text without any delimiter is no table."""

_FORMULA_STARTS = ("=", "+", "-", "@")
_NUMBER = re.compile(r"[+-]?\s?(Rp\s?)?[0-9][0-9.,\s]*([eE][+-]?[0-9]+)?\s?%?")
_DASHES = re.compile(r"-+")


class Reason(StrEnum):
    """Why a table is refused."""

    NOT_A_TABLE = "not_a_table"
    TOO_LARGE = "too_large"
    HEADINGS = "headings"
    FORMULA = "formula"
    PERSONAL_NUMBER_COLUMN = "personal_number_column"
    PERSONAL_COLUMN = "personal_column"
    SEVERAL_SHEETS = "several_sheets"


class TableRefused(Refusal):
    """The table cannot be released. `column` counts from 1, where the reason lies in one."""

    code = ErrorCode.TABLE_REFUSED

    def __init__(self, reason: Reason, column: int | None = None) -> None:
        where = {} if column is None else {"column": column}
        super().__init__(None, reason=reason.value, **where)


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows below them; every row has a cell for each heading."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, index: int) -> Iterator[str]:
        """The cells of a column that say something."""
        return (row[index] for row in self.rows if row[index])


def table_of(lines: Iterable[Sequence[str]]) -> Table:
    """The table in these lines of cells; raises TableRefused.

    Lines without any content are left out, as are columns at the end. Reading stops at the first
    line that is too much.
    """
    kept: list[list[str]] = []
    cells = 0
    for line in lines:
        clean = _clean(line)
        cells += max(len(line), 1)
        if len(clean) > MAX_COLUMNS or cells > MAX_CELLS:
            raise TableRefused(Reason.TOO_LARGE)
        if clean:
            kept.append(clean)
    if len(kept) < 2 or len(kept[0]) < LEAST_COLUMNS:  # headings and something below them
        raise TableRefused(Reason.NOT_A_TABLE)
    width = len(kept[0])
    for row in kept:
        if len(row) > width:
            raise TableRefused(Reason.HEADINGS, width + 1)
    if width * len(kept) > MAX_CELLS:
        raise TableRefused(Reason.TOO_LARGE)
    rows = tuple((*row, *[""] * (width - len(row))) for row in kept[1:])
    table = Table(tuple(kept[0]), rows)
    _check(table)
    return table


def _clean(line: Sequence[str]) -> list[str]:
    cells = [cell.strip() for cell in line]
    while cells and not cells[-1]:
        cells.pop()
    for number, cell in enumerate(cells, start=1):
        if len(cell) > MAX_CELL_LENGTH:
            raise TableRefused(Reason.TOO_LARGE, number)
    return cells


def _check(table: Table) -> None:
    seen: set[str] = set()
    for number, heading in enumerate(table.columns, start=1):
        plain = " ".join(unicodedata.normalize("NFKC", heading).casefold().split())
        if not plain or plain in seen or _is_a_count(heading):
            raise TableRefused(Reason.HEADINGS, number)
        seen.add(plain)
    for index, heading in enumerate(table.columns):
        _check_column(heading, [*table.column(index)], index + 1)
    split = card_numbers.split_number(table.rows)
    if split is not None:
        raise TableRefused(Reason.PERSONAL_NUMBER_COLUMN, split + 1)


def _is_a_count(heading: str) -> bool:
    """The first row of a table without headings; a year is a heading."""
    return is_bare_number(heading) and (count_in(heading) or 0) not in YEARS


def _check_column(heading: str, cells: list[str], number: int) -> None:
    if any(is_formula(cell) for cell in (heading, *cells)):
        raise TableRefused(Reason.FORMULA, number)
    if any(map(personal_columns.holds_personal_numbers, ([heading], cells))):
        raise TableRefused(Reason.PERSONAL_NUMBER_COLUMN, number)
    if personal_columns.holds_mobile_numbers(cells):
        raise TableRefused(Reason.PERSONAL_NUMBER_COLUMN, number)
    if personal_columns.is_personal_heading(heading) or personal_columns.holds_mail(cells):
        raise TableRefused(Reason.PERSONAL_COLUMN, number)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would reckon the cell; a signed number and dashes for nothing are not.

    What such a cell does when the file is opened is known as CSV injection (CWE-1236).
    """
    text = cell.lstrip("\ufeff\u200b \t\r\n'\"")
    if not unicodedata.normalize("NFKC", text).startswith(_FORMULA_STARTS):
        return False
    return not (_NUMBER.fullmatch(text) or _DASHES.fullmatch(text))
