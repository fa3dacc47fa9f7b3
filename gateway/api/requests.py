"""Requests of residents."""

from http import HTTPStatus

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from contracts.envelope import AttachmentRef, DeadlineView
from contracts.errors import ErrorCode
from contracts.intake import Channel, RequestRegistered, StoreAttachment, SubmitDataRequest
from gateway.access import caller
from gateway.answers import answer
from gateway.api.request_forms import DataRequestForm, Submission
from gateway.asking import key_for, send
from gateway.context import here
from gateway.field_errors import field_error
from gateway.problems import ApiProblem
from gateway.warnings import Warned, warned

api = APIBlueprint(
    "requests",
    __name__,
    url_prefix="/v1/requests",
    abp_tags=[Tag(name="requests", description="What residents ask of the office")],
)

OPEN_CHANNELS = frozenset({Channel.WEB, Channel.BOT, Channel.THIRD_PARTY})
"""Channels that need no officer."""


class Links(BaseModel):
    """Where the case is followed, with the access code."""

    status: str
    stream: str

    @classmethod
    def to(cls, tracking_number: str) -> "Links":
        status = f"/v1/status/{tracking_number}"
        return cls(status=status, stream=f"{status}/stream")


class Registered(BaseModel):
    """The receipt of a submission. The same key and body give the same receipt."""

    tracking_number: str
    access_code: str = Field(description="ten signs; opens the status with X-Access-Code")
    deadline: DeadlineView
    warnings: tuple[Warned, ...] = Field(description="what an officer will look at")
    links: Links


@api.post("", responses={201: Registered})
def submit_request(body: Submission) -> Response:
    """Ask for a verification, or for data

    Registers the request and promises its time. No fee is taken for anything. A data request needs
    its letter: uploaded before, or in `letter_file` where it is short.
    """
    form = body.root
    if not caller().is_staff and form.channel not in OPEN_CHANNELS:
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, [field_error("channel", "channel_not_open")])
    command = _for_data(form) if isinstance(form, DataRequestForm) else form.command()
    registered: RequestRegistered = send(command)
    receipt = Registered(
        tracking_number=registered.tracking_number,
        access_code=here().access_codes.of(registered.tracking_number),
        deadline=registered.deadline,
        warnings=tuple(warned(code) for code in registered.warnings),
        links=Links.to(registered.tracking_number),
    )
    return answer(receipt, HTTPStatus.CREATED, {"Location": receipt.links.status})


def _for_data(form: DataRequestForm) -> SubmitDataRequest:
    """The command; a letter that came along is stored first, once however often it is sent."""
    if form.letter_file is None:
        return form.command(str(form.letter))
    store = StoreAttachment(content=form.letter_file)
    kept: AttachmentRef = send(store, key_for(form.letter_file), file_field="letter_file")
    return form.command(kept.id)
