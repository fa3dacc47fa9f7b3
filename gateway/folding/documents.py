"""Letters and receipts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from contracts.documents import DocumentIssued, DocumentRevoked
from contracts.envelope import EventData
from gateway.case_view import CaseView, Document


def apply(case: CaseView, data: EventData, published: datetime) -> CaseView:
    """The case with the document, or with one marked as revoked."""
    match data:
        case DocumentIssued():
            issued = Document(
                code=data.code,
                kind=data.kind,
                number=data.number,
                sha256=data.sha256,
                size=data.size,
                issued_at=data.issued_at.astimezone(published.tzinfo),
                self_made_certificate=data.self_made_certificate,
            )
            return replace(case, documents=(*case.documents, issued))
        case DocumentRevoked():
            return replace(case, documents=_revoke(case.documents, data.code))
    return case


def _revoke(documents: Sequence[Document], code: str) -> tuple[Document, ...]:
    return tuple(replace(each, revoked=True) if each.code == code else each for each in documents)
