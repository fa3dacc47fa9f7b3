"""The rules for tables, one by one, without any file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.data_request import SmallCells
from services.data_request.card_numbers import split_number
from services.data_request.csv_files import read_written, write_csv
from services.data_request.personal_columns import (
    holds_mail,
    holds_mobile_numbers,
    holds_personal_numbers,
    is_personal_heading,
)
from services.data_request.small_cells import small_cells, treat
from services.data_request.table import Table, TableRefused, is_formula, table_of

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


def column(*cells, heading="Jumlah"):
    """A table with these in its second column."""
    return Table(("Wilayah", heading), tuple(("Barat", cell) for cell in cells))


COUNTS = (
    "1",
    "2",
    "4",
    "4.0",
    "4,00",
    "04",
    "+2",
    "-2",
    "\uff12",
    "2\u200b",
    "\u200b2",
    "\u0662",
    "2 orang",
    "2 KK",
    "2KK",
    "2. orang",
    "(2)",
    "(2) jiwa",
    "'2",
    "\u20182\u2019",
    "Rp 2",
    "Rp. 2,00",
    "2.",
    "2,-",
    "2E+00",
    "20E-1",
    "2,0",
    "2.0000",
    "1.9999999999999998",
    "2 dari 100",
    "2 (lansia)",
    "2*",
    "± 2",
    "<3",
    "≤ 4",
    "3-4",
    "1900-01-02",
    "02/01/1900",
)


@pytest.mark.parametrize("cell", COUNTS)
def test_a_count_from_one_to_below_the_threshold_is_small(cell):
    """However it is written."""
    assert [(c.row, c.column) for c in small_cells(column(cell), 5)] == [(1, 2)]


NO_COUNTS = (
    "0",
    "0,0",
    "5",
    "12 orang",
    "3.5",
    "2.000",
    "2 000",
    "2,000",
    "2%",
    "2,0 %",
    "2 persen",
    "dua",
    "",
    "<5",
    "1-4",
    "3 tahun",
    "1. Banjarmasin Barat",
    "2) PKH",
    "1.2.3",
    "2/1/2025",
    "2 Januari 2025",
    "2025-01-02",
    "2ab34c",
    "-",
)


@pytest.mark.parametrize("cell", NO_COUNTS)
def test_what_is_no_small_count_is_left_alone(cell):
    """Nothing, shares, thousands in the Indonesian way, ages, dates, items of a list, words."""
    assert [*small_cells(column(cell), 5)] == []


@pytest.mark.parametrize(
    "heading", ["Kode", "KODE WILAYAH", "kode_kecamatan", "Kode Kelurahan", "RT", "RW"]
)
def test_numbers_in_columns_of_codes_are_no_counts(heading):
    """A neighbourhood's number tells nothing of persons."""
    assert [*small_cells(column("2", heading=heading), 5)] == []


@pytest.mark.parametrize("heading", ["No", "No.", "Nomor", "No. Urut"])
def test_the_numbers_of_a_list_are_no_counts_while_they_run(heading):
    """From 1 on, each once, in order; otherwise they may be anything."""
    assert [*small_cells(column("1", "2", "3", heading=heading), 5)] == []
    assert len([*small_cells(column("1", "3", "2", heading=heading), 5)]) == 3


def test_months_are_no_counts_while_they_are_months():
    """By number or by name, and under this heading alone."""
    months = ("1", "2", "12", "Maret")
    assert [*small_cells(column(*months, heading="Bulan"), 5)] == []
    assert len([*small_cells(column("2", "31", heading="Bulan"), 5)]) == 1
    assert len([*small_cells(column("2", heading="Bulan ini"), 5)]) == 1


@pytest.mark.parametrize(
    "heading",
    ["Jumlah", "Notaris", "Korban", "Kodefikasi 2", "Kode PPKS", "Tahun", "Tahun 2025", "2025"],
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


WRITTEN_NIKS = (
    "6371,0341,0790,0001",
    "6371|0341|0790|0001",
    "6371_0341_0790_0001",
    "6371/03/410790/0001",
    "A6371034107900001B",
    "NIK:6371034107900001.",
    "6371034107900001 2025",
    "KK 6371030101200001, NIK 6371 0341 0790 0001 (istri)",
    "6371\u200b0341\u200b0790\u200b0001",
    "\uff16371034107900001",
    "\u0666371034107900001",
)


@pytest.mark.parametrize("cell", WRITTEN_NIKS)
def test_a_nik_is_seen_however_its_digits_are_parted(cell):
    """One is enough, among any number of other cells."""
    assert holds_personal_numbers([cell] + ["x"] * 500)


CODES = ("3f9c1e07a2b4d5566371034107900001aabb01c2", "0190b8a4-7c1e-7d32-9a1b-6371034107d0")


@pytest.mark.parametrize("cell", CODES)
def test_codes_are_not_taken_for_niks(cell):
    """Sixteen digits may follow each other in a digest by chance."""
    assert not holds_personal_numbers([cell] * 20)


@pytest.mark.parametrize(
    "cells", [("63710341", "07900001"), ("637103", "410790", "0001"), ("6371", "034107900001")]
)
def test_a_nik_over_neighbouring_columns_is_seen(cells):
    """In one row of many."""
    others = [("Barat", *["120"] * len(cells))] * 30
    assert split_number([*others, ("Barat", *cells)]) == 1


def test_amounts_side_by_side_are_no_niks():
    """A few of them look so by chance; a column of numbers of elsewhere does not."""
    amounts = [("12345678", f"{n:08d}") for n in range(90_000_000, 90_000_100)]
    assert split_number([("12345641", "07900001"), *amounts]) is None
    assert split_number([("35780141", "07900001")] * 3) == 0


@pytest.mark.parametrize(
    "cell",
    ["081234567890", "+62 812-3456-7890", "62812 3456 7890", "Siti (0812.3456.789)", "81234567890"],
)
def test_a_column_of_mobile_numbers_is_seen(cell):
    """By three cells or a twentieth."""
    assert holds_mobile_numbers([cell] * 3 + ["x"] * 100)
    assert not holds_mobile_numbers([cell] * 2 + ["x"] * 100)


@pytest.mark.parametrize(
    "cell", ["85000000000", "62.812.000", "62812000", "0,812345678", "0511-3354433", "120"]
)
def test_other_numbers_are_no_mobile_numbers(cell):
    """Amounts, shares, the office's own telephone."""
    assert not holds_mobile_numbers([cell] * 20)


@pytest.mark.parametrize(
    ("heading", "personal"),
    [
        ("NAMA_LGKP", True),
        ("nm_lgkp", True),
        ("NamaLengkap", True),
        ("Nama-nama Penerima", True),
        ("Nama Kepala Keluarga", True),
        ("Nama/NIK", True),
        ("Kontak", True),
        ("Kontak Darurat", True),
        ("No. HP/WA", True),
        ("Na\u200bma", True),
        ("Nama Kecamatan", False),
        ("NAMA_KEL", False),
        ("Nama Program", False),
        ("Nama-nama Panti", False),
        ("Nama Lembaga", False),
        ("Jumlah KK", False),
        ("KK Miskin", False),
    ],
)
def test_a_heading_is_personal_however_its_words_are_joined(heading, personal):
    """Names of places, programmes and institutions are not."""
    assert is_personal_heading(heading) is personal


@pytest.mark.parametrize("heading", ["2", "120", "+2", "(2)", "2 orang", "Rp 2", "1900-01-02"])
def test_a_count_among_the_headings_is_refused(heading):
    """The table has none, and its first row would be given away untouched."""
    with pytest.raises(TableRefused) as refused:
        table_of([["Barat", heading], ["Timur", "7"]])
    assert refused.value.details == {"reason": "headings", "column": 2}


@pytest.mark.parametrize("heading", ["2025", "0-4", "60+", "<5", "2024/2025", "Tahun 2025"])
def test_years_and_groups_of_age_are_headings(heading):
    """The office's tables have them."""
    assert table_of([["Wilayah", heading], ["Timur", "7"]]).columns == ("Wilayah", heading)


@pytest.mark.parametrize("text", ["(" * 40_000, "-" * 40_000 + "x", " 2" * 20_000, "0 8" * 10_000])
def test_long_cells_take_no_longer_than_their_length(text):
    """A pattern that tries every way to part them would take hours."""
    assert not holds_mail([text])
    holds_mobile_numbers([text])
    [*small_cells(column(text), 5)]


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
