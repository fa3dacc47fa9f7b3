"""Uploads: files that a request, a supplement or a visit report refers to."""

import base64
from http import HTTPStatus
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.file import FileStorage
from flask_openapi3.models.tag import Tag
from pydantic import Field
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import FileStorage as Upload

from contracts.errors import ErrorCode
from contracts.intake import AttachmentRef, StoreAttachment
from gateway.answers import answer
from gateway.api.forms import Form, with_example
from gateway.asking import send
from gateway.context import here
from gateway.problems import ApiProblem

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


class UploadedFile(FileStorage):
    """A part of a multipart form that is a file."""

    @classmethod
    def validate(cls, value: Any, *_: Any, **__: Any) -> Upload:
        if not isinstance(value, Upload):
            raise PydanticCustomError("file_type", "a file is needed")
        return value


class AttachmentForm(Form):
    model_config = with_example({"file": SMALL_PDF}, "A small PDF, as text")

    file: UploadedFile = Field(description="PDF, JPEG, PNG or WebP; decided by its content")


@api.post("", responses={201: AttachmentRef})
def store_attachment(form: AttachmentForm) -> Response:
    """Upload a file

    The answer's `id` is what a request, a supplement or a visit report refers to. A file that no
    request refers to within a day is deleted.
    """
    limit = here().settings.max_attachment_bytes
    content = form.file.stream.read(limit + 1)
    if len(content) > limit:
        raise ApiProblem(ErrorCode.PAYLOAD_TOO_LARGE)
    command = StoreAttachment(content=base64.b64encode(content).decode())
    return answer(send(command), HTTPStatus.CREATED)
