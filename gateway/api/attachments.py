"""Uploads: files that a request, a complaint, a supplement or a visit report refers to."""

from http import HTTPStatus
from typing import Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from contracts.complaints import StoreEvidence
from contracts.envelope import AttachmentRef
from contracts.intake import StoreAttachment
from gateway.answers import answer
from gateway.api.forms import Form, with_example
from gateway.api.uploads import UploadedFile, content_of
from gateway.asking import send

api = APIBlueprint(
    "attachments",
    __name__,
    url_prefix="/v1/attachments",
    abp_tags=[Tag(name="attachments", description="Files, sent before what refers to them")],
)

SMALL_PDF = (
    "%PDF-1.4\n"
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\n"
    "trailer<</Root 1 0 R>>\n"
    "startxref\n0\n%%EOF\n"
)


class AttachmentForm(Form):
    model_config = with_example({"file": SMALL_PDF}, "A small PDF, as text")

    file: UploadedFile = Field(description="PDF, JPEG, PNG or WebP; decided by its content")


class KeeperQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    keeper: Literal["requests", "complaints"] = Field(
        "requests",
        alias="for",
        description="`complaints` for what a complaint or its supplement refers to",
    )


@api.post("", responses={201: AttachmentRef})
def store_attachment(query: KeeperQuery, form: AttachmentForm) -> Response:
    """Upload a file

    The answer's `id` is what a request, a complaint, a supplement or a visit report refers to. A
    file that nothing refers to within a day is deleted.
    """
    content = content_of(form.file)
    keeper = StoreEvidence if query.keeper == "complaints" else StoreAttachment
    return answer(send(keeper(content=content)), HTTPStatus.CREATED)
