"""The rules of reception, in the order of the procedure."""

from datetime import UTC, date, datetime

import pytest

from contracts.envelope import RESIDENT, SYSTEM
from contracts.errors import ErrorCode, InvalidFields, Refusal
from contracts.intake import Reporter, RequirementCheck
from services.intake import domain
from services.intake.fields import check_submission
from standards import catalogue
from standards.calendar import WorkCalendar
from tests.unit.intake.samples import NIK, checklist, submission

MONDAY_9_AM = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CALENDAR = WorkCalendar.load()
STANDARD = catalogue.load("aid_verification")
OTHER_KINDS = [
    ("data_request", "jamkesda", "kind"),
    ("assistance_verification", "academic_research", "purpose"),
    ("assistance_verification", "social_welfare_development", "purpose"),
]


def faults(ask):
    """The (field, code) pairs that a submission is refused with."""
    with pytest.raises(InvalidFields) as refused:
        check_submission(ask)
    assert refused.value.code is ErrorCode.VALIDATION_FAILED
    return [(each["field"], each["code"]) for each in refused.value.details["errors"]]


def test_a_whole_submission_gives_its_nik():
    """Nothing is missing, nothing is refused."""
    assert check_submission(submission()).number == NIK


@pytest.mark.parametrize("nik", ["637103450585000", "6371039905850003", "63710345058500O3"])
def test_a_number_that_cannot_be_a_nik_is_refused_without_repeating_it(nik):
    """Too short, an impossible day, a letter for a digit."""
    with pytest.raises(InvalidFields) as refused:
        check_submission(submission(nik=nik))
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
    assert check_submission(ask.model_copy(update={"applicant": applicant}))


def test_a_third_partys_report_names_its_reporter():
    """A report on somebody else's need comes from somebody."""
    assert faults(submission(channel="third_party")) == [("reporter", "required")]
    nameless = submission(channel="third_party", reporter=Reporter(name=" "))
    assert faults(nameless) == [("reporter.name", "required")]
    named = submission(channel="third_party", reporter=Reporter(name="Ketua RT"))
    assert check_submission(named)


def test_what_looks_wrong_is_a_warning_and_no_refusal():
    """The NIK names the place of first registration and never changes."""
    ask = submission(nik="3171034505850003", birth_date="1985-05-06", sex="male")
    nik = check_submission(ask)
    assert domain.warnings_of(nik, ask, duplicate=True) == (
        "nik_other_region",
        "nik_birth_date_differs",
        "nik_sex_differs",
        "likely_duplicate",
    )


def test_nothing_is_warned_of_when_all_fits():
    """A woman's day of birth stands in the NIK with 40 added."""
    ask = submission()
    nik = check_submission(ask)
    assert domain.warnings_of(nik, ask, duplicate=False) == ()


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


@pytest.mark.parametrize(("attachments", "notes"), [((), None), ((), " \n"), (("",), "")])
def test_a_supplement_brings_something(attachments, notes):
    """An empty one would start the clock for nothing."""
    with pytest.raises(InvalidFields):
        domain.check_supplement(attachments, notes)


def test_a_supplement_is_a_note_or_a_file():
    """Either is enough."""
    domain.check_supplement((), "KTP sudah diperbarui.")
    domain.check_supplement(("8c8e1c0e-7d4b-4d0e-8b3a-0a4f6a1f2b3c",), None)


@pytest.mark.parametrize(("kind", "purpose", "field"), OTHER_KINDS)
def test_a_request_for_data_is_no_request_for_aid(kind, purpose, field):
    """Each kind has its own command and its own purposes."""
    assert faults(submission(kind=kind, purpose=purpose)) == [(field, "unknown_value")]


def test_who_works_for_the_office():
    """Everybody but the resident."""
    assert domain.is_staff(SYSTEM)
    assert not domain.is_staff(RESIDENT)
