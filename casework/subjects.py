"""Who may ask for a person's whole record, or for its erasure."""

from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode, Refusal


def check_officer(actor: Actor) -> None:
    """Only who works with the office's own keys, by the `sigap` command; no role at the gateway
    has the right. Raises a refusal with access_denied.
    """
    if actor.role is not Role.ADMINISTRATOR:
        raise Refusal(ErrorCode.ACCESS_DENIED)
