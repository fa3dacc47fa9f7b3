"""Each kind of change to a published event, and whether it breaks a consumer."""

from enum import StrEnum
from typing import Any, ClassVar, Literal

import pytest
from pydantic import Field, create_model

from contracts.compatibility import breaking_changes
from contracts.envelope import Contract, EventData
from contracts.event_schemas import message_schema


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class MoreColours(StrEnum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


class Place(Contract):
    code: str


class PlaceWithZone(Contract):
    code: str
    zone: str | None = None


class PlaceWithoutCode(Contract):
    zone: str | None = None


class Published(EventData):
    """An event as it is published."""

    source: ClassVar[str] = "intake"
    event: ClassVar[str] = "parcel_sent"


FIELDS: dict[str, Any] = {
    "number": (int, ...),
    "colour": (Colour, ...),
    "kind": (Literal["small"], ...),
    "remark": (str | None, None),
    "weight": (int, 0),
    "place": (Place, ...),
    "stops": (tuple[Place, ...], ()),
    "code": (str, Field(max_length=10)),
    "marks": (dict[Colour, int], ...),
}


def schema(name: str = "parcel_sent", **changes: Any) -> dict[str, Any]:
    """The message's schema with some fields of its data added or changed; None takes one away."""
    fields = {k: v for k, v in {**FIELDS, **changes}.items() if v is not None}
    event = create_model("Parcel", __base__=Published, **fields)
    event.event = name
    return message_schema(event)


BREAKING = {
    "a field is removed": ({"remark": None}, "data.remark: removed"),
    "a field is added that is required": (
        {"size": (int, ...)},
        "data.size: a new field that is required",
    ),
    "an optional field becomes required": (
        {"weight": (int, ...)},
        "data.weight: now required",
    ),
    "a required field becomes optional": (
        {"number": (int, 0)},
        "data.number: no longer required",
    ),
    "a type changes": ({"number": (str, ...)}, "data.number: type changed from integer to string"),
    "a field may be null": (
        {"number": (int | None, ...)},
        "data.number: type changed from integer to integer or null",
    ),
    "a field may no longer be null": (
        {"remark": (str, None)},
        "data.remark: type changed from string or null to string",
    ),
    "an enumeration loses a value": (
        {"colour": (Literal["red"], ...)},
        "data.colour: values removed: green",
    ),
    "an enumeration gains a value": (
        {"colour": (MoreColours, ...)},
        "data.colour: values added that an old consumer refuses: blue",
    ),
    "an enumeration becomes free text": (
        {"colour": (str, ...)},
        "data.colour: the list of allowed values is gone",
    ),
    "free text becomes an enumeration": (
        {"code": (Colour, ...)},
        "data.code: the list of allowed values appeared",
    ),
    "a constant changes": (
        {"kind": (Literal["large"], ...)},
        "data.kind: values removed: small",
    ),
    "a length narrows": (
        {"code": (str, Field(max_length=5))},
        "data.code: maxLength changed from 10 to 5",
    ),
    "a length widens": (
        {"code": (str, Field(max_length=20))},
        "data.code: maxLength changed from 10 to 20",
    ),
    "a default changes": ({"weight": (int, 1)}, "data.weight: default changed from 0 to 1"),
    "a part loses a field": ({"place": (PlaceWithoutCode, ...)}, "data.place.code: removed"),
    "a part in a list loses a field": (
        {"stops": (tuple[PlaceWithoutCode, ...], ())},
        "data.stops.code: removed",
    ),
    "a list holds something else": (
        {"stops": (tuple[str, ...], ())},
        "data.stops: type changed from object to string",
    ),
    "a mapping gains a key": (
        {"marks": (dict[MoreColours, int], ...)},
        "data.marks: values added that an old consumer refuses: blue",
    ),
    "a mapping holds something else": (
        {"marks": (dict[Colour, str], ...)},
        "data.marks: type changed from integer to string",
    ),
    "the event's type changes": (
        {"name": "parcel_posted"},
        "type: values removed: sigap.parcel_sent.v1",
    ),
}

HARMLESS = {
    "nothing changes": {},
    "an optional field is added": {"size": (int | None, None)},
    "an optional part is added": {"origin": (Place | None, None)},
    "a part gains an optional field": {"place": (PlaceWithZone, ...)},
    "a part in a list gains an optional field": {"stops": (tuple[PlaceWithZone, ...], ())},
    "a description is added": {"number": (int, Field(description="counts from 1"))},
    "a model is renamed": {"colour": (Literal["green", "red"], ...)},
}


@pytest.mark.parametrize(("changes", "complaint"), BREAKING.values(), ids=BREAKING)
def test_a_breaking_change_is_named_with_its_field(changes: dict[str, Any], complaint: str) -> None:
    """Each kind of change that is not an added optional field is found, at any depth."""
    assert complaint in breaking_changes(schema(), schema(**changes))


@pytest.mark.parametrize("changes", HARMLESS.values(), ids=HARMLESS)
def test_a_change_that_breaks_nobody_passes(changes: dict[str, Any]) -> None:
    """Optional fields, words about a field, and the names of models may change."""
    assert breaking_changes(schema(), schema(**changes)) == []
