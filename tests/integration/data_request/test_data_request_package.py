"""The package: what is in it, who signs for it, who fetches it."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import datetime, timedelta

import pytest

from chassis.seal import SealBroken
from contracts.data_request import SmallCells
from contracts.envelope import RESIDENT
from contracts.errors import ErrorCode
from services.data_request.models import Download, Package, Signature
from tests.integration.data_request.desk import (
    CASE,
    METHOD,
    SARI,
    SOURCE,
    refused,
)


def unzipped(content):
    """The archive's files by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_says_where_the_data_come_from_and_how(desk):
    """The manifest describes every file; the text beside it says the same to people."""
    desk.go_to("prepared")
    desk.sign_for_office()
    desk.sign_as_requester()
    content = desk.download()
    files = unzipped(content)
    assert sorted(files) == ["BACA_README.txt", "KK_per_kecamatan.csv", "manifest.json"]
    manifest = json.loads(files["manifest.json"])
    assert manifest["tracking_number"] == CASE
    assert manifest["edition"] == 1
    assert manifest["standard"] == {"id": "data_request", "version": "2026-1", "decree": "080"}
    assert manifest["purpose"]["id"] == "academic_research"
    assert (manifest["data_source"], manifest["data_method"]) == (SOURCE, METHOD)
    assert manifest["made_at"] == "2026-11-23T09:00:00+08:00"
    assert manifest["small_cells"]["rule"] == "suppress"
    assert manifest["small_cells"]["complementary_disclosure"] == "not_attempted"
    assert {term["id"] for term in manifest["terms_of_use"]} >= {"stated_purpose", "not_passed_on"}
    described = {each["name"]: each for each in manifest["files"]}
    table = described["KK_per_kecamatan.csv"]
    assert table["sha256"] == hashlib.sha256(files["KK_per_kecamatan.csv"]).hexdigest()
    assert (table["rows"], table["columns"]) == (2, ["Kecamatan", "Tahun", "Jumlah KK"])
    text = files["BACA_README.txt"].decode()
    assert text.startswith("PAKET DATA KESEJAHTERAAN SOSIAL")
    assert "Senin, 23 November 2026 pukul 09.00 WITA" in text
    assert "The data are not passed on to others" in text


def test_a_count_of_two_is_not_given_away(desk):
    """It reads "<5"; years, codes and larger counts are left as they are."""
    desk.go_to("in_preparation")
    checked = desk.upload("No,RT,Tahun,Jumlah\n1,2,2025,2\n2,3,2024,0\n3,4,2023,5\n4,1,2022,3.0\n")
    assert [(cell.row, cell.column) for cell in checked.small_cells] == [(1, 4), (4, 4)]
    built = desk.build()
    assert (built.suppressed_cells, built.flagged_cells) == (2, 0)
    desk.sign_for_office()
    desk.sign_as_requester()
    lines = [*csv.reader(io.StringIO(unzipped(desk.download())["KK_per_kecamatan.csv"].decode()))]
    assert [line[3] for line in lines] == ["Jumlah", "<5", "0", "5", "<5"]
    assert [line[1] for line in lines] == ["RT", "2", "3", "4", "1"]


def test_a_small_count_may_be_marked_in_place_of_left_out(desk):
    """The social worker's choice stands in the manifest with the number of cells."""
    desk.go_to("in_preparation")
    desk.upload()
    built = desk.build(small_cells=SmallCells.FLAG)
    assert (built.suppressed_cells, built.flagged_cells) == (0, 1)
    desk.sign_for_office()
    desk.sign_as_requester()
    files = unzipped(desk.download())
    assert b"Banjarmasin Timur,2025,2*" in files["KK_per_kecamatan.csv"]
    manifest = json.loads(files["manifest.json"])
    assert (manifest["small_cells"]["rule"], manifest["small_cells"]["flagged"]) == ("flag", 1)


def test_tables_of_one_name_become_files_of_different_names(desk):
    """Nor do their names lead out of the archive's folder."""
    desk.go_to("in_preparation")
    for name in ("Data (2025)", "data 2025.csv", "Data  2025"):
        desk.upload(name=name)
    names = {file.name for file in desk.build().files if file.name.endswith(".csv")}
    assert names == {"Data_2025.csv", "data_2025_2.csv", "Data_2025_3.csv"}
    desk.upload(name="../../etc/KK & jiwa")
    assert "etc_KK_jiwa.csv" in {file.name for file in desk.build().files}
    for wrong in ("", "   ", "a\nb", "x" * 200, "an. 6371031708450001"):
        refused(ErrorCode.VALIDATION_FAILED, desk.upload, name=wrong)


def test_the_same_command_again_gets_the_same_package(desk):
    """One edition, one event; the archive is the same to the byte when built of the same."""
    desk.go_to("in_preparation")
    table = desk.upload(key="upload-1")
    assert desk.upload(key="upload-1") == table
    first = desk.build(key="build-1")
    assert desk.build(key="build-1") == first
    assert (desk.count(Package), len(desk.emitted("data_prepared"))) == (1, 1)


def test_a_new_edition_drops_what_was_signed_for_the_earlier_one(desk):
    """Nobody signs for what they have not seen."""
    desk.go_to("prepared")
    desk.sign_as_requester()
    refused(ErrorCode.ALREADY_SIGNED, desk.sign_as_requester)
    assert desk.build().edition == 2
    assert refused(ErrorCode.PACKAGE_CHANGED, desk.sign_for_office).details == {"edition": 2}
    assert desk.read().signatures == ()
    assert desk.sign_for_office(edition=2).state == "prepared"
    assert desk.sign_as_requester(edition=2).state == "handed_over"
    refused(ErrorCode.ALREADY_SIGNED, desk.sign_for_office, edition=2)
    assert desk.count(Signature) == 3


def test_the_requester_signs_with_institution_and_the_terms(desk):
    """And nobody but staff signs for the office."""
    desk.go_to("prepared")
    refused(ErrorCode.TERMS_NOT_ACCEPTED, desk.sign_as_requester, terms_accepted=False)
    refusal = refused(
        ErrorCode.VALIDATION_FAILED, desk.sign_as_requester, name=" ", institution=None
    )
    assert [each["field"] for each in refusal.details["errors"]] == ["name", "institution"]
    refused(ErrorCode.ACCESS_DENIED, desk.sign_for_office, by=RESIDENT)
    refused(ErrorCode.VALIDATION_FAILED, desk.sign_for_office, name="")
    assert (desk.count(Signature), desk.emitted("handover_signed")) == (0, [])


def test_a_package_names_tables_that_there_are(desk):
    """Unknown ones are told by their place; none, or one twice, is refused."""
    desk.go_to("in_preparation")
    table = desk.upload().table
    refusal = refused(ErrorCode.TABLE_NOT_FOUND, desk.build, table, "another")
    assert refusal.details == {"field": "tables", "index": 1}
    refused(ErrorCode.VALIDATION_FAILED, desk.build, table, table)
    refused(ErrorCode.VALIDATION_FAILED, desk.build, table, data_source=" ")
    desk.go_to("in_preparation", "DTA-20261123-0002")
    refused(ErrorCode.TABLE_NOT_FOUND, desk.build, table, case="DTA-20261123-0002")
    refused(ErrorCode.VALIDATION_FAILED, desk.build, case="DTA-20261123-0002")
    assert (desk.count(Package), desk.emitted("data_prepared")) == (0, [])


def test_every_download_is_recorded(desk):
    """Who, when, and the how-manieth."""
    desk.go_to("handed_over")
    desk.download()
    desk.clock.move(days=1)
    desk.download(by=SARI)
    assert [e.data["number"] for e in desk.emitted("data_downloaded")] == [1, 2]
    with desk.session() as session:
        downloads = [(d.number, d.actor) for d in session.query(Download)]
    assert sorted(downloads) == [(1, "resident"), (2, "sari")]
    (entry,) = desk.register().entries
    assert (entry.downloads, entry.last_downloaded_at) == (2, desk.clock.now())


def test_an_earlier_edition_waits_no_longer_than_the_standard_says(desk):
    """A new edition begins the handover's time anew."""
    desk.go_to("prepared")
    desk.clock.move(days=1)
    desk.build()
    first, second = (e.data["step"]["due"] for e in desk.emitted("data_prepared"))
    assert datetime.fromisoformat(second) - datetime.fromisoformat(first) == timedelta(days=1)


def test_the_csv_that_was_stored_is_the_one_that_is_given(desk):
    """Also with quotes, semicolons and line breaks in its cells."""
    desk.go_to("in_preparation")
    tricky = '"Wilayah; kota, dan ""desa""",Keterangan,Nilai\n"a;b;c","satu\ndua",7\n'
    assert desk.upload(tricky, name="Aneh").columns[0] == 'Wilayah; kota, dan "desa"'
    desk.build()
    desk.sign_for_office()
    desk.sign_as_requester()
    given = unzipped(desk.download())["Aneh.csv"].decode()
    assert [*csv.reader(io.StringIO(given, newline=""))][1] == ["a;b;c", "satu\ndua", "7"]


def test_an_archive_that_is_not_what_was_signed_for_is_not_given_out(desk):
    """Its SHA-256 is reckoned again at each reading; nothing is recorded."""
    desk.go_to("handed_over")
    row = desk.row()
    sealed = desk.vault.seal(row.wrapped_key, b"PK", f"data_request:{CASE}:archive:1")
    with desk.store.unit("test") as work:
        work.session.get_one(Package, (CASE, 1)).sealed_archive = sealed
    with pytest.raises(SealBroken):
        desk.download()
    assert (desk.count(Download), desk.emitted("data_downloaded")) == (0, [])


@pytest.mark.parametrize("field", ["data_source", "data_method"])
def test_what_stands_in_the_package_beside_the_tables_names_no_persons_number(desk, field):
    """The requester reads it too."""
    desk.go_to("in_preparation")
    desk.upload()
    before = desk.everything()
    texts = {field: "Dicatat atas nama 6371.0341.0790.0001."}
    refusal = refused(ErrorCode.VALIDATION_FAILED, desk.build, **texts)
    assert refusal.details["errors"] == [{"field": field, "code": "personal_number"}]
    assert desk.everything() == before
