"""Request bodies: each has an example that fits, and what does not fit is refused."""

from inspect import getmembers, isclass
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.complaints import SubmitComplaint
from contracts.intake import SubmitDataRequest, SubmitRequest
from gateway.api import (
    attachments,
    complaint_forms,
    data_requests,
    login,
    request_forms,
    residents,
    verifications,
    webhooks,
)
from gateway.api.forms import ContactForm, Form, NothingForm
from standards import catalogue

MODULES = (
    attachments,
    complaint_forms,
    data_requests,
    login,
    request_forms,
    residents,
    verifications,
    webhooks,
)
FORMS = {
    found
    for module in MODULES
    for _, found in getmembers(module, isclass)
    if issubclass(found, Form) and found is not Form
}
BODIES = sorted(
    (form for form in FORMS if "openapi_extra" in form.model_config and form.model_fields),
    key=lambda form: form.__name__,
)
UPLOADS = (attachments.AttachmentForm, data_requests.TableForm)
JSON_BODIES = [form for form in BODIES if form not in UPLOADS]


def example(form: type[Form]) -> dict[str, Any]:
    value: dict[str, Any] = form.model_config["openapi_extra"]["examples"]["example"]["value"]  # type: ignore[typeddict-item]
    return value


def errors(form: type[Form], body: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        form.model_validate(body)
    return [(".".join(map(str, each["loc"])), each["type"]) for each in caught.value.errors()]


@pytest.mark.parametrize("form", JSON_BODIES)
def test_an_example_fits_its_form(form: type[Form]) -> None:
    """As it stands, and it is JSON."""
    form.model_validate(example(form))


@pytest.mark.parametrize("form", sorted(FORMS, key=lambda form: form.__name__))
def test_an_unknown_field_is_refused(form: type[Form]) -> None:
    """In every form, also in the parts of forms."""
    assert ("colour", "extra_forbidden") in errors(form, {"colour": "red"})


def test_the_example_request_becomes_the_command_without_losing_anything() -> None:
    """Every field that the form takes reaches intake."""
    command = request_forms.RequestForm.model_validate(request_forms.EXAMPLE).command()
    sent = command.model_dump(mode="json", exclude_none=True)
    assert sent == request_forms.EXAMPLE
    assert set(request_forms.RequestForm.model_fields) == set(SubmitRequest.model_fields)


def test_the_example_request_for_data_becomes_the_command_without_losing_anything() -> None:
    """Every field but the kind; the file of the letter has become an id."""
    form = request_forms.DataRequestForm.model_validate(request_forms.DATA_EXAMPLE)
    sent = form.command("a-1").model_dump(mode="json", exclude_none=True)
    given = {
        k: v for k, v in request_forms.DATA_EXAMPLE.items() if k not in ("kind", "letter_file")
    }
    assert sent == given | {"letter": "a-1"}
    taken = set(request_forms.DataRequestForm.model_fields) - {"kind", "letter_file"}
    assert taken == set(SubmitDataRequest.model_fields)


def test_the_example_complaint_becomes_the_command_without_losing_anything() -> None:
    """Every field that the form takes reaches the complaints service."""
    form = complaint_forms.ComplaintForm.model_validate(example(complaint_forms.ComplaintForm))
    sent = form.command().model_dump(mode="json", exclude_none=True)
    assert sent == example(complaint_forms.ComplaintForm)
    assert set(complaint_forms.ComplaintForm.model_fields) == set(SubmitComplaint.model_fields)


@pytest.mark.parametrize("field", ["purpose", "use", "data_types", "coverage", "years", "letter"])
def test_a_letter_that_lacks_a_statement_is_refused_by_its_name(field: str) -> None:
    """The standard's four, the use in words, and the letter itself."""
    lacking = {"letter": "letter_file"}.get(field, field)
    body = {k: v for k, v in request_forms.DATA_EXAMPLE.items() if k != lacking}
    assert errors(request_forms.DataRequestForm, body) == [(field, "missing")]


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("years", [], "years"),
        ("years", ["2024"], "years.0"),
        ("years", [1800], "years.0"),
        ("data_types", [], "data_types"),
        ("data_types", [""], "data_types.0"),
        ("purpose", "Partai\nContoh", "purpose"),
        ("letter", "a-1", "letter"),
        ("letter_file", "no base64", "letter_file"),
        ("letter_file", "a" * 200_000, "letter_file"),
        ("requester", {"name": "Budi"}, "requester.institution"),
    ],
)
def test_a_wrong_request_for_data_is_refused(field: str, value: object, place: str) -> None:
    """The error is about the field that is wrong; two letters are one too many."""
    body = request_forms.DATA_EXAMPLE | {field: value}
    places = [where for where, _ in errors(request_forms.DataRequestForm, body)]
    assert places[0] == place
    assert {where.split(".")[0] for where in places} == {field}


@pytest.mark.parametrize(
    ("way", "address", "fits"),
    [
        ("email", "siti@contoh.example", True),
        ("email", "0812 0000 0000", False),
        ("whatsapp", "+62 812-0000-0000", True),
        ("whatsapp", "siti@contoh.example", False),
        ("telegram", "123456789", True),
        ("telegram", "-1001234567890", True),
        ("telegram", "@siti_contoh", False),
        ("telegram", "siti", False),
    ],
)
def test_an_address_fits_its_way(way: str, address: str, fits: bool) -> None:
    """A message to it would not arrive otherwise."""
    body = {"way": way, "address": address}
    if fits:
        ContactForm.model_validate(body)
    else:
        assert errors(ContactForm, body) == [("address", "wrong_format")]


def test_each_way_is_given_once() -> None:
    """Which of two numbers would be told?"""
    notify = [{"way": "whatsapp", "address": f"0812 0000 000{n}"} for n in range(2)]
    body = request_forms.EXAMPLE | {"notify": notify}
    assert errors(request_forms.RequestForm, body) == [("notify", "not_distinct")]


def test_the_example_identification_judges_what_the_standard_asks() -> None:
    """Every requirement that is checked at the counter, once."""
    asked = [r.id for r in catalogue.load("aid_verification").requirements if r.checked_at_counter]
    lines = example(verifications.IdentificationForm)["checklist"]
    assert [line["requirement"] for line in lines] == asked


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\x1bb", "\x7f", "\ud800", "   ", ""])
def test_a_line_holds_no_control_characters(text: str) -> None:
    """PostgreSQL would refuse a NUL; a letter could not print the others."""
    body = {"name": text, "nik": "6371034107900001"}
    assert [place for place, _ in errors(request_forms.ApplicantForm, body)] == ["name"]


def test_paragraphs_may_have_lines() -> None:
    """But no other control characters."""
    form = verifications.DecisionForm
    kept = form.model_validate({"decision": "eligible", "grounds": "satu\n\tdua"})
    assert kept.grounds == "satu\n\tdua"
    assert errors(form, {"decision": "eligible", "grounds": "a\x00"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nik", 6371034107900001),
        ("nik", "637103410790000"),
        ("nik", "6371034107900001\n"),
        ("nik", "٦٣٧١٠٣٤١٠٧٩٠٠٠٠١"),
        ("family_card", "1"),
        ("birth_date", 0),
        ("birth_date", "1990-02-30"),
        ("birth_date", "1990-07-01T10:00:00"),
        ("sex", "other"),
        ("phone", "call me"),
        ("email", "siti"),
        ("name", "x" * 161),
        ("name", ["Siti"]),
    ],
)
def test_a_wrong_applicant_is_refused(field: str, value: object) -> None:
    """The error is about the field that is wrong, and about no other."""
    body = {"name": "Siti", "nik": "6371034107900001", field: value}
    assert [place for place, _ in errors(request_forms.ApplicantForm, body)] == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("visited_at", "2026-11-20T09:30:00"),
        ("visited_at", 1795000000),
        ("visited_at", "yesterday"),
        ("visited_at", "0001-01-01T00:00:00+08:00"),
        ("visited_at", "9999-12-31T23:00:00-08:00"),
        ("household_members", "4"),
        ("household_members", 4.0),
        ("household_members", True),
        ("household_members", -1),
        ("monthly_income_idr", 10**30),
        ("visit", "a b"),
        ("photos", [{"attachment": "x", "sha256": "y"}]),
        ("position", {"latitude": 91, "longitude": 0, "accuracy_m": 1}),
        ("position", {"latitude": float("inf"), "longitude": 0, "accuracy_m": 1}),
        ("position", {"latitude": "1", "longitude": 0, "accuracy_m": 1}),
    ],
)
def test_a_wrong_visit_report_is_refused(field: str, value: object) -> None:
    """Types are taken as they are written in JSON; nothing is guessed."""
    body = example(verifications.VisitReportForm) | {field: value}
    assert {place.split(".")[0] for place, _ in errors(verifications.VisitReportForm, body)} == {
        field
    }


def test_an_attachment_is_named_once() -> None:
    """And ten at most."""
    form, body = request_forms.RequestForm, request_forms.EXAMPLE
    assert errors(form, body | {"attachments": ["a", "a"]})
    assert errors(form, body | {"attachments": [f"a{n}" for n in range(11)]})


def test_a_move_that_needs_no_body_takes_an_empty_one() -> None:
    """And refuses anything in it."""
    NothingForm.model_validate({})
    assert errors(NothingForm, {"reason": "x"})
