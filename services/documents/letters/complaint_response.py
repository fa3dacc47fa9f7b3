"""Surat Tanggapan Pengaduan: the office's answer to a complainant."""

from dataclasses import asdict, dataclass
from datetime import date

from contracts.complaints import ComplaintDetail
from services.documents.domain import complainant_of
from services.documents.indonesian import OFFICE_TIME, date_text
from services.documents.rendering import Imprint, paragraphs, render
from standards import catalogue


@dataclass(frozen=True, slots=True)
class ComplaintResponse:
    """`response` and `address` may have several lines; `reopen_working_days` is the window after
    the resolution; `lapor` is the address of the national channel."""

    imprint: Imprint
    tracking_number: str
    complainant_name: str
    address: str
    received_on: date
    response: str
    reopen_working_days: int
    lapor: str


def complaint_response_of(
    complaint: ComplaintDetail, number: int, imprint: Imprint
) -> ComplaintResponse:
    """The letter with response `number` (from 1) of the complaint.

    Raises IdentityHidden, and IndexError where that response was never written.
    """
    standard = catalogue.load(complaint.standard, complaint.standard_version)
    complainant = complainant_of(complaint)
    responses = [each.words or "" for each in complaint.written if each.what == "response"]
    return ComplaintResponse(
        imprint=imprint,
        tracking_number=complaint.tracking_number,
        complainant_name=complainant.name,
        address=complainant.address,
        received_on=complaint.received_at.astimezone(OFFICE_TIME).date(),
        response=responses[number - 1],
        reopen_working_days=standard.follow_up.reopen_working_days if standard.follow_up else 0,
        lapor=next(
            (each.address or "" for each in standard.complaints.also if each.id == "lapor"), ""
        ),
    )


def render_complaint_response(letter: ComplaintResponse) -> bytes:
    """The letter's PDF; see `render`."""
    content = asdict(letter) | {
        "address": paragraphs(letter.address),
        "received_on": date_text(letter.received_on),
        "response": paragraphs(letter.response),
    }
    return render("complaint_response", letter.imprint, content)
