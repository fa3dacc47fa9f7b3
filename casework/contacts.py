"""How a resident wants to be told: each way once, with an address that fits it."""

from collections.abc import Sequence
from re import ASCII, fullmatch

from contracts.envelope import Contact, ContactWay
from contracts.errors import InvalidFields

ADDRESS_OF_WAY = {
    ContactWay.EMAIL: r"[^@\s]+@[^@\s]+",
    ContactWay.WHATSAPP: r"\+?[0-9][0-9 .-]{4,19}",
    ContactWay.TELEGRAM: r"-?[0-9]{1,20}",
}
"""A mail address, a telephone number, a chat's id (a group's is negative)."""

LONGEST_ADDRESS = 254


def check_contacts(contacts: Sequence[Contact]) -> None:
    """Every address is one of its way, and no way comes twice; raises InvalidFields."""
    errors = []
    if len({contact.way for contact in contacts}) < len(contacts):
        errors.append(("notify", "not_distinct"))
    for place, contact in enumerate(contacts):
        fits = fullmatch(ADDRESS_OF_WAY[contact.way], contact.address, ASCII)
        if not fits or len(contact.address) > LONGEST_ADDRESS:
            errors.append((f"notify.{place}.address", "wrong_format"))
    if errors:
        raise InvalidFields(*errors)
