"""Counts too small to be given away: who stands behind a 2 in a village is soon guessed. Pure.

Each small count is replaced or marked where it stands. Complementary disclosure is not attended
to: where a sum is given too, a single count left out of it can be reckoned back.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.data_request import SmallCell, SmallCells
from services.data_request.counts import count_in
from services.data_request.table import Table

_CODES = {"kode", "kode wilayah", "kode kecamatan", "kode kelurahan", "rt", "rw"}
_NUMBERED = {"no", "nomor", "no urut", "nomor urut"}
_MONTH = "bulan"

_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Treated:
    """A table as it is given away, with the number of cells replaced and marked."""

    table: Table
    suppressed: int
    flagged: int


def small_cells(table: Table, smallest: int) -> Iterator[SmallCell]:
    """The cells that are counts from 1 to below `smallest`; nothing stands behind a 0.

    Columns that are surely no counts are let be: codes of places, the numbers 1, 2, 3 ... of a
    list, and months.
    """
    counted = [index for index in range(len(table.columns)) if not _holds_no_counts(table, index)]
    known: dict[str, bool] = {"": False}
    for number, row in enumerate(table.rows, start=1):
        for index in counted:
            cell = row[index]
            if cell not in known:
                known[cell] = 1 <= (count_in(cell) or 0) < smallest
            if known[cell]:
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


def _holds_no_counts(table: Table, index: int) -> bool:
    text = unicodedata.normalize("NFKC", table.columns[index]).casefold()
    heading = _WORDS.sub(" ", text).strip()
    if heading in _CODES:
        return True
    if heading in _NUMBERED:
        numbers = [cell.rstrip(".") for cell in table.column(index)]
        return numbers == [str(number) for number in range(1, len(numbers) + 1)]
    if heading == _MONTH:
        counts = (count_in(cell) for cell in table.column(index))
        return all(count is None or 1 <= count <= 12 for count in counts)
    return False
