"""A letter, a receipt and a test certificate to work with, and eyes to read a PDF."""

import io
import re
import struct
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, StreamObject, read_object
from pyhanko.pdf_utils.reader import PdfFileReader

from contracts.verification import Outcome
from services.documents.letters import (
    Receipt,
    ReceiptKind,
    Requirement,
    RequirementState,
    Signatory,
    VerificationLetter,
)
from services.documents.signing import Signer, make_certificate

WITA = timezone(timedelta(hours=8))
PASSWORD = "kata sandi uji"


@pytest.fixture
def letter() -> VerificationLetter:
    """A letter as the office issues it."""
    return VerificationLetter(
        number="400.9/0007/SKHV/Dinsos-Bjm/XI/2026",
        issued_on=date(2026, 11, 21),
        tracking_number="VRF-20261120-0007",
        applicant_name="Siti Rahmah",
        nik="6371034505850003",
        address_lines=("Jalan Belitung Darat Gang Keluarga No. 17", "RT 021 RW 002"),
        village="Belitung Utara",
        district="Banjarmasin Barat",
        purpose="Pengajuan Jamkesda",
        target_institution="RSUD Sultan Suriansyah",
        outcome=Outcome.ELIGIBLE,
        findings="Kepala keluarga buruh harian lepas.\nRumah berstatus sewa.",
        verify_url="https://sigap.example/v1/verify/K7QF-9TXM-2HPA",
        verify_code="K7QF-9TXM-2HPA",
        signatory=Signatory("Hj. Noor Aisyah", "Kepala Dinas Sosial", "197505122000122001"),
        self_made_certificate=False,
    )


@pytest.fixture
def receipt() -> Receipt:
    """A receipt as the counter hands it over."""
    return Receipt(
        number="400.9/0012/TT/Dinsos-Bjm/XI/2026",
        kind=ReceiptKind.REQUEST,
        tracking_number="VRF-20261120-0007",
        received_at=datetime(2026, 11, 20, 9, 15, tzinfo=WITA),
        channel="Loket pelayanan",
        applicant_name="Siti Rahmah",
        service_title="Verifikasi segera permohonan masyarakat",
        deadline="1 hari kerja setelah pengajuan",
        due=datetime(2026, 11, 23, 16, 0, tzinfo=WITA),
        verify_url="https://sigap.example/v1/verify/T4RB-6WQS-8NCE",
        verify_code="T4RB-6WQS-8NCE",
        requirements=(
            Requirement("Kartu Keluarga atau KTP", RequirementState.HANDED_IN),
            Requirement("Surat pengantar", RequirementState.MISSING),
        ),
        warnings=("Tanggal lahir berbeda dengan NIK.",),
    )


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PKCS#12 file with a self-made certificate, valid from 1 November 2026."""
    path = tmp_path_factory.mktemp("certificate") / "signing.p12"
    valid_from = datetime(2026, 11, 1, tzinfo=WITA)
    make_certificate("Dinas Sosial Uji", path, PASSWORD, valid_from=valid_from)
    return path


@pytest.fixture(scope="session")
def signer(certificate: Path) -> Signer:
    """The signer of that certificate."""
    return Signer.from_file(certificate, PASSWORD)


@pytest.fixture
def text_of() -> Callable[[bytes], str]:
    """Reads all text of a PDF as a viewer copies it, each run of blanks as one space."""
    return _text


def _text(pdf: bytes) -> str:
    pages = PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Kids"]
    return re.sub(r"\s+", " ", " ".join(_page_text(page.get_object()) for page in pages))


def _page_text(page: DictionaryObject) -> str:
    used = page["/Resources"]["/Font"]
    fonts = {name: _letters(used[name]["/ToUnicode"]) for name in used}
    letters: dict[int, str] = {}
    text = ""
    operands: list[object] = []
    for token in _tokens(page["/Contents"]):
        if token == b"Tf":
            letters = fonts["/" + operands[-2].decode().lstrip("/")]
        elif token in (b"Tj", b"TJ"):
            text += "".join(letters[code] for code in _glyphs(operands[-1]))
        elif token == b"BT":
            text += " "
        operands.append(token)
    return text


def _tokens(contents: StreamObject) -> Iterator[object]:
    """Strings, arrays and dictionaries as objects; names, numbers and operators as bytes."""
    stream = io.BytesIO(contents.data)
    while start := stream.read(1):
        if start in b"[(<":
            stream.seek(-1, io.SEEK_CUR)
            yield read_object(stream, contents.container_ref)
        elif not start.isspace():
            rest = re.match(rb"[^\s/\[(<]*", contents.data[stream.tell() :]).group()
            stream.seek(len(rest), io.SEEK_CUR)
            yield start + rest


def _glyphs(shown: object) -> list[int]:
    parts = shown if isinstance(shown, ArrayObject) else [shown]
    codes = b"".join(part.original_bytes for part in parts if hasattr(part, "original_bytes"))
    return [code for (code,) in struct.iter_unpack(">H", codes)]


def _letters(to_unicode: StreamObject) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", to_unicode.data)
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}
