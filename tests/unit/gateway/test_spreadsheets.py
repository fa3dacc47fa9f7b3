"""Tables as CSV: every cell stays what it is, and none becomes a formula."""

import csv
from io import StringIO
from typing import Any

import pytest

from gateway.spreadsheets import table


def cell(value: Any) -> str:
    """How the value comes back from the file."""
    headings, row = csv.reader(StringIO(table([{"x": value}], ["x"])))
    assert headings == ["x"]
    return row[0] if row else ""


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+62 812", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", '=HYPERLINK("x")'],
)
def test_what_a_spreadsheet_would_compute_begins_with_an_apostrophe(text: str) -> None:
    """OWASP, CSV injection: also full-width signs, and what hides behind a control character."""
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [("a,b", "a,b"), ('say "hi"', 'say "hi"'), ("a\nb", "a\nb"), (-5, "-5"), (2.5, "2.5")],
)
def test_what_is_harmless_stays_as_it_is(value: Any, written: str) -> None:
    """A number of ours may be negative; separators are quoted."""
    assert cell(value) == written


def test_nothing_is_an_empty_cell_and_no_rows_leave_the_headings() -> None:
    """So that a spreadsheet shows what there would be."""
    assert table([{"x": None, "y": 1}], ["x", "y"]) == "x,y\r\n,1\r\n"
    assert table([], ["x", "y"]) == "x,y\r\n"
