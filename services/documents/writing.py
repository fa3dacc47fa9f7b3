"""What stands in a letter or receipt: the owners' details turned into the office's words."""

from datetime import datetime
from zoneinfo import ZoneInfo

import standards.catalogue
import standards.regions
from contracts.intake import Channel, Purpose, RequestDetail
from contracts.verification import Outcome, VerificationDetail
from services.documents.letters import (
    Receipt,
    ReceiptKind,
    Requirement,
    Signatory,
    VerificationLetter,
)

PURPOSES = {
    Purpose.CO_FUNDING: "pengajuan dana pendamping",
    Purpose.JAMKESDA: "pengajuan Jamkesda",
    Purpose.JAMPERSAL: "pengajuan Jampersal",
    Purpose.OTHER_AID: "pengajuan bantuan lainnya",
}
CHANNELS = {
    Channel.COUNTER: "Loket pelayanan",
    Channel.WEB: "Situs web",
    Channel.BOT: "Bot percakapan",
    Channel.WHATSAPP: "WhatsApp",
    Channel.EMAIL: "Surel",
    Channel.THIRD_PARTY: "Laporan masyarakat",
}


def letter_of(
    request: RequestDetail,
    verification: VerificationDetail,
    *,
    number: str,
    code: str,
    verify_url: str,
    issued_at: datetime,
    zone: ZoneInfo,
    signatory: Signatory,
    self_made_certificate: bool,
) -> VerificationLetter:
    """The letter on the last decision of `verification` for the applicant of `request`."""
    decision = verification.decisions[-1]
    village = standards.regions.village(request.address.village)
    return VerificationLetter(
        number=number,
        issued_on=issued_at.astimezone(zone).date(),
        tracking_number=request.tracking_number,
        applicant_name=request.applicant.name,
        nik=request.applicant.nik,
        address_lines=_address_lines(request),
        village=village.name,
        district=standards.regions.district_of(village.code).name,
        purpose=PURPOSES[request.purpose],
        target_institution=request.target_institution,
        outcome=Outcome(decision.decision),
        findings=decision.grounds,
        verify_url=verify_url,
        verify_code=code,
        signatory=signatory,
        self_made_certificate=self_made_certificate,
    )


def receipt_of(request: RequestDetail, *, number: str, code: str, verify_url: str) -> Receipt:
    """The receipt for `request`, with the promise and the requirements of its pinned standard."""
    standard = standards.catalogue.load(request.standard, request.standard_version)
    days = request.deadline.working_days
    return Receipt(
        number=number,
        kind=ReceiptKind.REQUEST,
        tracking_number=request.tracking_number,
        received_at=request.received_at,
        channel=CHANNELS[request.channel],
        applicant_name=request.applicant.name,
        service_title=standard.title_id,
        deadline=f"{days} hari kerja setelah pengajuan",
        due=request.deadline.due,
        verify_url=verify_url,
        verify_code=code,
        requirements=tuple(Requirement(item.text_id) for item in standard.requirements),
    )


def _address_lines(request: RequestDetail) -> tuple[str, ...]:
    address = request.address
    neighbourhood = " ".join(
        f"{label} {value}" for label, value in (("RT", address.rt), ("RW", address.rw)) if value
    )
    return tuple(line for line in (address.street, neighbourhood) if line)
