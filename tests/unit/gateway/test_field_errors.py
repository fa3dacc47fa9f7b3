"""Field errors name the field and the rule, never the value."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from contracts.errors import ErrorCode
from contracts.intake import RequestKind
from gateway.field_errors import MOST_ERRORS, FieldError, field_error, field_errors

SECRET = "6371034107900001"


class Inner(BaseModel):
    """Part of a form."""

    model_config = ConfigDict(extra="forbid")

    nik: str = Field(pattern="^[0-9]{16}$")


class Outer(BaseModel):
    """A form with one of everything."""

    model_config = ConfigDict(extra="forbid")

    applicant: Inner = Inner(nik=SECRET)
    name: str = Field("Siti", min_length=2, max_length=4)
    count: int = Field(1, ge=1, le=9)
    lines: tuple[Inner, ...] = Field((), max_length=2)


def errors_of(body: dict[str, Any]) -> list[FieldError]:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(body)
    return field_errors(caught.value)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"applicant": {}}, "applicant.nik", "required"),
        ({"applicant": {"nik": f"{SECRET}9"}}, "applicant.nik", "wrong_format"),
        ({"applicant": {"nik": int(SECRET)}}, "applicant.nik", "wrong_type"),
        ({"applicant": SECRET}, "applicant", "wrong_type"),
        ({"name": "S"}, "name", "too_short"),
        ({"name": f"Siti {SECRET}"}, "name", "too_long"),
        ({"count": 10}, "count", "out_of_range"),
        ({"count": SECRET + "x"}, "count", "wrong_format"),
        ({"lines": [{"nik": SECRET}, {"nik": "1"}]}, "lines.1.nik", "wrong_format"),
        ({"lines": [{"nik": SECRET}] * 3}, "lines", "too_long"),
        ({"colour": SECRET}, "colour", "unknown_field"),
        ({SECRET: 1}, "?", "unknown_field"),
        ({"applicant": {"nik": SECRET, "Siti Aminah": 1}}, "applicant.?", "unknown_field"),
    ],
)
def test_an_error_names_the_field_and_hides_the_value(
    body: dict[str, Any], field: str, code: str
) -> None:
    """A NIK that was sent stands nowhere, not even where it was sent as a field's name."""
    found = errors_of(body)
    assert (field, code) in [(each.field, each.code) for each in found]
    assert SECRET not in "".join(each.model_dump_json() for each in found)


def test_the_texts_tell_the_limit() -> None:
    """The model's own figures, in both languages."""
    (error,) = errors_of({"name": "Siti Aminah"})
    assert error.message_id == "Terlalu panjang (≤ 4)."
    assert error.message_en == "Too long (≤ 4)."


def test_a_body_of_unknown_fields_gets_a_short_answer() -> None:
    """However many there are."""
    assert len(errors_of({f"x{'y' * number}": 1 for number in range(500)})) == MOST_ERRORS


def test_a_services_code_has_a_text_too() -> None:
    """A code of the table of refusals, one of our own, and one that this version does not know."""
    assert field_error("address.village", ErrorCode.REGION_UNKNOWN).message_en.startswith("The reg")
    assert field_error("applicant.nik", "invalid_nik").message_id.startswith("NIK")
    assert field_error("x", "made_up_later").message_en == "Not in the required form."


class Cat(BaseModel):
    """One of two kinds."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal[RequestKind.DATA_REQUEST]
    name: str


class Dog(Cat):
    """The other."""

    kind: Literal[RequestKind.ASSISTANCE_VERIFICATION]  # type: ignore[assignment]


class Animal(RootModel[Annotated[Cat | Dog, Field(discriminator="kind")]]):
    """Either."""


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"kind": "data_request"}, "name", "required"),
        ({"kind": "data_request", "name": "x", SECRET: 1}, "?", "unknown_field"),
        ({"kind": SECRET}, "kind", "not_allowed"),
        ({"name": "x"}, "kind", "required"),
    ],
)
def test_the_kind_of_a_body_is_a_field_and_no_part_of_a_path(
    body: dict[str, Any], field: str, code: str
) -> None:
    """Paths are those that the caller wrote; the choices are the model's."""
    with pytest.raises(ValidationError) as caught:
        Animal.model_validate(body)
    (error,) = field_errors(caught.value)
    assert (error.field, error.code) == (field, code)
    assert SECRET not in error.model_dump_json()
    if code == "not_allowed":
        assert error.message_en.count("data_request") == 1
