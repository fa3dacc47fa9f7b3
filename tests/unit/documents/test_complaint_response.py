"""The answer to a complaint: to whom, on what, and where to go on."""

from collections.abc import Callable
from dataclasses import replace

from services.documents.letters.complaint_response import (
    ComplaintResponse,
    render_complaint_response,
)
from tests.unit.documents.papers import MARKUP, hostile, unspaced

TextOf = Callable[[bytes], str]


def test_the_response_states_everything_that_its_reader_needs(
    response: ComplaintResponse, text_of: TextOf
) -> None:
    """Addressee, number, answer, how to reopen, LAPOR!, who signs, the code."""
    text = unspaced(text_of(render_complaint_response(response)))

    for part in (
        "SURAT TANGGAPAN PENGADUAN Response to a Complaint",
        "Nomor: 400.9/0002/STP/Dinsos-Bjm/XI/2026",
        "Kepada Yth. Rahmat Hidayat Jalan Kuin Selatan No. 5 Banjarmasin Barat",
        "yang kami terima pada tanggal 19 November 2026 dengan nomor registrasi ADU-20261120-0002",
        "Terima kasih atas pengaduan ini. Antrean sudah ditambah satu loket.",
        "dapat dibuka kembali dalam waktu 10 hari kerja",
        "SP4N-LAPOR! di www.lapor.go.id",
        "dinsosbjm.aduanbansos@gmail.com",
        "tidak dipungut biaya",
        "Banjarmasin, 21 November 2026 Kepala Dinas Sosial,",
        "Hj. Noor Aisyah NIP 19750512 200012 2 001",
        "https://sigap.example/v1/verify/Y6FN-9HKT-3WDB",
        "Halaman 1 dari 1",
    ):
        assert unspaced(part) in text, part


def test_the_response_shows_markup_and_never_runs_it(
    response: ComplaintResponse, text_of: TextOf
) -> None:
    """Each text may hold the template language's own signs."""
    fields = ("tracking_number", "complainant_name", "address", "response", "lapor")
    marked = replace(response, **dict.fromkeys(fields, MARKUP), imprint=hostile(response.imprint))

    text = unspaced(text_of(render_complaint_response(marked)))

    assert text.count(unspaced(MARKUP)) >= 11
