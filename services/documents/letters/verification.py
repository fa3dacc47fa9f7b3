"""Surat Keterangan Hasil Verifikasi: the product of the aid verification standard."""

from dataclasses import asdict, dataclass

import standards.regions
from contracts.intake import Purpose, RequestDetail
from contracts.verification import Outcome, VerificationDetail
from services.documents.rendering import Imprint, paragraphs, render

PURPOSES = {
    Purpose.CO_FUNDING: "pengajuan dana pendamping",
    Purpose.JAMKESDA: "pengajuan Jamkesda",
    Purpose.JAMPERSAL: "pengajuan Jampersal",
    Purpose.OTHER_AID: "pengajuan bantuan lainnya",
}


@dataclass(frozen=True, slots=True)
class VerificationLetter:
    """`findings` may have several lines; `target_institution` and `findings` may be empty."""

    imprint: Imprint
    tracking_number: str
    applicant_name: str
    nik: str
    address_lines: tuple[str, ...]
    village: str
    district: str
    purpose: str
    target_institution: str
    outcome: Outcome
    findings: str


def verification_letter_of(
    request: RequestDetail, verification: VerificationDetail, imprint: Imprint
) -> VerificationLetter:
    """The letter on the last decision of `verification` for the applicant of `request`."""
    decision = verification.decisions[-1]
    village = standards.regions.village(request.address.village)
    return VerificationLetter(
        imprint=imprint,
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
    )


def render_verification_letter(letter: VerificationLetter) -> bytes:
    """The letter's PDF; see `render`."""
    content = asdict(letter) | {"findings": paragraphs(letter.findings)}
    return render("verification_letter", letter.imprint, content)


def _address_lines(request: RequestDetail) -> tuple[str, ...]:
    address = request.address
    neighbourhood = " ".join(
        f"{label} {value}" for label, value in (("RT", address.rt), ("RW", address.rw)) if value
    )
    return tuple(line for line in (address.street, neighbourhood) if line)
