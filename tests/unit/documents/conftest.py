"""A letter, a receipt and a test certificate to work with, and eyes to read a PDF."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

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
from tests.pdf_text import pdf_text

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
    return pdf_text
