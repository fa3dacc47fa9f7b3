"""How a resident wants to be told: each way once, with an address that fits it."""

from collections.abc import Iterator, Sequence
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


def fits_way(way: ContactWay, address: str) -> bool:
    """Whether it is an address of that way."""
    fits = fullmatch(ADDRESS_OF_WAY[way], address, ASCII)
    return fits is not None and len(address) <= LONGEST_ADDRESS


def contact_errors(contacts: Sequence[Contact]) -> Iterator[tuple[str, str]]:
    """What is wrong with them, as (field, code): a way that comes twice, an address of another."""
    if len({contact.way for contact in contacts}) < len(contacts):
        yield "notify", "not_distinct"
    for place, contact in enumerate(contacts):
        if not fits_way(contact.way, contact.address):
            yield f"notify.{place}.address", "wrong_format"


def check_contacts(contacts: Sequence[Contact]) -> None:
    """Every address is one of its way, and no way comes twice; raises InvalidFields."""
    errors = tuple(contact_errors(contacts))
    if errors:
        raise InvalidFields(*errors)
