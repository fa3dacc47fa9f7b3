"""Documents: receipts on reception, letters on decision; numbered, signed, kept, verified.

Issuing has two transactions. The first reserves the document with its number; the second stores
the signed PDF and publishes. A crash between them repeats the message, which finds the
reservation: never a second letter, never a hole in the numbers.
"""

import base64
import hashlib
from collections.abc import Callable

from chassis.database import insert_or_ignore
from chassis.entrypoints import Event, on_event
from chassis.native import aside
from chassis.rpc import RpcClient, query
from chassis.settings import Configured
from chassis.store import Store
from chassis.vault import VaultProvider
from chassis.work import Work
from contracts.documents import (
    DocumentContent,
    DocumentIssued,
    DocumentKind,
    DocumentStatus,
    ReadDocument,
    VerifyDocument,
)
from contracts.envelope import SYSTEM
from contracts.intake import ReadRequest, RequestReceived
from contracts.verification import ReadVerification, VerificationDone
from services.documents import models
from services.documents.domain import DocumentNotFound, DocumentState
from services.documents.letters import letter_number, render_receipt, render_verification_letter
from services.documents.models import Content, Document
from services.documents.settings import DocumentsSettings
from services.documents.writing import letter_of, receipt_of

SIGNING_REASONS = {
    DocumentKind.RECEIPT: "Tanda Terima",
    DocumentKind.VERIFICATION_LETTER: "Surat Keterangan Hasil Verifikasi",
}


class DocumentsService:
    name = "documents"
    store = Store(models.Base.metadata)
    vault = VaultProvider()
    rpc = RpcClient()
    settings = Configured(DocumentsSettings)

    @on_event(RequestReceived)
    def on_request_received(self, event: Event[RequestReceived], work: Work) -> None:
        """A receipt (tanda terima) for what was handed in."""

        def write(document: Document) -> bytes:
            request = self.rpc.call(
                ReadRequest(tracking_number=event.case, purpose="receipt"), SYSTEM
            )
            receipt = receipt_of(
                request,
                number=str(document.number),
                code=document.code,
                verify_url=self._verify_url(document.code),
            )
            return aside(render_receipt, receipt)

        self._issue(event.case, DocumentKind.RECEIPT, work, write)

    @on_event(VerificationDone)
    def on_verification_done(self, event: Event[VerificationDone], work: Work) -> None:
        """The letter (Surat Keterangan Hasil Verifikasi) on the decision."""

        def write(document: Document) -> bytes:
            why = "verification_letter"
            request = self.rpc.call(ReadRequest(tracking_number=event.case, purpose=why), SYSTEM)
            verification = self.rpc.call(
                ReadVerification(tracking_number=event.case, purpose=why), SYSTEM
            )
            letter = letter_of(
                request,
                verification,
                number=str(document.number),
                code=document.code,
                verify_url=self._verify_url(document.code),
                issued_at=document.reserved_at,
                zone=self.store.zone,
                signatory=self.settings.signatory,
                self_made_certificate=self.settings.signer(work.now).self_made,
            )
            return aside(render_verification_letter, letter)

        self._issue(event.case, DocumentKind.VERIFICATION_LETTER, work, write)

    @query(ReadDocument)
    def read_document(self, ask: ReadDocument, work: Work) -> DocumentContent:
        """The PDF itself; who may see it is decided at the door."""
        document = models.issued(work.session, ask.code)
        if document is None:
            raise DocumentNotFound
        content = work.session.get_one(Content, document.sha256)
        pdf = self.vault.open(content.wrapped_key, content.sealed, f"document:{content.sha256}")
        return DocumentContent(
            number=str(document.number),
            kind=DocumentKind(document.kind),
            sha256=content.sha256,
            content=base64.b64encode(pdf).decode(),
        )

    @query(VerifyDocument)
    def verify_document(self, ask: VerifyDocument, work: Work) -> DocumentStatus:
        """What anyone may know: that it is ours, its hash and its certificate."""
        document = models.issued(work.session, ask.code)
        if document is None:
            raise DocumentNotFound
        return DocumentStatus(
            code=document.code,
            kind=DocumentKind(document.kind),
            number=str(document.number),
            status=DocumentState(document.state).public_status,
            sha256=str(document.sha256),
            issued_at=document.issued_at or document.reserved_at,
            certificate_subject=str(document.certificate_subject),
            self_made_certificate=bool(document.self_made_certificate),
        )

    def _issue(
        self, case: str, kind: DocumentKind, work: Work, write: Callable[[Document], bytes]
    ) -> None:
        document = self._reserve(case, kind, work)
        if document.state == DocumentState.ISSUED:
            return
        work.checkpoint()
        signer = self.settings.signer(work.now)
        pdf = aside(
            signer.sign,
            write(document),
            reason=SIGNING_REASONS[kind],
            location="Banjarmasin",
            when=work.now,
        )
        self._keep(document.code, pdf, work, signer.subject, signer.self_made)

    def _reserve(self, case: str, kind: DocumentKind, work: Work) -> Document:
        document, new = models.reserve(work.session, case, kind, work.now)
        if new:
            day = document.reserved_at.astimezone(self.store.zone).date()
            document.year = day.year
            document.sequence = models.next_in_series(work.session, kind, day.year)
            document.number = letter_number(kind, document.sequence, day)
        return document

    def _keep(self, code: str, pdf: bytes, work: Work, subject: str, self_made: bool) -> None:
        document = models.locked(work.session, code)
        if document.state == DocumentState.ISSUED:
            return
        sha256 = hashlib.sha256(pdf).hexdigest()
        key = self.vault.new_key()
        sealed = self.vault.seal(key, pdf, f"document:{sha256}")
        content = {"sha256": sha256, "wrapped_key": key, "sealed": sealed}
        insert_or_ignore(work.session, Content, content)
        document.state = DocumentState.ISSUED
        document.issued_at = work.now
        document.sha256 = sha256
        document.size = len(pdf)
        document.certificate_subject = subject
        document.self_made_certificate = self_made
        issued = DocumentIssued(
            kind=DocumentKind(document.kind),
            code=code,
            number=str(document.number),
            sha256=sha256,
            size=len(pdf),
            issued_at=work.now,
            self_made_certificate=self_made,
        )
        work.emit(document.tracking_number, issued, actor=SYSTEM)

    def _verify_url(self, code: str) -> str:
        return f"{self.settings.public_url.rstrip('/')}/v1/verify/{code}"
