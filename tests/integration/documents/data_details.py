"""A request for data: its events, and what intake and data_request would answer."""

from datetime import UTC, datetime

from contracts.data_request import (
    Complexity,
    DataHandedOver,
    DataPrepared,
    DataRequestDetail,
    PackageDetail,
    PackagedFile,
    ReadDataRequest,
    Side,
    SignatureDetail,
    SmallCells,
)
from contracts.envelope import DeadlineView
from contracts.intake import (
    ApplicationDetail,
    Channel,
    Purpose,
    ReadApplication,
    Requester,
    RequestKind,
    RequestReceived,
)
from tests.support import MONDAY_MORNING

DATA_STANDARD = {"standard": "data_request", "standard_version": "2026-1"}
DATA_DEADLINE = DeadlineView(
    due=datetime(2026, 12, 11, 8, 0, tzinfo=UTC),
    received_at=MONDAY_MORNING,
    starts=MONDAY_MORNING,
    working_days=14,
)
DATA_ASKED = RequestReceived(
    kind=RequestKind.DATA_REQUEST,
    channel=Channel.WEB,
    purpose=Purpose.ACADEMIC_RESEARCH,
    district=None,
    village=None,
    received_at=MONDAY_MORNING,
    deadline=DATA_DEADLINE,
    **DATA_STANDARD,
)
HANDED_OVER = DataHandedOver(
    purpose=Purpose.ACADEMIC_RESEARCH,
    package_sha256="a2" * 32,
    handed_over_at=MONDAY_MORNING,
    in_time=True,
    working_minutes=900,
    **DATA_STANDARD,
)
PACKAGE = PackageDetail(
    edition=2,
    sha256="a2" * 32,
    size=18304,
    files=(PackagedFile(name="ppks_2025.csv", sha256="f2" * 32, size=912),),
    data_source="Data terpadu",
    data_method="Penjumlahan per kelurahan",
    small_cells=SmallCells.SUPPRESS,
    suppressed_cells=4,
    flagged_cells=0,
    prepared_by="dewi",
    prepared_at=MONDAY_MORNING,
)
SIGNATURES = (
    SignatureDetail(
        side=Side.OFFICE,
        name="Dewi Lestari Contoh",
        position="Pekerja Sosial",
        institution=None,
        signed_by="dewi",
        signed_at=MONDAY_MORNING,
    ),
    SignatureDetail(
        side=Side.REQUESTER,
        name="Ahmad Fauzi Contoh",
        position=None,
        institution=None,
        signed_by="resident",
        signed_at=MONDAY_MORNING,
    ),
)


def prepared(edition: int) -> DataPrepared:
    """The package of that edition is made; its hash is a1a1..., a2a2..."""
    return DataPrepared(
        edition=edition,
        package_sha256=f"a{edition}" * 32,
        size=18304,
        tables=1,
        suppressed_cells=4,
        flagged_cells=0,
    )


def application_of(ask: ReadApplication) -> ApplicationDetail:
    """What intake would answer."""
    return ApplicationDetail(
        tracking_number=ask.tracking_number,
        state="completed",
        channel=Channel.WEB,
        purpose=Purpose.ACADEMIC_RESEARCH,
        use="Skripsi tentang lanjut usia.",
        data_types=("Jumlah PPKS",),
        coverage="Kota Banjarmasin",
        years=(2025,),
        requester=Requester(
            name="Ahmad Fauzi Contoh", institution="Universitas Contoh", position="Mahasiswa"
        ),
        attachments=(),
        received_at=MONDAY_MORNING,
        deadline=DATA_DEADLINE,
        **DATA_STANDARD,
    )


def data_request_of(ask: ReadDataRequest) -> DataRequestDetail:
    """What data_request would answer: the second edition, signed by both."""
    return DataRequestDetail(
        tracking_number=ask.tracking_number,
        state="handed_over",
        purpose=Purpose.ACADEMIC_RESEARCH,
        disposition_note=None,
        social_worker="dewi",
        complexity=Complexity.SIMPLE,
        working_days=3,
        reviews=(),
        clarifications=(),
        tables=(),
        package=PACKAGE,
        signatures=SIGNATURES,
        downloads=0,
        **DATA_STANDARD,
    )
