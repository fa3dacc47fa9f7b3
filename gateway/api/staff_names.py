"""User names that stand in a body."""

from contracts.envelope import Role
from contracts.errors import ErrorCode
from gateway.accounts import account_of
from gateway.context import here
from gateway.field_errors import field_error
from gateway.problems import ApiProblem


def known_staff(username: str, field: str, code: str, role: Role | None = None) -> None:
    """Raises ApiProblem validation_failed with `code` at `field` unless there is such an account,
    of that role if one is given."""
    gateway = here()
    with gateway.store.reading() as session:
        account = account_of(session, username, demo=gateway.settings.demo)
    if account is None or role not in (None, account.actor.role):
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, [field_error(field, code)])
