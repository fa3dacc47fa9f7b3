"""What holds for every paper: archivable, readable aloud, without a person in its metadata."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from services.documents import rendering
from services.documents.letters.complaint_response import (
    ComplaintResponse,
    render_complaint_response,
)
from services.documents.letters.handover import HandoverRecord, render_handover
from services.documents.letters.receipt import Receipt, render_receipt
from services.documents.letters.verification import VerificationLetter, render_verification_letter
from services.documents.rendering import RenderingFailure
from tests.unit.documents.papers import catalog, xmp

PERSONAL = (
    *("Siti", "Rahmah", "6371034505850003", "Belitung", "Fauzi", "Universitas", "Dewi"),
    *("Rahmat", "Hidayat", "Kuin"),
)


@pytest.fixture
def papers(
    letter: VerificationLetter,
    receipt: Receipt,
    record: HandoverRecord,
    draft: HandoverRecord,
    response: ComplaintResponse,
) -> dict[str, Callable[[], bytes]]:
    """How each paper is made, by its title."""
    return {
        f"Surat Keterangan Hasil Verifikasi {letter.imprint.number}": lambda: (
            render_verification_letter(letter)
        ),
        f"Tanda Terima Permohonan {receipt.imprint.number}": lambda: render_receipt(receipt),
        f"Berita Acara Serah Terima Data {record.imprint.number}": lambda: render_handover(record),
        f"KONSEP Berita Acara Serah Terima Data {draft.imprint.number}": lambda: render_handover(
            draft
        ),
        f"Surat Tanggapan Pengaduan {response.imprint.number}": lambda: render_complaint_response(
            response
        ),
    }


def test_equal_content_gives_equal_bytes(papers: dict[str, Callable[[], bytes]]) -> None:
    """A paper rendered again has the hash that was published for it."""
    for made in papers.values():
        assert made() == made()


def test_the_date_in_the_file_is_the_papers_own(papers: dict[str, Callable[[], bytes]]) -> None:
    """Midnight in Banjarmasin, whatever the machine's clock says."""
    for made in papers.values():
        assert "<xmp:CreateDate>2026-11-20T16:00:00+00:00<" in xmp(made())


def test_every_paper_is_archivable_and_readable_aloud(
    papers: dict[str, Callable[[], bytes]],
) -> None:
    """PDF/A-2a and PDF/UA-1: tagged, in Indonesian, with a title that viewers show."""
    for made in papers.values():
        pdf = made()
        assert "<pdfaid:part>2<" in xmp(pdf)
        assert "<pdfaid:conformance>A<" in xmp(pdf)
        assert "<pdfuaid:part>1<" in xmp(pdf)
        assert catalog(pdf)["/Lang"] == "id-ID"
        assert catalog(pdf)["/MarkInfo"]["/Marked"].value is True
        assert catalog(pdf)["/ViewerPreferences"]["/DisplayDocTitle"].value is True


def test_the_metadata_name_the_paper_and_nobody(papers: dict[str, Callable[[], bytes]]) -> None:
    """The title carries kind and number; persons stand in the page's text only."""
    for title, made in papers.items():
        pdf = made()
        information = PdfFileReader(io.BytesIO(pdf)).trailer["/Info"]
        described = xmp(pdf) + " ".join(str(information[key]) for key in information)

        assert information["/Title"] == title
        for personal in PERSONAL:
            assert personal not in described
            assert personal.encode() not in pdf


def test_the_verify_address_can_be_clicked(letter: VerificationLetter) -> None:
    """The link goes where the QR code goes."""
    page = catalog(render_verification_letter(letter))["/Pages"]["/Kids"][0]

    assert page["/Annots"][0]["/A"]["/URI"] == letter.imprint.verify_url


def test_a_verify_address_must_be_an_http_one(letter: VerificationLetter) -> None:
    """A misconfigured address is refused before it is printed."""
    wrong = replace(letter.imprint, verify_url="javascript:alert(1)")
    with pytest.raises(ValueError, match="not an HTTP address"):
        render_verification_letter(replace(letter, imprint=wrong))


def test_a_failure_does_not_repeat_the_content(
    letter: VerificationLetter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typst quotes what it could not set; the name must not travel on in an error."""
    (tmp_path / "verification_letter.typ").write_text("#panic(sys.inputs.content)")
    monkeypatch.setattr(rendering, "_TEMPLATES", tmp_path)

    with pytest.raises(RenderingFailure) as failure:
        render_verification_letter(letter)

    assert "Siti" not in str(failure.getrepr(chain=True))
    assert failure.value.__suppress_context__
