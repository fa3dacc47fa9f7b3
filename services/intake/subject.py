"""A person's own record at intake, and its erasure."""

from casework.attachments import Attachments
from casework.office import OfficeSettings
from casework.readings import log_read
from casework.subjects import check_officer
from chassis.entrypoints import Event, on_event
from chassis.rpc import command, query
from chassis.vault import DESTROYED, Vault
from chassis.work import Work
from contracts.errors import CaseNotFound, ErrorCode, Refusal
from contracts.intake import (
    ApplicationDetail,
    EraseSubject,
    PersonalDataErased,
    PersonalDataRead,
    ReadSubject,
    RequestDetail,
    RequestKind,
)
from contracts.subject import ACCESS, SubjectCase, SubjectErased, SubjectRecord
from contracts.verification import PersonalDataErased as VisitsErased
from services.intake.clocks import clocks_of
from services.intake.domain import State
from services.intake.models import (
    Attachment,
    Person,
    PersonalDataReading,
    Request,
    find_request,
    locked_person_of,
    person_found,
    requests_of,
)
from services.intake.personal_data import PersonalData, fields_read

REPORTER = "reporter"
"""Who reported another's need is a third person in that one's record."""


class Subjects:
    """A part of the intake service, which has these dependencies."""

    vault: Vault
    settings: OfficeSettings

    @query(ReadSubject)
    def read_subject(self, ask: ReadSubject, work: Work) -> SubjectRecord:
        """Every request of the person; with its data the read is logged and published."""
        check_officer(work.actor)
        person = self._person(ask, work)
        if person is None:
            return SubjectRecord(cases=())
        rows = requests_of(work.session, person.id)
        cases = tuple(self._case(work, row, person, with_data=ask.with_data) for row in rows)
        return SubjectRecord(cases=cases, person=person.nik_index)

    @command(EraseSubject)
    def erase_subject(self, ask: EraseSubject, work: Work) -> SubjectErased:
        """Destroy the person's key and what finds them; the files go with it."""
        check_officer(work.actor)
        person = locked_person_of(work.session, ask.tracking_number)
        if person is None:
            raise CaseNotFound
        rows = requests_of(work.session, person.id)
        numbers = tuple(row.tracking_number for row in rows)
        if person.wrapped_key == DESTROYED:
            return SubjectErased(cases=numbers, erased_now=False)
        if any(_is_open(row, ask.closed) for row in rows):
            raise Refusal(ErrorCode.CASE_STILL_OPEN)
        person.wrapped_key, person.nik_index = DESTROYED, None
        files = Attachments(work.session, self.vault, Attachment)
        for number in numbers:
            files.erase(number)
            work.emit(number, PersonalDataErased(reason=ask.reason))
        return SubjectErased(cases=numbers, erased_now=True)

    @on_event(VisitsErased)
    def on_personal_data_erased(self, event: Event[VisitsErased], work: Work) -> None:
        """The photos of the visits lie here."""
        Attachments(work.session, self.vault, Attachment).erase_uploads(event.data.photos)

    def _person(self, ask: ReadSubject, work: Work) -> Person | None:
        index = ask.person
        if ask.nik is not None:
            index = self.vault.blind_index("nik", ask.nik)
        if index is not None:
            return person_found(work.session, index)
        for number in ask.tracking_numbers:
            row = find_request(work.session, number)
            if row is not None:
                return work.session.get_one(Person, row.person_id)
        return None

    def _case(self, work: Work, row: Request, person: Person, *, with_data: bool) -> SubjectCase:
        state, erased = State(row.state), person.wrapped_key == DESTROYED
        outline = SubjectCase(
            tracking_number=row.tracking_number,
            state=state.value,
            open=state in (State.RECEIVED, State.RETURNED),
            handed_over=state is State.COMPLETED,
            erased=erased,
        )
        if erased or not with_data:
            return outline
        data = PersonalData(work.session, self.vault, person, row.tracking_number)
        detail = self._detail(work, row, data)
        fields = (*fields_read(detail), *(["contacts"] if data.open_contacts(row) else []))
        fields = tuple(each for each in fields if not each.startswith(REPORTER))
        read = PersonalDataRead(purpose=ACCESS, fields=fields)
        log_read(work, PersonalDataReading, row.tracking_number, read)
        stored = detail.model_dump(mode="json", exclude={"deadline", REPORTER})
        stored["notify"] = [each.model_dump(mode="json") for each in data.open_contacts(row)]
        withheld = (REPORTER,) if getattr(detail, REPORTER, None) is not None else ()
        return outline.model_copy(update={"data": stored, "withheld": withheld})

    def _detail(
        self, work: Work, row: Request, data: PersonalData
    ) -> RequestDetail | ApplicationDetail:
        files = Attachments(work.session, self.vault, Attachment).refs(row.tracking_number)
        deadline = clocks_of(work, self.settings).deadline(row.tracking_number)
        if row.kind == RequestKind.DATA_REQUEST:
            return data.open_application(row, files, deadline)
        return data.open_request(row, files, deadline)


def _is_open(row: Request, closed: tuple[str, ...]) -> bool:
    """Whether an office still works on it; `closed` are those closed where they were handed to."""
    state = State(row.state)
    if state is State.COMPLETED:
        return row.tracking_number not in closed
    return state in (State.RECEIVED, State.RETURNED)
