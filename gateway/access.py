"""Admission: who makes the present call, by the table of calls, and what is kept from whom."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, current_app, g, request

from contracts.envelope import RESIDENT, Actor
from contracts.errors import ErrorCode
from gateway import refusals
from gateway.accounts import stamp_of
from gateway.calls import CALLS, NAMES, Call
from gateway.clients import client_of
from gateway.context import here
from gateway.idempotency import service_key
from gateway.kinds import has_kind, kind_of
from gateway.problems import ApiProblem
from gateway.rights import STAFF
from gateway.spent import is_spent
from gateway.stages import CaseKind
from gateway.status import document_case
from gateway.throttle import CODES_FOR_A_CASE, HOUR, QUARTER, Tried
from gateway.tokens import Holder
from gateway.visibility import hidden_from

ACCESS_CODE_HEADER = "X-Access-Code"

NO_CASE = "no case"
"""Stands for the case of an unknown document; no tracking number looks like it."""


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


def holder() -> Holder:
    """Whose token the present call of the staff brought."""
    return cast(Holder, g.holder)


def token_key(token: str) -> str:
    """What a token is kept by, by its id, once it is revoked."""
    return here().store.digest(f"token\0{token}")


def client() -> str:
    """The address that the present call comes from."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_of(request.remote_addr, forwarded, here().settings.trusted_proxies)


def client_key() -> str:
    """Stands for the client in the log: the same for the same address, and tells it to nobody."""
    return here().store.digest(f"client\0{client()}")[:12]


def still_admitted() -> Callable[[], bool]:
    """Tells later, without the request, whether the present caller would still be admitted.

    A token ends, is revoked, or its account is changed; an access code stays good.
    """
    if not caller().is_staff:
        return lambda: True
    app: Flask = cast(Any, current_app)._get_current_object()
    token, actor, route = _bearer() or "", caller().actor, str(request.url_rule)

    def admitted() -> bool:
        with app.app_context():
            try:
                return _signed_in(token) == actor
            except ApiProblem as problem:
                role = actor.role.value
                refusals.tell(problem.code, route=route, role=role, actor=actor.id)
                return False

    return admitted


def access_code_opens(case: str, named: str | None = None) -> bool:
    """Whether the present call brings the access code of that case; `named` is what it was found
    by, if not by its number.

    Wrong codes are counted, for what was named and for who calls, whether there is such a case or
    not; raises ApiProblem too_many_attempts when they are too many.
    """
    gateway = here()
    tried = (
        Tried("codes for a case", named or case, CODES_FOR_A_CASE, HOUR),
        Tried("codes of a client", client(), gateway.settings.wrong_codes_per_client, QUARTER),
    )
    gateway.throttle.check(*tried)
    if gateway.access_codes.match(case, request.headers.get(ACCESS_CODE_HEADER, "")):
        return True
    refusals.mark(ErrorCode.CASE_NOT_FOUND)
    gateway.throttle.count(*tried)
    return False


def admit() -> None:
    """Before every view: find out who calls, and refuse who may not.

    Raises ApiProblem not_signed_in, access_denied, too_many_attempts, case_not_found,
    document_not_found, idempotency_key_missing.
    """
    if request.endpoint is None or request.method == "OPTIONS":
        return
    call = CALLS[request.endpoint]
    actor = _actor(call)
    _refuse_impossible_names()
    opened = _opened_case() if actor == RESIDENT and not call.anyone else None
    _refuse_other_kinds(call, actor)
    g.caller = Caller(actor, opened)
    if call.moves:
        g.idempotency_key = service_key(request, actor, opened)
    if actor != RESIDENT:
        _hide_from_whom_it_is_about(actor)


def _actor(call: Call) -> Actor:
    has_code = call.with_access_code and ACCESS_CODE_HEADER in request.headers
    for_somebody = call.roles or (call.with_access_code and not has_code)
    if for_somebody and "Authorization" in request.headers:
        token = _bearer()
        if token is None:
            raise ApiProblem(ErrorCode.NOT_SIGNED_IN)
        actor = _signed_in(token)
        if actor.role not in call.roles:
            raise ApiProblem(ErrorCode.ACCESS_DENIED)
        return actor
    if call.anyone or has_code:
        return RESIDENT
    raise ApiProblem(ErrorCode.NOT_SIGNED_IN)


def _bearer() -> str | None:
    """The token that the present call brings; None for any other way of signing in."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _signed_in(token: str) -> Actor:
    """Who holds the token; the account must be as it was when the token was given out, and its
    holder not have signed out with it."""
    holder = here().tokens.read(token)
    with here().store.reading() as session:
        changed = stamp_of(session, holder.actor.id) != holder.stamp
        if changed or is_spent(session, token_key(holder.token)):
            raise ApiProblem(ErrorCode.NOT_SIGNED_IN)
    g.holder = holder
    return holder.actor


def _refuse_impossible_names() -> None:
    for name, value in (request.view_args or {}).items():
        if name in NAMES:
            pattern, unknown = NAMES[name]
            if not re.fullmatch(pattern, value, re.ASCII):
                raise ApiProblem(unknown, status=HTTPStatus.NOT_FOUND)


def _opened_case() -> str:
    """The case that the access code opens.

    The code is compared before the case is looked for, so the answer and its time say nothing
    about whether the case exists.
    """
    case, unknown = _named_case()
    names = request.view_args or {}
    if not access_code_opens(case or NO_CASE, str(names.get("tracking_number", names.get("code")))):
        raise ApiProblem(unknown)
    return case or NO_CASE


def _refuse_other_kinds(call: Call, actor: Actor) -> None:
    """The role may make the call, but perhaps for other kinds of case than the one named."""
    case = (request.view_args or {}).get("tracking_number")
    if actor == RESIDENT or case is None:
        return
    if not call.grants_of(actor.role, kind_of(case)):
        raise ApiProblem(ErrorCode.ACCESS_DENIED)


def _hide_from_whom_it_is_about(actor: Actor) -> None:
    """A complaint does not exist for the officer that it is about, in any call."""
    case, unknown = _named_case()
    if case is None or not has_kind(case, CaseKind.COMPLAINT):
        return
    with here().store.reading() as session:
        if hidden_from(session, actor, case):
            raise ApiProblem(unknown)


def _named_case() -> tuple[str | None, ErrorCode]:
    """The case that the path names, by its number or a document's code; the code for none."""
    names = request.view_args or {}
    if "tracking_number" in names:
        return str(names["tracking_number"]), ErrorCode.CASE_NOT_FOUND
    if "code" not in names or request.blueprint != "documents":
        return None, ErrorCode.NOT_FOUND
    with here().store.reading() as session:
        case = document_case(session, str(names["code"]))
    return case, ErrorCode.DOCUMENT_NOT_FOUND
