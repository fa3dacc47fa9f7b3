"""Asks the sign-in provider: encrypted, bounded in time and size, redirections not followed."""

import base64
import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, quote_plus, urlencode, urlsplit

import eventlet

SECONDS = 5.0
"""How long one answer may take, from looking up the name to the last byte."""

LONGEST_ANSWER = 256 * 1024

_PORTS = {"https": 443, "http": 80}


class ProviderAway(Exception):
    """The provider gives no answer that can be used; `why` is a word for the log."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class CodeRefused(Exception):
    """The provider does not take the code: it is wrong, used, or too old."""


class _TookTooLong(Exception):
    pass


def is_safe(address: str) -> bool:
    """Whether what is sent there is encrypted on its way, or does not leave this machine."""
    try:
        parts = urlsplit(address)
        known = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        return False
    if not known or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts))


def read_json(url: str) -> dict[str, Any]:
    """The JSON object that stands there. Raises ProviderAway."""
    status, content = _exchange("GET", url, None, {})
    if status != HTTPStatus.OK:
        raise ProviderAway("http_status")
    return content


def redeem(
    url: str, form: Mapping[str, str], client_id: str, secret: str, *, basic: bool
) -> dict[str, Any]:
    """What the token endpoint gives for the code in `form`. Raises CodeRefused, ProviderAway.

    The client says who it is by HTTP Basic (RFC 6749, 2.3.1) or in the form; without a secret it
    is a public one.
    """
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    sent = dict(form)
    if secret and basic:
        pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        sent["client_id"] = client_id
        if secret:
            sent["client_secret"] = secret
    status, content = _exchange("POST", url, urlencode(sent), headers)
    if status == HTTPStatus.BAD_REQUEST and content.get("error") == "invalid_grant":
        raise CodeRefused
    if status != HTTPStatus.OK:
        raise ProviderAway("client_refused" if "error" in content else "http_status")
    return content


def _exchange(
    method: str, url: str, body: str | None, headers: Mapping[str, str]
) -> tuple[int, dict[str, Any]]:
    if not is_safe(url):
        raise ProviderAway("not_encrypted")
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"Accept": "application/json", "User-Agent": "Sigap", "Connection": "close", **headers}
    connection = _Connection(parts)
    try:
        with eventlet.Timeout(SECONDS, _TookTooLong):
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            status, content = answer.status, answer.read(LONGEST_ANSWER + 1)
    except _TookTooLong:
        raise ProviderAway("timeout") from None
    except (OSError, http.client.HTTPException) as error:
        raise ProviderAway(type(error).__name__) from None
    finally:
        connection.close()
    return status, _object(status, content)


def _object(status: int, content: bytes) -> dict[str, Any]:
    if len(content) > LONGEST_ANSWER:
        raise ProviderAway("too_long")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    raise ProviderAway("no_json" if status == HTTPStatus.OK else "http_status")


def _is_loopback(parts: SplitResult) -> bool:
    if parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


class _Connection(http.client.HTTPConnection):
    """Encrypted by the scheme; certificate and name are checked."""

    def __init__(self, parts: SplitResult) -> None:
        super().__init__(str(parts.hostname), parts.port or _PORTS[parts.scheme])
        self.default_port = _PORTS[parts.scheme]
        self._encrypted = parts.scheme == "https"

    def connect(self) -> None:
        self.sock = socket.create_connection((self.host, self.port))
        if self._encrypted:
            context = ssl.create_default_context()
            # Ours before the handshake: eventlet does not close a socket whose handshake fails.
            encrypted = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = encrypted
            encrypted.do_handshake()
