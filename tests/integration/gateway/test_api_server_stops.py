"""The gateway stops without breaking off what it has in hand."""

import json
import socket
from http.client import IncompleteRead
from pathlib import Path

import eventlet
import pytest

from gateway.web import HttpServer
from tests.integration.gateway.desk import REQUEST
from tests.integration.gateway.server import SECONDS, Server, post
from tests.real import eventually

PATIENCE = 2.0
"""Longer than the service needs to stop, shorter than its grace."""


def test_a_request_in_hand_is_answered_before_the_service_stops(tmp_path: Path) -> None:
    """Its body comes while the service stops; the services it needs are still there. A stream,
    which would never end, is not waited for."""
    server = Server(tmp_path)
    _, receipt = server.call("POST", "/v1/requests", REQUEST)
    code = {"X-Access-Code": receipt["access_code"]}
    stream = server.stream(receipt["links"]["stream"], code)
    stream.readline()

    gateway, _ = server.runner.containers
    (web,) = (each for each in gateway.extensions if isinstance(each, HttpServer))
    body = json.dumps(REQUEST | {"purpose": "other_aid"}).encode()
    headers = f"Content-Type: application/json\r\nContent-Length: {len(body)}"
    with (
        eventlet.Timeout(SECONDS),
        socket.create_connection(server.address) as connection,
    ):
        connection.sendall(post("/v1/requests", headers, body[:10]))
        eventually(lambda: web._in_hand == 1, "the request to be in hand")
        stopping = eventlet.spawn(gateway.stop)
        with eventlet.Timeout(PATIENCE, False):
            stopping.wait()
        assert not stopping.dead
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(server.address)
        connection.sendall(body[10:])
        answer = connection.makefile("rb").readline()
        with eventlet.Timeout(PATIENCE):
            stopping.wait()
    assert answer.startswith(b"HTTP/1.1 201")
    with pytest.raises(IncompleteRead):
        stream.read()
    server.runner.stop()
