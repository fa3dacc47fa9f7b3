"""What a request for data must hold, and how anybody may be told of their case."""

import pytest

from contracts.envelope import Contact
from contracts.errors import TEXTS, ErrorCode, InvalidFields, Refusal
from services.intake.fields import check_application, check_submission
from standards import catalogue
from tests.unit.intake.samples import NIK, application, submission

YEAR = 2026


def faults(ask):
    """The (field, code) pairs that a request for data is refused with."""
    with pytest.raises(InvalidFields) as refused:
        check_application(ask, YEAR)
    return [(each["field"], each["code"]) for each in refused.value.details["errors"]]


def test_a_whole_request_for_data_passes():
    """The requester's NIK is read where they gave it, and is not asked for."""
    assert check_application(application(), YEAR) is None
    assert check_application(application(requester={"nik": NIK}), YEAR).number == NIK


@pytest.mark.parametrize("purpose", ["jamkesda", "politics", "kampanye", NIK])
def test_a_purpose_that_the_standard_does_not_serve_is_refused_in_its_words(purpose):
    """Social-welfare development or academic research, never politics; requirement 1."""
    with pytest.raises(Refusal) as refused:
        check_application(application(purpose=purpose), YEAR)
    assert refused.value.code is ErrorCode.PURPOSE_NOT_SERVED
    assert refused.value.details == {"field": "purpose"}
    requirement = catalogue.load("data_request").requirements[0]
    assert TEXTS[ErrorCode.PURPOSE_NOT_SERVED][0] == f"{requirement.text_id}."


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        ("purpose", {"purpose": " "}),
        ("use", {"use": ""}),
        ("data_types", {"data_types": ()}),
        ("data_types.1", {"data_types": ("Lansia", " ")}),
        ("coverage", {"coverage": "\t"}),
        ("years", {"years": ()}),
        ("letter", {"letter": ""}),
        ("requester.name", {"requester": {"name": ""}}),
        ("requester.institution", {"requester": {"institution": " "}}),
    ],
)
def test_a_letter_that_lacks_a_statement_is_told_which(field, parts):
    """Purpose, types of data, coverage and year at least; requirement 2."""
    assert faults(application(**parts)) == [(field, "required")]


def test_everything_that_is_missing_is_said_at_once():
    """The requester corrects the form once."""
    ask = application(use="", coverage="", years=(), data_types=(), requester={"nik": "1"})
    assert faults(ask) == [
        ("use", "required"),
        ("coverage", "required"),
        ("data_types", "required"),
        ("years", "required"),
        ("requester.nik", "invalid_nik"),
    ]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"data_types": tuple(f"Jenis {n}" for n in range(21))}, ("data_types", "too_many")),
        ({"data_types": ("Lansia", " lansia ")}, ("data_types", "not_distinct")),
        ({"years": tuple(range(1990, 2021))}, ("years", "too_many")),
        ({"years": (2024, 2024)}, ("years", "not_distinct")),
        ({"years": (2024, 1944)}, ("years.1", "out_of_range")),
        ({"years": (YEAR + 1,)}, ("years.0", "out_of_range")),
    ],
)
def test_types_and_years_are_listed_once_and_within_bounds(parts, expected):
    """As many as somebody can mean, and no year that is not over or running."""
    assert faults(application(**parts)) == [expected]


def test_the_bounds_themselves_are_allowed():
    """Twenty types, thirty years, from 1945 to the present year."""
    years = (1945, *range(1998, YEAR + 1))
    assert len(years) == 30
    types = tuple(f"Jenis {number}" for number in range(20))
    assert check_application(application(years=years, data_types=types), YEAR) is None


FITTING = [
    ("email", "siti@example.id"),
    ("whatsapp", "0812-5000-1234"),
    ("whatsapp", "+62 812 5000 1234"),
    ("telegram", "123456789"),
    ("telegram", "-1001234567890"),
]
OTHER = [
    ("email", "siti"),
    ("email", "siti@example.id\nBcc: x@example.id"),
    ("email", "a@" + "x" * 254),
    ("whatsapp", "siti@example.id"),
    ("whatsapp", "12"),
    ("telegram", "siti"),
    ("telegram", "12-3"),
    ("telegram", "١٢٣"),
    ("telegram", ""),
]


@pytest.mark.parametrize("ask", [application, submission])
@pytest.mark.parametrize(("way", "address"), FITTING)
def test_a_contact_has_an_address_of_its_way(ask, way, address):
    """A mail address, a telephone number, a chat's id; a group's is negative."""
    asked = ask(notify=(Contact(way=way, address=address),))
    if ask is application:
        check_application(asked, YEAR)
    else:
        check_submission(asked)


@pytest.mark.parametrize(("way", "address"), OTHER)
def test_a_contact_that_could_not_be_reached_is_refused_by_its_place(way, address):
    """The address is not repeated."""
    good, bad = Contact(way=FITTING[0][0], address=FITTING[0][1]), Contact(way=way, address=address)
    if way == "email":
        good = Contact(way="telegram", address="1")
    assert faults(application(notify=(good, bad))) == [("notify.1.address", "wrong_format")]
    with pytest.raises(InvalidFields) as refused:
        check_submission(submission(notify=(bad,)))
    fault = {"field": "notify.0.address", "code": "wrong_format"}
    assert refused.value.details == {"errors": [fault]}


def test_each_way_is_given_once():
    """A second mail address would leave open which one counts."""
    twice = tuple(Contact(way="email", address=f"{name}@example.id") for name in "ab")
    assert faults(application(notify=twice)) == [("notify", "not_distinct")]
