"""Issuing has two transactions. The first reserves the document with its number; the second
stores the signed PDF and publishes. A crash between them repeats the message, which finds the
reservation: never a second paper, never a hole in the numbers.
"""

import hashlib
from collections.abc import Callable
from typing import Literal
from zoneinfo import ZoneInfo

from chassis.database import insert_or_ignore
from chassis.native import aside
from chassis.vault import VaultProvider
from chassis.work import Work
from contracts.documents import DocumentIssued, DocumentKind, DocumentRevoked
from contracts.envelope import SYSTEM
from contracts.errors import ErrorCode, Refusal
from services.documents import models
from services.documents.domain import TITLES, DocumentState, letter_number, line_of
from services.documents.models import Content, Document
from services.documents.rendering import Imprint
from services.documents.settings import DocumentsSettings
from services.documents.signing import DocumentSigner


class Issuing:
    """Issues documents within one unit of work."""

    def __init__(
        self, work: Work, vault: VaultProvider, settings: DocumentsSettings, zone: ZoneInfo
    ) -> None:
        self._work = work
        self._vault = vault
        self._settings = settings
        self._zone = zone

    def issue(
        self, case: str, kind: DocumentKind, write: Callable[[Imprint], bytes], edition: int = 1
    ) -> None:
        """The case's document of that kind and edition, unless it is issued already.

        `write` makes the PDF; it runs outside of any transaction. Nothing is issued about somebody
        who is erased.
        """
        if models.is_erased(self._work.session, case):
            return
        document = self._reserve(case, kind, edition)
        if document.state != DocumentState.RESERVED:
            return
        self._work.checkpoint()
        signer = self._settings.signer(self._work.now)
        try:
            paper = write(self._imprint(document, signer))
        except Refusal as refusal:
            if refusal.code is ErrorCode.PERSONAL_DATA_ERASED:
                return
            raise
        pdf = aside(
            signer.sign,
            paper,
            reason=TITLES[kind],
            location="Banjarmasin",
            when=self._work.now,
        )
        self._keep(document, pdf, signer)

    def end_handover(self, case: str) -> None:
        """The data will not be handed over: its drafts count no more, nor does one that follows."""
        models.locked_handover(self._work.session, case).over = True
        self._revoke_drafts(case)

    def _reserve(self, case: str, kind: DocumentKind, edition: int) -> Document:
        document, new = models.reserve(self._work.session, case, kind, edition, self._work.now)
        if new:
            day = document.reserved_at.astimezone(self._zone).date()
            document.year = day.year
            document.sequence = models.next_in_series(self._work.session, kind, day.year)
            document.number = letter_number(kind, document.sequence, day)
        return document

    def _imprint(self, document: Document, signer: DocumentSigner) -> Imprint:
        return Imprint(
            number=str(document.number),
            issued_on=document.reserved_at.astimezone(self._zone).date(),
            verify_url=f"{self._settings.public_url.rstrip('/')}/v1/verify/{document.code}",
            verify_code=document.code,
            signatory=self._settings.signatory,
            self_made_certificate=signer.self_made,
        )

    def _keep(self, reserved: Document, pdf: bytes, signer: DocumentSigner) -> None:
        work = self._work
        line = line_of(DocumentKind(reserved.kind))
        draft = reserved.kind == DocumentKind.HANDOVER_DRAFT
        handover = models.locked_handover(work.session, reserved.tracking_number) if draft else None
        editions = models.locked_editions(work.session, reserved.tracking_number, line)
        document = next(each for each in editions if each.code == reserved.code)
        if document.state != DocumentState.RESERVED:
            return
        if models.is_erased(work.session, document.tracking_number):
            return
        document.state = DocumentState.ISSUED
        document.issued_at = work.now
        document.sha256 = self._store(pdf)
        document.size = len(pdf)
        document.certificate_subject = signer.subject
        document.self_made_certificate = signer.self_made
        issued = DocumentIssued(
            kind=DocumentKind(document.kind),
            code=document.code,
            number=str(document.number),
            sha256=document.sha256,
            size=len(pdf),
            issued_at=work.now,
            self_made_certificate=signer.self_made,
            edition=document.edition,
        )
        work.emit(document.tracking_number, issued, actor=SYSTEM)
        self._supersede(editions)
        if handover is not None and handover.over:
            self._revoke_drafts(document.tracking_number)

    def _store(self, pdf: bytes) -> str:
        sha256 = hashlib.sha256(pdf).hexdigest()
        key = self._vault.new_key()
        sealed = self._vault.seal(key, pdf, f"document:{sha256}")
        content = {"sha256": sha256, "wrapped_key": key, "sealed": sealed}
        insert_or_ignore(self._work.session, Content, content)
        return sha256

    def _supersede(self, editions: list[Document]) -> None:
        """Of the issued ones only the newest counts, whichever was issued last."""
        *older, _ = [each for each in editions if each.state == DocumentState.ISSUED]
        for document in older:
            self._end(document, DocumentState.SUPERSEDED, "superseded")

    def _revoke_drafts(self, case: str) -> None:
        drafts = (DocumentKind.HANDOVER_DRAFT,)
        for document in models.locked_editions(self._work.session, case, drafts):
            if document.state == DocumentState.ISSUED:
                self._end(document, DocumentState.REVOKED, "revoked")

    def _end(
        self, document: Document, state: DocumentState, reason: Literal["superseded", "revoked"]
    ) -> None:
        document.state = state
        revoked = DocumentRevoked(code=document.code, reason=reason)
        self._work.emit(document.tracking_number, revoked, actor=SYSTEM)
