"""Workbooks made to eat memory or time, and what is read of honest ones."""

import io
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from contracts.errors import ErrorCode
from services.data_request import workbook_parts
from services.data_request.table import TableRefused
from tests.integration.data_request import table_files as files
from tests.integration.data_request.desk import Desk, refused

ROOT = Path(__file__).parents[3]


READER = """
import base64, pathlib, resource, sys, time
from contracts.errors import Refusal
from services.data_request import workbook_parts
from services.data_request.uploads import read_upload

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

content = base64.b64encode(pathlib.Path(sys.argv[1]).read_bytes()).decode()
workbook_parts.MAX_RATIO = int(sys.argv[2])
memory, started = peak(), time.monotonic()
try:
    read_upload(content)
except Refusal:
    print(peak() - memory, time.monotonic() - started)
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """One service for all examples: none of them leaves anything behind."""
    desk = Desk(tmp_path_factory.mktemp("data_request"))
    desk.go_to("in_preparation")
    yield desk
    desk.close()


@pytest.mark.parametrize("ratio", [workbook_parts.MAX_RATIO, 1_000_000])
@pytest.mark.parametrize("name", files.BOMBS)
def test_a_workbook_that_grows_is_refused_without_a_trace(desk, name, ratio, tmp_path, monkeypatch):
    """It eats neither memory nor time, even if nobody looked at how tightly it is packed."""
    monkeypatch.setattr(workbook_parts, "MAX_RATIO", ratio)
    content = files.BOMBS[name]()
    assert len(content) < files.MIB
    before = desk.everything()
    refusal = refused(ErrorCode.TABLE_REFUSED, desk.upload, content)
    assert refusal.details["reason"] in ("too_large", "not_a_table")
    assert desk.everything() == before
    file = tmp_path / "bomb.xlsx"
    file.write_bytes(content)
    reader = [sys.executable, "-c", READER, str(file), str(ratio)]
    done = subprocess.run(reader, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    mebibytes, seconds = map(float, done.stdout.split())
    assert mebibytes < 64
    assert seconds < 5


def test_a_workbook_within_the_sizes_but_with_too_many_cells_is_refused_soon(desk):
    """It is counted while it is unpacked, before any of it becomes a cell."""
    content = files.under_the_ratio()
    assert len(content) < 5 * files.MIB
    started = time.monotonic()
    refusal = refused(ErrorCode.TABLE_REFUSED, desk.upload, content)
    assert refusal.details == {"reason": "too_large"}
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("content", "reason"),
    [(files.entities, "not_a_table"), (files.under_the_ratio, "too_large")],
)
def test_the_parts_are_looked_over_before_the_reader_has_them(content, reason):
    """The library would refuse these too, the second only once it had made cells of it."""
    with pytest.raises(TableRefused) as refusal:
        workbook_parts.passed_parts(content())
    assert refusal.value.details == {"reason": reason}


def test_the_bytes_that_come_are_counted_whatever_the_directory_says(monkeypatch):
    """They are taken for nothing else than what they are."""
    monkeypatch.setattr(workbook_parts, "_check_directory", lambda *known: None)
    piece = b'<x a="%s"/>' % (b"1" * 1_000)
    content = files.grown(files.SHEET, files.SHEET_START, piece, 60_000)
    with pytest.raises(TableRefused) as refusal:
        workbook_parts.passed_parts(content)
    assert refusal.value.details == {"reason": "too_large"}


def test_a_workbook_with_one_name_twice_is_refused():
    """What was looked over and what is read must be the same."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = files.with_part(files.SHEET, b"<worksheet/>")
    with pytest.raises(TableRefused) as refusal:
        workbook_parts.passed_parts(content)
    assert refusal.value.details == {"reason": "not_a_table"}


def test_a_workbook_that_says_a_wrong_size_of_its_sheet_is_read_as_it_is(desk):
    """The size that a sheet gives of itself is not gone by."""
    lying = files.changed(files.SHEET, lambda data: data.replace(b"A1:B2", b"A1:A1"), files.PLAIN)
    assert lying != files.PLAIN
    assert desk.upload(lying).columns == ("Wilayah", "Jumlah")


def test_a_workbook_of_nothing_but_members_is_refused(desk):
    """A directory of thousands of empty parts is no workbook."""
    out = io.BytesIO(files.PLAIN)
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(2_000):
            archive.writestr(f"xl/worksheets/sheet{number + 2}.xml", b"")
    refusal = refused(ErrorCode.TABLE_REFUSED, desk.upload, out.getvalue())
    assert refusal.details == {"reason": "too_large"}


def test_dates_and_numbers_of_a_workbook_become_plain_text(tmp_path):
    """Whole numbers without a fraction, dates by ISO 8601."""
    desk = Desk(tmp_path)
    desk.go_to("in_preparation")
    rows = [["Wilayah", "Hari", "Nilai"], ["Barat", date(2025, 1, 2), 3.0]]
    rows.append(["Timur", datetime(2025, 1, 2, 8, 30), 2.5])  # noqa: DTZ001 - a cell has no zone
    checked = desk.upload(files.workbook(*rows))
    assert [(cell.row, cell.column) for cell in checked.small_cells] == [(1, 3)]
    desk.close()
