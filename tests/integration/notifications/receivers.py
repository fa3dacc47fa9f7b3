"""What is told in the tests: a mail server, receivers of webhooks, and one that never answers."""

import base64
import contextlib
import email
import email.policy
import hashlib
import hmac
import json
import socket
import ssl
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.real.runtime import free_port

PROGRAM = Path(__file__).with_name("mail_server.py")


class MailServer:
    """An SMTP server of the test's own."""

    def __init__(self, folder, certificate=None):
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self.port = free_port()
        given = [self.port, folder, *([certificate] if certificate else [])]
        self._process = subprocess.Popen(
            [sys.executable, PROGRAM, *map(str, given)], stdout=subprocess.PIPE
        )
        assert self._process.stdout.readline() == b"listening\n"

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def mails(self):
        """The mails taken so far, as the recipients' programs read them."""
        kept = [json.loads(path.read_text()) for path in self._folder.glob("*.json")]
        return [
            email.message_from_string(each["content"], policy=email.policy.default) for each in kept
        ]

    def close(self):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


class Receiver:
    """An HTTP receiver; `answer(body)` gives the status. Keeps every request and its time."""

    def __init__(self, now=time.time, certificate=None):
        self.now = now
        self.scheme = "https" if certificate else "http"
        self.answer = lambda body: 204
        self.requests = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((dict(self.headers), body, receiver.now()))
                status = receiver.answer(json.loads(body))
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{receiver.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST  # noqa: N815 - a redirection would be followed by GET

            def log_message(self, *_):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self._server.server_port}/hook?tenant=1"

    def bodies(self):
        return [json.loads(body) for _, body, _ in self.requests]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class DeadReceiver:
    """Accepts, and never answers."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.connections = []
        Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/hook"

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                self.connections.append(self._listener.accept()[0])

    def hang_up(self):
        """End every connection; nobody who is waiting waits any longer."""
        self._listener.close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


class SignatureWrong(Exception):
    """The delivery is not from whom it says, or is too old."""


def verify(secret, headers, body, now):
    """What https://github.com/standard-webhooks/standard-webhooks asks of a consumer.

    `headers` by lower-case name, `body` the raw bytes, `now` in seconds; five minutes' tolerance.
    """
    identifier, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if not secret.startswith("whsec_"):
        raise SignatureWrong("not a secret")
    key = base64.b64decode(secret[len("whsec_") :], validate=True)
    if not 24 <= len(key) <= 64:
        raise SignatureWrong("the key is too short or too long")
    if abs(now - int(timestamp)) > 300:
        raise SignatureWrong("too old")
    content = f"{identifier}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest())
    for signature in headers["webhook-signature"].split(" "):
        version, _, value = signature.partition(",")
        if version == "v1" and hmac.compare_digest(value.encode(), expected):
            return identifier
    raise SignatureWrong("no signature fits")


def checked(receiver, secret):
    """The ids of what the receiver got, each proven by its signature at that time."""
    return [
        verify(secret, {name.lower(): text for name, text in headers.items()}, body, now)
        for headers, body, now in receiver.requests
    ]
