"""The documents in a person's own record, and their erasure."""

from casework.subjects import check_officer
from chassis.entrypoints import Event, on_event
from chassis.rpc import query
from chassis.work import Work
from contracts.complaints import PersonalDataErased as ComplaintErased
from contracts.documents import PersonalDataErased, ReadSubject
from contracts.intake import PersonalDataErased as RequestErased
from contracts.subject import PersonalDataErased as Erased
from contracts.subject import SubjectCase, SubjectRecord
from services.documents import models
from services.documents.models import Document
from services.documents.retention import RETENTION, is_kept

OF_DOCUMENTS = ("code", "kind", "edition", "state", "number", "sha256", "size", "issued_at")


class Subjects:
    """A part of the documents service."""

    @query(ReadSubject)
    def read_subject(self, ask: ReadSubject, work: Work) -> SubjectRecord:
        """Which documents there are; what they say is read one by one."""
        check_officer(work.actor)
        found = (self._case(work, each) for each in ask.tracking_numbers)
        return SubjectRecord(cases=tuple(each for each in found if each is not None))

    @on_event(RequestErased, ComplaintErased)
    def on_personal_data_erased(self, event: Event[Erased], work: Work) -> None:
        """Destroy receipts and drafts; letters stay, for few to read."""
        if isinstance(event.data, ComplaintErased) and event.data.survey_only:
            return
        documents = models.locked_documents(work.session, event.case)
        if not models.note_erasure(work.session, event.case, work.now):
            return
        for document in documents:
            if document.sha256 is not None and not is_kept(document.kind):
                models.destroy(work.session, document.sha256)
        kept = sum(1 for each in documents if each.sha256 is not None and is_kept(each.kind))
        work.emit(event.case, PersonalDataErased(reason=event.data.reason, kept=kept))

    def _case(self, work: Work, number: str) -> SubjectCase | None:
        documents = models.documents_of(work.session, number)
        if not documents:
            return None
        erased = models.is_erased(work.session, number)
        shown = [_shown(each) for each in documents if not erased or is_kept(each.kind)]
        return SubjectCase(
            tracking_number=number,
            state="issued",
            erased=erased,
            data={"documents": shown},
        )


def _shown(document: Document) -> dict[str, object]:
    """What is known of a document, and by which law it stays when the person is erased."""
    facts = {name: getattr(document, name) for name in OF_DOCUMENTS}
    issued_at = document.issued_at.isoformat() if document.issued_at else None
    kept = is_kept(document.kind)
    law = RETENTION[document.kind].law if kept else None  # type: ignore[index] # a StrEnum's text
    return facts | {"issued_at": issued_at, "kept_when_erased": kept, "kept_by": law}
