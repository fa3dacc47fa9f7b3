"""The service along the procedure: disposition, review, preparation, handover."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from chassis.seal import SealBroken
from contracts.data_request import Complexity, RejectionGround, SmallCells
from contracts.envelope import RESIDENT
from contracts.errors import ErrorCode
from services.data_request.models import Clock, Download, Package, PersonalDataReading, Signature
from standards.catalogue import load
from tests.integration.data_request.desk import (
    ANSWER,
    CASE,
    DEWI,
    HASAN,
    METHOD,
    NOTE,
    QUESTION,
    RAHMAN,
    SARI,
    SOURCE,
    STUDENT,
    UNIVERSITY,
    WATI,
    WORDS,
    Desk,
    refused,
)
from tests.integration.data_request.table_files import workbook


def unzipped(content):
    """The archive's files by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_data_request_goes_from_the_letter_to_the_data_handed_over(desk):
    """The journey of the published procedure, steps 2 to 4, with a question on the way."""
    desk.complete()
    assert desk.disposition().state == "dispositioned"
    assert desk.clarify().state == "clarification"
    assert desk.answer().state == "dispositioned"
    assert desk.approve().state == "in_preparation"
    assert desk.upload().small_cell_count == 1
    assert desk.upload(workbook(["Wilayah", "Jiwa"], ["Barat", 40]), name="Jiwa").rows == 1
    built = desk.build()
    assert (built.state, built.edition, built.suppressed_cells) == ("prepared", 1, 1)
    refused(ErrorCode.HANDOVER_NOT_SIGNED, desk.download)
    assert desk.sign_for_office().state == "prepared"
    refused(ErrorCode.HANDOVER_NOT_SIGNED, desk.download)
    assert desk.sign_as_requester().state == "handed_over"
    assert hashlib.sha256(desk.download()).hexdigest() == built.sha256
    assert desk.names() == [
        "data_request_dispositioned",
        "clarification_requested",
        "clarification_received",
        "data_request_approved",
        "data_prepared",
        "handover_signed",
        "handover_signed",
        "data_handed_over",
        "data_downloaded",
    ]
    assert [int(event.sequence) for event in desk.emitted()] == [*range(1, 10)]


def test_each_move_begins_the_next_step_of_the_standard(desk):
    """What waits, and until when the office wants it, goes with the event."""
    desk.go_to("in_preparation")
    steps = {event.type.split(".")[1]: event.data["step"] for event in desk.emitted()}
    assert steps["data_request_dispositioned"] == {
        "step": "review",
        "due": "2026-11-24T16:00:00+08:00",
    }
    assert steps["data_request_approved"]["step"] == "preparation"
    desk.upload()
    desk.build()
    (prepared,) = desk.emitted("data_prepared")
    assert prepared.data["step"]["step"] == "handover"
    desk.sign_for_office()
    (signed,) = desk.emitted("handover_signed")
    assert signed.data["step"] == prepared.data["step"]


@pytest.mark.parametrize(
    ("complexity", "data_types", "days", "due"),
    [
        (Complexity.SIMPLE, None, 4, "2026-11-27T16:30:00+08:00"),
        (Complexity.MODERATE, None, 6, "2026-12-01T16:00:00+08:00"),
        (Complexity.COMPLEX, 2, 8, "2026-12-03T16:00:00+08:00"),
        (Complexity.COMPLEX, 40, 14, "2026-12-11T16:30:00+08:00"),
    ],
)
def test_the_approval_promises_working_days_by_complexity_and_types(
    desk, complexity, data_types, days, due
):
    """Counted from the receipt, within the published 3 to 14; the letter named three types."""
    desk.go_to("dispositioned")
    desk.clock.move(hours=3)
    desk.approve(complexity=complexity, data_types=data_types)
    (approved,) = desk.emitted("data_request_approved")
    assert approved.data["working_days"] == approved.data["deadline"]["working_days"] == days
    assert approved.data["deadline"]["due"] == due
    assert approved.data["data_types"] == (data_types or 3)
    assert approved.data["deadline"]["received_at"] == "2026-11-23T09:00:00+08:00"


def test_a_question_stops_the_clock_until_it_is_answered(desk):
    """Two working days of waiting move the deadline by two working days, and no step waits."""
    desk.go_to("dispositioned")
    desk.clarify()
    (asked,) = desk.emitted("clarification_requested")
    assert asked.data["step"] is None
    assert asked.data["deadline"]["due"] is None
    assert asked.data["deadline"]["pauses"][0]["reason_code"] == "clarification_requested"
    desk.clock.move(days=2)
    desk.answer()
    (answered,) = desk.emitted("clarification_received")
    assert answered.data["step"]["step"] == "review"
    assert answered.data["deadline"]["paused"] is False
    desk.approve()
    (approved,) = desk.emitted("data_request_approved")
    assert approved.data["deadline"]["due"].startswith("2026-12-03")


def test_a_rejection_names_its_ground_and_closes_the_case(desk):
    """The words stay sealed; how the promise was kept is told."""
    desk.go_to("dispositioned")
    desk.clock.move(hours=2)
    assert desk.reject().state == "rejected"
    (rejected,) = desk.emitted("data_request_rejected")
    assert rejected.data["ground"] == "personal_data_asked"
    assert (rejected.data["in_time"], rejected.data["working_minutes"]) == (True, 120)
    assert rejected.data["standard_version"] == "2026-1"
    assert rejected.data["decided_at"] == "2026-11-23T11:00:00+08:00"
    with desk.session() as session:
        assert [clock.running for clock in session.query(Clock)] == [False, False]


def test_the_handover_tells_how_the_promise_was_kept(desk):
    """A day late is late; nothing is due afterwards."""
    desk.go_to("prepared")
    desk.sign_for_office()
    desk.clock.set(datetime(2026, 12, 2, 1, 0, tzinfo=UTC))
    desk.sign_as_requester()
    (over,) = desk.emitted("data_handed_over")
    assert over.data["in_time"] is False
    assert over.data["purpose"] == "academic_research"
    assert over.data["handed_over_at"] == "2026-12-02T09:00:00+08:00"
    desk.clock.move(days=30)
    desk.run_job("keep_deadlines")
    assert "deadline_missed" not in desk.names()


def test_deadlines_are_told_once_each(desk):
    """The step's first, the promise's later; a second run says nothing more."""
    desk.go_to("received")
    desk.clock.move(days=40)
    desk.run_job("keep_deadlines")
    desk.run_job("keep_deadlines")
    told = [(e.type.split(".")[1], e.data["clock"], e.data["step"]) for e in desk.emitted()]
    assert sorted(told, key=str) == [
        ("deadline_approaching", "promise", None),
        ("deadline_approaching", "step", "disposition"),
        ("deadline_missed", "promise", None),
        ("deadline_missed", "step", "disposition"),
    ]


def test_what_intake_told_of_the_promise_is_not_told_again(desk):
    """The promise is handed over with what was said of it."""
    desk.complete(told=("approaching", "missed"))
    desk.clock.move(days=40)
    desk.run_job("keep_deadlines")
    assert {event.data["clock"] for event in desk.emitted()} == {"step"}


def test_a_holiday_added_later_moves_the_open_deadline(tmp_path):
    """The office's override file changes under the case; it says so."""
    override = tmp_path / "office.toml"
    override.write_text("")
    desk = Desk(tmp_path, office_override=str(override))
    desk.go_to("in_preparation")
    override.write_text(
        '[[closed_days]]\ndate = 2026-11-26\nreason_id = "Banjir"\nreason_en = "Flood"\n'
    )
    desk.run_job("keep_deadlines")
    changed = {event.data["clock"]: event.data for event in desk.emitted("deadline_changed")}
    assert changed["promise"]["due"] == "2026-12-02T16:00:00+08:00"
    assert changed["step"]["step"] == "preparation"
    desk.close()


@pytest.mark.parametrize(
    ("decision", "parts", "errors"),
    [
        ("approve", {}, [("complexity", "required"), ("social_worker", "required")]),
        (
            "approve",
            {"complexity": "simple", "social_worker": "6371 Fitri"},
            [("social_worker", "wrong_format")],
        ),
        (
            "approve",
            {"complexity": "simple", "social_worker": "sari", "data_types": 0},
            [("data_types", "out_of_range")],
        ),
        (
            "approve",
            {"complexity": "simple", "social_worker": "sari", "ground": "data_not_held"},
            [("ground", "not_allowed")],
        ),
        ("reject", {}, [("ground", "required"), ("words", "required")]),
        (
            "reject",
            {"ground": "data_not_held", "words": " ", "complexity": "simple"},
            [("complexity", "not_allowed"), ("words", "required")],
        ),
        ("clarify", {"words": "\n"}, [("words", "required")]),
    ],
)
def test_a_review_needs_what_its_decision_needs_and_nothing_else(desk, decision, parts, errors):
    """Every field at fault is named with a code, and nothing is stored."""
    desk.go_to("dispositioned")
    before = desk.everything()
    refusal = refused(ErrorCode.VALIDATION_FAILED, desk.review, decision, **parts)
    assert [(e["field"], e["code"]) for e in refusal.details["errors"]] == errors
    assert desk.everything() == before


def test_only_the_instructed_social_worker_prepares_the_data(desk):
    """Neither another one nor a division head."""
    desk.go_to("in_preparation")
    for somebody_else in (DEWI, HASAN):
        code = ErrorCode.NOT_THE_INSTRUCTED_SOCIAL_WORKER
        refused(code, desk.upload, by=somebody_else)
        refused(code, desk.build, by=somebody_else)
    assert desk.upload().rows == 2


def test_an_approval_is_not_given_twice(desk):
    """Approving again is illegal; the first instruction stands."""
    desk.go_to("in_preparation")
    refusal = refused(ErrorCode.ILLEGAL_MOVE, desk.approve, by=WATI, social_worker="dewi")
    assert refusal.details == {
        "state": "in_preparation",
        "move": "approve",
        "allowed": ["store_table", "build_package", "withdraw"],
    }
    assert desk.row().social_worker == "sari"


@pytest.mark.parametrize(
    ("state", "call"),
    [
        ("received", Desk.approve),
        ("received", Desk.upload),
        ("dispositioned", Desk.disposition),
        ("dispositioned", Desk.answer),
        ("dispositioned", Desk.sign_for_office),
        ("clarification", Desk.approve),
        ("in_preparation", Desk.sign_as_requester),
        ("handed_over", Desk.upload),
        ("handed_over", Desk.build),
        ("handed_over", Desk.withdraw),
        ("rejected", Desk.disposition),
        ("rejected", Desk.withdraw),
        ("withdrawn", Desk.reject),
    ],
)
def test_what_the_procedure_does_not_foresee_is_refused(desk, state, call):
    """With the state and what would be possible; nothing changes."""
    desk.go_to(state)
    before = desk.everything()
    assert refused(ErrorCode.ILLEGAL_MOVE, call, desk).details["state"] == state
    assert desk.everything() == before


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


def test_what_was_written_is_read_with_a_purpose_and_the_read_is_logged(desk):
    """Every word comes back, and the log says which fields held any."""
    desk.go_to("dispositioned")
    desk.clarify()
    desk.answer()
    desk.approve()
    desk.upload()
    desk.build()
    desk.sign_as_requester()
    detail = desk.read()
    assert detail.disposition_note == NOTE
    assert [review.decision for review in detail.reviews] == ["clarify", "approve"]
    assert (detail.clarifications[0].question, detail.clarifications[0].answer) == (
        QUESTION,
        ANSWER,
    )
    assert detail.tables[0].name == "KK per kecamatan"
    assert (detail.package.data_source, detail.package.edition) == (SOURCE, 1)
    assert detail.signatures[0].name == STUDENT
    assert (detail.social_worker, detail.working_days) == ("sari", 6)
    (read,) = desk.emitted("personal_data_read")
    assert read.data["purpose"] == "case_page"
    assert read.data["fields"] == [
        "disposition_note",
        "reviews",
        "clarifications",
        "tables",
        "package",
        "signatures",
    ]
    assert desk.count(PersonalDataReading) == 1
    refused(ErrorCode.VALIDATION_FAILED, desk.read, purpose="Karena Fitriani")


def test_the_register_shows_what_was_given_newest_first(desk):
    """Page by page; each entry read is logged for its case."""
    cases = [f"DTA-20261123-{number:04d}" for number in range(1, 6)]
    for case in cases:
        desk.go_to("handed_over", case)
        if case != cases[1]:
            desk.clock.move(minutes=7)
    desk.go_to("prepared", "DTA-20261123-0009")
    first = desk.register(limit=2)
    assert [entry.tracking_number for entry in first.entries] == [cases[4], cases[3]]
    assert (first.entries[0].recipient, first.entries[0].institution) == (STUDENT, UNIVERSITY)
    second = desk.register(limit=2, cursor=first.next_cursor)
    third = desk.register(limit=2, cursor=second.next_cursor)
    assert [e.tracking_number for e in (*second.entries, *third.entries)] == cases[2::-1]
    assert third.next_cursor is None
    assert {e.subject for e in desk.emitted("personal_data_read")} == set(cases)
    for wrong in ("x", "!!", "MjAyNi0xMS0yMyBEVEE="):
        refused(ErrorCode.VALIDATION_FAILED, desk.register, cursor=wrong)


def test_no_word_of_anybody_lies_open_in_the_database(desk):
    """Notes, questions, answers, sources, names: not in a row, an event or a stored reply."""
    desk.go_to("dispositioned")
    desk.clarify()
    desk.answer()
    desk.approve()
    desk.upload()
    desk.build()
    desk.sign_for_office()
    desk.sign_as_requester()
    desk.go_to("rejected", "DTA-20261123-0002")
    desk.download()
    desk.read()
    desk.register()
    stored = repr(desk.everything())
    for words in (NOTE, QUESTION, ANSWER, WORDS, SOURCE, METHOD, STUDENT, UNIVERSITY, "Wulandari"):
        assert words not in stored
    assert "Banjarmasin Timur" not in stored


def test_a_case_that_is_not_known_is_not_found(desk):
    """Also one of another kind, and one of which the withdrawal alone is known."""
    for call in (desk.disposition, desk.approve, desk.upload, desk.download, desk.read):
        refused(ErrorCode.CASE_NOT_FOUND, call)
    refused(ErrorCode.CASE_NOT_FOUND, desk.withdraw, "VRF-20261123-0001")
    desk.withdraw()
    refused(ErrorCode.CASE_NOT_FOUND, desk.read)
    desk.complete()
    assert desk.read().state == "withdrawn"


def test_an_earlier_edition_waits_no_longer_than_the_standard_says(desk):
    """A new edition begins the handover's time anew."""
    desk.go_to("prepared")
    desk.clock.move(days=1)
    desk.build()
    first, second = (e.data["step"]["due"] for e in desk.emitted("data_prepared"))
    assert datetime.fromisoformat(second) - datetime.fromisoformat(first) == timedelta(days=1)


def test_the_ground_of_a_rejection_is_one_of_the_standards(desk):
    """The contract and the standard name the same grounds."""
    grounds = {ground.id for ground in load("data_request").release.rejection_grounds}
    assert grounds == {ground.value for ground in RejectionGround}


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


def test_an_office_head_may_pass_the_letter_on_without_a_note(desk):
    """The note is a courtesy."""
    desk.complete()
    assert desk.disposition(note=None, by=RAHMAN).state == "dispositioned"
    assert desk.read().disposition_note is None
    assert desk.emitted("personal_data_read") == []


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
