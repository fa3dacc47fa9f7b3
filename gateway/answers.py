"""How an answer is written: JSON with the office's offset, entity tags, cache rules."""

import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, request
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from gateway.context import here

PUBLIC = "public, max-age=300"
REVALIDATE = "private, no-cache"

NOT_CHANGED: dict[Any, Any] = {304: {"description": "Not changed"}}
"""For the OpenAPI document: what a call with an ETag may answer too."""


def answer(
    body: BaseModel | Mapping[str, Any],
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A JSON response; every moment in it carries the office's offset (RFC 3339)."""
    content = body.model_dump() if isinstance(body, BaseModel) else body
    text = json.dumps(in_office_time(content), ensure_ascii=False, separators=(",", ":"))
    response = Response(text, status, mimetype="application/json")
    response.headers.update(headers or {})
    return response


def tagged(response: Response, tag: str, cache: str = REVALIDATE) -> Response:
    """The response with its ETag, or 304 without a body for a caller who has it."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = cache
    response.make_conditional(request)
    return response


def public(response: Response) -> Response:
    """What anyone may keep for a while, tagged by its content."""
    response.add_etag()
    response.headers["Cache-Control"] = PUBLIC
    response.make_conditional(request)
    return response


def in_office_time(value: Any) -> Any:
    """The value as JSON takes it, its moments shown with the office's offset."""
    if isinstance(value, datetime):
        return value.astimezone(here().zone).isoformat()
    if isinstance(value, Mapping):
        return {key: in_office_time(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [in_office_time(part) for part in value]
    return to_jsonable_python(value)
