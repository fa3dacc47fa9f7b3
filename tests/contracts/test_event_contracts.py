"""What holds for every event: frozen, without personal data, readable by older consumers."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar, get_args

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import BaseModel, ValidationError

from contracts import intake
from contracts.catalogue import SUBSCRIBERS
from contracts.envelope import CloudEvent, Contract, EventData
from contracts.event_schemas import message_schema, schema_name
from contracts.examples import example

EVENTS = pytest.mark.parametrize("event", SUBSCRIBERS, ids=schema_name)

# A field is personal if one of the words of its name is: `family_card`, `note_id`.
PERSONAL_WORDS = {
    *("name", "nik", "card", "birth", "sex", "family", "household", "members", "income"),
    *("phone", "email", "address", "street", "rt", "rw", "latitude", "longitude", "position"),
    *("note", "notes", "findings", "grounds", "conclusion", "participants", "relation"),
    *("applicant", "reporter", "complainant", "institution", "content", "comment", "password"),
}


class YesterdaysData(EventData):
    """The data of `request_withdrawn` as a consumer knew it before a field was added."""

    source: ClassVar[str] = "intake"
    event: ClassVar[str] = "request_withdrawn"

    stage: str


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation holds, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def fields_of(model: type[BaseModel]) -> Iterator[tuple[type[BaseModel], str]]:
    """Every field of a model and of the models inside it."""
    for name, field in model.model_fields.items():
        yield model, name
        for part in models_in(field.annotation):
            yield from fields_of(part)


def personal_fields(model: type[BaseModel]) -> list[str]:
    """The fields whose name says that they hold personal data or a resident's words."""
    return [
        f"{part.__name__}.{name}"
        for part, name in fields_of(model)
        if PERSONAL_WORDS & set(name.split("_"))
    ]


@EVENTS
def test_an_event_cannot_be_changed_once_made(event: type[EventData]) -> None:
    """Every event model and every model inside it is frozen."""
    assert event.model_config.get("frozen")
    assert all(part.model_config.get("frozen") for part, _ in fields_of(event))


@EVENTS
def test_an_event_has_no_field_that_could_be_personal(event: type[EventData]) -> None:
    """No field's name, however deep, is that of personal data or of free text."""
    assert personal_fields(event) == []


def test_a_personal_field_would_be_found_at_any_depth() -> None:
    """The rule above sees the personal fields of a command, also inside its parts."""
    found = personal_fields(intake.SubmitRequest)
    assert "SubmitRequest.notes" in found
    assert "Applicant.nik" in found
    assert "Address.street" in found
    assert "Reporter.phone" in found


@EVENTS
def test_every_event_has_an_example_of_its_own(event: type[EventData]) -> None:
    """The example has the event's type and source, and its data is what the model writes."""
    message = example(event)
    assert message.type == event.cloud_event_type()
    assert message.source == f"/services/{event.source}"
    assert event.model_validate(message.data).model_dump(mode="json") == message.data


@EVENTS
def test_a_message_as_it_travels_is_valid_by_its_schema(event: type[EventData]) -> None:
    """The published JSON Schema accepts the message's own text, formats included."""
    schema = message_schema(event)
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [error.message for error in checker.iter_errors(json.loads(example(event).body()))] == []


@pytest.mark.parametrize(
    "change",
    [
        {"type": "sigap.request_returned.v1"},
        {"source": "/services/verification"},
        {"sequence": "0"},
        {"time": "yesterday"},
        {"data": {"stage": "somewhere"}},
        {"data": {}},
        {"specversion": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_schema_refuses_what_is_not_its_message(change: dict[str, Any]) -> None:
    """Type, source, sequence, time, data and version are each held by the schema."""
    checker = Draft202012Validator(
        message_schema(intake.RequestWithdrawn), format_checker=FormatChecker()
    )
    message = json.loads(example(intake.RequestWithdrawn).body())
    changed = {k: v for k, v in {**message, **change}.items() if v is not None}
    assert not checker.is_valid(changed)


def test_an_old_consumer_reads_a_message_with_a_new_field() -> None:
    """A field that a consumer's model does not know is ignored by it."""
    data = {**example(intake.RequestWithdrawn).data, "reason_code": "moved_away"}
    assert YesterdaysData.model_validate(data) == YesterdaysData(stage="intake")


def test_a_new_consumer_reads_a_message_without_an_optional_field() -> None:
    """An optional field may be missing, as it is in older events of the ledger."""
    data = dict(example(intake.RequestReceived).data)
    del data["warnings"], data["attachments"]
    assert intake.RequestReceived.model_validate(data).attachments == 0


@EVENTS
def test_reading_a_message_and_writing_it_again_gives_the_same_bytes(
    event: type[EventData],
) -> None:
    """The ledger holds a message as it was published."""
    body = example(event).body()
    assert CloudEvent.model_validate_json(body).body() == body


def test_an_attribute_that_is_not_known_survives_reading() -> None:
    """An envelope written by a newer publisher loses nothing on its way into the ledger."""
    body = example(intake.RequestWithdrawn).body()[:-1] + ',"tracestate":"a=1"}'
    assert CloudEvent.model_validate_json(body).body() == body


def test_an_envelope_cannot_be_changed_once_made() -> None:
    """CloudEvent and every contract are frozen."""
    with pytest.raises(ValidationError):
        example(intake.RequestWithdrawn).id = "other"  # type: ignore[misc]
    assert Contract.model_config["frozen"]
