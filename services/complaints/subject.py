"""A complainant's own record, and its erasure; the words of surveys about any case.

A complaint about a member of the staff is no part of that one's record: what others wrote of them
tells who wrote it.
"""

from casework.readings import log_read
from casework.subjects import check_officer
from chassis.entrypoints import Event, on_event
from chassis.rpc import command, query
from chassis.vault import DESTROYED
from chassis.work import Work
from contracts.complaints import (
    ComplaintDetail,
    EraseSubject,
    PersonalDataErased,
    PersonalDataRead,
    ReadSubject,
)
from contracts.errors import CaseNotFound, ErrorCode, Refusal
from contracts.intake import PersonalDataErased as RequestErased
from contracts.subject import ACCESS, SubjectCase, SubjectErased, SubjectRecord
from services.complaints.desk import Desk, Part
from services.complaints.models import (
    Complaint,
    Person,
    PersonalDataReading,
    Survey,
    complaints_of,
    find_complaint,
    locked_person_of,
    person_found,
)
from services.complaints.words import fields_read, for_complainant

OFFICES_OWN = ("coordinations", "written")
"""What the office keeps to itself of these stays out: it tells of partners and officers."""


class Subjects(Part):
    """A part of the complaints service."""

    @query(ReadSubject)
    def read_subject(self, ask: ReadSubject, work: Work) -> SubjectRecord:
        """Every complaint of the person, as the complainant may read it; surveys of the cases."""
        check_officer(work.actor)
        desk = self._desk(work)
        person = self._person(ask, desk)
        rows = complaints_of(work.session, person.id) if person else []
        known = [self._complaint(desk, row, with_data=ask.with_data) for row in rows]
        numbers = {*ask.tracking_numbers, *(row.tracking_number for row in rows)}
        surveys = (work.session.get(Survey, number) for number in sorted(numbers))
        answered = (self._survey(desk, each, with_data=ask.with_data) for each in surveys if each)
        cases = tuple(each for each in (*known, *answered) if each is not None)
        return SubjectRecord(cases=cases, person=person.nik_index if person else None)

    @command(EraseSubject)
    def erase_subject(self, ask: EraseSubject, work: Work) -> SubjectErased:
        """Destroy the complainant's key and what finds them; evidence and surveys go with it."""
        desk = self._desk(work)
        desk.found(ask.tracking_number)
        check_officer(work.actor)
        person = locked_person_of(work.session, ask.tracking_number)
        if person is None:
            raise CaseNotFound
        rows = complaints_of(work.session, person.id)
        numbers = tuple(row.tracking_number for row in rows)
        if person.wrapped_key == DESTROYED:
            return SubjectErased(cases=numbers, erased_now=False)
        if any(row.case.is_open(work.now) for row in rows):
            raise Refusal(ErrorCode.CASE_STILL_OPEN)
        person.wrapped_key, person.nik_index = DESTROYED, None
        for number in numbers:
            desk.files.erase(number)
            _erase_survey(work, number)
            work.emit(number, PersonalDataErased(reason=ask.reason))
        return SubjectErased(cases=numbers, erased_now=True)

    @on_event(RequestErased)
    def on_personal_data_erased(self, event: Event[RequestErased], work: Work) -> None:
        """The words of the survey about the request."""
        if _erase_survey(work, event.case):
            erased = PersonalDataErased(reason=event.data.reason, survey_only=True)
            work.emit(event.case, erased)

    def _person(self, ask: ReadSubject, desk: Desk) -> Person | None:
        session = desk.work.session
        index = ask.person
        if ask.nik is not None:
            index = self.vault.blind_index("nik", ask.nik)
        if index is not None:
            return person_found(session, index)
        for number in ask.tracking_numbers:
            row = find_complaint(session, number)
            if row is not None:
                return session.get_one(Person, row.person_id)
        return None

    def _complaint(self, desk: Desk, row: Complaint, *, with_data: bool) -> SubjectCase | None:
        """None for the officer whom it is about: for them it is unknown."""
        if row.case.is_about(desk.work.actor):
            return None
        words = desk.words(row)
        outline = SubjectCase(
            tracking_number=row.tracking_number,
            state=row.state,
            open=row.case.is_open(desk.work.now),
            erased=words.key == DESTROYED,
        )
        if outline.erased or not with_data:
            return outline
        files = desk.files.refs(row.tracking_number)
        whole = words.detail(
            row, desk.clocks.deadline(row.tracking_number), files, with_identity=True
        )
        shown = for_complainant(whole)
        read = PersonalDataRead(purpose=ACCESS, fields=(*fields_read(shown), "contacts"))
        log_read(desk.work, PersonalDataReading, row.tracking_number, read)
        stored = shown.model_dump(mode="json", exclude={"deadline", "owner", "coordinations"})
        stored["notify"] = words.contacts(row).model_dump(mode="json")["contacts"]
        return outline.model_copy(update={"data": stored, "withheld": _withheld(whole, shown)})

    def _survey(self, desk: Desk, survey: Survey, *, with_data: bool) -> SubjectCase | None:
        number = survey.tracking_number
        erased = survey.wrapped_key == DESTROYED
        outline = SubjectCase(tracking_number=number, state="survey_answered", erased=erased)
        if erased or not with_data:
            return outline
        context = f"survey:{number}:words"
        words = (
            self.vault.open(survey.wrapped_key, survey.sealed, context).decode()
            if survey.sealed
            else None
        )
        read = PersonalDataRead(purpose=ACCESS, fields=("survey",) if words else ())
        log_read(desk.work, PersonalDataReading, number, read)
        stored = {"scores": survey.scores, "words": words}
        return outline.model_copy(update={"data": stored | {"at": survey.answered_at.isoformat()}})


def _withheld(whole: ComplaintDetail, shown: ComplaintDetail) -> tuple[str, ...]:
    return tuple(each for each in OFFICES_OWN if getattr(whole, each) != getattr(shown, each))


def _erase_survey(work: Work, number: str) -> bool:
    """Destroy the key of the survey's words; False where there are none."""
    survey = work.session.get(Survey, number, with_for_update=True)
    if survey is None or survey.wrapped_key == DESTROYED:
        return False
    survey.wrapped_key = DESTROYED
    return True
