"""How a request's body is read: strictly, and never more of it than allowed."""

import json
from io import BytesIO
from typing import IO, Any, NoReturn

from flask import Request

from contracts.errors import ErrorCode
from gateway.calls import CALLS, MULTIPART
from gateway.field_errors import field_error
from gateway.problems import ApiProblem

MAX_JSON_BYTES = 256 * 1024
MULTIPART_OVERHEAD_BYTES = 16 * 1024
"""What the form around an uploaded file may add to its size."""


class IncomingRequest(Request):
    """Flask's request with this gateway's rules for bodies."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body as a JSON object; an empty body is an empty object.

        Raises ApiProblem payload_too_large, unsupported_media_type, malformed_body,
        validation_failed.
        """
        data = self.get_data(cache=True)
        if not data:
            return {}
        if len(data) > MAX_JSON_BYTES:
            raise ApiProblem(ErrorCode.PAYLOAD_TOO_LARGE)
        if not self.is_json:
            raise ApiProblem(ErrorCode.UNSUPPORTED_MEDIA_TYPE)
        try:
            body = json.loads(data, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise ApiProblem(ErrorCode.MALFORMED_BODY) from None
        if not isinstance(body, dict):
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, [field_error("body", "wrong_type")])
        return body

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        """Keep an upload in memory: it is small, and it holds personal data."""
        return BytesIO()


def limit_body(request: Request, max_attachment_bytes: int) -> None:
    """Set how much of the body is read."""
    # One more: a body without a declared length is cut there, and must not pass as whole.
    request.max_content_length = MAX_JSON_BYTES + 1
    if _takes_a_form(request):
        request.max_content_length = max_attachment_bytes + MULTIPART_OVERHEAD_BYTES


def refuse_other_media(request: Request) -> None:
    """Raises ApiProblem unsupported_media_type where a form is taken and something else comes."""
    if _takes_a_form(request) and request.mimetype != MULTIPART:
        raise ApiProblem(ErrorCode.UNSUPPORTED_MEDIA_TYPE)


def _takes_a_form(request: Request) -> bool:
    call = CALLS.get(request.endpoint or "")
    return call is not None and call.takes == MULTIPART


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
