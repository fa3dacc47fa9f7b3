"""The Idempotency-Key header, and the key that goes on to the services."""

import re

from flask import Request

from contracts.envelope import Actor
from contracts.errors import ErrorCode
from gateway.context import here
from gateway.field_errors import field_error
from gateway.problems import ApiProblem

HEADER = "Idempotency-Key"
PATTERN = r"^[\x21-\x7E]{1,200}$"


def service_key(request: Request, actor: Actor, case: str | None) -> str:
    """A key of 64 signs for this call, this caller and the caller's own key, which it hides.

    The resident's caller is the case that the access code opened, if any. Raises ApiProblem
    idempotency_key_missing, or validation_failed for a key that is too long or not visible ASCII.
    """
    given = request.headers.get(HEADER, "")
    if not given:
        raise ApiProblem(ErrorCode.IDEMPOTENCY_KEY_MISSING)
    if not re.fullmatch(PATTERN, given):
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, [field_error(HEADER, "wrong_format")])
    scope = "\n".join((request.endpoint or "", actor.role, actor.id, case or "", given))
    return here().store.digest(scope)
