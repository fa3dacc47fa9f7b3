"""What each command must say, and until when it gives time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.complaints import (
    AnswerSurvey,
    CheckComplaint,
    Complainant,
    CoordinateComplaint,
    Element,
    ReconcileLapor,
    Scope,
    SubmitComplaint,
)
from contracts.envelope import RESIDENT, Actor, Role
from contracts.errors import ErrorCode, InvalidFields, Refusal
from services.complaints import fields
from services.complaints.domain import Case
from standards import catalogue
from standards.calendar import WorkCalendar
from standards.catalogue import UnknownStandard
from standards.clock import closing_after

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ESCALATED = datetime(2026, 11, 21, 2, 0, 30, tzinfo=UTC)
NUMBER = "ADU-20261123-0001"
DEWI = Actor(id="dewi", role=Role.COMPLAINT_OFFICER)
CALENDAR = WorkCalendar.load()
PERSON = {"name": "N", "nik": "6371034505850003", "address": "Jalan A", "phone": "0812000111"}


def errors_of(call, *args):
    """The fields that the call is refused for, with their codes."""
    with pytest.raises(InvalidFields) as refused:
        call(*args)
    return [(error["field"], error["code"]) for error in refused.value.details["errors"]]


def code_of(call, *args):
    """The code of the refusal that the call raises."""
    with pytest.raises(Refusal) as refused:
        call(*args)
    return refused.value.code


def submission(person=None, **parts):
    """A complaint at the counter."""
    usual = {"channel": "counter", "complainant": Complainant(**PERSON | (person or {}))}
    return SubmitComplaint(**usual | {"matter": "Ada potongan."} | parts)


def came_back(number, occurred_at):
    """A message from LAPOR!."""
    facts = {"status": "forwarded", "lapor_number": number, "occurred_at": occurred_at}
    return ReconcileLapor(tracking_number=NUMBER, **facts)


def lapor_errors(number, occurred_at, known=None):
    """What a message from LAPOR! is refused for, two days after the escalation."""
    ask = came_back(number, occurred_at)
    with pytest.raises(InvalidFields) as refused:
        fields.check_lapor(ask, ESCALATED, known, now=NOW)
    return [(error["field"], error["code"]) for error in refused.value.details["errors"]]


def finding(result, **parts):
    """What a check finds."""
    return CheckComplaint(tracking_number=NUMBER, result=result, **parts)


@pytest.mark.parametrize("field", ["name", "nik", "address"])
def test_a_complaint_needs_full_identity(field):
    """Identitas lengkap: each part is asked for by its name."""
    errors = errors_of(fields.check_submission, submission({field: " "}), DEWI, NOW)
    assert errors == [(f"complainant.{field}", "required")]


def test_a_complainant_can_be_reached_by_phone_or_by_mail():
    """One of the two suffices."""
    neither = submission({"phone": None})
    assert errors_of(fields.check_submission, neither, DEWI, NOW) == [
        ("complainant.phone", "required")
    ]
    fields.check_submission(submission({"phone": None, "email": "a@b.example"}), DEWI, NOW)


def test_everything_that_is_missing_is_said_at_once():
    """Nobody likes to be sent back twice."""
    ask = submission({"name": "", "nik": "123", "phone": ""}, matter="\n", channel="box")
    assert {*errors_of(fields.check_submission, ask, DEWI, NOW)} == {
        ("complainant.name", "required"),
        ("complainant.nik", "invalid_nik"),
        ("complainant.phone", "required"),
        ("matter", "required"),
        ("attachments", "required"),
    }


@pytest.mark.parametrize("channel", ["box", "email", "whatsapp", "counter"])
def test_residents_complain_on_the_website_alone(channel):
    """What came by another way is entered by the officer."""
    ask = submission(channel=channel, attachments=("a",))
    assert errors_of(fields.check_submission, ask, RESIDENT, NOW) == [("channel", "not_allowed")]
    fields.check_submission(ask, DEWI, NOW)


@pytest.mark.parametrize("role", set(Role) - {Role.RESIDENT, Role.COMPLAINT_OFFICER})
def test_nobody_else_enters_complaints(role):
    """Not even the heads."""
    actor = Actor(id="x", role=role)
    code = code_of(fields.check_submission, submission(), actor, NOW)
    assert code is ErrorCode.ACCESS_DENIED


@pytest.mark.parametrize(
    ("received_at", "code"),
    [
        (NOW + timedelta(seconds=1), "out_of_range"),
        (NOW - fields.OLDEST_RECEIPT - timedelta(seconds=1), "out_of_range"),
        (NOW.replace(tzinfo=None), "wrong_format"),
    ],
)
def test_the_day_of_receipt_lies_within_the_last_sixty_days(received_at, code):
    """Neither ahead nor so long ago that it is a slip of the pen."""
    ask = submission(received_at=received_at)
    assert errors_of(fields.check_submission, ask, DEWI, NOW) == [("received_at", code)]
    fields.check_submission(submission(received_at=NOW - fields.OLDEST_RECEIPT), DEWI, NOW)


def test_residents_say_neither_when_it_was_received_nor_which_officer():
    """A resident who named officers could keep every officer from a complaint."""
    ask = submission(channel="website", received_at=NOW, officer="joko")
    assert errors_of(fields.check_submission, ask, RESIDENT, NOW) == [
        ("officer", "not_allowed"),
        ("received_at", "not_allowed"),
    ]


@pytest.mark.parametrize("officer", ["Budi Santoso", "", "n6371034505850003.x", "6371034505850003"])
def test_an_officer_is_a_user_name_and_a_case_a_number(officer):
    """Both stand in events, which hold no free text."""
    ask = submission(officer=officer, about_case="VRF 7")
    assert ("officer", "wrong_format") in errors_of(fields.check_submission, ask, DEWI, NOW)
    assert ("about_case", "wrong_format") in errors_of(fields.check_submission, ask, DEWI, NOW)
    check = finding("complete", officer=officer)
    assert errors_of(Case().check, DEWI, check) == [("officer", "wrong_format")]


def test_a_supplement_brings_something():
    """A file or a note."""
    assert errors_of(fields.check_supplement, (), " ") == [("notes", "required")]
    fields.check_supplement(("a",), None)
    fields.check_supplement((), "Ini.")


@pytest.mark.parametrize("field", ["partner", "question"])
def test_a_coordination_asks_somebody_something(field):
    """Neither may be blank."""
    usual = {"partner": "BPJS", "question": "Aktif?"}
    ask = CoordinateComplaint(tracking_number=NUMBER, scope="external", **usual | {field: " "})
    assert errors_of(fields.check_question, ask) == [(field, "required")]


def test_the_survey_has_nine_elements_from_one_to_four():
    """PermenPANRB 14/2017: each is asked."""
    scores = dict.fromkeys(Element, 4) | {Element.FEE: 5, Element.TIME: 0}
    del scores[Element.PRODUCT]
    ask = AnswerSurvey(tracking_number=NUMBER, scores=scores)
    assert {*errors_of(fields.check_survey, ask)} == {
        ("scores.fee", "out_of_range"),
        ("scores.time", "out_of_range"),
        ("scores.product", "required"),
    }


def test_what_came_back_from_lapor_has_a_number_and_lies_in_the_past():
    """It stands beside the office's own record; it came after the escalation, to the minute."""
    assert lapor_errors(" ", NOW) == [("lapor_number", "required")]
    assert lapor_errors("7", NOW + timedelta(minutes=1)) == [("occurred_at", "out_of_range")]
    assert lapor_errors("7", NOW.replace(tzinfo=None)) == [("occurred_at", "wrong_format")]
    before = ESCALATED.replace(second=0) - timedelta(seconds=1)
    assert lapor_errors("7", before) == [("occurred_at", "out_of_range")]
    fields.check_lapor(came_back("7", ESCALATED.replace(second=0)), ESCALATED, None, now=NOW)


def test_lapor_has_one_number_for_each_escalation():
    """Another one belongs to another complaint; blanks around it are no difference."""
    assert lapor_errors("8", NOW, known="7") == [("lapor_number", "differs")]
    fields.check_lapor(came_back(" 7 ", NOW), ESCALATED, "7", now=NOW)


def test_partners_have_the_days_of_the_standard():
    """Inside and outside the office."""
    figures = fields.follow_up(catalogue.load("complaint"))
    assert fields.days_for_answer(Scope.INTERNAL, figures) == figures.internal_working_days
    assert fields.days_for_answer(Scope.EXTERNAL, figures) == figures.external_working_days
    with pytest.raises(UnknownStandard):
        fields.follow_up(catalogue.load("aid_verification"))


def test_time_is_given_to_the_close_of_a_working_day():
    """Asked on a Monday after the cut-off counts from Tuesday; a reminder counts plain days."""
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=CALENDAR.zone)
    closing = datetime(2026, 11, 25, 16, 0, tzinfo=CALENDAR.zone)
    assert closing_after(monday, 2, CALENDAR) == closing
    late = monday.replace(hour=15, minute=30)
    assert closing_after(late, 1, CALENDAR) == closing
    friday = date(2026, 11, 20)
    assert fields.same_span_after(friday, 3, CALENDAR) == closing
