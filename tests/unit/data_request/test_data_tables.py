"""The rules for tables, one by one, without any file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.data_request import SmallCells
from services.data_request.csv_files import read_written, write_csv
from services.data_request.personal_columns import holds_personal_numbers
from services.data_request.small_cells import small_cells, treat
from services.data_request.table import Table, TableRefused, is_formula, table_of

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


def column(*cells, heading="Jumlah"):
    """A table with these in its second column."""
    return Table(("Wilayah", heading), tuple(("Barat", cell) for cell in cells))


@pytest.mark.parametrize("cell", ["1", "2", "4", "4.0", "4,00", "04"])
def test_a_count_from_one_to_below_the_threshold_is_small(cell):
    """However it is written."""
    assert [(c.row, c.column) for c in small_cells(column(cell), 5)] == [(1, 2)]


@pytest.mark.parametrize("cell", ["0", "0,0", "5", "3.5", "2.000", "-2", "2%", "dua", "", "<5"])
def test_what_is_no_small_count_is_left_alone(cell):
    """Nothing, shares, thousands in the Indonesian way, words."""
    assert [*small_cells(column(cell), 5)] == []


@pytest.mark.parametrize(
    "heading", ["No", "No.", "Nomor", "Kode", "Kode Wilayah", "RT", "RW", "RT/RW", "ID", "Tahun"]
)
def test_numbers_in_columns_of_codes_are_no_counts(heading):
    """A neighbourhood's number tells nothing of persons."""
    assert [*small_cells(column("2", heading=heading), 5)] == []


@pytest.mark.parametrize(
    "heading", ["Jumlah", "Notaris", "Korban", "Kodefikasi 2", "Tahun 2025", "2025"]
)
def test_a_heading_that_only_begins_alike_is_one_of_counts(heading):
    """Whole words decide."""
    assert len([*small_cells(column("2", heading=heading), 5)]) == 1


def test_small_counts_are_replaced_or_marked_and_nothing_else_is():
    """The original is not touched."""
    table = column("2", "7")
    assert treat(table, 5, SmallCells.SUPPRESS).table == column("<5", "7")
    assert treat(table, 5, SmallCells.FLAG).table == column("2*", "7")
    assert table == column("2", "7")


@given(st.lists(st.integers(0, 99), min_size=1), st.integers(2, 12))
def test_no_small_count_survives_suppression(counts, smallest):
    """Whatever the numbers and the threshold; what is left is as it was."""
    treated = treat(column(*map(str, counts)), smallest, SmallCells.SUPPRESS)
    left = [row[1] for row in treated.table.rows]
    assert not {str(n) for n in range(1, smallest)} & set(left)
    expected = [str(n) if n == 0 or n >= smallest else f"<{smallest}" for n in counts]
    assert left == expected
    assert treated.suppressed == sum(1 for n in counts if 1 <= n < smallest)


@pytest.mark.parametrize("cell", ["=1", "+A1", "-A1", "@x", " =1", "'=1", "-2+3", "＝1"])
def test_a_cell_that_a_spreadsheet_would_reckon_is_a_formula(cell):
    """Also behind what a spreadsheet passes over."""
    assert is_formula(cell)


@pytest.mark.parametrize("cell", ["-", "--", "-3", "+5", "-1.234,5", "- 5", "-2%", "a=b", ""])
def test_signed_numbers_and_dashes_are_no_formulas(cell):
    """Half of the office's tables have them."""
    assert not is_formula(cell)


def test_a_few_long_numbers_among_many_others_are_let_be():
    """Two in a hundred that are no NIK may be anything."""
    assert not holds_personal_numbers(["9999999999999999"] * 2 + ["x"] * 98)
    assert holds_personal_numbers(["9999999999999999"] * 3 + ["x"] * 97)
    assert holds_personal_numbers(["9999999999999999"] + ["x"] * 19)
    assert holds_personal_numbers(["6371034408990001"] + ["x"] * 500)


@pytest.mark.parametrize(
    "cell",
    ["637103710845000", "63710371084500012", "1.234.567,00", "x" * 40],
)
def test_other_numbers_are_not_taken_for_those_of_persons(cell):
    """Fifteen or seventeen digits are no NIK."""
    assert not holds_personal_numbers([cell] * 20)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_table_that_was_taken_is_written_and_read_back_alike(rows):
    """Delimiters, quotes and spaces in the cells included."""
    try:
        table = table_of([["satu", "dua", "tiga"], *rows])
    except TableRefused:
        return
    assert read_written(write_csv(table)) == table


@given(st.lists(st.lists(CELLS, max_size=5), max_size=6))
def test_any_lines_are_a_table_or_are_refused(lines):
    """Nothing else is raised, and every row is as wide as the headings."""
    try:
        table = table_of(lines)
    except TableRefused:
        return
    assert {len(row) for row in table.rows} == {len(table.columns)}
