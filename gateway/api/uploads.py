"""A file as a part of a multipart form."""

import base64
import re
from typing import Any

from flask_openapi3.models.file import FileStorage
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import FileStorage as Upload

from contracts.errors import ErrorCode
from gateway.context import here
from gateway.problems import ApiProblem

LONGEST_NAME = 80

_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


class UploadedFile(FileStorage):
    """A part of a multipart form that is a file."""

    @classmethod
    def validate(cls, value: Any, *_: Any, **__: Any) -> Upload:
        if not isinstance(value, Upload):
            raise PydanticCustomError("file_type", "a file is needed")
        return value


def content_of(file: Upload) -> str:
    """The file in base64; raises ApiProblem payload_too_large."""
    limit = here().settings.max_attachment_bytes
    content = file.stream.read(limit + 1)
    if len(content) > limit:
        raise ApiProblem(ErrorCode.PAYLOAD_TOO_LARGE)
    return base64.b64encode(content).decode()


def name_of(file: Upload) -> str:
    """The file's own name without folders, in letters, digits, '.', '_' and '-'."""
    name = re.split(r"[/\\]", file.filename or "")[-1]
    return _UNFIT.sub("-", name).strip(".-")[-LONGEST_NAME:] or "tabel"
