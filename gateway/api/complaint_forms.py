"""The bodies of a complaint and its moves."""

from typing import Any

from pydantic import Field

from contracts.complaints import (
    CheckResult,
    Complainant,
    ComplaintChannel,
    ComplaintKind,
    EscalationTarget,
    LaporStatus,
    Missing,
    Referral,
    Scope,
    SubmitComplaint,
)
from gateway.api.forms import (
    AttachmentIds,
    CaseNumber,
    Count,
    Email,
    Form,
    Line,
    Moment,
    Notify,
    Paragraphs,
    Phone,
    SixteenDigits,
    StaffName,
    contacts_of,
    with_example,
)

MOST_WORKING_DAYS = 30


class ComplainantForm(Form):
    """Full identity, as the standards ask for; kept from whom the complaint is about."""

    name: Line
    nik: SixteenDigits = Field(description="national identity number")
    address: Line
    phone: Phone | None = Field(None, description="this or `email` is needed")
    email: Email | None = None


class ComplaintForm(Form):
    model_config = with_example(
        {
            "kind": "complaint",
            "channel": "website",
            "complainant": {
                "name": "Siti Contoh",
                "nik": "6371034107900001",
                "address": "Jl. Contoh No. 1, Pelambuan",
                "phone": "0812 0000 0000",
            },
            "matter": "Bantuan bulan ini belum saya terima, dan loket tutup pada jam layanan.",
            "attachments": [],
            "notify": [{"way": "whatsapp", "address": "0812 0000 0000"}],
        },
        "A complaint through the website",
    )

    kind: ComplaintKind = ComplaintKind.COMPLAINT
    channel: ComplaintChannel = Field(
        ComplaintChannel.WEBSITE,
        description="without signing in: website; a complaint officer: any",
    )
    complainant: ComplainantForm
    matter: Paragraphs
    received_at: Moment | None = Field(
        None, description="for complaint officers: when it reached the office, if earlier"
    )
    about_case: CaseNumber | None = Field(
        None,
        description=(
            "the case that it is about; without signing in one of your own, whose access code goes "
            "into X-Access-Code"
        ),
    )
    officer: StaffName | None = Field(
        None, description="for complaint officers: user name of whom it is about"
    )
    attachments: AttachmentIds = Field(
        (), description="uploaded with `for=complaints`; from the box the scan"
    )
    notify: Notify = ()

    def command(self) -> SubmitComplaint:
        """What the complaints service is asked to register."""
        fields: dict[str, Any] = dict(self)
        fields["complainant"] = Complainant(**dict(self.complainant))
        fields["notify"] = contacts_of(self.notify)
        return SubmitComplaint(**fields)


class ComplaintCheckForm(Form):
    model_config = with_example({"result": "complete"}, "Nothing is missing")

    result: CheckResult
    missing: tuple[Missing, ...] = Field((), max_length=len(Missing), description="if incomplete")
    referral: Referral | None = Field(None, description="if not_ours: where to go with it")
    note: Paragraphs | None = Field(None, description="for the complainant")
    officer: StaffName | None = Field(None, description="user name of whom it is about")


class CoordinationForm(Form):
    model_config = with_example(
        {
            "scope": "internal",
            "partner": "Bidang Perlindungan dan Jaminan Sosial",
            "question": "Apakah bantuan bulan ini sudah disalurkan?",
        },
        "A unit of the office is asked",
    )

    scope: Scope
    partner: Line = Field(description="unit or agency that is asked")
    question: Paragraphs
    working_days: Count | None = Field(
        None, ge=1, le=MOST_WORKING_DAYS, description="for the answer; else the standard's"
    )


class AnswerForm(Form):
    model_config = with_example(
        {"answer": "Sudah disalurkan; rekening penerima tidak aktif."}, "The partner's answer"
    )

    answer: Paragraphs


class ResponseForm(Form):
    model_config = with_example(
        {"response": "Bantuan disalurkan kembali setelah rekening diaktifkan."},
        "An answer for the complainant",
    )

    response: Paragraphs


class ResolutionForm(Form):
    model_config = with_example({"resolution": "Bantuan sudah diterima."}, "The matter is settled")

    resolution: Paragraphs


class EscalationForm(Form):
    model_config = with_example(
        {"to": "division_head", "words": "Perlu keputusan Kepala Bidang."}, "To the division head"
    )

    to: EscalationTarget
    words: Paragraphs


class LaporForm(Form):
    model_config = with_example(
        {
            "lapor_number": "1234567",
            "status": "forwarded",
            "occurred_at": "2026-11-20T09:30:00+08:00",
        },
        "LAPOR! has forwarded it",
    )

    lapor_number: Line = Field(description="LAPOR!'s own tracking id")
    status: LaporStatus
    occurred_at: Moment
    words: Paragraphs | None = None
