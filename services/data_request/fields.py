"""What the fields of reviews, tables and signatures must hold. Pure."""

from re import fullmatch

from contracts.data_request import BuildPackage, ReviewDataRequest, Side, SignHandover
from contracts.envelope import USERNAME
from contracts.errors import ErrorCode, InvalidFields, Refusal, check_written
from services.data_request.card_numbers import numbers_in

MAX_DATA_TYPES = 100

LONGEST_TITLE = 120
"""Characters of a table's name."""

LONGEST_NAME = 200
"""Characters of what is printed in the record of handover."""

_REQUIRED = {
    "approve": ("complexity", "social_worker"),
    "reject": ("ground", "words"),
    "clarify": ("words",),
}
_ALLOWED = {
    "approve": ("complexity", "social_worker", "data_types", "words"),
    "reject": ("ground", "words"),
    "clarify": ("words",),
}
_OF_A_DECISION = ("complexity", "social_worker", "data_types", "ground", "words")


def check_review(review: ReviewDataRequest) -> None:
    """The decision has what it needs and nothing of another; raises InvalidFields."""
    errors = []
    for field in _OF_A_DECISION:
        value = getattr(review, field)
        if value is not None and field not in _ALLOWED[review.decision]:
            errors.append((field, "not_allowed"))
        elif field in _REQUIRED[review.decision] and not str(value or "").strip():
            errors.append((field, "required"))
    if review.social_worker and not fullmatch(USERNAME, review.social_worker):
        errors.append(("social_worker", "wrong_format"))
    if review.data_types is not None and not 1 <= review.data_types <= MAX_DATA_TYPES:
        errors.append(("data_types", "out_of_range"))
    if errors:
        raise InvalidFields(*errors)


def check_table_name(name: str) -> None:
    """The name says something, and no number of a person; raises InvalidFields."""
    check_written("name", name)
    if len(name) > LONGEST_TITLE:
        raise InvalidFields(("name", "too_long"))
    if not name.strip().isprintable() or numbers_in(name):
        raise InvalidFields(("name", "wrong_format"))


def check_package(ask: BuildPackage) -> None:
    """At least one table is named, each once, and source and method, which name no person's number.

    Raises InvalidFields.
    """
    errors = []
    if len(set(ask.tables)) != len(ask.tables):
        errors.append(("tables", "duplicate"))
    for field in ("tables", "data_source", "data_method"):
        value = getattr(ask, field)
        if not (value.strip() if isinstance(value, str) else value):
            errors.append((field, "required"))
        elif isinstance(value, str) and numbers_in(value):
            errors.append((field, "personal_number"))
    if errors:
        raise InvalidFields(*errors)


def check_signature(signature: SignHandover) -> None:
    """Who signs is named; the requester also names their institution and accepts the terms.

    Raises InvalidFields, a refusal with terms_not_accepted.
    """
    required = ["name"]
    if signature.side is Side.REQUESTER:
        required.append("institution")
        if not signature.terms_accepted:
            raise Refusal(ErrorCode.TERMS_NOT_ACCEPTED)
    errors = [(each, "required") for each in required if not _says(signature, each)]
    for field in ("name", "position", "institution"):
        if len(getattr(signature, field) or "") > LONGEST_NAME:
            errors.append((field, "too_long"))
    if errors:
        raise InvalidFields(*errors)


def _says(signature: SignHandover, field: str) -> bool:
    return bool((getattr(signature, field) or "").strip())
