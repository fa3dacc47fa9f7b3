"""What the services answer in the tests of the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.complaints import Complainant, LaporRecord
from contracts.data_request import Complexity, DataRequestDetail, PackageBuilt, TableChecked
from contracts.intake import (
    Address,
    Applicant,
    ApplicationDetail,
    Channel,
    Purpose,
    RequestDetail,
    Requester,
    RequestKind,
)
from contracts.notifications import DeliveryDetail, WebhookDetail, WebhookKind
from gateway.api.complaint_forms import ComplaintForm
from tests.case_events import CASE, DEADLINE, DISTRICT, RECEIVED_AT
from tests.complaint_events import COMPLAINT
from tests.data_request_events import DATA_CASE
from tests.integration.gateway.desk import NIK

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

COMPLAINT_EXAMPLE: dict[str, Any] = ComplaintForm.model_config["openapi_extra"]["examples"][
    "example"
][  # type: ignore[typeddict-item]
    "value"
]
RECORD = LaporRecord(
    tracking_number=COMPLAINT,
    title="Bantuan belum diterima",
    category="Sosial",
    matter="=HYPERLINK(1)",
    complainant=Complainant(name="Siti", nik=NIK, address="Jl. Contoh 1", phone="+62 812"),
    received_at=RECEIVED_AT,
    escalated_at=RECEIVED_AT + timedelta(days=3),
    office_due=None,
    lapor_forward_due=RECEIVED_AT + timedelta(days=6),
    lapor_answer_due=RECEIVED_AT + timedelta(days=11),
    lapor_number=None,
    lapor_status=None,
    lapor_updated_at=None,
    closes_at=RECEIVED_AT + timedelta(days=13),
    agrees=None,
)
TABLE = TableChecked(
    table="t-1", name="penerima.csv", sha256="1" * 64, columns=("a",), rows=1, small_cells=()
)
BUILT = PackageBuilt(
    tracking_number=DATA_CASE,
    state="prepared",
    edition=1,
    sha256="2" * 64,
    size=10,
    files=(),
    suppressed_cells=0,
    flagged_cells=0,
)
DETAIL = DataRequestDetail(
    tracking_number=DATA_CASE,
    state="in_preparation",
    purpose=Purpose.ACADEMIC_RESEARCH,
    standard="data_request",
    standard_version="2026-1",
    disposition_note=None,
    social_worker="social_worker",
    complexity=Complexity.SIMPLE,
    working_days=3,
    reviews=(),
    clarifications=(),
    tables=(TABLE, TABLE.model_copy(update={"table": "t-2"})),
    package=None,
    signatures=(),
    downloads=0,
)
WEBHOOK = WebhookDetail(
    webhook="w-1",
    url="https://bot.example/sigap",
    kind=WebhookKind.STATUS,
    active=True,
    added_at=AT,
    waiting=0,
    failed=1,
)
DELIVERY = DeliveryDetail(
    notification="n-1",
    tracking_number=CASE,
    audience="bot",
    way="webhook",
    webhook="w-1",
    occasion="verification_done",
    state="failed",
    attempts=8,
    created_at=AT,
    not_before=AT,
    last_attempt_at=AT,
    last_status=500,
    last_error=None,
)
APPLICATION = ApplicationDetail(
    tracking_number=DATA_CASE,
    state="completed",
    channel=Channel.WEB,
    purpose=Purpose.ACADEMIC_RESEARCH,
    use="Skripsi.",
    data_types=("Penerima bantuan",),
    coverage="Kota",
    years=(2024,),
    requester=Requester(name="Budi", institution="Universitas", nik=NIK),
    attachments=(),
    standard="data_request",
    standard_version="2026-1",
    received_at=RECEIVED_AT,
    deadline=DEADLINE,
)
REQUEST_DETAIL = RequestDetail(
    tracking_number=CASE,
    state="completed",
    kind=RequestKind.ASSISTANCE_VERIFICATION,
    channel=Channel.WEB,
    purpose=Purpose.JAMKESDA,
    target_institution="RSUD",
    applicant=Applicant(name="Siti", nik=NIK),
    address=Address(street="Jl. Contoh 1", village="63.71.03.1003"),
    district=DISTRICT,
    notes=None,
    reporter=None,
    supplements=(),
    attachments=(),
    checklist=(),
    warnings=(),
    standard="aid_verification",
    standard_version="2026-1",
    received_at=RECEIVED_AT,
    deadline=DEADLINE,
)
