"""Intake: events it publishes, commands it takes. Personal data stands in commands only."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from contracts import deadlines, subject
from contracts.envelope import (
    AttachmentContent,
    AttachmentRef,
    CaseMove,
    Command,
    Contact,
    Contacts,
    ContactWay,
    Contract,
    DeadlineView,
    Done,
    EventData,
    Query,
)


class RequestKind(StrEnum):
    """What is asked of the office."""

    ASSISTANCE_VERIFICATION = "assistance_verification"
    DATA_REQUEST = "data_request"


class Channel(StrEnum):
    """How the request reached the office."""

    COUNTER = "counter"
    WEB = "web"
    BOT = "bot"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    THIRD_PARTY = "third_party"


class Purpose(StrEnum):
    """What it is for: a verification (title of its standard), or data (requirement 1 of its)."""

    CO_FUNDING = "co_funding"
    JAMKESDA = "jamkesda"
    JAMPERSAL = "jampersal"
    OTHER_AID = "other_aid"
    SOCIAL_WELFARE_DEVELOPMENT = "social_welfare_development"
    ACADEMIC_RESEARCH = "academic_research"


AID_PURPOSES = (Purpose.CO_FUNDING, Purpose.JAMKESDA, Purpose.JAMPERSAL, Purpose.OTHER_AID)
DATA_PURPOSES = (Purpose.SOCIAL_WELFARE_DEVELOPMENT, Purpose.ACADEMIC_RESEARCH)


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


# Personal data: commands and replies only.


class Applicant(Contract):
    """The resident whose need is verified. `nik` and `family_card` have 16 digits."""

    name: str
    nik: str
    family_card: str | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    phone: str | None = None
    email: str | None = None


class Address(Contract):
    """Where the household lives. `village` is the Kemendagri code, as 63.71.03.1003."""

    street: str
    rt: str | None = None
    rw: str | None = None
    village: str


class Reporter(Contract):
    """Somebody who reports another's need (laporan masyarakat)."""

    name: str
    phone: str | None = None
    relation: str | None = None


class Requester(Contract):
    """Who asks for data: a person, and the institution they ask for."""

    name: str
    institution: str
    position: str | None = None
    nik: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None


# Events.


class RequestReceived(CaseMove):
    """A request is registered. The promised time starts here. A data request has no region."""

    source: ClassVar[str] = "intake"
    event: ClassVar[str] = "request_received"

    kind: RequestKind
    channel: Channel
    purpose: Purpose
    district: str | None
    village: str | None
    standard: str
    standard_version: str
    received_at: datetime
    deadline: DeadlineView
    warnings: tuple[str, ...] = ()
    attachments: int = 0
    notify: tuple[ContactWay, ...] = ()


class RequestReturned(CaseMove):
    """The request is incomplete; `missing` holds requirement ids. The clock pauses."""

    source: ClassVar[str] = "intake"
    event: ClassVar[str] = "request_returned"

    missing: tuple[str, ...]
    deadline: DeadlineView


class RequestSupplemented(CaseMove):
    """The resident sent what was missing. The clock runs again."""

    source: ClassVar[str] = "intake"
    event: ClassVar[str] = "request_supplemented"

    attachments: int
    deadline: DeadlineView


class RequestCompleted(EventData):
    """The request is complete and goes on to the service that handles its kind, with its promise.

    A data request is complete when it is made. `told` is what was said of the promise before the
    hand-over, so that it is not said again.
    """

    source: ClassVar[str] = "intake"
    event: ClassVar[str] = "request_completed"

    kind: RequestKind
    purpose: Purpose
    district: str | None
    village: str | None
    standard: str
    standard_version: str
    received_at: datetime
    deadline: DeadlineView
    data_types: int | None = None
    told: tuple[Literal["approaching", "missed"], ...] = ()


class RequestWithdrawn(EventData):
    """The resident no longer wants it."""

    source: ClassVar[str] = "intake"
    event: ClassVar[str] = "request_withdrawn"

    stage: Literal["intake", "verification", "data_request"]


class PersonalDataRead(EventData):
    """Somebody read personal data: who is in the envelope, why and which fields are here."""

    source: ClassVar[str] = "intake"
    event: ClassVar[str] = "personal_data_read"

    purpose: str
    fields: tuple[str, ...]


class PersonalDataErased(subject.PersonalDataErased):
    """The person's key is destroyed: nothing that was sent in can be read again."""

    source: ClassVar[str] = "intake"


class DeadlineApproaching(deadlines.DeadlineApproaching):
    """The promise or a step of this service is nearly due; told once for each due moment."""

    source: ClassVar[str] = "intake"


class DeadlineMissed(deadlines.DeadlineMissed):
    """The promise or a step of this service was missed; told once for each due moment."""

    source: ClassVar[str] = "intake"


class DeadlineChanged(deadlines.DeadlineChanged):
    """The office's calendar moved an open deadline; `because` holds the days that changed it."""

    source: ClassVar[str] = "intake"


# Commands and queries.


class RequestRegistered(Contract):
    """The reply to a submission. Times carry the office's offset."""

    tracking_number: str
    deadline: DeadlineView
    warnings: tuple[str, ...]


class SubmitRequest(Command):
    """Register a request for aid verification."""

    service: ClassVar[str] = "intake"
    method: ClassVar[str] = "submit_request"
    reply: ClassVar[type[Contract]] = RequestRegistered

    kind: RequestKind
    channel: Channel
    purpose: Purpose
    target_institution: str
    applicant: Applicant
    address: Address
    notes: str | None = None
    reporter: Reporter | None = None
    attachments: tuple[str, ...] = ()
    notify: tuple[Contact, ...] = ()


class SubmitDataRequest(Command):
    """Register a request for data: the letter, and the four statements it must make.

    `purpose` is a code; one that the standard does not serve is refused with purpose_not_served.
    `use` is purpose and use in words, `letter` the attachment that holds the letter itself.
    """

    service: ClassVar[str] = "intake"
    method: ClassVar[str] = "submit_data_request"
    reply: ClassVar[type[Contract]] = RequestRegistered

    channel: Channel
    purpose: str
    use: str
    data_types: tuple[str, ...]
    coverage: str
    years: tuple[int, ...]
    letter: str
    requester: Requester
    attachments: tuple[str, ...] = ()
    notify: tuple[Contact, ...] = ()


class RequirementCheck(Contract):
    """One line of the checklist; the note is for the resident."""

    requirement: str
    fulfilled: bool
    note: str | None = None


class IdentifyRequest(Command):
    """Judge every requirement. All fulfilled completes the request, else it is returned."""

    service: ClassVar[str] = "intake"
    method: ClassVar[str] = "identify_request"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    checklist: tuple[RequirementCheck, ...]


class SupplementRequest(Command):
    """Send what was missing."""

    service: ClassVar[str] = "intake"
    method: ClassVar[str] = "supplement_request"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    attachments: tuple[str, ...] = ()
    notes: str | None = None


class WithdrawRequest(Command):
    """Withdraw before verification has it; refused with `already_handed_over` after that."""

    service: ClassVar[str] = "intake"
    method: ClassVar[str] = "withdraw_request"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str


class StoreAttachment(Command):
    """Keep an uploaded file. The type is decided by its content. `content` is base64."""

    service: ClassVar[str] = "intake"
    method: ClassVar[str] = "store_attachment"
    reply: ClassVar[type[Contract]] = AttachmentRef

    content: str = Field(repr=False)


class ReadAttachment(Query):
    """Read one attachment of a case, or a photo that staff uploaded for it. `purpose` is a code.

    Logged and published as a read of personal data.
    """

    service: ClassVar[str] = "intake"
    method: ClassVar[str] = "read_attachment"
    reply: ClassVar[type[Contract]] = AttachmentContent

    tracking_number: str
    attachment: str
    purpose: str


class ChecklistLine(Contract):
    requirement: str
    fulfilled: bool
    note: str | None


class RequestDetail(Contract):
    """The whole request, with personal data. `checked_at` is when the checklist was written."""

    tracking_number: str
    state: str
    kind: RequestKind
    channel: Channel
    purpose: Purpose
    target_institution: str
    applicant: Applicant
    address: Address
    district: str
    notes: str | None
    reporter: Reporter | None
    supplements: tuple[str, ...]
    attachments: tuple[AttachmentRef, ...]
    checklist: tuple[ChecklistLine, ...]
    checked_at: datetime | None = None
    warnings: tuple[str, ...]
    standard: str
    standard_version: str
    received_at: datetime
    deadline: DeadlineView


class ReadRequest(Query):
    """Read a request with its personal data. `purpose` is a code.

    Logged and published as a read of personal data.
    """

    service: ClassVar[str] = "intake"
    method: ClassVar[str] = "read_request"
    reply: ClassVar[type[Contract]] = RequestDetail

    tracking_number: str
    purpose: str


class ApplicationDetail(Contract):
    """A request for data as it was made, with personal data."""

    tracking_number: str
    state: str
    channel: Channel
    purpose: Purpose
    use: str
    data_types: tuple[str, ...]
    coverage: str
    years: tuple[int, ...]
    requester: Requester
    attachments: tuple[AttachmentRef, ...]
    standard: str
    standard_version: str
    received_at: datetime
    deadline: DeadlineView


class ReadApplication(Query):
    """Read a request for data with its personal data. `purpose` is a code.

    Logged and published as a read of personal data.
    """

    service: ClassVar[str] = "intake"
    method: ClassVar[str] = "read_application"
    reply: ClassVar[type[Contract]] = ApplicationDetail

    tracking_number: str
    purpose: str


class ReadContacts(Query):
    """Read how the resident wants to be told of their case. `purpose` is a code; logged."""

    service: ClassVar[str] = "intake"
    method: ClassVar[str] = "read_contacts"
    reply: ClassVar[type[Contract]] = Contacts

    tracking_number: str
    purpose: str


class ReadSubject(subject.ReadSubject):
    """Every request of the person."""

    service: ClassVar[str] = "intake"


class EraseSubject(subject.EraseSubject):
    """Of whom the request is; the services that have its other parts follow by the event."""

    service: ClassVar[str] = "intake"
