"""The rules of reception, in the order of the procedure."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.envelope import RESIDENT, SYSTEM, Actor, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import Reporter, RequestKind, RequirementCheck
from services.intake import domain
from services.intake.domain import InvalidFields
from standards import catalogue
from standards.calendar import WorkCalendar
from tests.unit.intake.samples import NIK, checklist, submission

MONDAY_9_AM = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CALENDAR = WorkCalendar.load()
STANDARD = catalogue.load("aid_verification")
OFFICER = Actor(id="amat", role=Role.COUNTER_OFFICER)


def faults(ask):
    """The (field, code) pairs that a submission is refused with."""
    with pytest.raises(InvalidFields) as refused:
        domain.check_submission(ask)
    assert refused.value.code is ErrorCode.VALIDATION_FAILED
    return [(each["field"], each["code"]) for each in refused.value.details["errors"]]


def test_a_whole_submission_gives_its_nik():
    """Nothing is missing, nothing is refused."""
    assert domain.check_submission(submission()).number == NIK


@pytest.mark.parametrize("nik", ["637103450585000", "6371039905850003", "63710345058500O3"])
def test_a_number_that_cannot_be_a_nik_is_refused_without_repeating_it(nik):
    """Too short, an impossible day, a letter for a digit."""
    with pytest.raises(InvalidFields) as refused:
        domain.check_submission(submission(nik=nik))
    assert refused.value.details == {"errors": [{"field": "applicant.nik", "code": "invalid_nik"}]}


def test_everything_that_is_wrong_is_said_at_once():
    """The resident corrects the form once, not field by field."""
    ask = submission(nik="1", name=" ", target_institution="\t")
    applicant = ask.applicant.model_copy(update={"family_card": "12"})
    address = ask.address.model_copy(update={"street": ""})
    assert faults(ask.model_copy(update={"applicant": applicant, "address": address})) == [
        ("applicant.name", "required"),
        ("address.street", "required"),
        ("target_institution", "required"),
        ("applicant.family_card", "invalid_kk"),
        ("applicant.nik", "invalid_nik"),
    ]


def test_a_family_card_may_be_absent():
    """The standard asks for the family card and/or the identity card."""
    ask = submission()
    applicant = ask.applicant.model_copy(update={"family_card": None})
    assert domain.check_submission(ask.model_copy(update={"applicant": applicant}))


def test_a_third_partys_report_names_its_reporter():
    """A report on somebody else's need comes from somebody."""
    assert faults(submission(channel="third_party")) == [("reporter", "required")]
    nameless = submission(channel="third_party", reporter=Reporter(name=" "))
    assert faults(nameless) == [("reporter.name", "required")]
    named = submission(channel="third_party", reporter=Reporter(name="Ketua RT"))
    assert domain.check_submission(named)


def test_what_looks_wrong_is_a_warning_and_no_refusal():
    """The NIK names the place of first registration and never changes."""
    ask = submission(nik="3171034505850003", birth_date="1985-05-06", sex="male")
    nik = domain.check_submission(ask)
    assert domain.warnings_of(nik, ask, duplicate=True) == (
        "nik_other_region",
        "nik_birth_date_differs",
        "nik_sex_differs",
        "likely_duplicate",
    )


def test_nothing_is_warned_of_when_all_fits():
    """A woman's day of birth stands in the NIK with 40 added."""
    ask = submission()
    nik = domain.check_submission(ask)
    assert domain.warnings_of(nik, ask, duplicate=False) == ()


def test_a_tracking_number_tells_kind_day_and_number():
    """It grows beyond four digits rather than start again."""
    kind, day = RequestKind.ASSISTANCE_VERIFICATION, date(2026, 1, 2)
    assert domain.tracking_number(kind, day, 7) == "VRF-20260102-0007"
    assert domain.tracking_number(kind, day, 12345) == "VRF-20260102-12345"
    assert domain.is_tracking_number("VRF-20260102-12345")
    assert not domain.is_tracking_number("VRF-20260102-0007\x00")


def test_the_day_of_registration_is_the_offices_day():
    """23:30 in UTC is half past seven of the next morning in Banjarmasin."""
    at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    reception = domain.receive(submission(), at, CALENDAR)
    assert reception.day == date(2026, 11, 23)


def test_reception_follows_village_and_standard():
    """One working day, from the standard's newest version."""
    reception = domain.receive(submission(), MONDAY_9_AM, CALENDAR)
    assert reception.district == "63.71.03"
    assert (reception.standard.id, reception.standard.version) == ("aid_verification", "2026-1")
    assert reception.deadline.due.isoformat() == "2026-11-24T16:00:00+08:00"


@pytest.mark.parametrize("village", ["63.71.03", "63.72.01.1001", "Pelambuan", "\x00"])
def test_a_village_elsewhere_is_refused(village):
    """The office serves the city's own villages, by their codes."""
    with pytest.raises(Refusal) as refused:
        domain.receive(submission(village=village), MONDAY_9_AM, CALENDAR)
    assert refused.value.code is ErrorCode.REGION_UNKNOWN
    assert refused.value.details == {"field": "address.village"}


def test_a_checklist_tells_what_is_missing_in_the_standards_order():
    """The ids stand in the event, so that the resident's page can name them."""
    judged = checklist(institution_documents=False, resident=False)
    assert domain.missing_requirements(reversed(judged), STANDARD) == (
        "resident",
        "institution_documents",
    )
    assert domain.missing_requirements(checklist(), STANDARD) == ()


def test_a_checklist_judges_every_requirement_once():
    """Neither left out nor judged twice."""
    resident, identity, institution = checklist()
    with pytest.raises(Refusal) as refused:
        domain.missing_requirements([resident, identity, identity], STANDARD)
    assert refused.value.code is ErrorCode.CHECKLIST_INCOMPLETE
    assert refused.value.details == {
        "missing": ["institution_documents"],
        "repeated": ["identity_document"],
    }
    with pytest.raises(Refusal) as refused:
        domain.missing_requirements([resident, identity, institution, resident], STANDARD)
    assert refused.value.details == {"missing": [], "repeated": ["resident"]}


def test_a_requirement_that_the_standard_does_not_have_is_refused_by_its_place():
    """What was sent is not repeated: it may be anything."""
    line = RequirementCheck(requirement=NIK, fulfilled=True)
    with pytest.raises(Refusal) as refused:
        domain.missing_requirements([*checklist(), line], STANDARD)
    assert refused.value.code is ErrorCode.REQUIREMENT_UNKNOWN
    assert refused.value.details == {"field": "checklist", "index": 3}


def test_the_clock_stands_still_while_the_request_is_with_the_resident():
    """Returned and supplemented a day later: due a day later."""
    deadline = domain.receive(submission(), MONDAY_9_AM, CALENDAR).deadline
    stopped = domain.paused(deadline, MONDAY_9_AM + timedelta(hours=1), CALENDAR)
    assert stopped.paused
    assert stopped.due is None
    running = domain.resumed(stopped, MONDAY_9_AM + timedelta(hours=25), CALENDAR)
    assert running.due.date() == deadline.due.date() + timedelta(days=1)
    assert [pause.end is None for pause in running.pauses] == [False]


def test_every_pause_counts():
    """Returned twice, the clock stops twice."""
    deadline = domain.receive(submission(), MONDAY_9_AM, CALENDAR).deadline
    for hours in (1, 49):
        deadline = domain.paused(deadline, MONDAY_9_AM + timedelta(hours=hours), CALENDAR)
        deadline = domain.resumed(deadline, MONDAY_9_AM + timedelta(hours=hours + 24), CALENDAR)
    assert len(deadline.pauses) == 2
    assert deadline.due.date() == date(2026, 11, 26)


def test_a_clock_that_runs_behind_ends_a_pause_where_it_began():
    """Two replicas' clocks may differ by a moment; nothing fails."""
    deadline = domain.receive(submission(), MONDAY_9_AM, CALENDAR).deadline
    stopped = domain.paused(deadline, MONDAY_9_AM + timedelta(hours=1), CALENDAR)
    running = domain.resumed(stopped, MONDAY_9_AM, CALENDAR)
    assert running.due == deadline.due


@pytest.mark.parametrize(("attachments", "notes"), [((), None), ((), " \n"), (("",), "")])
def test_a_supplement_brings_something(attachments, notes):
    """An empty one would start the clock for nothing."""
    with pytest.raises(InvalidFields):
        domain.check_supplement(attachments, notes)


def test_a_supplement_is_a_note_or_a_file():
    """Either is enough."""
    domain.check_supplement((), "KTP sudah diperbarui.")
    domain.check_supplement(("8c8e1c0e-7d4b-4d0e-8b3a-0a4f6a1f2b3c",), None)


@pytest.mark.parametrize("purpose", ["", "Letter", f"nik_{NIK}", "melihat data Siti", "x" * 65])
def test_why_data_is_read_is_a_code(purpose):
    """It is published with the read, so no free text gets in."""
    with pytest.raises(InvalidFields) as refused:
        domain.check_purpose(purpose)
    assert refused.value.details == {"errors": [{"field": "purpose", "code": "wrong_format"}]}
    domain.check_purpose("home_visit")


def test_who_may_read_which_attachment():
    """A request's own file with that request; a visit's photo by staff; a stray upload nobody."""
    case, other = "VRF-20261123-0001", "VRF-20261123-0002"
    assert domain.may_read_attachment(case, case, False, OFFICER)
    assert not domain.may_read_attachment(case, other, True, OFFICER)
    assert domain.may_read_attachment(case, None, True, OFFICER)
    assert domain.may_read_attachment(case, None, True, SYSTEM)
    assert not domain.may_read_attachment(case, None, True, RESIDENT)
    assert not domain.may_read_attachment(case, None, False, OFFICER)
