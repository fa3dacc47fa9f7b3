"""What the owners of the data would answer, the events that tell of it, and what was issued."""

import base64
from datetime import UTC, datetime

from contracts.documents import DocumentIssued, DocumentRevoked, ReadDocument
from contracts.envelope import DeadlineView
from contracts.intake import (
    Address,
    Applicant,
    Channel,
    Purpose,
    ReadRequest,
    RequestDetail,
    RequestKind,
    RequestReceived,
)
from contracts.verification import (
    DecisionDetail,
    Outcome,
    ReadVerification,
    VerificationDetail,
    VerificationDone,
)
from tests.support import MONDAY_MORNING, Bench

NAME, NIK = "Siti Rahmah Contoh", "6371034505850003"
DEADLINE = DeadlineView(
    due=datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    received_at=MONDAY_MORNING,
    starts=MONDAY_MORNING,
    working_days=1,
)
STANDARD = {"standard": "aid_verification", "standard_version": "2026-1"}
RECEIVED = RequestReceived(
    kind=RequestKind.ASSISTANCE_VERIFICATION,
    channel=Channel.COUNTER,
    purpose=Purpose.JAMKESDA,
    district="63.71.03",
    village="63.71.03.1003",
    received_at=MONDAY_MORNING,
    deadline=DEADLINE,
    **STANDARD,
)
DONE = VerificationDone(
    kind=RequestKind.ASSISTANCE_VERIFICATION,
    purpose=Purpose.JAMKESDA,
    outcome=Outcome.ELIGIBLE,
    decided_at=MONDAY_MORNING,
    in_time=True,
    working_minutes=120,
    **STANDARD,
)


class PowerCut(Exception):
    """The process dies here."""


def request_of(ask: ReadRequest) -> RequestDetail:
    """What intake would answer."""
    return RequestDetail(
        tracking_number=ask.tracking_number,
        state="completed",
        kind=RequestKind.ASSISTANCE_VERIFICATION,
        channel=Channel.COUNTER,
        purpose=Purpose.JAMKESDA,
        target_institution="RSUD Sultan Suriansyah",
        applicant=Applicant(name=NAME, nik=NIK),
        address=Address(street="Jl. Contoh No. 1", rt="12", rw="1", village="63.71.03.1003"),
        district="63.71.03",
        notes=None,
        reporter=None,
        supplements=(),
        attachments=(),
        checklist=(),
        warnings=(),
        received_at=MONDAY_MORNING,
        deadline=DEADLINE,
        **STANDARD,
    )


def verification_of(ask: ReadVerification) -> VerificationDetail:
    """What verification would answer."""
    decision = DecisionDetail(
        decision="eligible",
        grounds="Penghasilan di bawah garis kemiskinan.",
        decided_by="hasan",
        decided_at=MONDAY_MORNING,
    )
    return VerificationDetail(
        tracking_number=ask.tracking_number,
        state="decided",
        district="63.71.03",
        offered_to=("63.71.03",),
        offer_until=None,
        wave=1,
        verifier="rina",
        visits=(),
        assessments=(),
        decisions=(decision,),
        delivery=None,
    )


def issued(desk: Bench) -> list[DocumentIssued]:
    return [DocumentIssued.model_validate(e.data) for e in desk.emitted("document_issued")]


def revoked(desk: Bench) -> list[DocumentRevoked]:
    return [DocumentRevoked.model_validate(e.data) for e in desk.emitted("document_revoked")]


def fail(_: object) -> None:
    raise PowerCut


def pdf_of(desk: Bench, code: str) -> bytes:
    return base64.b64decode(desk.ask(ReadDocument(code=code)).content)
