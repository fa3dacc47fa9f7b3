"""Letters and receipts: fetched by who may, verified by anyone."""

import base64
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, render_template, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from contracts.documents import (
    DocumentContent,
    DocumentKind,
    DocumentStatus,
    ReadDocument,
    VerifyDocument,
)
from contracts.errors import ErrorCode, Refusal
from gateway import refusals
from gateway.access import caller
from gateway.answers import NOT_CHANGED, answer, in_office_time, tagged
from gateway.asking import ask
from gateway.calls import CALLS
from gateway.context import here
from gateway.problems import ApiProblem
from gateway.status import document_case, status_of
from gateway.visibility import is_granted

api = APIBlueprint(
    "documents",
    __name__,
    url_prefix="/v1",
    template_folder="../pages",
    abp_tags=[Tag(name="documents", description="Letters, and whether they are genuine")],
)

PDF: dict[Any, Any] = {
    "description": "The document",
    "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
}

SELF_MADE = (
    "sertifikat buatan sendiri, tanpa kekuatan hukum",
    "self-made certificate without legal weight",
)


class DocumentPath(BaseModel):
    code: str = Field(
        description="the code printed on the document",
        json_schema_extra={"pattern": "^[A-Za-z0-9-]{1,64}$", "example": "K7M2-9QXW-4RCF"},
    )


class Verified(BaseModel):
    """Whether a document is genuine; no personal data. `status`: valid, superseded or revoked.

    `certificate_note` is present where the certificate has no legal weight.
    """

    code: str
    kind: DocumentKind
    number: str
    status: str
    sha256: str
    issued_at: datetime
    certificate_subject: str
    self_made_certificate: bool
    certificate_note_id: str | None
    certificate_note_en: str | None


@api.get("/documents/<code>", responses={200: PDF, **NOT_CHANGED})
def read_document(path: DocumentPath) -> Response:
    """A letter or receipt as PDF

    A request's for counter officers, social workers and the heads; a complaint's for complaint
    officers, and for a head once it is escalated to them. The ETag is the SHA-256 of the PDF. A
    wrong access code and an unknown document get one answer.
    """
    if caller().is_staff:
        _refuse_other_readers(path.code)
    document: DocumentContent = ask(ReadDocument(code=path.code))
    response = Response(base64.b64decode(document.content), mimetype="application/pdf")
    name = f"{document.kind}-{path.code}.pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    return tagged(response, document.sha256, cache="no-store")


@api.get("/verify/<code>", responses={200: Verified})
def verify_document(path: DocumentPath) -> Response:
    """Whether a document is genuine

    Compare the hash with the file you hold. A browser, as after scanning the QR code, gets a page.
    """
    wants_page = request.accept_mimetypes.best_match(["application/json", "text/html"]) == (
        "text/html"
    )
    try:
        verified = _verified(ask(VerifyDocument(code=path.code)))
    except Refusal as refusal:
        if wants_page and refusal.code is ErrorCode.DOCUMENT_NOT_FOUND:
            return _page(None, HTTPStatus.NOT_FOUND)
        raise
    response = _page(verified, HTTPStatus.OK) if wants_page else answer(verified)
    response.vary.add("Accept")
    return response


def _refuse_other_readers(code: str) -> None:
    """Raises ApiProblem access_denied unless the caller may read the letters of that case,
    document_not_found for a code that no case has."""
    readers = CALLS["documents.read_document"].grants
    with here().store.reading() as session:
        case = document_case(session, code)
        if case is None or status_of(session, case) is None:
            raise ApiProblem(ErrorCode.DOCUMENT_NOT_FOUND)
        refusals.found(case)
        if not is_granted(session, readers, caller().actor, case):
            raise ApiProblem(ErrorCode.ACCESS_DENIED)


def _verified(document: DocumentStatus) -> Verified:
    note_id, note_en = SELF_MADE if document.self_made_certificate else (None, None)
    return Verified(
        **document.model_dump(), certificate_note_id=note_id, certificate_note_en=note_en
    )


def _page(verified: Verified | None, status: HTTPStatus) -> Response:
    document = in_office_time(verified.model_dump()) if verified else None
    return Response(render_template("verify.html", document=document), status, mimetype="text/html")
