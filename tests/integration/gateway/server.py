"""The gateway in nameko's web server, with intake behind it, in this process."""

import json
import socket
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from chassis.runner import Runner
from gateway.service import GatewayService
from gateway.settings import GatewaySettings
from ops.registry import migrate_service, topology
from services.intake.service import IntakeService
from tests.integration.gateway.desk import KEY
from tests.real.runtime import free_port

JSON = {"Content-Type": "application/json"}
SECONDS = 20


class Server:
    """A gateway and an intake service, started; `address` is where the API listens.

    `more` are further settings.
    """

    def __init__(self, home: Path, **more: str) -> None:
        self.address = ("127.0.0.1", free_port())
        environ = {
            "SIGAP_HOME": str(home),
            "SIGAP_HTTP_ADDRESS": f"127.0.0.1:{self.address[1]}",
            "SIGAP_DEMO": "true",
            **more,
        }
        settings = GatewaySettings.read(environ)
        for name in ("gateway", "intake"):
            migrate_service(name, settings)
        services = [GatewayService, IntakeService]
        self.runner = Runner(services, topology(), settings, environ=environ)
        self.runner.start()

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        connection = HTTPConnection(*self.address, timeout=SECONDS)
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, JSON | KEY | (headers or {}))
        response = connection.getresponse()
        answer = response.status, json.loads(response.read())
        connection.close()
        return answer

    def raw(self, content: bytes) -> bytes:
        """The first line that comes back for these bytes."""
        with socket.create_connection(self.address, timeout=SECONDS) as connection:
            connection.sendall(content)
            return connection.makefile("rb").readline().strip()

    def stream(self, path: str, headers: dict[str, str]) -> HTTPResponse:
        connection = HTTPConnection(*self.address, timeout=SECONDS)
        connection.request("GET", path, headers=headers)
        return connection.getresponse()


def post(path: str, headers: str, body: bytes = b"") -> bytes:
    lines = f"POST {path} HTTP/1.1\r\nHost: x\r\nIdempotency-Key: k\r\n{headers}\r\n\r\n"
    return lines.encode() + body
