"""A case as the staff see it."""

import base64
import json
from http import HTTPStatus
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from contracts.complaints import ComplaintDetail, ReadComplaint, ReadEvidence
from contracts.data_request import DataRequestDetail, ReadDataRequest
from contracts.envelope import AttachmentContent, Query
from contracts.errors import ErrorCode, Refusal
from contracts.intake import (
    ApplicationDetail,
    ReadApplication,
    ReadAttachment,
    ReadRequest,
    RequestDetail,
)
from contracts.verification import ReadVerification, VerificationDetail
from gateway import refusals
from gateway.access import caller
from gateway.answers import answer
from gateway.api.case_status import CaseStatus
from gateway.api.forms import CasePath, PurposeCode
from gateway.asking import ask
from gateway.calls import CALLS
from gateway.context import here
from gateway.kinds import has_kind
from gateway.problems import ApiProblem
from gateway.stages import CaseKind
from gateway.status import status_of
from gateway.visibility import is_granted, sees_personal_data

api = APIBlueprint(
    "cases",
    __name__,
    url_prefix="/v1/cases/<tracking_number>",
    abp_tags=[Tag(name="cases", description="The whole case, for the staff")],
)

EXTENSIONS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
}

FILE: dict[Any, Any] = {
    "description": "The file, in the media type that its content has",
    "content": {each: {"schema": {"type": "string", "format": "binary"}} for each in EXTENSIONS},
}


class PurposeQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    purpose: PurposeCode = Field(
        "case_handling", description="why personal data is read; stands in the log of reads"
    )


class AttachmentPath(CasePath):
    attachment: str = Field(json_schema_extra={"pattern": "^[A-Za-z0-9-]{1,64}$"})


class Case(BaseModel):
    """The status, and for who may see it what the services keep of the case.

    An aid verification has `request` and `verification`, a request for data `application` and
    `data_request`, a complaint `complaint`; the others are null, and so is the second of a request
    until it has reached that service. `personal_data_shown` is false for a complaint that is shown
    without the identity. Once they are erased, `personal_data_erased` is true and the parts are
    null.
    """

    status: CaseStatus
    personal_data_shown: bool
    personal_data_erased: bool
    request: RequestDetail | None
    verification: VerificationDetail | None
    application: ApplicationDetail | None
    data_request: DataRequestDetail | None
    complaint: ComplaintDetail | None


@api.get("", responses={200: Case})
def read_case(path: CasePath, query: PurposeQuery) -> Response:
    """The whole case

    Personal data by role. Of a request: counter officers, social workers, division and agency
    heads; a verifier for a case that is theirs or offered to their district. Of a complaint: the
    complaint officers, and the heads, who see the identity once it is escalated to them. Nobody
    else, and never the officer whom a complaint is about. The read is logged.
    """
    status, may_see = _look_up(path.tracking_number)
    parts: dict[str, BaseModel | None] = dict.fromkeys(
        ("request", "verification", "application", "data_request", "complaint")
    )
    erased = False
    if may_see:
        try:
            parts |= _read(path.tracking_number, query.purpose)
        except Refusal as refusal:
            if refusal.code is not ErrorCode.PERSONAL_DATA_ERASED:
                raise
            erased = True
    complaint = parts["complaint"]
    without_identity = isinstance(complaint, ComplaintDetail) and complaint.complainant is None
    details = {name: part and part.model_dump() for name, part in parts.items()}
    shown = may_see and not without_identity and not erased
    told = {"personal_data_shown": shown, "personal_data_erased": erased}
    return answer({"status": status, **told, **details})


@api.get("/attachments/<attachment>", responses={200: FILE})
def read_attachment(path: AttachmentPath, query: PurposeQuery) -> Response:
    """A file of the case, or a photo of its visits

    For who sees the case's personal data, of a complaint with the identity; the read is logged.
    """
    readers = CALLS["cases.read_attachment"].grants
    with here().store.reading() as session:
        if status_of(session, path.tracking_number) is None:
            raise ApiProblem(ErrorCode.CASE_NOT_FOUND)
        refusals.found(path.tracking_number)
        if not is_granted(session, readers, caller().actor, path.tracking_number):
            raise ApiProblem(ErrorCode.ACCESS_DENIED)
    of_complaint = has_kind(path.tracking_number, CaseKind.COMPLAINT)
    question = ReadEvidence if of_complaint else ReadAttachment
    try:
        found: AttachmentContent = ask(question(**path.model_dump(), purpose=query.purpose))
    except Refusal as refusal:
        if refusal.code is not ErrorCode.ATTACHMENT_NOT_FOUND:
            raise
        raise ApiProblem(refusal.code, status=HTTPStatus.NOT_FOUND) from None
    response = Response(base64.b64decode(found.content), mimetype=found.media_type)
    name = f"{path.attachment}.{EXTENSIONS.get(found.media_type, 'bin')}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _look_up(tracking_number: str) -> tuple[dict[str, Any], bool]:
    """The case's status, and whether the caller may see its personal data."""
    with here().store.reading() as session:
        status = status_of(session, tracking_number)
        if status is None:
            raise ApiProblem(ErrorCode.CASE_NOT_FOUND)
        may_see = sees_personal_data(session, caller().actor, tracking_number)
    return json.loads(status.body), may_see


def _read(tracking_number: str, purpose: str) -> dict[str, BaseModel | None]:
    """What the case's owners keep of it."""
    ids = {"tracking_number": tracking_number, "purpose": purpose}
    if has_kind(tracking_number, CaseKind.COMPLAINT):
        return {"complaint": ask(ReadComplaint(**ids))}
    if has_kind(tracking_number, CaseKind.DATA_REQUEST):
        return {
            "application": ask(ReadApplication(**ids)),
            "data_request": _if_there(ReadDataRequest(**ids)),
        }
    return {
        "request": ask(ReadRequest(**ids)),
        "verification": _if_there(ReadVerification(**ids)),
    }


def _if_there(query: Query) -> BaseModel | None:
    """The owner's part, None while the case has not reached it."""
    try:
        detail: BaseModel = ask(query)
    except Refusal as refusal:
        if refusal.code is not ErrorCode.CASE_NOT_FOUND:
            raise
        return None
    return detail
