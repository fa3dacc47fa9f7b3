"""Errors as the caller meets them: `application/problem+json` (RFC 9457) with stable codes."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import HTTPException

from chassis.logs import shape
from chassis.retry import Failure, failure_of
from contracts.errors import TEXTS, ErrorCode, Refusal
from gateway.field_errors import FieldError, field_error, field_errors

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5

STATUS: dict[ErrorCode, HTTPStatus] = {
    ErrorCode.MALFORMED_BODY: HTTPStatus.BAD_REQUEST,
    ErrorCode.VALIDATION_FAILED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.PAYLOAD_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ErrorCode.NOT_ACCEPTABLE: HTTPStatus.NOT_ACCEPTABLE,
    ErrorCode.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    ErrorCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.IDEMPOTENCY_KEY_MISSING: HTTPStatus.BAD_REQUEST,
    ErrorCode.IDEMPOTENCY_KEY_REUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.LOGIN_FAILED: HTTPStatus.UNAUTHORIZED,
    ErrorCode.SIGN_IN_FAILED: HTTPStatus.UNAUTHORIZED,
    ErrorCode.ACCOUNT_NOT_LINKED: HTTPStatus.FORBIDDEN,
    ErrorCode.SIGN_IN_NOT_OFFERED: HTTPStatus.NOT_FOUND,
    ErrorCode.SIGN_IN_PROVIDER_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.TOO_MANY_ATTEMPTS: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorCode.NOT_SIGNED_IN: HTTPStatus.UNAUTHORIZED,
    ErrorCode.ACCESS_DENIED: HTTPStatus.FORBIDDEN,
    ErrorCode.CASE_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.DOCUMENT_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.STANDARD_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.ATTACHMENT_NOT_FOUND: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.ATTACHMENT_TYPE_REFUSED: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ErrorCode.ATTACHMENT_NOT_PLAIN: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.FILE_INFECTED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.REGION_UNKNOWN: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.REQUIREMENT_UNKNOWN: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.CHECKLIST_INCOMPLETE: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.ILLEGAL_MOVE: HTTPStatus.CONFLICT,
    ErrorCode.ALREADY_CLAIMED: HTTPStatus.CONFLICT,
    ErrorCode.ALREADY_HANDED_OVER: HTTPStatus.CONFLICT,
    ErrorCode.OTHER_DISTRICT: HTTPStatus.FORBIDDEN,
    ErrorCode.NOT_THE_ASSIGNED_VERIFIER: HTTPStatus.FORBIDDEN,
    ErrorCode.VISIT_REPORT_CONFLICT: HTTPStatus.CONFLICT,
    ErrorCode.LETTER_NOT_READY: HTTPStatus.CONFLICT,
    ErrorCode.PURPOSE_NOT_SERVED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.NOT_THE_INSTRUCTED_SOCIAL_WORKER: HTTPStatus.FORBIDDEN,
    ErrorCode.TABLE_REFUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.TABLE_NOT_FOUND: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.PACKAGE_CHANGED: HTTPStatus.CONFLICT,
    ErrorCode.TERMS_NOT_ACCEPTED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.HANDOVER_NOT_SIGNED: HTTPStatus.CONFLICT,
    ErrorCode.ALREADY_SIGNED: HTTPStatus.CONFLICT,
    ErrorCode.NOT_THE_OWNER: HTTPStatus.FORBIDDEN,
    ErrorCode.COORDINATION_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.REOPENING_TOO_LATE: HTTPStatus.CONFLICT,
    ErrorCode.ALREADY_ANSWERED: HTTPStatus.CONFLICT,
    ErrorCode.CASE_STILL_OPEN: HTTPStatus.CONFLICT,
    ErrorCode.NOT_ESCALATED: HTTPStatus.CONFLICT,
    ErrorCode.ALREADY_ESCALATED: HTTPStatus.CONFLICT,
    ErrorCode.WEBHOOK_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.DELIVERY_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.WAY_NOT_GIVEN: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.PERSONAL_DATA_ERASED: HTTPStatus.GONE,
    ErrorCode.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.INTERNAL_ERROR: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The one table that maps a refusal to HTTP."""

_HTTP_ERRORS: dict[int, ErrorCode] = {
    HTTPStatus.NOT_FOUND: ErrorCode.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: ErrorCode.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_ACCEPTABLE: ErrorCode.NOT_ACCEPTABLE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ErrorCode.PAYLOAD_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ErrorCode.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.INTERNAL_SERVER_ERROR: ErrorCode.INTERNAL_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE: ErrorCode.UNAVAILABLE,
}

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="sigap"'}


class Problem(BaseModel):
    """Why a call was refused. `code` is stable; the texts may be improved."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="A link to the code's explanation")
    title: str
    title_id: str
    title_en: str
    status: int
    detail: str
    code: ErrorCode
    errors: list[FieldError] = Field([], description="The fields that are not right")
    details: dict[str, Any] = Field({}, description="States and codes that explain a refusal")


class ApiProblem(Exception):
    """Ends a call with a problem of this code; `retry_after` in seconds."""

    def __init__(
        self,
        code: ErrorCode,
        errors: Sequence[FieldError] = (),
        status: HTTPStatus | None = None,
        retry_after: int | None = None,
    ) -> None:
        self.code = code
        self.retry_after = retry_after
        self.errors = list(errors)
        self.status = status or STATUS[code]
        super().__init__(code.value)


def problem_response(
    code: ErrorCode,
    status: int | None = None,
    errors: Sequence[FieldError] = (),
    details: dict[str, Any] | None = None,
) -> Response:
    """The response for `code`. Nothing that the caller sent goes into it."""
    status = int(status or STATUS[code])
    g.problem = code
    text_id, text_en = TEXTS[code]
    fields = ", ".join(dict.fromkeys(error.field for error in errors))
    problem = Problem(
        type=f"/problems/{code}",
        title=text_en,
        title_id=text_id,
        title_en=text_en,
        status=status,
        detail=f"Periksa / check: {fields}" if fields else f"{text_id} / {text_en}",
        code=code,
        errors=list(errors),
        details=details or {},
    )
    response: Response = jsonify(problem.model_dump(mode="json"))
    response.status_code = status
    response.content_type = MEDIA_TYPE
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers.update(_CHALLENGE)
    return response


def validation_problem(error: ValidationError) -> Response:
    """What flask-openapi3 answers when a header, path, query or body does not fit its model."""
    return problem_response(ErrorCode.VALIDATION_FAILED, errors=field_errors(error))


def answer_with_problems(app: Flask) -> None:
    """Turn every exception that leaves a view, known or not, into a problem."""
    app.register_error_handler(ApiProblem, _on_api_problem)
    app.register_error_handler(Refusal, _on_refusal)
    app.register_error_handler(HTTPException, _on_http_exception)
    app.register_error_handler(Exception, _on_unexpected)


def _on_api_problem(error: ApiProblem) -> Response:
    response = problem_response(error.code, error.status, error.errors)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _on_refusal(refusal: Refusal) -> Response:
    """A service's refusal. What it says of fields becomes `errors`, the rest `details`."""
    details = dict(refusal.details)
    errors = [field_error(each["field"], each["code"]) for each in details.pop("errors", ())]
    if "field" in details:
        place = (details.pop("field"), details.pop("index", None))
        field = ".".join(str(part) for part in place if part is not None)
        errors.append(field_error(field, refusal.code))
    return problem_response(refusal.code, errors=errors, details=details)


def _on_http_exception(error: HTTPException) -> Response | HTTPException:
    """Errors of Flask itself; `abort(response)` and redirects pass as they are."""
    status = error.code
    if error.response is not None or status is None or status < HTTPStatus.BAD_REQUEST:
        return error
    response = problem_response(_HTTP_ERRORS.get(status, ErrorCode.MALFORMED_BODY), status)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _on_unexpected(error: Exception) -> Response:
    """A service or a database that does not answer is `unavailable`; the rest is our fault."""
    passes = failure_of(error) is Failure.INFRASTRUCTURE
    structlog.get_logger().error("request_failed", request_id=g.get("request_id"), **shape(error))
    return problem_response(ErrorCode.UNAVAILABLE if passes else ErrorCode.INTERNAL_ERROR)
