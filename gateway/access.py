"""Who may make which call: one table, used by the check and shown in the OpenAPI document."""

import re
from dataclasses import dataclass
from typing import cast

from flask import g, request

from contracts.envelope import RESIDENT, TRACKING_NUMBER, Actor, Role
from contracts.errors import ErrorCode
from gateway import status as read_model
from gateway.context import here
from gateway.idempotency import service_key
from gateway.problems import ApiProblem

ACCESS_CODE_HEADER = "X-Access-Code"

STAFF = frozenset(set(Role) - {Role.RESIDENT, Role.SYSTEM})
COUNTER = frozenset({Role.COUNTER_OFFICER})
LETTER_READERS = frozenset(
    {Role.COUNTER_OFFICER, Role.SOCIAL_WORKER, Role.DIVISION_HEAD, Role.AGENCY_HEAD}
)

JSON = "application/json"
MULTIPART = "multipart/form-data"

NO_CASE = "no case"
"""Stands for the case of an unknown document; no tracking number looks like it."""


@dataclass(frozen=True, slots=True)
class Call:
    """`anyone` without signing in; the resident `with_access_code`; staff of `roles`.

    `moves` calls create or change something and need an Idempotency-Key. `takes` is the body's
    media type.
    """

    anyone: bool = False
    with_access_code: bool = False
    roles: frozenset[Role] = frozenset()
    moves: bool = False
    takes: str = JSON


CALLS: dict[str, Call] = {
    "standards.list_standards": Call(anyone=True),
    "standards.read_standard": Call(anyone=True),
    "regions.list_regions": Call(anyone=True),
    "attachments.store_attachment": Call(anyone=True, roles=STAFF, moves=True, takes=MULTIPART),
    "requests.submit_request": Call(anyone=True, roles=COUNTER, moves=True),
    "status.read_status": Call(with_access_code=True, roles=STAFF),
    "status.stream_status": Call(with_access_code=True, roles=STAFF),
    "status.withdraw_request": Call(with_access_code=True, roles=COUNTER, moves=True),
    "status.supplement_request": Call(with_access_code=True, roles=COUNTER, moves=True),
    "documents.read_document": Call(with_access_code=True, roles=LETTER_READERS),
    "documents.verify_document": Call(anyone=True),
    "login.sign_in": Call(anyone=True),
    "tasks.list_tasks": Call(roles=STAFF),
    "cases.read_case": Call(roles=STAFF),
    "cases.read_attachment": Call(roles=STAFF),
    "verifications.identify": Call(roles=COUNTER, moves=True),
    "verifications.claim": Call(roles=frozenset({Role.VERIFIER}), moves=True),
    "verifications.assign": Call(
        roles=frozenset({Role.SOCIAL_WORKER, Role.DIVISION_HEAD}), moves=True
    ),
    "verifications.report_visit": Call(roles=frozenset({Role.VERIFIER}), moves=True),
    "verifications.assess": Call(roles=frozenset({Role.SOCIAL_WORKER}), moves=True),
    "verifications.decide": Call(roles=frozenset({Role.DIVISION_HEAD}), moves=True),
    "verifications.deliver": Call(
        roles=frozenset({Role.COUNTER_OFFICER, Role.SOCIAL_WORKER}), moves=True
    ),
    "events.list_events": Call(roles=frozenset({Role.AUDITOR})),
    "health.live": Call(anyone=True),
    "health.ready": Call(anyone=True),
    "health.metrics": Call(anyone=True),
    "docs.openapi_json": Call(anyone=True),
    "docs.page": Call(anyone=True),
    "docs.asset": Call(anyone=True),
    "docs.explain_problem": Call(anyone=True),
}
"""Every call of the gateway by its endpoint. One that is missing here cannot be made."""


NAMES: dict[str, tuple[str, ErrorCode]] = {
    "tracking_number": (TRACKING_NUMBER, ErrorCode.CASE_NOT_FOUND),
    "code": (r"^[A-Za-z0-9-]{1,64}$", ErrorCode.DOCUMENT_NOT_FOUND),
    "attachment": (r"^[A-Za-z0-9-]{1,64}$", ErrorCode.ATTACHMENT_NOT_FOUND),
}
"""What can stand in a path, and the answer to anything else: that there is no such thing."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes the present call: staff, or the resident whose access code opened `case`."""

    actor: Actor
    case: str | None = None

    @property
    def is_staff(self) -> bool:
        return self.actor.role in STAFF


def caller() -> Caller:
    """Who makes the present call."""
    return cast(Caller, g.caller)


def idempotency_key() -> str:
    """The key for the command that the present call sends to a service."""
    return cast(str, g.idempotency_key)


def admit() -> None:
    """Before every view: find out who calls, and refuse who may not.

    Raises ApiProblem not_signed_in, access_denied, case_not_found, document_not_found,
    idempotency_key_missing.
    """
    if request.endpoint is None or request.method == "OPTIONS":
        return
    call = CALLS[request.endpoint]
    actor = _actor(call)
    _refuse_impossible_names()
    opened = _opened_case() if actor == RESIDENT and not call.anyone else None
    g.caller = Caller(actor, opened)
    if call.moves:
        g.idempotency_key = service_key(request, actor, opened)


def _actor(call: Call) -> Actor:
    authorization = request.headers.get("Authorization")
    if call.roles and authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise ApiProblem(ErrorCode.NOT_SIGNED_IN)
        actor = here().tokens.read(token.strip())
        if actor.role not in call.roles:
            raise ApiProblem(ErrorCode.ACCESS_DENIED)
        return actor
    if call.anyone or (call.with_access_code and ACCESS_CODE_HEADER in request.headers):
        return RESIDENT
    raise ApiProblem(ErrorCode.NOT_SIGNED_IN)


def _refuse_impossible_names() -> None:
    for name, value in (request.view_args or {}).items():
        if name in NAMES:
            pattern, unknown = NAMES[name]
            if not re.fullmatch(pattern, value, re.ASCII):
                raise ApiProblem(unknown)


def _opened_case() -> str:
    """The case that the access code opens.

    The code is compared before the case is looked for, so the answer and its time say nothing
    about whether the case exists.
    """
    names = request.view_args or {}
    if "tracking_number" in names:
        case, refused = str(names["tracking_number"]), ErrorCode.CASE_NOT_FOUND
    else:
        case, refused = _case_of_document(names["code"]), ErrorCode.DOCUMENT_NOT_FOUND
    if not here().access_codes.match(case, request.headers[ACCESS_CODE_HEADER]):
        raise ApiProblem(refused)
    return case


def _case_of_document(code: str) -> str:
    with here().store.reading() as session:
        return read_model.document_case(session, code) or NO_CASE
