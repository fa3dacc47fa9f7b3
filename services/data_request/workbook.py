"""XLSX files: the one sheet that holds something, each cell as text."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel

from services.data_request.table import Reason, Table, TableRefused, table_of
from services.data_request.workbook_parts import passed_parts

FIRST_REAL_DAY = 3_653
"""Days from the workbook's first: nothing in the office's tables is of the ten years after it."""

_FORMULA = "="
"""Stands for a formula that is no text: of an array, or of a data table."""


def read_workbook(content: bytes) -> Table:
    """The table in the only visible sheet with content; raises TableRefused."""
    parts = passed_parts(content)
    try:
        workbook = load_workbook(parts, read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        for sheet in sheets:
            sheet.reset_dimensions()  # what a file says of its size need not be so
        text = _Text(workbook.epoch)
        filled = [sheet for sheet in sheets if any(any(line) for line in _lines(sheet, text))]
        if len(filled) > 1:
            raise TableRefused(Reason.SEVERAL_SHEETS)
        if not filled:
            raise TableRefused(Reason.NOT_A_TABLE)
        return table_of(_lines(filled[0], text))
    except TableRefused:
        raise
    except Exception:
        # A file made to be no spreadsheet meets the library in ways that it has no one name for.
        raise TableRefused(Reason.NOT_A_TABLE) from None


def _lines(sheet: Any, text: "_Text") -> Iterator[list[str]]:
    for line in sheet.iter_rows(values_only=True):
        yield [
            value if type(value) is str else "" if value is None else text.of(value)
            for value in line
        ]


class _Text:
    """A value's text, under the day from which the workbook counts."""

    def __init__(self, epoch: datetime) -> None:
        self._epoch = epoch

    def of(self, value: Any) -> str:
        """A number that is only shown as a date or a time is written as the number it is."""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int | str):
            return str(value)
        if isinstance(value, datetime | timedelta):
            number = float(to_excel(value, self._epoch))  # type: ignore[no-untyped-call]
            if isinstance(value, timedelta) or number < FIRST_REAL_DAY:
                return _number(number)
            midnight = value.time() == time(0)
            return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
        if isinstance(value, float):
            return _number(value)
        return str(value) if isinstance(value, date | time) else _FORMULA


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)
