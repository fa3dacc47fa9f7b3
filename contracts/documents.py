"""Documents: letters and receipts, their numbers, hashes and verify codes."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from contracts import subject
from contracts.envelope import Contract, EventData, Query


class DocumentKind(StrEnum):
    RECEIPT = "receipt"
    VERIFICATION_LETTER = "verification_letter"
    HANDOVER_DRAFT = "handover_draft"
    HANDOVER_RECORD = "handover_record"
    COMPLAINT_RESPONSE = "complaint_response"


class DocumentIssued(EventData):
    """A document can be fetched. `code` opens and verifies it; `sha256` is of the PDF.

    `edition` counts the documents of this kind for the case from 1; the newest one counts.
    """

    source: ClassVar[str] = "documents"
    event: ClassVar[str] = "document_issued"

    kind: DocumentKind
    code: str
    number: str
    sha256: str
    size: int
    issued_at: datetime
    self_made_certificate: bool
    edition: int = 1


class DocumentRevoked(EventData):
    """The document no longer counts; verifying it says so. A newer edition makes it superseded.

    A draft of a handover that will not take place is revoked.
    """

    source: ClassVar[str] = "documents"
    event: ClassVar[str] = "document_revoked"

    code: str
    reason: Literal["superseded", "revoked"]


class PersonalDataRead(EventData):
    """Somebody of the staff read a document: who is in the envelope, why is here."""

    source: ClassVar[str] = "documents"
    event: ClassVar[str] = "personal_data_read"

    purpose: str
    fields: tuple[str, ...]


class PersonalDataErased(subject.PersonalDataErased):
    """Receipts and drafts are destroyed; `kept` letters stay, because archives must."""

    source: ClassVar[str] = "documents"

    kept: int


class DocumentContent(Contract):
    """`content` is the PDF in base64."""

    number: str
    kind: DocumentKind
    sha256: str
    content: str = Field(repr=False)


class ReadDocument(Query):
    """The PDF. `purpose` is a code; what the staff read is logged and published."""

    service: ClassVar[str] = "documents"
    method: ClassVar[str] = "read_document"
    reply: ClassVar[type[Contract]] = DocumentContent

    code: str
    purpose: str = "case_handling"


class DocumentStatus(Contract):
    """What anyone may know of a document. `status` is valid, superseded or revoked."""

    code: str
    kind: DocumentKind
    number: str
    status: str
    sha256: str
    issued_at: datetime
    certificate_subject: str
    self_made_certificate: bool


class VerifyDocument(Query):
    service: ClassVar[str] = "documents"
    method: ClassVar[str] = "verify_document"
    reply: ClassVar[type[Contract]] = DocumentStatus

    code: str


class ReadSubject(subject.ReadSubject):
    """The documents of the cases."""

    service: ClassVar[str] = "documents"
