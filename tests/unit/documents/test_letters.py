"""Letters and receipts say what they must, show content as content, and stay archivable."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from contracts.documents import DocumentKind
from contracts.verification import Outcome
from services.documents import letters
from services.documents.letters import (
    Receipt,
    ReceiptKind,
    RenderingFailure,
    Requirement,
    Signatory,
    VerificationLetter,
    indonesian_date,
    letter_number,
    render_receipt,
    render_verification_letter,
)

TextOf = Callable[[bytes], str]

MARKUP = (
    '#panic("x") #read("/etc/passwd") *tebal* _miring_ $x^2$ `kode` @acuan <label> '
    "\\u{41} \"kutip\" 'q' // /* */ [isi] {blok} = ~ -- ... & %"
)


def unspaced(text: str) -> str:
    """Line breaks fall anywhere; only the letters count."""
    return re.sub(r"\s", "", text)


def catalog(pdf: bytes) -> dict:
    """The root of the document's objects."""
    return PdfFileReader(io.BytesIO(pdf)).root


def xmp(pdf: bytes) -> str:
    """The document's metadata stream."""
    return catalog(pdf)["/Metadata"].data.decode()


def test_the_letter_states_everything_that_its_reader_needs(
    letter: VerificationLetter, text_of: TextOf
) -> None:
    """Letterhead, number, person, purpose, result, findings, fee, place, date, signatory, code."""
    text = text_of(render_verification_letter(letter))

    for part in (
        "PEMERINTAH KOTA BANJARMASIN DINAS SOSIAL",
        "Kelurahan Pelambuan",
        "dinsos.banjarmasinkota.go.id",
        "SURAT KETERANGAN HASIL VERIFIKASI Certificate of Verification Result",
        "Nomor: 400.9/0007/SKHV/Dinsos-Bjm/XI/2026",
        "VRF-20261120-0007",
        "Nama Name : Siti Rahmah",
        "NIK National identity number : 6371034505850003",
        "Jalan Belitung Darat Gang Keluarga No. 17 RT 021 RW 002",
        "Belitung Utara / Banjarmasin Barat",
        "Keperluan Purpose : Pengajuan Jamkesda",
        "Instansi yang dituju Institution addressed : RSUD Sultan Suriansyah",
        "LAYAK Eligible",
        "Kepala keluarga buruh harian lepas. Rumah berstatus sewa.",
        "tidak dipungut biaya",
        "Banjarmasin, 21 November 2026 Kepala Dinas Sosial,",
        "Ditandatangani secara elektronik",
        "Hj. Noor Aisyah NIP 19750512 200012 2 001",
        "https://sigap.example/v1/verify/K7QF-9TXM-2HPA",
        "Kode: K7QF-9TXM-2HPA",
        "Halaman 1 dari 1",
    ):
        assert unspaced(part) in unspaced(text), part
    assert "TIDAK LAYAK" not in text


def test_a_refusal_says_so_and_where_to_object(letter: VerificationLetter, text_of: TextOf) -> None:
    """Who is not eligible reads it in so many words, with the standard's complaint channels."""
    text = text_of(render_verification_letter(replace(letter, outcome=Outcome.NOT_ELIGIBLE)))

    assert "TIDAK LAYAK Not eligible" in text
    assert "dinyatakan tidak layak" in text
    assert "dinsosbjm.aduanbansos@gmail.com" in text


def test_what_is_not_known_leaves_no_empty_line(
    letter: VerificationLetter, text_of: TextOf
) -> None:
    """Without an institution, findings or the signatory's NIP the letter has no such label."""
    signatory = Signatory("Hj. Noor Aisyah", "Kepala Dinas Sosial", "")
    bare = replace(letter, target_institution="", findings="", signatory=signatory)

    text = text_of(render_verification_letter(bare))

    for label in ("Instansi yang dituju", "Uraian hasil", "NIP"):
        assert label not in text


@pytest.mark.parametrize("self_made", [True, False])
def test_a_test_signature_is_named_on_the_letter(
    letter: VerificationLetter, text_of: TextOf, self_made: bool
) -> None:
    """Only a letter signed with a self-made certificate carries the warning."""
    text = text_of(render_verification_letter(replace(letter, self_made_certificate=self_made)))

    assert ("sertifikat yang dibuat sendiri" in text) is self_made


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


def test_the_letter_shows_markup_and_never_runs_it(
    letter: VerificationLetter, text_of: TextOf
) -> None:
    """Each text field may hold the template language's own signs."""
    hostile = VerificationLetter(
        **dict.fromkeys(
            (
                *("number", "tracking_number", "applicant_name", "nik", "village", "district"),
                *("purpose", "target_institution", "findings", "verify_code"),
            ),
            MARKUP,
        ),
        issued_on=letter.issued_on,
        address_lines=(MARKUP, MARKUP),
        outcome=letter.outcome,
        verify_url=letter.verify_url + '?"#<&',
        signatory=Signatory(MARKUP, MARKUP, MARKUP),
        self_made_certificate=True,
    )

    text = unspaced(text_of(render_verification_letter(hostile)))

    # Eleven fields and both address lines in the body; signatory and title stand there twice.
    assert text.count(unspaced(MARKUP)) >= 16
    assert 'K7QF-9TXM-2HPA?"#<&' in text


def test_the_receipt_shows_markup_and_never_runs_it(receipt: Receipt, text_of: TextOf) -> None:
    """Each text field may hold the template language's own signs."""
    fields = ("number", "tracking_number", "channel", "applicant_name", "service_title", "deadline")
    hostile = replace(
        receipt,
        **dict.fromkeys((*fields, "verify_code", "fee"), MARKUP),
        requirements=(Requirement(MARKUP),),
        warnings=(MARKUP,),
    )

    text = unspaced(text_of(render_receipt(hostile)))

    assert text.count(unspaced(MARKUP)) >= 10


def test_no_character_stops_a_letter(letter: VerificationLetter, text_of: TextOf) -> None:
    """PDF/A forbids a character without a glyph; it becomes a box, as do lone surrogates."""
    rows = ["".join(chr(row + column) for column in range(16)) for row in range(0, 0x3000, 16)]
    findings = "\n".join([*rows, "日本😀\ud800\ue000\uffff"])

    text = text_of(render_verification_letter(replace(letter, findings=findings)))

    assert "ÀÁÂÃÄÅ" in text
    assert "□□□□□□" in text


def test_hidden_characters_cannot_turn_the_text_around(
    letter: VerificationLetter, text_of: TextOf
) -> None:
    """A direction mark would let a name read otherwise than it was entered."""
    text = text_of(
        render_verification_letter(replace(letter, applicant_name="Siti\u202e \u200bRah\u0007mah"))
    )

    assert "Siti Rahmah" in text


def test_long_names_and_addresses_fit_on_two_sheets(
    letter: VerificationLetter, text_of: TextOf
) -> None:
    """The longest that the office has to expect; a run of letters without a blank is broken."""
    long = replace(
        letter,
        applicant_name="Raden Muhammad Nur Hidayatullah bin Haji Abdurrahman " * 3,
        address_lines=("Kompleks Perumahan Griya Permata Pelambuan Asri " * 3, "x" * 200),
        target_institution="Rumah Sakit Umum Daerah Ulin Provinsi Kalimantan Selatan " * 3,
        findings="Keluarga tinggal di rumah panggung di tepi sungai. " * 30,
        signatory=Signatory("Prof. Dr. Drs. H. Muhammad Abdurrahman " * 3, "Kepala " * 20, "1"),
    )

    pdf = render_verification_letter(long)

    assert catalog(pdf)["/Pages"]["/Count"] == 2
    assert max(map(len, re.findall("x+", text_of(pdf).replace("\u200b", "")))) < 70


def test_equal_content_gives_equal_bytes(letter: VerificationLetter, receipt: Receipt) -> None:
    """A letter rendered again has the hash that was published for it."""
    assert render_verification_letter(letter) == render_verification_letter(letter)
    assert render_receipt(receipt) == render_receipt(receipt)


def test_the_date_in_the_file_is_the_letters_own(letter: VerificationLetter) -> None:
    """Midnight in Banjarmasin, whatever the machine's clock says."""
    assert "<xmp:CreateDate>2026-11-20T16:00:00+00:00<" in xmp(render_verification_letter(letter))


def test_both_papers_are_archivable_and_readable_aloud(
    letter: VerificationLetter, receipt: Receipt
) -> None:
    """PDF/A-2a and PDF/UA-1: tagged, in Indonesian, with a title that viewers show."""
    for pdf in (render_verification_letter(letter), render_receipt(receipt)):
        assert "<pdfaid:part>2<" in xmp(pdf)
        assert "<pdfaid:conformance>A<" in xmp(pdf)
        assert "<pdfuaid:part>1<" in xmp(pdf)
        assert catalog(pdf)["/Lang"] == "id-ID"
        assert catalog(pdf)["/MarkInfo"]["/Marked"].value is True
        assert catalog(pdf)["/ViewerPreferences"]["/DisplayDocTitle"].value is True


def test_the_metadata_name_the_paper_and_nobody(
    letter: VerificationLetter, receipt: Receipt
) -> None:
    """The title carries kind and number; name and NIK stand in the page's text only."""
    papers = {
        f"Surat Keterangan Hasil Verifikasi {letter.number}": render_verification_letter(letter),
        f"Tanda Terima Permohonan {receipt.number}": render_receipt(receipt),
    }
    for title, pdf in papers.items():
        information = PdfFileReader(io.BytesIO(pdf)).trailer["/Info"]
        described = xmp(pdf) + " ".join(str(information[key]) for key in information)

        assert information["/Title"] == title
        for personal in ("Siti", "Rahmah", letter.nik, "Belitung"):
            assert personal not in described
            assert personal.encode() not in pdf


def test_the_verify_address_can_be_clicked(letter: VerificationLetter) -> None:
    """The link goes where the QR code goes."""
    page = catalog(render_verification_letter(letter))["/Pages"]["/Kids"][0]

    assert page["/Annots"][0]["/A"]["/URI"] == letter.verify_url


def test_a_verify_address_must_be_an_http_one(letter: VerificationLetter) -> None:
    """A misconfigured address is refused before it is printed."""
    with pytest.raises(ValueError, match="not an HTTP address"):
        render_verification_letter(replace(letter, verify_url="javascript:alert(1)"))


def test_a_failure_does_not_repeat_the_content(
    letter: VerificationLetter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typst quotes what it could not set; the name must not travel on in an error."""
    (tmp_path / "verification_letter.typ").write_text("#panic(sys.inputs.content)")
    monkeypatch.setattr(letters, "_TEMPLATES", tmp_path)

    with pytest.raises(RenderingFailure) as failure:
        render_verification_letter(letter)

    assert "Siti" not in str(failure.getrepr(chain=True))
    assert failure.value.__suppress_context__


@pytest.mark.parametrize(
    ("kind", "sequence", "day", "number"),
    [
        (
            DocumentKind.VERIFICATION_LETTER,
            7,
            date(2026, 11, 21),
            "400.9/0007/SKHV/Dinsos-Bjm/XI/2026",
        ),
        (DocumentKind.RECEIPT, 12345, date(2027, 4, 1), "400.9/12345/TT/Dinsos-Bjm/IV/2027"),
    ],
)
def test_a_number_is_written_the_governments_way(
    kind: DocumentKind, sequence: int, day: date, number: str
) -> None:
    """Classification, sequence, kind, office, Roman month, year."""
    assert letter_number(kind, sequence, day) == number


def test_every_kind_of_document_has_its_abbreviation() -> None:
    """A kind added later cannot share another's numbers."""
    numbers = {letter_number(kind, 1, date(2026, 1, 2)) for kind in DocumentKind}

    assert len(numbers) == len(DocumentKind)


def test_the_office_may_number_otherwise() -> None:
    """Classification and office code are the office's to set."""
    number = letter_number(
        DocumentKind.RECEIPT, 1, date(2026, 1, 2), classification="460", office="Dinsos"
    )

    assert number == "460/0001/TT/Dinsos/I/2026"


def test_numbers_count_from_one() -> None:
    """There is no letter number zero."""
    with pytest.raises(ValueError, match="counts from 1"):
        letter_number(DocumentKind.RECEIPT, 0, date(2026, 1, 2))


def test_dates_are_written_in_indonesian() -> None:
    """With and without the day of the week; single digits without a zero."""
    assert indonesian_date(date(2026, 11, 21)) == "21 November 2026"
    assert indonesian_date(date(2026, 8, 2), weekday=True) == "Minggu, 2 Agustus 2026"
