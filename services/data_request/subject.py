"""What was written in a request for data, in the requester's own record, and its erasure."""

from datetime import datetime

from sqlalchemy import delete

from casework.readings import log_read
from casework.subjects import check_officer
from chassis.entrypoints import Event, on_event
from chassis.rpc import query
from chassis.store import Store
from chassis.vault import DESTROYED, Vault
from chassis.work import Work
from contracts.data_request import PersonalDataErased, PersonalDataRead, ReadSubject
from contracts.intake import PersonalDataErased as RequestErased
from contracts.subject import ACCESS, SubjectCase, SubjectRecord
from services.data_request.domain import PREFIX, State
from services.data_request.models import (
    DataRequestCase,
    PersonalDataReading,
    opened_case,
    tables_of,
)
from services.data_request.writings import Writings, fields_read

CLOSED = (State.HANDED_OVER, State.REJECTED, State.WITHDRAWN)


class Subjects:
    """A part of the data-request service, which has these dependencies."""

    store: Store
    vault: Vault

    @query(ReadSubject)
    def read_subject(self, ask: ReadSubject, work: Work) -> SubjectRecord:
        """What was written; with it the read is logged and published."""
        check_officer(work.actor)
        rows = (work.session.get(DataRequestCase, each) for each in ask.tracking_numbers)
        cases = tuple(self._case(work, row, with_data=ask.with_data) for row in rows if row)
        return SubjectRecord(cases=cases)

    @on_event(RequestErased)
    def on_personal_data_erased(self, event: Event[RequestErased], work: Work) -> None:
        """Destroy the case's key, and the kept replies that describe its tables."""
        if not event.case.startswith(PREFIX):
            return
        row = opened_case(work.session, event.case, DESTROYED)
        if row.wrapped_key == DESTROYED:
            return
        told = self._told_of_tables(work, row)
        row.wrapped_key = DESTROYED
        replies = self.store.tables.replies
        work.session.execute(delete(replies).where(replies.c.handled_at.in_(told)))
        work.emit(event.case, PersonalDataErased(reason=event.data.reason))

    def _told_of_tables(self, work: Work, row: DataRequestCase) -> list[datetime]:
        """When somebody was told of a table or a package: the kept replies name their contents."""
        stored = [each.stored_at for each in tables_of(work.session, row.tracking_number)]
        packages = Writings(work.session, self.vault, row).packages()
        return [*stored, *(each.prepared_at for each in packages)]

    def _case(self, work: Work, row: DataRequestCase, *, with_data: bool) -> SubjectCase:
        outline = SubjectCase(
            tracking_number=row.tracking_number,
            state=row.state,
            open=State(row.state) not in CLOSED,
            erased=row.wrapped_key == DESTROYED,
        )
        if outline.erased or not with_data or not row.purpose:
            return outline
        detail = Writings(work.session, self.vault, row).opened()
        read = PersonalDataRead(purpose=ACCESS, fields=fields_read(detail))
        log_read(work, PersonalDataReading, row.tracking_number, read)
        stored = detail.model_dump(mode="json", exclude={"tables"})
        withheld = ("tables",) if detail.tables else ()
        return outline.model_copy(update={"data": stored, "withheld": withheld})
