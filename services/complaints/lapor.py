"""SP4N-LAPOR!: the record that a complaint is entered there with, and what comes back."""

from datetime import timedelta

from contracts.complaints import ComplaintKind, LaporRecord, LaporStatus, ReconcileLapor
from services.complaints.fields import follow_up
from services.complaints.models import Complaint, LaporPassing
from services.complaints.words import Words
from standards import catalogue
from standards.calendar import WorkCalendar

CATEGORIES = {ComplaintKind.COMPLAINT: "Pengaduan", ComplaintKind.SUGGESTION: "Aspirasi"}
"""LAPOR!'s own words for what is entered there."""


def lapor_record(
    row: Complaint, passing: LaporPassing, words: Words, calendar: WorkCalendar
) -> LaporRecord:
    """The complaint as it is entered at LAPOR!; `agrees` is told by where the case stands now."""
    submission = words.submission(row)
    status = LaporStatus(passing.status) if passing.status else None
    category = CATEGORIES[ComplaintKind(row.kind)]
    figures = follow_up(catalogue.load(row.standard, row.standard_version))
    heard_at = calendar.local(passing.updated_at or passing.escalated_at)
    closes_at = heard_at + timedelta(days=figures.lapor_silence_days)
    return LaporRecord(
        tracking_number=row.tracking_number,
        title=f"{category} {row.tracking_number}",
        category=category,
        matter=submission.matter,
        complainant=submission.complainant,
        received_at=calendar.local(row.received_at),
        escalated_at=calendar.local(passing.escalated_at),
        office_due=calendar.local(passing.office_due) if passing.office_due else None,
        lapor_forward_due=calendar.local(passing.forward_due),
        lapor_answer_due=calendar.local(passing.answer_due),
        lapor_number=words.lapor_number(passing.sealed),
        lapor_status=status,
        lapor_updated_at=calendar.local(passing.updated_at) if passing.updated_at else None,
        closes_at=None if status is LaporStatus.CLOSED else closes_at,
        agrees=row.case.agrees_with(status) if status else None,
    )


def reconcile(passing: LaporPassing, ask: ReconcileLapor, words: Words) -> None:
    """Keep what came back, in the place of what happened before it; an answer ends the silence."""
    if ask.status in (LaporStatus.ANSWERED, LaporStatus.CLOSED):
        passing.silent_at = None
    if passing.updated_at is not None and ask.occurred_at < passing.updated_at:
        return
    passing.status = ask.status.value
    passing.updated_at = ask.occurred_at
    passing.sealed = words.seal_lapor(ask.lapor_number)
