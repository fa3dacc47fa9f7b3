"""What a resident sees of a case and may do with it."""

from datetime import date, datetime
from typing import Any

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict

from chassis.retry import Unavailable
from contracts.documents import DocumentKind
from contracts.envelope import Done, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import Purpose, RequestKind, SupplementRequest, WithdrawRequest
from contracts.verification import Outcome, WithdrawVerification
from gateway import stream
from gateway.access import caller
from gateway.answers import NOT_CHANGED, answer, tagged
from gateway.api.forms import (
    AttachmentIds,
    CasePath,
    Form,
    NothingForm,
    Paragraphs,
    with_example,
)
from gateway.asking import send
from gateway.context import here
from gateway.problems import ApiProblem
from gateway.stages import Status
from gateway.status import StatusView, status_of

api = APIBlueprint(
    "status",
    __name__,
    url_prefix="/v1/status/<tracking_number>",
    abp_tags=[Tag(name="status", description="Where a case stands, and what a resident may do")],
)

NEWEST_CASE_SECONDS = 2.0
"""How long a status is waited for that its own access code asks for: it may be just registered."""


class Part(BaseModel):
    """Part of an answer: no more and no less than what is declared."""

    model_config = ConfigDict(extra="forbid")


class Words(Part):
    """A text in Indonesian and English."""

    model_config = ConfigDict(title="Text", extra="forbid", from_attributes=True)

    id: str
    en: str


class StandardRef(Part):
    id: str
    version: str


class MissingRequirement(Part):
    requirement: str
    label: Words | None


class DeadlineStep(Part):
    """One calendar day: counted or not, and why."""

    date: date
    counted: bool
    reason: str
    text_id: str
    text_en: str


class ExplainedDeadline(Part):
    """The promised time. `due` is null while the clock is paused; `in_time` until the decision."""

    due: datetime | None
    received_at: datetime
    starts: datetime
    working_days: int
    paused: bool
    steps: tuple[DeadlineStep, ...]
    in_time: bool | None
    promise: Words | None
    text: Words


class TimelineEntry(Part):
    at: datetime
    event: str
    label: Words
    actor_role: Role


class IssuedDocument(Part):
    code: str
    kind: DocumentKind
    label: Words
    number: str
    issued_at: datetime
    sha256: str
    size: int
    self_made_certificate: bool
    revoked: bool
    url: str
    verify_url: str


class CaseStatus(Part):
    """A case's status. `next` says what happens next, `missing` what the resident has to bring."""

    tracking_number: str
    kind: RequestKind
    purpose: Purpose | None
    status: Status
    label: Words
    next: Words
    outcome: Outcome | None
    closed: bool
    district: str | None
    standard: StandardRef | None
    received_at: datetime | None
    updated_at: datetime
    missing: tuple[MissingRequirement, ...]
    deadline: ExplainedDeadline | None
    timeline: tuple[TimelineEntry, ...]
    documents: tuple[IssuedDocument, ...]


class SupplementForm(Form):
    model_config = with_example(
        {"notes": "Kartu Keluarga yang baru sudah saya bawa ke loket.", "attachments": []},
        "What was missing, in words",
    )

    attachments: AttachmentIds = ()
    notes: Paragraphs | None = None


EVENT_STREAM: dict[Any, Any] = {
    "description": "Server-sent events named `status`; data is the body of the status call",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


@api.get("", responses={200: CaseStatus, **NOT_CHANGED})
def read_status(path: CasePath) -> Response:
    """Where the case stands

    With the deadline explained day by day, the timeline, the documents, and what happens next. The
    ETag changes when the status does. A wrong access code and an unknown number get one answer.
    """
    status = _status(path.tracking_number)
    response = Response(status.body, mimetype="application/json")
    response.vary.update(("Authorization", "X-Access-Code"))
    return tagged(response, status.tag)


@api.get("/stream", responses={200: EVENT_STREAM})
def stream_status(path: CasePath) -> Response:
    """The status now, and whenever it changes

    Go on after a break with `Last-Event-ID`, the id of the last event received.
    """
    _status(path.tracking_number)
    last = request.headers.get("Last-Event-ID")
    events = stream.events(here().store, path.tracking_number, last)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(events, mimetype="text/event-stream", headers=headers)


@api.post("/withdrawal", responses={200: Done})
def withdraw_request(path: CasePath, body: NothingForm) -> Response:
    """Withdraw the request

    Possible until the division head has decided.
    """
    return answer(_withdraw(path.tracking_number))


@api.post("/supplement", responses={200: Done})
def supplement_request(path: CasePath, body: SupplementForm) -> Response:
    """Send what was missing

    For a request that was returned; its clock runs again from now.
    """
    command = SupplementRequest(
        tracking_number=path.tracking_number, attachments=body.attachments, notes=body.notes
    )
    return answer(send(command))


def _status(tracking_number: str) -> StatusView:
    store = here().store
    if caller().case is not None:
        status = stream.wait_for_change(store, tracking_number, 0, NEWEST_CASE_SECONDS)
        if status is None:  # only we can have given out the right code: its event is on the way
            raise Unavailable("gateway")
        return status
    with store.reading() as session:
        status = status_of(session, tracking_number)
    if status is None:
        raise ApiProblem(ErrorCode.CASE_NOT_FOUND)
    return status


def _withdraw(tracking_number: str) -> Done:
    """At intake, or at verification once the case is there."""
    done: Done
    try:
        done = send(WithdrawRequest(tracking_number=tracking_number))
    except Refusal as refusal:
        at_intake = refusal
    else:
        return done
    # Intake also refuses what this very call has withdrawn before; then verification knows its key.
    if at_intake.code not in {ErrorCode.ALREADY_HANDED_OVER, ErrorCode.ILLEGAL_MOVE}:
        raise at_intake
    try:
        done = send(WithdrawVerification(tracking_number=tracking_number))
    except Refusal as at_verification:
        if at_intake.code is ErrorCode.ILLEGAL_MOVE:
            raise at_intake from None
        if at_verification.code is ErrorCode.CASE_NOT_FOUND:  # handed over, not yet there
            raise Unavailable("verification") from None
        raise
    return done
