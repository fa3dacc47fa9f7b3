"""Counts too small to be given away: who stands behind a 2 in a village is soon guessed. Pure.

Each small count is replaced or marked where it stands. Complementary disclosure is not attended
to: where a sum is given too, a single count left out of it can be reckoned back.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.data_request import SmallCell, SmallCells
from services.data_request.table import Table

_COUNT = re.compile(r"0*([0-9]{1,9})(?:[.,]0{1,2})?")
_NOT_COUNTS = re.compile(
    r"(?:no|nomor|nomer|number)(?: urut)?|rt|rw|rt rw|id|kode(?: .*)?|kd(?: .*)?|code"
    r"|(?:tahun|thn)(?: (?:data|anggaran|ajaran))?|year|bulan|month|triwulan|semester"
)
"""Headings of codes, of numbers in a list, and of times; "Tahun 2025" heads counts."""

_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Treated:
    """A table as it is given away, with the number of cells replaced and marked."""

    table: Table
    suppressed: int
    flagged: int


def small_cells(table: Table, smallest: int) -> Iterator[SmallCell]:
    """The cells that are counts from 1 to below `smallest`; nothing stands behind a 0.

    Columns of codes, numbers in a list, and times are no counts.
    """
    counted = [index for index, name in enumerate(table.columns) if not _is_code(name)]
    for number, row in enumerate(table.rows, start=1):
        for index in counted:
            if _is_small(row[index], smallest):
                yield SmallCell(row=number, column=index + 1)


def treat(table: Table, smallest: int, how: SmallCells) -> Treated:
    """The table with its small cells written as "<5", or marked with "*"."""
    rows = [list(row) for row in table.rows]
    small = [*small_cells(table, smallest)]
    for cell in small:
        row, index = rows[cell.row - 1], cell.column - 1
        row[index] = f"<{smallest}" if how is SmallCells.SUPPRESS else f"{row[index]}*"
    treated = Table(table.columns, tuple(tuple(row) for row in rows))
    if how is SmallCells.SUPPRESS:
        return Treated(treated, suppressed=len(small), flagged=0)
    return Treated(treated, suppressed=0, flagged=len(small))


def _is_small(cell: str, smallest: int) -> bool:
    match = _COUNT.fullmatch(cell)
    return match is not None and 1 <= int(match.group(1)) < smallest


def _is_code(heading: str) -> bool:
    text = unicodedata.normalize("NFKC", heading).casefold()
    return _NOT_COUNTS.fullmatch(_WORDS.sub(" ", text).strip()) is not None
