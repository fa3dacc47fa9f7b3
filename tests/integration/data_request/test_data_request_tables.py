"""What is taken as a table, and what is refused without leaving a trace."""

import hashlib
import zipfile
from datetime import date

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from contracts.data_request import StoreTable
from contracts.errors import ErrorCode
from tests.integration.data_request import table_files as files
from tests.integration.data_request.desk import CASE, SARI, Desk, refused

NIK = "6371037108450001"


def csv_of(*rows, delimiter=","):
    """A CSV file of these rows."""
    return "\n".join(delimiter.join(map(str, row)) for row in rows)


def people(*cells):
    """A table with these in its second column."""
    return csv_of(["Wilayah", "Nomor berkas"], *(["Barat", cell] for cell in cells))


REFUSED = {
    "a PDF called CSV": (b"%PDF-1.7\nName,Count\n1,2\n", "not_a_table", None),
    "bytes": (bytes(range(256)) * 20, "not_a_table", None),
    "control characters": ("Wilayah,Jumlah\nBar\x01at,2\n", "not_a_table", None),
    "nothing": (b"", "not_a_table", None),
    "prose": ("Kepada Yth. Kepala Dinas.\nDengan hormat.", "not_a_table", None),
    "a web page": ("<html>a,b\n1,2</html>", "not_a_table", None),
    "headings alone": ("Wilayah,Jumlah\n", "not_a_table", None),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "not_a_table", None),
    "an unclosed quote": ('Wilayah,Jumlah\n"Barat,2\n', "not_a_table", None),
    "six mebibytes": ("a,b\n" + f"{'x' * 30_000},y\n" * 210, "too_large", None),
    "too many cells": ("a,b,c,d\n" + "1,2,3,4\n" * 50_000, "too_large", None),
    "too many columns": (csv_of([f"k{n}" for n in range(201)], range(201)), "too_large", None),
    "an empty heading": ("Wilayah,,Jumlah\nBarat,1,2\n", "headings", 2),
    "a title above": ("REKAP DATA 2025\nWilayah,Jumlah\n", "not_a_table", None),
    "a cell too many": ("Wilayah,Jumlah\nBarat,1,2\n", "headings", 3),
    "a heading twice": ("Wilayah,Jumlah, JUMLAH\nBarat,1,2\n", "headings", 3),
    "a formula": ('Wilayah,Jumlah\nBarat,"=HYPERLINK(""http://x"")"\n', "formula", 2),
    "a plus": ("Wilayah,Jumlah\n+cmd|' /C calc'!A0,1\n", "formula", 1),
    "a minus": ("Wilayah,Jumlah\n-2+3,1\n", "formula", 1),
    "an at": ("Wilayah,Jumlah\nBarat,@SUM(1)\n", "formula", 2),
    "a formula behind a space": ("Wilayah,Jumlah\nBarat, =1+1\n", "formula", 2),
    "a heading that reckons": ("Wilayah,=1+1\nBarat,2\n", "formula", 2),
    "a NIK": (people("A-1", *["A-2"] * 80, NIK), "personal_number_column", 2),
    "numbers of family cards": (
        people(*["6371039999990001"] * 3, *["x"] * 97),
        "personal_number_column",
        2,
    ),
    "a share of numbers": (
        people("6371039999990001", *["x"] * 19),
        "personal_number_column",
        2,
    ),
    "a NIK with dots": (people("6371.0371.0845.0001"), "personal_number_column", 2),
    "a NIK with spaces": (people("637103 710845 0001"), "personal_number_column", 2),
    "a NIK with dashes": (people("637103-710845-0001"), "personal_number_column", 2),
    "a NIK behind an apostrophe": (people(f"'{NIK}"), "personal_number_column", 2),
    "a NIK among words": (people(f"an. warga {NIK} (RT 3)"), "personal_number_column", 2),
    "a NIK with commas": (people('"6371,0371,0845,0001"'), "personal_number_column", 2),
    "a NIK within letters": (people(f"A{NIK}B"), "personal_number_column", 2),
    "a NIK over two columns": (
        csv_of(["Wilayah", "Berkas", "Urutan"], ["Barat", NIK[:6], NIK[6:]]),
        "personal_number_column",
        2,
    ),
    "mobile numbers": (people(*["0812-3456-7890"] * 3, *["x"] * 97), "personal_number_column", 2),
    "a mail address": (people("warga@example.org", *["x"] * 97), "personal_column", 2),
    "a count among the headings": ("Banjarmasin Barat,2\nBanjarmasin Timur,7\n", "headings", 2),
    "a NIK as a spreadsheet shortens it": (
        csv_of(["a", "b"], *[["x", "6,37104E+15"]] * 3, delimiter=";"),
        "personal_number_column",
        2,
    ),
    "a NIK as a number": (
        files.workbook(["Wilayah", "Berkas"], ["Barat", int(NIK)]),
        "personal_number_column",
        2,
    ),
    "a NIK as a number with a fraction": (
        files.workbook(["Wilayah", "Berkas"], ["Barat", float(NIK)]),
        "personal_number_column",
        2,
    ),
    "a NIK as a workbook's text": (
        files.workbook(["Wilayah", "Berkas"], ["Barat", NIK]),
        "personal_number_column",
        2,
    ),
    "a workbook's formula": (
        files.workbook(["Wilayah", "Jumlah"], ["Barat", "=1+1"]),
        "formula",
        2,
    ),
    "a workbook's array formula": (files.with_array_formula(), "formula", 2),
    "macros": (files.with_part("xl/vbaProject.bin", b"\x00"), "formula", None),
    "a workbook with macros by type": (
        files.changed(
            "[Content_Types].xml",
            lambda data: data.replace(
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            ),
        ),
        "formula",
        None,
    ),
    "a link to another file": (
        files.with_part("xl/externalLinks/externalLink1.xml", b"<x/>"),
        "formula",
        None,
    ),
    "an archive in the archive": (files.with_part("xl/media/a.zip", b"PK"), "not_a_table", None),
    "an archive that is no workbook": (files.with_part("a.txt", b"a", b""), "not_a_table", None),
    "an encrypted archive": (files.encrypted(), "not_a_table", None),
    "an archive packed in another way": (
        files.changed(files.SHEET, lambda data: data, method=zipfile.ZIP_BZIP2),
        "not_a_table",
        None,
    ),
    "an archive cut off": (files.PLAIN[:-200], "not_a_table", None),
    "an archive with a broken part": (
        files.changed(files.SHEET, lambda data: data[:-20]),
        "not_a_table",
        None,
    ),
    "entities": (files.entities(), "not_a_table", None),
    "two sheets": (
        files.workbook(["Wilayah", "Jumlah"], ["Barat", 3], lain=[["a", "b"], [1, 2]]),
        "several_sheets",
        None,
    ),
    "an empty workbook": (files.workbook(), "not_a_table", None),
    "a cell far out": (
        files.sheet_of(b'<row r="1"><c r="XFD1"><v>1</v></c></row>'),
        "too_large",
        None,
    ),
    "a row far down": (
        files.sheet_of(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "too_large",
        None,
    ),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """One service for all examples: none of them leaves anything behind."""
    desk = Desk(tmp_path_factory.mktemp("data_request"))
    desk.go_to("in_preparation")
    yield desk
    desk.close()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_to_be_given_away_is_refused_without_a_trace(desk, name):
    """With the reason, and the column where it lies in one; no row, no event, no echo."""
    content, reason, column = REFUSED[name]
    before = desk.everything()
    refusal = refused(ErrorCode.TABLE_REFUSED, desk.upload, content)
    where = {} if column is None else {"column": column}
    assert refusal.details == {"reason": reason} | where
    assert desk.everything() == before


HEADINGS = (
    "NIK",
    "Nik Anak",
    "No. KTP",
    "NO KK",
    "Nomor Kartu Keluarga",
    "Nama",
    "NAMA LENGKAP",
    "Nama Kepala Keluarga",
    "Nama Penerima Bantuan",
    "No HP",
    "no. telp",
    "Telepon",
    "Alamat",
    "Alamat Rumah",
    "E-mail",
    "email",
    "Tanggal Lahir",
    "Tgl. Lahir",
    "Tempat, Tanggal Lahir",
    "Ｎａｍａ",
    "NAMA_LGKP",
    "Nama-nama Penerima",
    "Kontak",
)


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_that_points_to_persons_is_refused(desk, heading):
    """Whatever stands below it."""
    content = f'Wilayah,"{heading}"\nBarat,ada\n'
    refusal = refused(ErrorCode.TABLE_REFUSED, desk.upload, content)
    assert refusal.details == {"reason": "personal_column", "column": 2}


PLAIN_HEADINGS = (
    "Jumlah KK",
    "Jumlah Penduduk",
    "Nama Kecamatan",
    "Nama Program",
    "Nama Kelurahan",
    "Nama Panti",
    "Nama Lembaga",
    "KK Miskin",
    "Jumlah NIK Padan",
    "Nomor",
    "Persentase",
    "Kelahiran",
    "Unik",
)


@pytest.mark.parametrize("heading", PLAIN_HEADINGS)
def test_a_heading_of_counts_or_places_is_taken(desk, heading):
    """The office's tables are full of these."""
    assert desk.upload(f'Wilayah,"{heading}"\nBarat,12\n').columns == ("Wilayah", heading)


TAKEN = {
    "semicolons": b"Wilayah;Jumlah\nBarat;1.234,5\n",
    "a heading that begins like an archive": b"PKH,Jumlah\nBarat,7\n",
    "tabs": b"Wilayah\tJumlah\nBarat\t1,234.5\n",
    "a mark of UTF-8": "\ufeffWilayah,Jumlah\nKelurahan Pekapuran–Raya,7\n".encode(),
    "Windows-1252": "Wilayah,Jumlah\nPekapuran–Raya,7\n".encode("cp1252"),
    "Latin-1": b"Wilayah,Jumlah\nPekapuran\x81Raya,7\n",
    "Windows line ends": b"Wilayah,Jumlah\r\nBarat,7\r\n\r\n",
    "signed numbers and dashes": b"Wilayah,Naik,Turun\nBarat,+5,-3\nTimur,-,-2.5%\n",
    "a workbook": files.PLAIN,
    "a workbook with shared strings": files.shared_strings(),
    "a workbook with a hidden sheet": files.with_hidden_sheet(),
    "a workbook with an empty sheet": files.workbook(["a", "b"], [1, 2], Sheet2=[]),
    "a workbook stored unpacked": files.changed(
        files.SHEET, lambda data: data, method=zipfile.ZIP_STORED
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_table_is_taken_as_offices_write_it(desk, name):
    """By its content, whatever it is called."""
    checked = desk.upload(TAKEN[name])
    assert (checked.rows >= 1, len(checked.columns) >= 2) == (True, True)


def test_a_table_that_is_no_base64_is_refused(desk):
    """By its field."""
    ask = StoreTable(tracking_number=CASE, name="Data", content="bukan base64")
    refusal = refused(ErrorCode.VALIDATION_FAILED, desk.ask, ask, SARI)
    assert refusal.details["errors"] == [{"field": "content", "code": "wrong_format"}]


@pytest.mark.parametrize(
    "form", ["dd/mm/yyyy", "[h]:mm", "h:mm", "yyyy-mm-dd hh:mm", '0" orang"', "#,##0.00", "mmm-yy"]
)
@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
def test_a_count_that_a_workbook_shows_otherwise_is_still_small(desk, form, epoch):
    """A cell's number counts, not the date or the time that it is shown as."""
    checked = desk.upload(files.shown_as(form, 2, epoch))
    assert [(c.row, c.column) for c in checked.small_cells] == [(1, 2)]


def test_a_workbooks_true_dates_stay_dates(desk):
    """Of this century they are no counts."""
    content = files.workbook(["Wilayah", "Tanggal data"], ["Barat", date(2025, 1, 2)])
    desk.upload(content, name="Tanggal")
    assert desk.read(by=SARI).tables[-1].small_cell_count == 0


@pytest.mark.parametrize(
    "name", ["Siti 6371 0341 0790 0001.csv", "6371-0341-0790-0001", "data_6371,0341,0790,0001"]
)
def test_a_tables_name_holds_no_number_of_a_person(desk, name):
    """It becomes the name of a file in the package."""
    refusal = refused(ErrorCode.VALIDATION_FAILED, desk.upload, name=name)
    assert refusal.details["errors"] == [{"field": "name", "code": "wrong_format"}]


def test_many_small_cells_are_counted_and_some_are_listed(desk):
    """A reply stays of a size that a page can show."""
    checked = desk.upload("a,b\n" + "1,2\n" * 2_000)
    assert (checked.small_cell_count, len(checked.small_cells)) == (4_000, 1_000)


def test_a_package_above_six_mebibytes_is_refused(tmp_path):
    """And nothing of it stays."""
    desk = Desk(tmp_path)
    desk.go_to("in_preparation")
    for part in range(3):
        noise = "".join(
            f"{hashlib.sha256(b'%d %d' % (part, n)).hexdigest()},x{n}\n" for n in range(60_000)
        )
        desk.upload("kode,nilai\n" + noise, name=f"Bagian {part}")
    before = desk.everything()
    refused(ErrorCode.PAYLOAD_TOO_LARGE, desk.build)
    assert desk.everything() == before
    desk.close()
