"""The API inside nameko's web server: over a socket, with intake behind it, in one process."""

import json
import socket
from collections.abc import Iterator

import pytest

from contracts.envelope import Role
from gateway.accounts import DEMO_PASSWORD
from gateway.incoming import MAX_JSON_BYTES
from tests.integration.gateway.desk import REQUEST
from tests.integration.gateway.server import SECONDS, Server, post

CHECKLIST = [
    {"requirement": requirement, "fulfilled": True}
    for requirement in ("resident", "identity_document", "institution_documents")
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Stopped at the end."""
    server = Server(tmp_path_factory.mktemp("home"))
    yield server
    server.runner.stop()


def test_a_request_is_registered_by_intake_and_followed_on_its_stream(server: Server) -> None:
    """HTTP, RPC, outbox, event and read model, and the next change as it happens."""
    status, receipt = server.call("POST", "/v1/requests", REQUEST)
    assert status == 201
    path, code = receipt["links"]["status"], {"X-Access-Code": receipt["access_code"]}
    assert server.call("GET", path, headers=code)[1]["status"] == "received"

    again = server.call("POST", "/v1/requests", REQUEST)
    assert again == (201, receipt)
    assert server.call("POST", "/v1/requests", REQUEST | {"purpose": "jampersal"})[0] == 422

    stream = server.stream(f"{path}/stream", code)
    assert stream.readline().startswith(b"retry:")
    login = {"username": Role.COUNTER_OFFICER, "password": DEMO_PASSWORD}
    token = server.call("POST", "/v1/login", login)[1]["access_token"]
    move = f"/v1/verifications/{receipt['tracking_number']}/identification"
    officer = {"Authorization": f"Bearer {token}"}
    assert server.call("POST", move, {"checklist": CHECKLIST}, officer)[0] == 200
    data = (line for line in stream if line.startswith(b"data: "))
    seen = [json.loads(next(data)[6:])["status"] for _ in range(2)]
    assert seen == ["received", "identified"]
    stream.close()


def test_the_process_says_that_it_is_ready(server: Server) -> None:
    """Its database answers, and its consumer stands."""
    status, ready = server.call("GET", "/health/ready")
    assert (status, ready["status"]) == (200, "ready")
    assert set(ready["checks"]) == {"gateway.database", "gateway.broker"}


def test_a_body_in_chunks_is_read(server: Server) -> None:
    """As some clients send it, without telling its length."""
    chunked = "Content-Type: application/json\r\nTransfer-Encoding: chunked"
    body = json.dumps(REQUEST).encode()
    sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    assert server.raw(post("/v1/requests", chunked, sent)).endswith(b"201 CREATED")


@pytest.mark.parametrize("size", [MAX_JSON_BYTES + 1, 2 * MAX_JSON_BYTES])
def test_a_body_in_chunks_is_limited_too(server: Server, size: int) -> None:
    """What is over the limit is not read, and does not pass as a shorter one."""
    chunked = "Content-Type: application/json\r\nTransfer-Encoding: chunked"
    sent = b"%x\r\n%s\r\n0\r\n\r\n" % (size, b" " * size)
    assert b" 413 " in server.raw(post("/v1/requests", chunked, sent))


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (post("/v1/requests", "Content-Type: application/json\r\nContent-Length: -1"), b"400"),
        (post("/v1/requests", "Content-Type: application/json\r\nContent-Length: x"), b"400"),
        (
            post(
                "/v1/requests",
                "Content-Type: application/json\r\nTransfer-Encoding: chunked",
                b"zz\r\n\r\n",
            ),
            b"400",
        ),
        (post("/v1/requests", f"Content-Length: {10**12}"), b"413"),
        (b"GET /v1/status/\xff\xfe HTTP/1.1\r\nX-Access-Code: \xff\r\n\r\n", b"404"),
        (b"GET /v1/status/%00%ff HTTP/1.1\r\nX-Access-Code: \xff\r\n\r\n", b"404"),
        (b"GET /v1/tasks HTTP/1.1\r\nAuthorization: Bearer \xff\r\n\r\n", b"401"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", b"400"),
    ],
)
def test_what_is_not_proper_http_gets_a_4xx(server: Server, content: bytes, status: bytes) -> None:
    """And the service goes on."""
    assert server.raw(content).split()[1] == status
    assert server.call("GET", "/health/live")[0] == 200


def test_a_client_that_goes_away_harms_nobody(
    server: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    """In the middle of a body, of many answers, or with something that is no HTTP at all."""
    half = post("/v1/requests", "Content-Type: application/json\r\nContent-Length: 99", b"{")
    for content in (half, b"GET /openapi.json HTTP/1.1\r\n\r\n" * 50, b"\x16\x03\x01 rahasia\r\n"):
        with socket.create_connection(server.address, timeout=SECONDS) as connection:
            connection.sendall(content)
    assert server.call("GET", "/health/live")[0] == 200
    assert "rahasia" not in capfd.readouterr().err
