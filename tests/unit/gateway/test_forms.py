"""Request bodies: each has an example that fits, and what does not fit is refused."""

from inspect import getmembers, isclass
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.intake import SubmitRequest
from gateway.api import attachments, login, requests, status, verifications
from gateway.api.forms import Form, NothingForm
from standards import catalogue

MODULES = (attachments, login, requests, status, verifications)
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
JSON_BODIES = [form for form in BODIES if form is not attachments.AttachmentForm]


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
    command = requests.RequestForm.model_validate(example(requests.RequestForm)).command()
    sent = command.model_dump(mode="json", exclude_none=True)
    assert sent == example(requests.RequestForm)
    assert set(requests.RequestForm.model_fields) == set(SubmitRequest.model_fields)


def test_the_example_identification_judges_what_the_standard_asks() -> None:
    """Every requirement that is checked at the counter, once."""
    asked = [r.id for r in catalogue.load("aid_verification").requirements if r.checked_at_counter]
    lines = example(verifications.IdentificationForm)["checklist"]
    assert [line["requirement"] for line in lines] == asked


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\x1bb", "\x7f", "\ud800", "   ", ""])
def test_a_line_holds_no_control_characters(text: str) -> None:
    """PostgreSQL would refuse a NUL; a letter could not print the others."""
    body = {"name": text, "nik": "6371034107900001"}
    assert [place for place, _ in errors(requests.ApplicantForm, body)] == ["name"]


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
    assert [place for place, _ in errors(requests.ApplicantForm, body)] == [field]


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
    body = example(requests.RequestForm)
    assert errors(requests.RequestForm, body | {"attachments": ["a", "a"]})
    assert errors(requests.RequestForm, body | {"attachments": [f"a{n}" for n in range(11)]})


def test_a_move_that_needs_no_body_takes_an_empty_one() -> None:
    """And refuses anything in it."""
    NothingForm.model_validate({})
    assert errors(NothingForm, {"reason": "x"})
