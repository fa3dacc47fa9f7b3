"""A complaint: its events, and what complaints would answer."""

from datetime import UTC, datetime

from contracts.complaints import (
    Complainant,
    ComplaintChannel,
    ComplaintDetail,
    ComplaintKind,
    ComplaintReceived,
    ComplaintResponded,
    ReadComplaint,
    WrittenDetail,
)
from contracts.envelope import DeadlineView
from tests.integration.documents.details import NIK
from tests.support import MONDAY_MORNING

COMPLAINT_STANDARD = {"standard": "complaint", "standard_version": "2026-1"}
COMPLAINT_DEADLINE = DeadlineView(
    due=datetime(2026, 11, 26, 8, 0, tzinfo=UTC),
    received_at=MONDAY_MORNING,
    starts=MONDAY_MORNING,
    working_days=3,
)
COMPLAINED = ComplaintReceived(
    kind=ComplaintKind.COMPLAINT,
    channel=ComplaintChannel.COUNTER,
    received_at=MONDAY_MORNING,
    entered_at=MONDAY_MORNING,
    deadline=COMPLAINT_DEADLINE,
    **COMPLAINT_STANDARD,
)


def responded(number: int) -> ComplaintResponded:
    """The complainant has that answer."""
    return ComplaintResponded(
        number=number,
        responded_at=MONDAY_MORNING,
        in_time=True,
        working_minutes=900,
        **COMPLAINT_STANDARD,
    )


def complaint_of(ask: ReadComplaint) -> ComplaintDetail:
    """What complaints would answer: two responses with a reopening between them."""
    words = (
        ("check", None),
        ("response", "Antrean sudah ditambah satu loket."),
        ("reopening", "Belum ada perubahan."),
        ("response", "Loket kedua dibuka mulai Selasa."),
    )
    return ComplaintDetail(
        tracking_number=ask.tracking_number,
        state="responded",
        kind=ComplaintKind.COMPLAINT,
        channel=ComplaintChannel.COUNTER,
        complainant=Complainant(
            name="Rahmat Hidayat Contoh", nik=NIK, address="Jl. Contoh No. 2\nBanjarmasin Barat"
        ),
        matter="Antrean terlalu lama.",
        about_case=None,
        owner="lina",
        escalated_to=None,
        attachments=(),
        coordinations=(),
        written=tuple(
            WrittenDetail(what=what, words=said, by="lina", at=MONDAY_MORNING)
            for what, said in words
        ),
        missing=(),
        referral=None,
        received_at=MONDAY_MORNING,
        entered_at=MONDAY_MORNING,
        deadline=COMPLAINT_DEADLINE,
        score=None,
        **COMPLAINT_STANDARD,
    )
