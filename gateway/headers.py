"""Headers of every response: request ids, browser safety, and CORS where it is configured."""

import re

from flask import Flask, Response, g, request

from chassis.ids import uuid7
from gateway.access import ACCESS_CODE_HEADER
from gateway.idempotency import HEADER as IDEMPOTENCY_KEY
from standards.national_id import holds_number

REQUEST_ID = "X-Request-ID"
PAGE = "text/html"

_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_POLICY = f"{_NOTHING}; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
"""For pages: what comes from here, and nothing that stands in the page itself."""

SAFETY = {
    "Content-Security-Policy": _NOTHING,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=()",
}

_ALLOWED_HEADERS = ", ".join(
    (
        "Accept",
        "Authorization",
        "Content-Type",
        "If-None-Match",
        "Last-Event-ID",
        ACCESS_CODE_HEADER,
        IDEMPOTENCY_KEY,
        REQUEST_ID,
    )
)
_EXPOSED_HEADERS = f"ETag, Link, Location, Retry-After, X-Ledger-Size, X-Next-Cursor, {REQUEST_ID}"
_PREFLIGHT_SECONDS = "600"
_REQUEST_ID_FORM = re.compile(r"[A-Za-z0-9._-]{8,64}")


def set_headers(app: Flask, allowed_origins: frozenset[str], hsts_seconds: int) -> None:
    """Put these headers on every response of the app, and answer CORS preflights."""
    safety = dict(SAFETY)
    if hsts_seconds:
        safety["Strict-Transport-Security"] = f"max-age={hsts_seconds}; includeSubDomains"

    @app.before_request
    def begin() -> Response | None:
        given = request.headers.get(REQUEST_ID, "")
        g.request_id = given if _may_be_logged(given) else uuid7()
        is_preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in (
            request.headers
        )
        return _preflight(allowed_origins) if is_preflight else None

    @app.after_request
    def finish(response: Response) -> Response:
        if request.method == "OPTIONS":  # it has no body, whatever Flask calls its type
            response.headers.pop("Content-Type", None)
        response.headers.update(safety)
        if response.mimetype == PAGE:  # 304 too: a browser replaces the headers that it kept
            response.headers["Content-Security-Policy"] = PAGE_POLICY
        response.headers[REQUEST_ID] = g.request_id
        response.headers.setdefault("Cache-Control", "no-store")
        _allow_origin(response, allowed_origins)
        return response


def _may_be_logged(request_id: str) -> bool:
    return bool(_REQUEST_ID_FORM.fullmatch(request_id)) and not holds_number(request_id)


def _preflight(allowed_origins: frozenset[str]) -> Response:
    response = Response(status=204)
    if _is_allowed(allowed_origins):
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
        response.headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
    return response


def _allow_origin(response: Response, allowed_origins: frozenset[str]) -> None:
    response.vary.add("Origin")
    if _is_allowed(allowed_origins):
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED_HEADERS


def _is_allowed(allowed_origins: frozenset[str]) -> bool:
    origin = request.headers.get("Origin")
    return origin is not None and bool({origin, "*"} & allowed_origins)
