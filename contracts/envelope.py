"""The CloudEvents 1.0 envelope and the bases of everything that a service sends or answers."""

import json
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

TRACKING_NUMBER = r"^(VRF|DTA|ADU)-[0-9]{8}-[0-9]{4,9}$"
"""A case's public name: kind, day of registration in the office's time zone, number of that day."""

USERNAME = r"[a-z][a-z0-9_.-]{1,39}"
"""A member of staff, in full; it stands in events, so nothing else may."""


class Contract(BaseModel):
    """A frozen message part. Unknown fields are ignored: a publisher may add optional ones."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Role(StrEnum):
    """Who acts: the office's roles, the resident, the system itself."""

    RESIDENT = "resident"
    COUNTER_OFFICER = "counter_officer"
    VERIFIER = "verifier"
    SOCIAL_WORKER = "social_worker"
    DIVISION_HEAD = "division_head"
    AGENCY_HEAD = "agency_head"
    COMPLAINT_OFFICER = "complaint_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class Actor(Contract):
    """Who caused a command or event. Holds a user name, never a resident's name.

    `districts` are the codes of the districts the actor is designated for; empty means none.
    """

    id: str
    role: Role
    districts: tuple[str, ...] = ()


SYSTEM = Actor(id="system", role=Role.SYSTEM)
RESIDENT = Actor(id="resident", role=Role.RESIDENT)


class EventData(Contract):
    """The `data` of an event. `source` is the publishing service, `event` the routing key."""

    source: ClassVar[str]
    event: ClassVar[str]
    version: ClassVar[int] = 1

    @classmethod
    def cloud_event_type(cls) -> str:
        return f"sigap.{cls.event}.v{cls.version}"


class CloudEvent(Contract):
    """One event as it travels: CloudEvents 1.0 in structured JSON.

    `subject` is the case's tracking number; `sequence` counts the publishing service's events of
    that case from 1 without gaps; `causationid` is the event or command that led to this one.
    Unknown attributes are kept: the ledger holds an event as it was published.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str = Field(pattern=r"^/services/[a-z_]+$")
    type: str = Field(pattern=r"^sigap\.[a-z_]+\.v[0-9]+$")
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: str = Field(pattern=r"^[1-9][0-9]*$")
    correlationid: str
    causationid: str
    actor: str
    actorrole: Role
    traceparent: str | None = None
    data: dict[str, Any]

    @property
    def event_name(self) -> str:
        """`request_received` of `sigap.request_received.v1`."""
        return self.type.split(".")[1]

    def body(self) -> str:
        """The message's text: JSON without spaces, attributes that are None left out.

        Reading it gives an equal event, whose body is the same to the byte.
        """
        attributes = self.model_dump(mode="json", exclude_none=True)
        return json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))


class Message(Contract):
    """What the gateway asks of a service: the service, the method, and the model of the answer.

    `patience_seconds`: how long the answer may take, where the work is longer than a call's usual
    time.
    """

    service: ClassVar[str]
    method: ClassVar[str]
    reply: ClassVar[type[Contract]]
    patience_seconds: ClassVar[float | None] = None


class Command(Message):
    """Changes something. Carries an idempotency key: the same key, the same reply."""


class Query(Message):
    """Reads. May be asked any number of times."""


class Done(Contract):
    """The reply of a command that has nothing more to tell than the case's new state."""

    tracking_number: str
    state: str


class DeadlineDay(Contract):
    """One calendar day between receipt and deadline: counted or not, and why."""

    date: date
    counted: bool
    reason: str
    text_id: str
    text_en: str


class DeadlinePause(Contract):
    """A time during which the clock stands still; `end` is null while it lasts."""

    start: datetime
    end: datetime | None
    reason_code: str


class DeadlineView(Contract):
    """A promised time that explains itself. `due` is null while the clock is paused."""

    due: datetime | None
    received_at: datetime
    starts: datetime
    working_days: int
    paused: bool = False
    steps: tuple[DeadlineDay, ...] = ()
    pauses: tuple[DeadlinePause, ...] = ()


class StepDue(Contract):
    """The step that waits, by its id in the case's standard, and until when the office wants it."""

    step: str
    due: datetime


class CaseMove(EventData):
    """An event that moves a case. `step` begins with it; null where none waits for the office."""

    step: StepDue | None = None


class ContactWay(StrEnum):
    """How a resident may be told: by mail, or through a bot."""

    EMAIL = "email"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"


class Contact(Contract):
    """A way the resident chose, and their address there. Personal data: commands and replies."""

    way: ContactWay
    address: str


class Contacts(Contract):
    """Every way the resident chose."""

    contacts: tuple[Contact, ...]


class AttachmentRef(Contract):
    """An uploaded file; `size` in bytes."""

    id: str
    sha256: str
    media_type: str
    size: int


class AttachmentContent(Contract):
    """`content` is base64."""

    media_type: str
    content: str = Field(repr=False)
