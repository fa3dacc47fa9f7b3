"""The findings in a person's own record, and their erasure."""

from casework.readings import log_read
from casework.subjects import check_officer
from chassis.entrypoints import Event, on_event
from chassis.rpc import query
from chassis.vault import DESTROYED, Vault
from chassis.work import Work
from contracts.intake import PersonalDataErased as RequestErased
from contracts.subject import ACCESS, SubjectCase, SubjectRecord
from contracts.verification import PersonalDataErased, PersonalDataRead, ReadSubject
from services.verification.domain import State, is_ours
from services.verification.findings import Findings, fields_read
from services.verification.models import (
    PersonalDataReading,
    VerificationCase,
    locked_case,
    open_case,
)

CLOSED = (State.DELIVERED, State.WITHDRAWN)
OFFICES_OWN = {"offered_to", "offer_until", "wave"}


class Subjects:
    """A part of the verification service, which has these dependencies."""

    vault: Vault

    @query(ReadSubject)
    def read_subject(self, ask: ReadSubject, work: Work) -> SubjectRecord:
        """What was found about the household; with it the read is logged and published."""
        check_officer(work.actor)
        rows = (work.session.get(VerificationCase, each) for each in ask.tracking_numbers)
        cases = tuple(self._case(work, row, with_data=ask.with_data) for row in rows if row)
        return SubjectRecord(cases=cases)

    @on_event(RequestErased)
    def on_personal_data_erased(self, event: Event[RequestErased], work: Work) -> None:
        """Destroy the case's key; who keeps the photos of its visits is told which they are."""
        if not is_ours(event.case):
            return
        open_case(work.session, event.case, DESTROYED)
        row = locked_case(work.session, event.case)
        if row is None or row.wrapped_key == DESTROYED:
            return
        visits = Findings(work.session, self.vault, row).opened().visits
        photos = tuple(photo.attachment for visit in visits for photo in visit.photos)
        row.wrapped_key = DESTROYED
        work.emit(event.case, PersonalDataErased(reason=event.data.reason, photos=photos))

    def _case(self, work: Work, row: VerificationCase, *, with_data: bool) -> SubjectCase:
        outline = SubjectCase(
            tracking_number=row.tracking_number,
            state=row.state,
            open=State(row.state) not in CLOSED,
            erased=row.wrapped_key == DESTROYED,
        )
        if outline.erased or not with_data:
            return outline
        detail = Findings(work.session, self.vault, row).opened()
        read = PersonalDataRead(purpose=ACCESS, fields=fields_read(detail))
        log_read(work, PersonalDataReading, row.tracking_number, read)
        stored = detail.model_dump(mode="json", exclude=OFFICES_OWN)
        return outline.model_copy(update={"data": stored})
