"""Which addresses may be written to: mail addresses, and the URLs of webhooks.

A webhook's URL is entered by an administrator, and its host may point anywhere: at the office's
own machines too. So what it resolves to is checked when it is added and at each connection.
"""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from contracts.errors import InvalidFields

LONGEST_URL = 2000
PORTS = {"http": 80, "https": 443}

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address behind NAT64

Address = IPv4Address | IPv6Address


class AddressRefused(Exception):
    """The host is, or resolves to, an address of this machine or of a private network."""


def is_mail_address(text: str) -> bool:
    """A plain address of printable ASCII (RFC 5321), so that no header can hide in it."""
    return len(text) <= 254 and _MAIL.fullmatch(text) is not None


def check_url(url: str, *, plain_allowed: bool, private_allowed: bool) -> None:
    """Raises InvalidFields for a URL that no webhook may have.

    `plain_allowed`: http too; `private_allowed`: hosts of this machine and of private networks too.
    """
    if len(url) > LONGEST_URL:
        raise InvalidFields(("url", "too_long"))
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise InvalidFields(("url", "wrong_format")) from None
    if parts.scheme not in PORTS or not usable or not _is_plain(url) or parts.fragment:
        raise InvalidFields(("url", "wrong_format"))
    if parts.scheme == "http" and not plain_allowed:
        raise InvalidFields(("url", "not_allowed"))
    if parts.username is not None or parts.password is not None:
        raise InvalidFields(("url", "not_allowed"))
    if not private_allowed:
        _check_host(parts)


def resolve(host: str, port: int, *, private_allowed: bool) -> str:
    """The address to connect to; raises AddressRefused, and OSError for an unknown host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    # One that is public beside one that is not is a trap: which one is taken is left to nobody.
    if not private_allowed and not all(is_public(_address(address)) for address in addresses):
        raise AddressRefused
    return addresses[0]


def is_public(address: Address) -> bool:
    """Whether the address is one of the open internet, also when it hides inside another."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def _check_host(parts: SplitResult) -> None:
    try:
        resolve(str(parts.hostname), parts.port or PORTS[parts.scheme], private_allowed=False)
    except (AddressRefused, OSError, UnicodeError):
        raise InvalidFields(("url", "not_allowed")) from None


def _is_plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url


def _address(text: str) -> Address:
    return ip_address(text.partition("%")[0])
