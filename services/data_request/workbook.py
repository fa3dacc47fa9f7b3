"""XLSX files: the one sheet that holds something, each cell as text."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook

from services.data_request.table import Reason, Table, TableRefused, table_of
from services.data_request.workbook_parts import passed_parts

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
        filled = [sheet for sheet in sheets if any(any(line) for line in _lines(sheet))]
        if len(filled) > 1:
            raise TableRefused(Reason.SEVERAL_SHEETS)
        if not filled:
            raise TableRefused(Reason.NOT_A_TABLE)
        return table_of(_lines(filled[0]))
    except TableRefused:
        raise
    except Exception:
        # A file made to be no spreadsheet meets the library in ways that it has no one name for.
        raise TableRefused(Reason.NOT_A_TABLE) from None


def _lines(sheet: Any) -> Iterator[list[str]]:
    for line in sheet.iter_rows(values_only=True):
        yield [_text(value) for value in line]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, int | date | time | timedelta):
        return str(value)
    return _FORMULA
