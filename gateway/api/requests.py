"""Requests of residents."""

from http import HTTPStatus
from typing import Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from contracts.envelope import DeadlineView
from contracts.errors import ErrorCode
from contracts.intake import (
    Address,
    Applicant,
    Channel,
    Purpose,
    Reporter,
    RequestKind,
    RequestRegistered,
    Sex,
    SubmitRequest,
)
from gateway.access import caller
from gateway.answers import answer
from gateway.api.forms import (
    AttachmentIds,
    Day,
    Email,
    Form,
    Line,
    Neighbourhood,
    Paragraphs,
    Phone,
    SixteenDigits,
    VillageCode,
    with_example,
)
from gateway.asking import send
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


class ApplicantForm(Form):
    """The resident whose need is to be verified."""

    name: Line
    nik: SixteenDigits = Field(description="national identity number")
    family_card: SixteenDigits | None = Field(None, description="number of the family card (KK)")
    birth_date: Day | None = None
    sex: Sex | None = None
    phone: Phone | None = None
    email: Email | None = None


class AddressForm(Form):
    """Where the household lives."""

    street: Line
    rt: Neighbourhood | None = None
    rw: Neighbourhood | None = None
    village: VillageCode = Field(description="code from /v1/regions")


class ReporterForm(Form):
    """Who reports another's need; required on channel third_party."""

    name: Line
    phone: Phone | None = None
    relation: Line | None = None


class RequestForm(Form):
    model_config = with_example(
        {
            "kind": "assistance_verification",
            "channel": "web",
            "purpose": "jamkesda",
            "target_institution": "RSUD Sultan Suriansyah",
            "applicant": {
                "name": "Siti Contoh",
                "nik": "6371034107900001",
                "family_card": "6371030101150001",
                "birth_date": "1990-07-01",
                "sex": "female",
                "phone": "0812 0000 0000",
            },
            "address": {
                "street": "Jl. Contoh No. 1",
                "rt": "12",
                "rw": "1",
                "village": "63.71.03.1003",
            },
            "notes": "Ibu akan menjalani operasi; keluarga belum terdaftar.",
            "attachments": [],
        },
        "Verification for Jamkesda",
    )

    kind: Literal["assistance_verification"]
    channel: Channel = Field(
        Channel.WEB,
        description="without signing in: web, bot or third_party; a counter officer: any",
    )
    purpose: Purpose
    target_institution: Line = Field(description="who needs the result")
    applicant: ApplicantForm
    address: AddressForm
    notes: Paragraphs | None = None
    reporter: ReporterForm | None = None
    attachments: AttachmentIds = ()

    def command(self) -> SubmitRequest:
        """What intake is asked to register."""
        return SubmitRequest(
            kind=RequestKind(self.kind),
            channel=self.channel,
            purpose=self.purpose,
            target_institution=self.target_institution,
            applicant=Applicant(**dict(self.applicant)),
            address=Address(**dict(self.address)),
            notes=self.notes,
            reporter=Reporter(**dict(self.reporter)) if self.reporter else None,
            attachments=self.attachments,
        )


class Links(BaseModel):
    """Where the case is followed, with the access code."""

    status: str
    stream: str


class Registered(BaseModel):
    """The receipt of a submission. The same key and body give the same receipt."""

    tracking_number: str
    access_code: str = Field(description="ten signs; opens the status with X-Access-Code")
    deadline: DeadlineView
    warnings: tuple[Warned, ...] = Field(description="what an officer will look at")
    links: Links


@api.post("", responses={201: Registered})
def submit_request(body: RequestForm) -> Response:
    """Ask for a verification

    Registers the request and promises its time. No fee is taken for anything.
    """
    if not caller().is_staff and body.channel not in OPEN_CHANNELS:
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, [field_error("channel", "channel_not_open")])
    registered: RequestRegistered = send(body.command())
    status = f"/v1/status/{registered.tracking_number}"
    receipt = Registered(
        tracking_number=registered.tracking_number,
        access_code=here().access_codes.of(registered.tracking_number),
        deadline=registered.deadline,
        warnings=tuple(warned(code) for code in registered.warnings),
        links=Links(status=status, stream=f"{status}/stream"),
    )
    return answer(receipt, HTTPStatus.CREATED, {"Location": status})
