"""Where a call comes from, as far as it can be believed."""

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

CUSTOMER_BITS = 64
"""One customer has at least so much of IPv6, so its addresses are counted together."""


def networks(text: str) -> tuple[Network, ...]:
    """Addresses or networks, separated by commas. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def client_of(remote: str | None, forwarded: str, trusted: Sequence[Network]) -> str:
    """The client's address, an IPv6 one as its /64; "unknown" without any.

    `remote` is the other end of the connection, `forwarded` the header X-Forwarded-For. It counts
    only from a trusted proxy, and only up to the first address from the right that is none: what
    stands further left the client may have written itself.
    """
    client = _address(remote or "")
    if client is None:
        return "unknown"
    hops = forwarded.split(",")
    while hops and _is_in(client, trusted):
        before = _address(hops.pop())
        if before is None:
            break
        client = before
    if isinstance(client, IPv6Address):
        return str(ip_network((client, CUSTOMER_BITS), strict=False))
    return str(client)


def _address(text: str) -> Address | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_in(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)
