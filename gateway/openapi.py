"""The OpenAPI document: what the views' signatures say, and what calls.CALLS says of them."""

import json
import re
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from contracts.errors import TEXTS, ErrorCode
from gateway.access import ACCESS_CODE_HEADER
from gateway.calls import CALLS, NAMES, Call
from gateway.idempotency import HEADER as IDEMPOTENCY_KEY
from gateway.idempotency import PATTERN as IDEMPOTENCY_KEY_PATTERN
from gateway.openapi_responses import describe_responses
from gateway.openapi_rights import describe_rights
from gateway.problems import MEDIA_TYPE, STATUS
from standards.clock_day import to_minute

Operation = dict[str, Any]

LETTERS = "/v1/documents/{code}"

INFO = Info(
    title="Sigap",
    version="1",
    description=(
        "Requests to the social-affairs office of Banjarmasin, and complaints about it: sent, "
        "followed, handled, answered. Errors are `application/problem+json` with a stable `code`; "
        "the texts that residents read are in Indonesian and English. Times carry the office's "
        "offset. No fee is taken for anything."
    ),
)

SECURITY_SCHEMES: dict[str, Any] = {
    "staff": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Staff: the token of `POST /v1/login`",
    },
    "access_code": {
        "type": "apiKey",
        "in": "header",
        "name": ACCESS_CODE_HEADER,
        "description": "Residents: the ten signs that came with the tracking number",
    },
}

_KEY_PARAMETER = {
    "name": IDEMPOTENCY_KEY,
    "in": "header",
    "required": True,
    "description": (
        "Made by the client. The same key with the same body gives the same answer and changes "
        "nothing twice; with another body it is refused."
    ),
    "schema": {"type": "string", "pattern": IDEMPOTENCY_KEY_PATTERN, "example": "2f1c8a4e-0001"},
}


def openapi_json(app: OpenAPI) -> str:
    """The OpenAPI 3.1 document of the app, but for what `dated` does with it."""
    document: dict[str, Any] = json.loads(json.dumps(app.api_doc))
    endpoints = _endpoints(app)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(operation, path, CALLS[endpoints[method, path]])
            operation["operationId"] = f"{method}{_camel(path)}"
    describe_responses(document)
    for path, field in _RECENT.items():
        content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        content["examples"]["example"]["value"][field] = _JUST_NOW
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def dated(document: str, now: datetime) -> str:
    """The document with examples of this minute where what happened long ago would be refused."""
    return document.replace(_JUST_NOW, to_minute(now).isoformat())


def _endpoints(app: OpenAPI) -> dict[tuple[str, str], str]:
    """The endpoint of each (method, path), as the document writes them."""
    return {
        (method.lower(), re.sub(r"<(\w+)>", r"{\1}", rule.rule)): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }


def _complete(operation: Operation, path: str, call: Call) -> None:
    describe_rights(operation, path, call)
    operation["security"] = _security(call)
    if call.moves:
        operation.setdefault("parameters", []).append(_KEY_PARAMETER)
    responses: dict[str, Any] = operation["responses"]
    responses.pop("422", None)
    for status, codes in sorted(_problems(operation, path, call).items()):
        responses.setdefault(str(status.value), _problem(codes))


def _security(call: Call) -> list[dict[str, list[str]]]:
    ways: list[dict[str, list[str]]] = [{}] if call.anyone else []
    if call.with_access_code:
        ways.append({"access_code": []})
    if call.roles:
        ways.append({"staff": []})
    return ways


def _problems(operation: Operation, path: str, call: Call) -> dict[HTTPStatus, list[ErrorCode]]:
    codes = [ErrorCode.INTERNAL_ERROR, ErrorCode.UNAVAILABLE]
    if "requestBody" in operation:
        codes += [ErrorCode.MALFORMED_BODY, ErrorCode.PAYLOAD_TOO_LARGE]
        codes += [ErrorCode.UNSUPPORTED_MEDIA_TYPE]
    if "requestBody" in operation or "parameters" in operation:
        codes.append(ErrorCode.VALIDATION_FAILED)
    if call.with_access_code:
        codes.append(ErrorCode.TOO_MANY_ATTEMPTS)
    if call.roles or call.with_access_code:
        codes += [ErrorCode.NOT_SIGNED_IN, ErrorCode.ACCESS_DENIED]
    if "{tracking_number}" in path or path == LETTERS:
        codes.append(ErrorCode.PERSONAL_DATA_ERASED)
    if call.moves:
        codes += [ErrorCode.IDEMPOTENCY_KEY_MISSING, ErrorCode.IDEMPOTENCY_KEY_REUSED]
    named = [NAMES[name][1] for name in re.findall(r"{(\w+)}", path) if name in NAMES]
    by_status = {HTTPStatus.NOT_FOUND: named} if named else {}
    for code in dict.fromkeys([*codes, *call.codes, *sorted(call.refusals)]):
        if code not in named:
            by_status.setdefault(STATUS[code], []).append(code)
    return by_status


def _problem(codes: list[ErrorCode]) -> dict[str, Any]:
    meaning = " ".join(f"`{code}`: {TEXTS[code][1]}" for code in codes)
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": meaning, "content": {MEDIA_TYPE: {"schema": schema}}}


def _camel(path: str) -> str:
    words = path.replace("{", "").replace("}", "").replace("_", "-").replace("/", "-").split("-")
    return "".join(word.capitalize() for word in words if word != "v1")


_JUST_NOW = "(just now)"

_RECENT = {
    "/v1/verifications/{tracking_number}/visit-report": "visited_at",
    "/v1/complaints/{tracking_number}/lapor": "occurred_at",
}
