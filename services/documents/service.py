"""Documents: receipts on reception, letters and records on what follows; signed, kept, verified."""

import base64

from casework.readings import log_read
from chassis.entrypoints import Event, on_event
from chassis.native import aside
from chassis.rpc import RpcClient, query
from chassis.settings import Configured
from chassis.store import Store
from chassis.vault import KeyDestroyed, VaultProvider
from chassis.work import Work
from contracts.complaints import (
    ComplaintDetail,
    ComplaintReceived,
    ComplaintResponded,
    ReadComplaint,
)
from contracts.data_request import (
    DataHandedOver,
    DataPrepared,
    DataRequestDetail,
    DataRequestRejected,
    DataRequestWithdrawn,
    ReadDataRequest,
)
from contracts.documents import (
    DocumentContent,
    DocumentKind,
    DocumentStatus,
    PersonalDataRead,
    ReadDocument,
    VerifyDocument,
)
from contracts.envelope import SYSTEM, Role
from contracts.errors import check_purpose
from contracts.intake import (
    ApplicationDetail,
    ReadApplication,
    ReadRequest,
    RequestDetail,
    RequestKind,
    RequestReceived,
)
from contracts.verification import ReadVerification, VerificationDetail, VerificationDone
from services.documents import models
from services.documents.domain import DocumentNotFound, DocumentState
from services.documents.issuing import Issuing
from services.documents.letters.complaint_response import (
    complaint_response_of,
    render_complaint_response,
)
from services.documents.letters.handover import (
    handover_draft_of,
    handover_record_of,
    render_handover,
)
from services.documents.letters.receipt import (
    complaint_receipt_of,
    render_receipt,
    request_receipt_of,
)
from services.documents.letters.verification import (
    render_verification_letter,
    verification_letter_of,
)
from services.documents.models import Content, PersonalDataReading
from services.documents.rendering import Imprint
from services.documents.retention import READERS, is_kept
from services.documents.settings import DocumentsSettings
from services.documents.subject import Subjects

HANDOVER = "handover_record"


class DocumentsService(Subjects):
    name = "documents"
    store = Store(models.Base.metadata)
    vault = VaultProvider()
    rpc = RpcClient()
    settings = Configured(DocumentsSettings)

    @on_event(RequestReceived)
    def on_request_received(self, event: Event[RequestReceived], work: Work) -> None:
        """A receipt (tanda terima) for what was handed in."""

        def write(imprint: Imprint) -> bytes:
            request: RequestDetail | ApplicationDetail
            if event.data.kind is RequestKind.DATA_REQUEST:
                request = self._application(event.case, "receipt")
            else:
                request = self._request(event.case, "receipt")
            return aside(render_receipt, request_receipt_of(request, imprint))

        self._issuing(work).issue(event.case, DocumentKind.RECEIPT, write)

    @on_event(VerificationDone)
    def on_verification_done(self, event: Event[VerificationDone], work: Work) -> None:
        """The letter (Surat Keterangan Hasil Verifikasi) on the decision."""

        def write(imprint: Imprint) -> bytes:
            request = self._request(event.case, "verification_letter")
            ask = ReadVerification(tracking_number=event.case, purpose="verification_letter")
            verification: VerificationDetail = self.rpc.call(ask, SYSTEM)
            letter = verification_letter_of(request, verification, imprint)
            return aside(render_verification_letter, letter)

        self._issuing(work).issue(event.case, DocumentKind.VERIFICATION_LETTER, write)

    @on_event(DataPrepared)
    def on_data_prepared(self, event: Event[DataPrepared], work: Work) -> None:
        """The draft (konsep) of the record of handover, anew for each edition of the package."""

        def write(imprint: Imprint) -> bytes:
            draft = handover_draft_of(
                self._application(event.case, HANDOVER),
                self._data_request(event.case),
                edition=event.data.edition,
                package_sha256=event.data.package_sha256,
                imprint=imprint,
            )
            return aside(render_handover, draft)

        edition = event.data.edition
        self._issuing(work).issue(event.case, DocumentKind.HANDOVER_DRAFT, write, edition)

    @on_event(DataHandedOver)
    def on_data_handed_over(self, event: Event[DataHandedOver], work: Work) -> None:
        """The record of handover (Berita Acara Serah Terima Data) that both sides signed."""

        def write(imprint: Imprint) -> bytes:
            record = handover_record_of(
                self._application(event.case, HANDOVER),
                self._data_request(event.case),
                package_sha256=event.data.package_sha256,
                handed_over_at=event.data.handed_over_at,
                imprint=imprint,
            )
            return aside(render_handover, record)

        self._issuing(work).issue(event.case, DocumentKind.HANDOVER_RECORD, write)

    @on_event(DataRequestRejected)
    def on_data_request_rejected(self, event: Event[DataRequestRejected], work: Work) -> None:
        """Nothing will be handed over: the drafts count no more."""
        self._issuing(work).end_handover(event.case)

    @on_event(DataRequestWithdrawn)
    def on_data_request_withdrawn(self, event: Event[DataRequestWithdrawn], work: Work) -> None:
        """Nothing will be handed over: the drafts count no more."""
        self._issuing(work).end_handover(event.case)

    @on_event(ComplaintReceived)
    def on_complaint_received(self, event: Event[ComplaintReceived], work: Work) -> None:
        """A receipt for a complaint."""

        def write(imprint: Imprint) -> bytes:
            complaint = self._complaint(event.case, "receipt")
            return aside(render_receipt, complaint_receipt_of(complaint, imprint))

        self._issuing(work).issue(event.case, DocumentKind.RECEIPT, write)

    @on_event(ComplaintResponded)
    def on_complaint_responded(self, event: Event[ComplaintResponded], work: Work) -> None:
        """The letter (Surat Tanggapan Pengaduan) with the response; a later one supersedes it."""
        number = event.data.number

        def write(imprint: Imprint) -> bytes:
            complaint = self._complaint(event.case, "response_letter")
            letter = complaint_response_of(complaint, number, imprint)
            return aside(render_complaint_response, letter)

        self._issuing(work).issue(event.case, DocumentKind.COMPLAINT_RESPONSE, write, number)

    @query(ReadDocument)
    def read_document(self, ask: ReadDocument, work: Work) -> DocumentContent:
        """The PDF itself; who may see it is decided at the door. What the staff read is logged."""
        check_purpose(ask.purpose)
        document = models.published(work.session, ask.code)
        if document is None:
            raise DocumentNotFound
        erased = models.is_erased(work.session, document.tracking_number)
        if erased and not (is_kept(document.kind) and work.actor.role in READERS):
            raise KeyDestroyed
        if work.actor.role not in (Role.RESIDENT, Role.SYSTEM):
            read = PersonalDataRead(purpose=ask.purpose, fields=("document",))
            log_read(work, PersonalDataReading, document.tracking_number, read)
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
        """What anyone may know: that it is ours, whether it counts, its hash and certificate."""
        document = models.published(work.session, ask.code)
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

    def _issuing(self, work: Work) -> Issuing:
        return Issuing(work, self.vault, self.settings, self.store.zone)

    def _request(self, case: str, purpose: str) -> RequestDetail:
        found: RequestDetail = self.rpc.call(
            ReadRequest(tracking_number=case, purpose=purpose), SYSTEM
        )
        return found

    def _application(self, case: str, purpose: str) -> ApplicationDetail:
        found: ApplicationDetail = self.rpc.call(
            ReadApplication(tracking_number=case, purpose=purpose), SYSTEM
        )
        return found

    def _data_request(self, case: str) -> DataRequestDetail:
        found: DataRequestDetail = self.rpc.call(
            ReadDataRequest(tracking_number=case, purpose=HANDOVER), SYSTEM
        )
        return found

    def _complaint(self, case: str, purpose: str) -> ComplaintDetail:
        found: ComplaintDetail = self.rpc.call(
            ReadComplaint(tracking_number=case, purpose=purpose), SYSTEM
        )
        return found
