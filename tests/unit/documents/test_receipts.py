"""Receipts say what they must, for requests of both kinds and for complaints."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from services.documents.letters.receipt import Receipt, ReceiptKind, Requirement, render_receipt
from tests.unit.documents.papers import MARKUP, hostile, unspaced

TextOf = Callable[[bytes], str]


def test_the_receipt_states_number_deadline_and_that_it_is_free(
    receipt: Receipt, text_of: TextOf
) -> None:
    """What the resident takes home answers: which number, until when, at what price."""
    text = text_of(render_receipt(receipt))

    for part in (
        "TANDA TERIMA PERMOHONAN Receipt of a Request",
        "Nomor: 400.9/0012/TT/Dinsos-Bjm/XI/2026",
        "Nomor registrasi Tracking number VRF-20261120-0007",
        "Nama pemohon Name : Siti Rahmah",
        "Diterima pada Received : Jumat, 20 November 2026, pukul 09.15 WITA",
        "Loket pelayanan",
        "1 hari kerja setelah pengajuan",
        "Paling lambat Due : Senin, 23 November 2026, pukul 16.00 WITA",
        "Tidak dipungut biaya Free of charge",
        "1. Kartu Keluarga atau KTP diserahkan handed in",
        "2. Surat pengantar belum ada missing",
        "Tanggal lahir berbeda dengan NIK.",
        "Kode: T4RB-6WQS-8NCE",
    ):
        assert unspaced(part) in unspaced(text), part


def test_a_complaint_gets_a_receipt_in_its_own_words(receipt: Receipt, text_of: TextOf) -> None:
    """Without a due moment, requirements or remarks none of their labels stands there."""
    bare = replace(receipt, kind=ReceiptKind.COMPLAINT, due=None, requirements=(), warnings=())

    text = text_of(render_receipt(bare))

    assert "TANDA TERIMA PENGADUAN Receipt of a Complaint" in text
    assert "Nama pelapor" in text
    for label in ("Paling lambat", "Persyaratan", "Catatan petugas"):
        assert label not in text


def test_moments_are_shown_in_the_offices_time(receipt: Receipt, text_of: TextOf) -> None:
    """Half past five in the evening UTC is the next day's small hours in Banjarmasin."""
    late = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)

    text = text_of(render_receipt(replace(receipt, received_at=late, due=late)))

    assert text.count("Sabtu, 21 November 2026, pukul 01.30 WITA") == 2
    assert "Banjarmasin, 21 November 2026" in text


def test_the_receipt_shows_markup_and_never_runs_it(receipt: Receipt, text_of: TextOf) -> None:
    """Each text field may hold the template language's own signs."""
    fields = (
        "tracking_number",
        "channel",
        "applicant_name",
        "service_title",
        "deadline",
        "institution",
        "fee",
    )
    marked = replace(
        receipt,
        **dict.fromkeys(fields, MARKUP),
        imprint=hostile(receipt.imprint),
        requirements=(Requirement(MARKUP),),
        warnings=(MARKUP,),
    )

    text = unspaced(text_of(render_receipt(marked)))

    assert text.count(unspaced(MARKUP)) >= 10


def test_a_request_for_data_names_the_institution(receipt: Receipt, text_of: TextOf) -> None:
    """Only where there is one."""
    asked = replace(receipt, institution="Universitas Contoh")

    assert "Instansi Institution : Universitas Contoh" in text_of(render_receipt(asked))
    assert "Instansi" not in text_of(render_receipt(receipt))
