"""Requests for data and complaints get their papers, from the owners' details."""

import pytest

from contracts.complaints import ReadComplaint
from contracts.data_request import ReadDataRequest
from contracts.documents import DocumentKind
from contracts.envelope import SYSTEM, EventData
from contracts.errors import ErrorCode, Refusal
from contracts.intake import ReadApplication
from tests.integration.documents.complaint_details import COMPLAINED, complaint_of, responded
from tests.integration.documents.data_details import (
    DATA_ASKED,
    HANDED_OVER,
    data_request_of,
    prepared,
)
from tests.integration.documents.details import PowerCut, fail, issued, pdf_of
from tests.pdf_text import pdf_text
from tests.support import Bench

DTA, ADU = "DTA-20261123-0001", "ADU-20261123-0001"


def only_paper(desk: Bench) -> str:
    """The text of the one document that was issued."""
    (document,) = issued(desk)
    return pdf_text(pdf_of(desk, document.code)).replace("\u200b", "")


def test_a_request_for_data_gives_a_receipt(desk: Bench) -> None:
    """Requester and institution, the time that the standard promises, and that it is free."""
    desk.tell(DATA_ASKED, DTA)
    text = only_paper(desk)
    for words in (
        "TANDA TERIMA PERMOHONAN",
        DTA,
        "Ahmad Fauzi Contoh",
        "Universitas Contoh",
        "Layanan Pemanfaatan Data Kesejahteraan Sosial",
        "3 sd 14 Hari Kerja",
        "Jumat, 11 Desember 2026, pukul 16.00 WITA",
        "Tidak dipungut biaya",
    ):
        assert words in text


def test_a_complaint_gives_a_receipt(desk: Bench) -> None:
    """The complainant's name, how it came, until when there is an answer, and that it is free."""
    desk.tell(COMPLAINED, ADU)
    text = only_paper(desk)
    for words in (
        "TANDA TERIMA PENGADUAN",
        ADU,
        "Rahmat Hidayat Contoh",
        "Petugas pada loket aduan",
        "Respon pengaduan paling lambat 3 hari kerja",
        "Kamis, 26 November 2026, pukul 16.00 WITA",
        "Tidak dipungut biaya",
    ):
        assert words in text
    assert "Antrean terlalu lama" not in text


def test_a_package_gives_the_draft_of_its_record(desk: Bench) -> None:
    """Files and terms are there, signatures are not."""
    desk.tell(prepared(2), DTA)
    (draft,) = issued(desk)
    assert (draft.kind, draft.edition) == (DocumentKind.HANDOVER_DRAFT, 2)
    assert draft.number == "400.9/0001/KBASTD/Dinsos-Bjm/XI/2026"
    text = only_paper(desk)
    for words in (
        "KONSEP BERITA ACARA SERAH TERIMA DATA",
        "ppks_2025.csv",
        "f2" * 32,
        "a2" * 32,
        "Data tidak diberikan kepada pihak lain",
        "Belum ditandatangani",
    ):
        assert words in text
    assert "Dewi Lestari" not in text


def test_a_handover_gives_the_signed_record(desk: Bench) -> None:
    """Both parties, the day in words, and the office's signatory who seals it."""
    desk.tell(HANDED_OVER, DTA)
    (record,) = issued(desk)
    assert (record.kind, record.edition) == (DocumentKind.HANDOVER_RECORD, 1)
    assert record.number == "400.9/0001/BASTD/Dinsos-Bjm/XI/2026"
    text = only_paper(desk)
    for words in (
        "Senin tanggal dua puluh tiga bulan November tahun dua ribu dua puluh enam",
        "Dewi Lestari Contoh",
        "Ahmad Fauzi Contoh",
        "Mahasiswa",
        "Universitas Contoh",
        "4 sel dengan nilai di bawah 5 tidak ditampilkan",
        "Pejabat Contoh, S.Sos., M.AP.",
    ):
        assert words in text
    assert "KONSEP" not in text


def test_a_response_gives_its_letter(desk: Bench) -> None:
    """To the complainant, with the response of that number and the ways that are left."""
    desk.tell(responded(1), ADU)
    (letter,) = issued(desk)
    assert (letter.kind, letter.edition) == (DocumentKind.COMPLAINT_RESPONSE, 1)
    assert letter.number == "400.9/0001/STP/Dinsos-Bjm/XI/2026"
    text = only_paper(desk)
    for words in (
        "Rahmat Hidayat Contoh",
        "Jl. Contoh No. 2",
        ADU,
        "Antrean sudah ditambah satu loket.",
        "10 hari kerja",
        "www.lapor.go.id",
    ):
        assert words in text
    for hidden in ("Loket kedua", "Antrean terlalu lama", "6371034505850003"):
        assert hidden not in text


@pytest.mark.parametrize(
    ("event", "case", "reads"),
    [
        (DATA_ASKED, DTA, {("read_application", "receipt")}),
        (COMPLAINED, ADU, {("read_complaint", "receipt")}),
        (responded(1), ADU, {("read_complaint", "response_letter")}),
        (
            HANDED_OVER,
            DTA,
            {("read_application", "handover_record"), ("read_data_request", "handover_record")},
        ),
    ],
    ids=["data_asked", "complained", "responded", "handed_over"],
)
def test_the_owner_is_asked_as_the_system_and_for_a_purpose(
    desk: Bench, event: EventData, case: str, reads: set[tuple[str, str]]
) -> None:
    """Nobody reads personal data without saying why."""
    desk.tell(event, case)
    assert {(ask.method, ask.purpose) for ask, _, _ in desk.rpc.calls} == reads
    assert {actor for _, actor, _ in desk.rpc.calls} == {SYSTEM}


@pytest.mark.parametrize(
    ("event", "asked", "answer"),
    [
        (prepared(2), ReadDataRequest, data_request_of),
        (responded(1), ReadComplaint, complaint_of),
    ],
    ids=["draft", "response"],
)
def test_a_crash_after_the_number_is_reserved_leaves_no_hole(
    desk: Bench, event: EventData, asked: type, answer: object
) -> None:
    """Of a new kind too: the repeated message issues under the number that was reserved."""
    event_id = "0190a000-0000-7000-8000-000000000001"
    first, second = f"{DTA[:-1]}7", f"{DTA[:-1]}8"
    desk.rpc.replies[asked] = fail
    with pytest.raises(PowerCut):
        desk.tell(event, first, id=event_id)
    assert issued(desk) == []
    desk.rpc.replies[asked] = answer
    desk.tell(event, second)
    assert desk.tell(event, first, id=event_id) == "done"
    numbers = {e.subject: e.data["number"].split("/")[1] for e in desk.emitted()}
    assert numbers == {first: "0001", second: "0002"}


def test_a_hidden_complainant_is_no_addressee(desk: Bench) -> None:
    """A letter without one is refused, and so kept for whoever finds out why."""
    desk.rpc.replies[ReadComplaint] = lambda ask: complaint_of(ask).model_copy(
        update={"complainant": None}
    )
    with pytest.raises(Refusal) as refusal:
        desk.tell(responded(1), ADU)
    assert refusal.value.code is ErrorCode.ACCESS_DENIED
    assert issued(desk) == []


def test_no_event_of_a_paper_holds_a_word_of_it(desk: Bench) -> None:
    """Names, institutions and answers stay in the PDF."""
    for event, case in ((DATA_ASKED, DTA), (HANDED_OVER, DTA), (responded(1), ADU)):
        desk.tell(event, case)
    told = " ".join(event.body() for event in desk.emitted())
    for personal in ("Fauzi", "Universitas", "Dewi", "Rahmat", "Antrean", "Jl. Contoh"):
        assert personal not in told


def test_reading_is_asked_for_only_once_a_number_is_reserved(desk: Bench) -> None:
    """A message whose paper is issued already reads nobody's data again."""
    desk.tell(DATA_ASKED, DTA)
    asked = len(desk.rpc.calls)
    assert [type(ask) for ask, _, _ in desk.rpc.calls] == [ReadApplication]
    desk.tell(DATA_ASKED, DTA)
    assert len(desk.rpc.calls) == asked
