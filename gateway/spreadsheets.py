"""Tables as CSV (RFC 4180), in which no cell is taken for a formula."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import StringIO
from typing import Any, Literal

from flask import Response, request
from flask_openapi3.models.data_type import DataType
from flask_openapi3.models.media_type import MediaType
from flask_openapi3.models.schema import Schema
from pydantic import BaseModel, ConfigDict, Field

from gateway.answers import answer, in_office_time

MEDIA_TYPE = "text/csv"

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class FormatQuery(BaseModel):
    """Chooses between JSON and CSV; `Accept: text/csv` does too."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["json", "csv"] | None = Field(None, description="`csv` for a spreadsheet")


def with_csv() -> ConfigDict:
    """The configuration of an answer that comes as CSV too, for the OpenAPI document."""
    content = {MEDIA_TYPE: MediaType(schema=Schema(type=DataType.STRING))}
    return ConfigDict(openapi_extra={"content": content})  # type: ignore[typeddict-unknown-key]


def in_asked_format(
    query: FormatQuery,
    body: BaseModel,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    name: str,
) -> Response:
    """The body as JSON, or its rows as CSV named `name`, whichever the caller asks for."""
    if (query.format or _accepted()) == "json":
        response = answer(body)
    else:
        response = Response(table(rows, columns), mimetype=MEDIA_TYPE)
        response.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    response.vary.add("Accept")
    return response


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """The rows as CSV under these headings.

    A text that a spreadsheet would compute begins with an apostrophe (OWASP, CSV injection).
    """
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_harmless(row[column]) for column in columns] for row in rows)
    return text.getvalue()


def _accepted() -> str:
    best = request.accept_mimetypes.best_match(["application/json", MEDIA_TYPE])
    return "csv" if best == MEDIA_TYPE else "json"


def _harmless(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(in_office_time(value)) if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
