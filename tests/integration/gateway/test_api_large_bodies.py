"""Uploads that are far too large are refused, and the gateway's memory does not grow with them."""

import socket
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.integration.gateway.desk import KEY
from tests.integration.gateway.server import SECONDS, Server

SIZE = 200 * 1024 * 1024
PIECE = b"x" * 64 * 1024
MEMORY = 24 * 1024 * 1024
"""A few times the largest attachment, for what is read of one body."""

BOUNDARY = "boundary"
PART = (
    f"--{BOUNDARY}\r\n"
    'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
    "Content-Type: application/pdf\r\n\r\n"
).encode()
FORM = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
JSON = "Content-Type: application/json"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Stopped at the end."""
    server = Server(tmp_path_factory.mktemp("home"))
    yield server
    server.runner.stop()


@pytest.fixture
def memory() -> Iterator[None]:
    """Fails when more than MEMORY is in use at any moment."""
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MEMORY


def head(path: str, *lines: str) -> bytes:
    key = f"Idempotency-Key: {KEY['Idempotency-Key']}"
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", key, *lines, "", ""]).encode()


def answered(server: Server, start: bytes, first: bytes, *, chunked: bool) -> bytes:
    """The first line that comes back while up to SIZE bytes are sent; "" if the connection ends."""
    with socket.create_connection(server.address, timeout=SECONDS) as connection:
        with suppress(ConnectionError):  # it may be closed in the middle
            connection.sendall(start)
            for piece in (first, *([PIECE] * (SIZE // len(PIECE)))):
                frame = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
                connection.sendall(frame)
            connection.sendall(b"0\r\n\r\n" if chunked else b"")
        with suppress(ConnectionError):
            return connection.makefile("rb").readline().strip()
    return b""


@pytest.mark.parametrize("path", ["/v1/attachments", "/v1/attachments?for=complaints"])
def test_a_large_upload_is_refused_by_its_declared_length(
    server: Server, memory: None, path: str
) -> None:
    """It is not waited for."""
    start = head(path, FORM, f"Content-Length: {SIZE + len(PART)}")
    assert b" 413 " in answered(server, start, PART, chunked=False)


@pytest.mark.parametrize("path", ["/v1/attachments", "/v1/attachments?for=complaints"])
def test_a_large_upload_in_chunks_is_refused_where_the_limit_is(
    server: Server, memory: None, path: str
) -> None:
    """Its length is told by nobody."""
    start = head(path, FORM, "Transfer-Encoding: chunked")
    assert b" 413 " in answered(server, start, PART, chunked=True)


@pytest.mark.parametrize("path", ["/v1/requests", "/v1/complaints"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_json_body_is_refused_too(
    server: Server, memory: None, path: str, chunked: bool
) -> None:
    """A body of JSON has a smaller limit."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {SIZE + 1}"
    assert b" 413 " in answered(server, head(path, JSON, length), b" ", chunked=chunked)


def test_the_gateway_goes_on_afterwards(server: Server) -> None:
    """Ready as before."""
    assert server.call("GET", "/health/live")[0] == 200
