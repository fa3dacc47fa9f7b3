"""A letter, a receipt and a test certificate to work with, and eyes to read a PDF."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from contracts.verification import Outcome
from services.documents.letters.complaint_response import ComplaintResponse
from services.documents.letters.handover import HandedFile, HandoverRecord, Party
from services.documents.letters.receipt import Receipt, ReceiptKind, Requirement, RequirementState
from services.documents.letters.verification import VerificationLetter
from services.documents.rendering import Imprint, Signatory
from services.documents.signing import Signer, make_certificate
from tests.pdf_text import pdf_text

WITA = timezone(timedelta(hours=8))
PASSWORD = "kata sandi uji"


def imprint(number: str, code: str) -> Imprint:
    """Of 21 November 2026."""
    return Imprint(
        number=number,
        issued_on=date(2026, 11, 21),
        verify_url=f"https://sigap.example/v1/verify/{code}",
        verify_code=code,
        signatory=Signatory("Hj. Noor Aisyah", "Kepala Dinas Sosial", "197505122000122001"),
        self_made_certificate=False,
    )


@pytest.fixture
def letter() -> VerificationLetter:
    """A letter as the office issues it."""
    return VerificationLetter(
        imprint=imprint("400.9/0007/SKHV/Dinsos-Bjm/XI/2026", "K7QF-9TXM-2HPA"),
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
    )


@pytest.fixture
def receipt() -> Receipt:
    """A receipt as the counter hands it over."""
    return Receipt(
        imprint=imprint("400.9/0012/TT/Dinsos-Bjm/XI/2026", "T4RB-6WQS-8NCE"),
        kind=ReceiptKind.REQUEST,
        tracking_number="VRF-20261120-0007",
        received_at=datetime(2026, 11, 20, 9, 15, tzinfo=WITA),
        channel="Loket pelayanan",
        applicant_name="Siti Rahmah",
        service_title="Verifikasi segera permohonan masyarakat",
        deadline="1 hari kerja setelah pengajuan",
        due=datetime(2026, 11, 23, 16, 0, tzinfo=WITA),
        requirements=(
            Requirement("Kartu Keluarga atau KTP", RequirementState.HANDED_IN),
            Requirement("Surat pengantar", RequirementState.MISSING),
        ),
        warnings=("Tanggal lahir berbeda dengan NIK.",),
    )


@pytest.fixture
def record() -> HandoverRecord:
    """A record of handover that both sides have signed."""
    return HandoverRecord(
        imprint=imprint("400.9/0003/BASTD/Dinsos-Bjm/XI/2026", "H8WD-3MZK-5QVA"),
        edition=2,
        tracking_number="DTA-20261120-0003",
        handed_over_on=date(2026, 11, 23),
        office_party=Party(
            "Dewi Lestari, S.Sos.",
            "Pekerja Sosial",
            "Dinas Sosial Kota Banjarmasin",
            datetime(2026, 11, 23, 9, 30, tzinfo=WITA),
        ),
        requester_party=Party(
            "Ahmad Fauzi",
            "Peneliti",
            "Universitas Contoh",
            datetime(2026, 11, 23, 10, 5, tzinfo=WITA),
        ),
        purpose="Penelitian akademik",
        use="Skripsi tentang lanjut usia.\nDisajikan per kecamatan.",
        data_types=("Jumlah PPKS per kelurahan", "Jumlah penerima PKH"),
        coverage="Kota Banjarmasin",
        years=(2024, 2025),
        package_sha256="ab" * 32,
        files=(
            HandedFile("ppks_2025.csv", "cd" * 32, 18304),
            HandedFile("pkh_2025.csv", "ef" * 32, 930),
        ),
        data_source="Data terpadu Dinas Sosial",
        data_method="Penjumlahan per kelurahan",
        small_cells="4 sel dengan nilai di bawah 5 tidak ditampilkan",
        terms=("Data hanya digunakan untuk tujuan tersebut", "Data tidak diberikan lagi"),
    )


@pytest.fixture
def draft(record: HandoverRecord) -> HandoverRecord:
    """The draft of that record."""
    return replace(
        record,
        imprint=imprint("400.9/0005/KBASTD/Dinsos-Bjm/XI/2026", "P2CX-7RNB-4TJE"),
        handed_over_on=None,
        office_party=Party(),
        requester_party=Party("Ahmad Fauzi", "", "Universitas Contoh"),
    )


@pytest.fixture
def response() -> ComplaintResponse:
    """An answer to a complaint."""
    return ComplaintResponse(
        imprint=imprint("400.9/0002/STP/Dinsos-Bjm/XI/2026", "Y6FN-9HKT-3WDB"),
        tracking_number="ADU-20261120-0002",
        complainant_name="Rahmat Hidayat",
        address="Jalan Kuin Selatan No. 5\nBanjarmasin Barat",
        received_on=date(2026, 11, 19),
        response="Terima kasih atas pengaduan ini.\nAntrean sudah ditambah satu loket.",
        reopen_working_days=10,
        lapor="www.lapor.go.id",
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
