"""Tanda terima: for requests of both kinds and for complaints."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from contracts.complaints import ComplaintDetail
from contracts.intake import ApplicationDetail, Channel, RequestDetail
from services.documents.domain import complainant_of
from services.documents.indonesian import OFFICE_TIME, date_text, moment_text
from services.documents.rendering import Imprint, render
from standards import catalogue
from standards.catalogue import ServiceStandard

CHANNELS = {
    Channel.COUNTER: "Loket pelayanan",
    Channel.WEB: "Situs web",
    Channel.BOT: "Bot percakapan",
    Channel.WHATSAPP: "WhatsApp",
    Channel.EMAIL: "Surel",
    Channel.THIRD_PARTY: "Laporan masyarakat",
}


class ReceiptKind(StrEnum):
    """What was handed in."""

    REQUEST = "request"
    COMPLAINT = "complaint"


class RequirementState(StrEnum):
    """Where a requirement of the standard stands when the receipt is printed."""

    HANDED_IN = "handed_in"
    MISSING = "missing"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of the standard, in Indonesian."""

    text: str
    state: RequirementState = RequirementState.UNCHECKED


@dataclass(frozen=True, slots=True)
class Receipt:
    """`service_title`, `channel` and `deadline` are the words to print.

    `due` is absent as long as the promised moment is not known; `institution` may be empty.
    Moments carry an offset.
    """

    imprint: Imprint
    kind: ReceiptKind
    tracking_number: str
    received_at: datetime
    channel: str
    applicant_name: str
    service_title: str
    deadline: str
    due: datetime | None
    institution: str = ""
    requirements: tuple[Requirement, ...] = ()
    warnings: tuple[str, ...] = ()
    fee: str = "Tidak dipungut biaya"


def request_receipt_of(request: RequestDetail | ApplicationDetail, imprint: Imprint) -> Receipt:
    """The receipt for a request, with the promise and the requirements of its pinned standard."""
    standard = catalogue.load(request.standard, request.standard_version)
    if isinstance(request, ApplicationDetail):
        name, institution = request.requester.name, request.requester.institution
    else:
        name, institution = request.applicant.name, ""
    return Receipt(
        imprint=imprint,
        kind=ReceiptKind.REQUEST,
        tracking_number=request.tracking_number,
        received_at=request.received_at,
        channel=CHANNELS[request.channel],
        applicant_name=name,
        institution=institution,
        service_title=standard.title_id,
        deadline=_promised(standard, request.deadline.working_days),
        due=request.deadline.due,
        requirements=_unchecked(standard),
        fee=standard.fee.text_id,
    )


def complaint_receipt_of(complaint: ComplaintDetail, imprint: Imprint) -> Receipt:
    """The receipt for a complaint, with the promise of its pinned standard."""
    standard = catalogue.load(complaint.standard, complaint.standard_version)
    channels = {channel.id: channel.text_id for channel in standard.complaints.channels}
    return Receipt(
        imprint=imprint,
        kind=ReceiptKind.COMPLAINT,
        tracking_number=complaint.tracking_number,
        received_at=complaint.received_at,
        channel=channels[complaint.channel],
        applicant_name=complainant_of(complaint).name,
        service_title=standard.title_id,
        deadline=standard.complaints.response_text_id,
        due=complaint.deadline.due,
        requirements=_unchecked(standard),
        fee=standard.fee.text_id,
    )


def render_receipt(receipt: Receipt) -> bytes:
    """The receipt's PDF; see `render`."""
    content = asdict(receipt) | {
        "received_at": moment_text(receipt.received_at),
        "received_on": date_text(receipt.received_at.astimezone(OFFICE_TIME).date()),
        "due": receipt.due and moment_text(receipt.due),
    }
    return render("receipt", receipt.imprint, content)


def _promised(standard: ServiceStandard, working_days: int) -> str:
    """The number of days; where it is not settled yet, the standard's own words."""
    if standard.time.min_working_days < standard.time.max_working_days:
        return standard.time.text_id
    return f"{working_days} hari kerja setelah pengajuan"


def _unchecked(standard: ServiceStandard) -> tuple[Requirement, ...]:
    return tuple(Requirement(item.text_id) for item in standard.requirements)
