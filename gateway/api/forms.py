"""What request bodies are made of: strict fields, without control characters, of limited length."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from casework.contacts import fits_way
from contracts.envelope import TRACKING_NUMBER, USERNAME, Contact, ContactWay
from contracts.errors import PURPOSE


class Form(BaseModel):
    """A request body. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def with_example(value: Mapping[str, Any], summary: str, **more: Any) -> ConfigDict:
    """The configuration of a Form whose body in the OpenAPI document carries this example."""
    return ConfigDict(extra="forbid", frozen=True) | in_the_document(
        {"example": {"summary": summary, "value": value}}, **more
    )


def in_the_document(examples: Mapping[str, Any], **more: Any) -> ConfigDict:
    """The configuration of a model whose body in the OpenAPI document carries these examples."""
    return ConfigDict(openapi_extra={"examples": examples, **more})  # type: ignore[typeddict-unknown-key]


class NothingForm(Form):
    """The body of a move that needs none: empty, or an object without fields."""

    model_config = with_example({}, "Nothing", required=False)


def _written(value: Any) -> Any:
    """Dates and times are texts: pydantic would take a number for seconds since 1970."""
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "a text is needed")
    return value


def _within_the_calendar(value: datetime) -> datetime:
    """Refuse what is outside the years 1 to 9999 in UTC, in which times are stored."""
    try:
        value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_parsing", "no such time") from None
    return value


def distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values, each given once; for an AfterValidator."""
    if len(set(values)) < len(values):
        raise PydanticCustomError("not_distinct", "each may be given once")
    return values


NO_CONTROL_CHARACTERS = r"^[^\x00-\x1F\x7F]*$"
NO_CONTROL_BUT_LINES = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]*$"

Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=160),
    Field(pattern=NO_CONTROL_CHARACTERS),
]
Paragraphs = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    Field(pattern=NO_CONTROL_BUT_LINES),
]
SixteenDigits = Annotated[str, Field(pattern=r"^[0-9]{16}$")]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 .-]{4,19}$")]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00-\x1F]+@[^@\s\x00-\x1F]+$")]
VillageCode = Annotated[str, Field(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$")]
DistrictCode = Annotated[str, Field(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$")]
Neighbourhood = Annotated[str, Field(pattern=r"^[0-9]{1,3}$")]
AttachmentId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
StaffName = Annotated[str, Field(pattern=f"^{USERNAME}$")]
CaseNumber = Annotated[str, Field(pattern=TRACKING_NUMBER)]
PurposeCode = Annotated[str, Field(pattern=f"^{PURPOSE}$")]
Yes = Annotated[bool, Strict()]
Count = Annotated[int, Strict()]
Number = Annotated[float, Strict()]
Day = Annotated[
    date, BeforeValidator(_written), WithJsonSchema({"type": "string", "format": "date"})
]
Moment = Annotated[
    datetime,
    AwareDatetime,
    BeforeValidator(_written),
    AfterValidator(_within_the_calendar),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
AttachmentIds = Annotated[tuple[AttachmentId, ...], Field(max_length=10), AfterValidator(distinct)]


class ContactForm(Form):
    """A way to be told of the case's progress, and the address there."""

    way: ContactWay
    address: Line = Field(description="a mail address, a WhatsApp number, or a Telegram chat id")

    @field_validator("address")
    @classmethod
    def _fits_the_way(cls, address: str, info: ValidationInfo) -> str:
        way = info.data.get("way")
        if way is not None and not fits_way(way, address):
            raise PydanticCustomError("wrong_format", "not an address of that way")
        return address


def _one_a_way(contacts: tuple[ContactForm, ...]) -> tuple[ContactForm, ...]:
    distinct(tuple(contact.way for contact in contacts))
    return contacts


Notify = Annotated[
    tuple[ContactForm, ...], Field(max_length=len(ContactWay)), AfterValidator(_one_a_way)
]
"""How somebody wants to be told; each way once."""


def contacts_of(notify: Iterable[ContactForm]) -> tuple[Contact, ...]:
    """The contract's contacts."""
    return tuple(Contact(way=each.way, address=each.address) for each in notify)


class CasePath(BaseModel):
    """A case's tracking number in a path; one of another form is answered as an unknown one."""

    tracking_number: str = Field(
        json_schema_extra={"pattern": TRACKING_NUMBER, "example": "VRF-20261121-0007"}
    )
