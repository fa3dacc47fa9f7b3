"""Webhooks after the Standard Webhooks specification (https://www.standardwebhooks.com)."""

import base64
import hashlib
import hmac
import http.client
import json
import secrets
import socket
import ssl
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from services.notifications.addresses import PORTS, resolve
from services.notifications.attempts import Outcome, Result

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret as its receiver is given it: the prefix, then 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(secret: str, notification: str, body: bytes, sent_at: datetime) -> dict[str, str]:
    """The headers that prove who sent the body, and when."""
    timestamp = str(int(sent_at.timestamp()))
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    content = b".".join((notification.encode(), timestamp.encode(), body))
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": notification,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }


def body_of(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and posted."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def post(url: str, body: bytes, headers: Mapping[str, str], *, private_allowed: bool) -> Outcome:
    """Post it once; a redirection is an answer like any other, and not followed.

    Raises AddressRefused, OSError and http.client.HTTPException when there is no answer.
    """
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    connection = _Connection(host, port, parts.scheme == "https", private_allowed)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"Content-Type": "application/json", "User-Agent": "Sigap", "Connection": "close"}
    try:
        connection.request("POST", path, body, {**sent, **headers})
        status = connection.getresponse().status
    finally:
        connection.close()
    if 200 <= status < 300:
        return Outcome(Result.SENT, status=status)
    if status == http.HTTPStatus.GONE:
        return Outcome(Result.GONE, "gone", status)
    return Outcome(Result.AGAIN, "http_status", status)


class _Connection(http.client.HTTPConnection):
    """Connects to the very address that was checked: a second look-up might give another."""

    def __init__(self, host: str, port: int, encrypted: bool, private_allowed: bool) -> None:
        super().__init__(host, port)
        self.default_port = PORTS["https" if encrypted else "http"]
        self._encrypted = encrypted
        self._private_allowed = private_allowed

    def connect(self) -> None:
        address = resolve(self.host, self.port, private_allowed=self._private_allowed)
        self.sock = socket.create_connection((address, self.port))
        if self._encrypted:
            context = ssl.create_default_context()
            # Ours before the handshake: eventlet does not close a socket whose handshake fails.
            encrypted = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = encrypted
            encrypted.do_handshake()
