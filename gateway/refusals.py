"""Calls that were refused for what the caller may not do: each is logged and counted."""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from flask import g, request

from chassis.metrics import REFUSALS
from contracts.envelope import Actor
from contracts.errors import ErrorCode
from gateway.calls import CALLS
from gateway.rights import GATEWAY, RULES

_STATUSES = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_HIDING = frozenset(
    {
        ErrorCode.CASE_NOT_FOUND,
        ErrorCode.DOCUMENT_NOT_FOUND,
        ErrorCode.ATTACHMENT_NOT_FOUND,
        ErrorCode.DELIVERY_NOT_FOUND,
    }
)
"""Behind each of these may be something that is kept from the caller."""

_OF_SERVICES = frozenset(
    rule.refusal for rule in RULES.values() if rule.kept_by != GATEWAY
) - frozenset({ErrorCode.ACCESS_DENIED})
"""A service says these of a case that it has found."""


def mark(code: ErrorCode) -> None:
    """The present call is answered otherwise, but something in it was refused with this code."""
    g.refused_within = code


def found(case: str) -> None:
    """There is such a case: if the caller is refused it now, the log may name it."""
    g.found_case = case


def report(route: str, method: str, status: int, client: Callable[[], str]) -> None:
    """Log and count the present call if it was refused. `client` gives what stands for the
    caller's address.

    A case is named only with a 403, and only where there is one: with a 404 the line would tell
    that there is, and perhaps whom a complaint is about.
    """
    code = _refused_with(status)
    if code is None:
        return
    role, actor = _who()
    tell(
        code,
        route=route,
        method=method,
        status=status,
        role=role,
        actor=actor,
        case=_case(code) if status == HTTPStatus.FORBIDDEN else None,
        client=client(),
    )


def tell(code: ErrorCode, *, route: str, **more: str | int | None) -> None:
    """One line and one count."""
    REFUSALS.labels(code.value, route).inc()
    structlog.get_logger().info(
        "access_refused", code=code.value, route=route, request_id=g.get("request_id"), **more
    )


def _refused_with(status: int) -> ErrorCode | None:
    code: ErrorCode | None = g.get("problem")
    if code is not None and status in _STATUSES:
        return code
    call = CALLS.get(request.endpoint or "")
    kept = call is not None and bool(call.grants)
    if status == HTTPStatus.NOT_FOUND and kept and code in _HIDING:
        return code
    within: ErrorCode | None = g.get("refused_within")
    return within


def _who() -> tuple[str | None, str | None]:
    """Role and user name of the staff, the resident once a code has opened a case, else nobody."""
    known: Actor | None = None
    if "holder" in g:
        known = g.holder.actor
    elif "caller" in g:
        known = g.caller.actor
    return (known.role.value, known.id) if known else (None, None)


def _case(code: ErrorCode) -> str | None:
    if code in _OF_SERVICES:
        return (request.view_args or {}).get("tracking_number")
    case: str | None = g.get("found_case")
    return case
