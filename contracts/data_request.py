"""Data requests: events the service publishes, commands it takes. Words stand in commands only."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from contracts import deadlines, subject
from contracts.envelope import CaseMove, Command, Contract, DeadlineView, Done, EventData, Query
from contracts.intake import Purpose


class Complexity(StrEnum):
    """How much work the data take; with the number of data types it sets the promised time."""

    SIMPLE = "simple"
    MODERATE = "moderate"
    COMPLEX = "complex"


class RejectionGround(StrEnum):
    """Why data are not given; the words stand in the standard's data."""

    POLITICAL_PURPOSE = "political_purpose"
    AGAINST_THE_RULES = "against_the_rules"
    OTHER_PURPOSE = "other_purpose"
    DATA_NOT_HELD = "data_not_held"
    PERSONAL_DATA_ASKED = "personal_data_asked"
    INCOMPLETE_LETTER = "incomplete_letter"


class Side(StrEnum):
    """Who signs the record of handover (Berita Acara Serah Terima Data)."""

    OFFICE = "office"
    REQUESTER = "requester"


class SmallCells(StrEnum):
    """What is done with cells below the standard's threshold."""

    SUPPRESS = "suppress"
    FLAG = "flag"


# Events.


class DataRequestDispositioned(CaseMove):
    """The agency head passed the letter to the division head."""

    source: ClassVar[str] = "data_request"
    event: ClassVar[str] = "data_request_dispositioned"


class DataRequestApproved(CaseMove):
    """The division head approved and instructed a social worker (a staff user name).

    `working_days` follow from complexity and data types; the deadline counts from the receipt.
    """

    source: ClassVar[str] = "data_request"
    event: ClassVar[str] = "data_request_approved"

    complexity: Complexity
    data_types: int
    working_days: int
    social_worker: str
    deadline: DeadlineView


class DataRequestRejected(CaseMove):
    """The division head rejected; closed."""

    source: ClassVar[str] = "data_request"
    event: ClassVar[str] = "data_request_rejected"

    ground: RejectionGround
    decided_at: datetime
    in_time: bool
    working_minutes: int
    standard: str
    standard_version: str


class ClarificationRequested(CaseMove):
    """The division head asks the requester something. The clock pauses."""

    source: ClassVar[str] = "data_request"
    event: ClassVar[str] = "clarification_requested"

    deadline: DeadlineView


class ClarificationReceived(CaseMove):
    """The requester answered. The clock runs again."""

    source: ClassVar[str] = "data_request"
    event: ClassVar[str] = "clarification_received"

    deadline: DeadlineView


class DataPrepared(CaseMove):
    """The package is made; its draft record of handover follows. `edition` counts from 1."""

    source: ClassVar[str] = "data_request"
    event: ClassVar[str] = "data_prepared"

    edition: int
    package_sha256: str
    size: int
    tables: int
    suppressed_cells: int
    flagged_cells: int


class HandoverSigned(CaseMove):
    """One side signed the record of handover."""

    source: ClassVar[str] = "data_request"
    event: ClassVar[str] = "handover_signed"

    side: Side


class DataHandedOver(CaseMove):
    """Both sides signed; the requester may download the package. Closed."""

    source: ClassVar[str] = "data_request"
    event: ClassVar[str] = "data_handed_over"

    purpose: Purpose
    package_sha256: str
    handed_over_at: datetime
    in_time: bool
    working_minutes: int
    standard: str
    standard_version: str


class DataDownloaded(EventData):
    """The requester fetched the package; `number` counts the downloads of the case from 1."""

    source: ClassVar[str] = "data_request"
    event: ClassVar[str] = "data_downloaded"

    number: int
    package_sha256: str


class DataRequestWithdrawn(EventData):
    """The requester withdrew while the case was with this service."""

    source: ClassVar[str] = "data_request"
    event: ClassVar[str] = "data_request_withdrawn"


class PersonalDataRead(EventData):
    """Somebody read what was written in the case: `fields` are those of DataRequestDetail."""

    source: ClassVar[str] = "data_request"
    event: ClassVar[str] = "personal_data_read"

    purpose: str
    fields: tuple[str, ...]


class PersonalDataErased(subject.PersonalDataErased):
    """The case's key is destroyed: what was written, the tables and the packages."""

    source: ClassVar[str] = "data_request"


class DeadlineApproaching(deadlines.DeadlineApproaching):
    """The promise or a step of this service is nearly due; told once for each due moment."""

    source: ClassVar[str] = "data_request"


class DeadlineMissed(deadlines.DeadlineMissed):
    """The promise or a step of this service was missed; told once for each due moment."""

    source: ClassVar[str] = "data_request"


class DeadlineChanged(deadlines.DeadlineChanged):
    """The office's calendar moved an open deadline; `because` holds the days that changed it."""

    source: ClassVar[str] = "data_request"


# Commands and queries.


class DispositionDataRequest(Command):
    """The agency head passes the letter on, with a note (procedure, step 2)."""

    service: ClassVar[str] = "data_request"
    method: ClassVar[str] = "disposition"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    note: str | None = None


class ReviewDataRequest(Command):
    """Approve with complexity and a social worker, reject with a ground, or ask back (step 2).

    approve: `complexity`, `social_worker` (user name), `data_types` where the letter's number is
    to be corrected; reject: `ground` and `words`; clarify: `words` is the question.
    """

    service: ClassVar[str] = "data_request"
    method: ClassVar[str] = "review"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    decision: Literal["approve", "reject", "clarify"]
    complexity: Complexity | None = None
    data_types: int | None = None
    social_worker: str | None = None
    ground: RejectionGround | None = None
    words: str | None = None


class AnswerClarification(Command):
    """The requester's answer to the division head's question."""

    service: ClassVar[str] = "data_request"
    method: ClassVar[str] = "answer_clarification"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    answer: str


class SmallCell(Contract):
    """A cell below the threshold: `row` from 1 below the headings, `column` from 1."""

    row: int
    column: int


class TableChecked(Contract):
    """A table that may be released. `sha256` is of the file as it was uploaded.

    `small_cells` lists up to a thousand of them, `small_cell_count` counts all.
    """

    table: str
    name: str
    sha256: str
    columns: tuple[str, ...]
    rows: int
    small_cells: tuple[SmallCell, ...]
    small_cell_count: int = 0


class StoreTable(Command):
    """Keep a table for the package. `content` is a CSV or XLSX file in base64.

    Refused with table_refused, the `reason` and, where it lies in one, the `column` from 1:
    not_a_table, too_large, headings, several_sheets, formula (also macros and links to elsewhere),
    personal_number_column, personal_column.
    """

    service: ClassVar[str] = "data_request"
    method: ClassVar[str] = "store_table"
    reply: ClassVar[type[Contract]] = TableChecked
    patience_seconds: ClassVar[float | None] = 60.0

    tracking_number: str
    name: str
    content: str = Field(repr=False)


class PackagedFile(Contract):
    """A file of the package and the SHA-256 of what is in it."""

    name: str
    sha256: str
    size: int


class PackageBuilt(Contract):
    """The reply of a package: `sha256` and `size` are the archive's."""

    tracking_number: str
    state: str
    edition: int
    sha256: str
    size: int
    files: tuple[PackagedFile, ...]
    suppressed_cells: int
    flagged_cells: int


class BuildPackage(Command):
    """Make the data package of tables stored before, with where they come from and how (step 3).

    Without named tables of every one that was stored, oldest first.
    """

    service: ClassVar[str] = "data_request"
    method: ClassVar[str] = "build_package"
    reply: ClassVar[type[Contract]] = PackageBuilt
    patience_seconds: ClassVar[float | None] = 60.0

    tracking_number: str
    tables: tuple[str, ...] = ()
    data_source: str
    data_method: str
    small_cells: SmallCells = SmallCells.SUPPRESS


class SignHandover(Command):
    """Sign the record of handover for one side (step 4). The requester accepts the terms of use.

    `edition` is the package that is signed for; a newer one refuses it with package_changed.
    """

    service: ClassVar[str] = "data_request"
    method: ClassVar[str] = "sign_handover"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    side: Side
    edition: int
    name: str
    position: str | None = None
    institution: str | None = None
    terms_accepted: bool = False


class WithdrawDataRequest(Command):
    """Withdraw a data request that intake has handed over; refused once it is closed."""

    service: ClassVar[str] = "data_request"
    method: ClassVar[str] = "withdraw"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str


class PackageContent(Contract):
    """`content` is the ZIP archive in base64."""

    sha256: str
    content: str = Field(repr=False)


class DownloadPackage(Query):
    """Fetch the package; refused with handover_not_signed until both sides have signed.

    Each download is recorded and published.
    """

    service: ClassVar[str] = "data_request"
    method: ClassVar[str] = "download_package"
    reply: ClassVar[type[Contract]] = PackageContent

    tracking_number: str


class ReviewDetail(Contract):
    decision: str
    complexity: Complexity | None
    ground: RejectionGround | None
    words: str | None
    reviewed_by: str
    reviewed_at: datetime


class ClarificationDetail(Contract):
    question: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None


class SignatureDetail(Contract):
    side: Side
    name: str
    position: str | None
    institution: str | None
    signed_by: str
    signed_at: datetime


class PackageDetail(Contract):
    edition: int
    sha256: str
    size: int
    files: tuple[PackagedFile, ...]
    data_source: str
    data_method: str
    small_cells: SmallCells
    suppressed_cells: int
    flagged_cells: int
    prepared_by: str
    prepared_at: datetime


class DataRequestDetail(Contract):
    """The data request's part of a case, with what was written."""

    tracking_number: str
    state: str
    purpose: Purpose
    standard: str
    standard_version: str
    disposition_note: str | None
    social_worker: str | None
    complexity: Complexity | None
    working_days: int | None
    reviews: tuple[ReviewDetail, ...]
    clarifications: tuple[ClarificationDetail, ...]
    tables: tuple[TableChecked, ...]
    package: PackageDetail | None
    signatures: tuple[SignatureDetail, ...]
    downloads: int


class ReadDataRequest(Query):
    """Read it with what was written. `purpose` is a code; the read is logged and published."""

    service: ClassVar[str] = "data_request"
    method: ClassVar[str] = "read_data_request"
    reply: ClassVar[type[Contract]] = DataRequestDetail

    tracking_number: str
    purpose: str


class RegisterEntry(Contract):
    """What was given to whom for what purpose. `recipient` is null once that is erased."""

    tracking_number: str
    handed_over_at: datetime
    recipient: str | None
    institution: str | None
    purpose: Purpose
    files: tuple[PackagedFile, ...]
    package_sha256: str
    downloads: int
    last_downloaded_at: datetime | None


class RegisterPage(Contract):
    """`next_cursor` asks for the entries after these."""

    entries: tuple[RegisterEntry, ...]
    next_cursor: str | None


class ReadRegister(Query):
    """The register of data handed over, newest first. Each entry read is logged and published."""

    service: ClassVar[str] = "data_request"
    method: ClassVar[str] = "read_register"
    reply: ClassVar[type[Contract]] = RegisterPage

    purpose: str
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = None


class ReadSubject(subject.ReadSubject):
    """What was written in the cases."""

    service: ClassVar[str] = "data_request"
