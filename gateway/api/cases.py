"""A case as the staff see it."""

import base64
import json
from http import HTTPStatus
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from contracts.errors import ErrorCode, Refusal
from contracts.intake import AttachmentContent, ReadAttachment, ReadRequest, RequestDetail
from contracts.verification import ReadVerification, VerificationDetail
from gateway.access import caller
from gateway.answers import answer
from gateway.api.forms import CasePath, PurposeCode
from gateway.api.status import CaseStatus
from gateway.asking import ask
from gateway.context import here
from gateway.problems import ApiProblem
from gateway.status import status_of
from gateway.visibility import sees_personal_data

api = APIBlueprint(
    "cases",
    __name__,
    url_prefix="/v1/cases/<tracking_number>",
    abp_tags=[Tag(name="cases", description="The whole case, for the staff")],
)

FILE: dict[Any, Any] = {
    "description": "The file, in the media type that its content has",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


class PurposeQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    purpose: PurposeCode = Field(
        "case_handling", description="why personal data is read; stands in the log of reads"
    )


class AttachmentPath(CasePath):
    attachment: str = Field(json_schema_extra={"pattern": "^[A-Za-z0-9-]{1,64}$"})


class Case(BaseModel):
    """The status, and for who may see personal data the request and the verification.

    `verification` is null until the request has reached it.
    """

    status: CaseStatus
    personal_data_shown: bool
    request: RequestDetail | None
    verification: VerificationDetail | None


@api.get("", responses={200: Case})
def read_case(path: CasePath, query: PurposeQuery) -> Response:
    """The whole case

    Personal data by role: counter officers, social workers, division and agency heads; a verifier
    for a case that is theirs or offered to their district; nobody else. The read is logged.
    """
    status, may_see = _look_up(path.tracking_number)
    request, verification = None, None
    if may_see:
        ids = {"tracking_number": path.tracking_number, "purpose": query.purpose}
        request = ask(ReadRequest(**ids))
        verification = _verification(ReadVerification(**ids))
    case = {
        "status": status,
        "personal_data_shown": may_see,
        "request": request and request.model_dump(),
        "verification": verification and verification.model_dump(),
    }
    return answer(case)


@api.get("/attachments/<attachment>", responses={200: FILE})
def read_attachment(path: AttachmentPath, query: PurposeQuery) -> Response:
    """A file of the case, or a photo of its visits

    For who may see the case's personal data; the read is logged.
    """
    _, may_see = _look_up(path.tracking_number)
    if not may_see:
        raise ApiProblem(ErrorCode.ACCESS_DENIED)
    try:
        found: AttachmentContent = ask(ReadAttachment(**path.model_dump(), purpose=query.purpose))
    except Refusal as refusal:
        if refusal.code is not ErrorCode.ATTACHMENT_NOT_FOUND:
            raise
        raise ApiProblem(refusal.code, status=HTTPStatus.NOT_FOUND) from None
    response = Response(base64.b64decode(found.content), mimetype=found.media_type)
    response.headers["Content-Disposition"] = "inline"
    return response


def _look_up(tracking_number: str) -> tuple[dict[str, Any], bool]:
    """The case's status, and whether the caller may see its personal data."""
    with here().store.reading() as session:
        status = status_of(session, tracking_number)
        if status is None:
            raise ApiProblem(ErrorCode.CASE_NOT_FOUND)
        may_see = sees_personal_data(session, caller().actor, tracking_number)
    return json.loads(status.body), may_see


def _verification(query: ReadVerification) -> VerificationDetail | None:
    try:
        detail: VerificationDetail = ask(query)
    except Refusal as refusal:
        if refusal.code is not ErrorCode.CASE_NOT_FOUND:
            raise
        return None
    return detail
