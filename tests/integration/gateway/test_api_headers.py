"""What stands around every kind of answer, as it leaves the real server (OWASP ASVS 5, V3, V14)."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import gateway
from chassis.settings import SettingsError
from gateway.settings import GatewaySettings
from tests.integration.gateway.desk import REQUEST
from tests.integration.gateway.server import SECONDS, Server

FRIEND = "https://depan.example"
CASE_PATH = "/v1/status/VRF-20261122-0001"
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE = f"{NOTHING}; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
BANNER = re.compile(
    r"^(server|x-powered-by|via):|eventlet|python|werkzeug|flask|nameko", re.I | re.M
)

Headers = dict[str, str]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Speaks for https, and to the pages of one other origin."""
    home = tmp_path_factory.mktemp("home")
    server = Server(home, SIGAP_CORS_ORIGINS=FRIEND, SIGAP_HSTS_SECONDS="31536000")
    yield server
    server.runner.stop()


def said(server: Server, request: bytes) -> tuple[str, str]:
    """Head and body of the answer to these bytes, as they are."""
    with socket.create_connection(server.address, timeout=SECONDS) as connection:
        connection.sendall(request)
        answer = b""
        with suppress(ConnectionError):
            while more := connection.recv(65_536):
                answer += more
    head, _, body = answer.decode("latin-1").partition("\r\n\r\n")
    return head, body


def asked(server: Server, line: str, *headers: str, body: bytes = b"") -> tuple[str, Headers, str]:
    """Status, headers by name in lower case, and body. Fails where a header stands twice."""
    lines = [f"{line} HTTP/1.1", "Host: x", "Connection: close", *headers, "", ""]
    head, text = said(server, "\r\n".join(lines).encode() + body)
    status, *rest = head.split("\r\n")
    pairs = [each.split(": ", 1) for each in rest]
    found = {name.lower(): value for name, value in pairs}
    assert len(found) == len(pairs), head
    assert not BANNER.search(head), head
    return status.split(" ")[1], found, text


KINDS = {
    "data": ("GET /v1/regions", "200", NOTHING, "public, max-age=300"),
    "a page": ("GET /docs", "200", PAGE, "public, max-age=300"),
    "a script": ("GET /docs/docs.js", "200", NOTHING, "public, max-age=300"),
    "a page's styles": ("GET /docs/page.css", "200", NOTHING, "public, max-age=300"),
    "the document": ("GET /openapi.json", "200", NOTHING, "public, max-age=300"),
    "a health check": ("GET /health/live", "200", NOTHING, "no-store"),
    "figures": ("GET /metrics", "200", NOTHING, "no-store"),
    "a refusal": ("GET /v1/tasks", "401", NOTHING, "no-store"),
    "a case without its code": (f"GET {CASE_PATH}", "401", NOTHING, "no-store"),
    "nothing there": ("GET /nothing", "404", NOTHING, "no-store"),
    "a wrong method": ("DELETE /v1/regions", "405", NOTHING, "no-store"),
    "an unknown method": ("BREW /v1/regions", "405", NOTHING, "no-store"),
    "a trace": ("TRACE /v1/regions", "405", NOTHING, "no-store"),
    "a head": ("HEAD /v1/regions", "200", NOTHING, "public, max-age=300"),
    "options": ("OPTIONS /v1/tasks", "200", NOTHING, "no-store"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_is_safe_in_a_browser(server: Server, kind: str) -> None:
    """Nothing is guessed, framed, embedded, kept or told on; no answer names its maker."""
    line, status, policy, cache = KINDS[kind]
    got, headers, _ = asked(server, line)
    assert got == status
    assert headers["content-security-policy"] == policy
    assert headers["cache-control"] == cache
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert headers["vary"] == "Origin"
    assert not [name for name in headers if name.startswith("access-control-")]


def test_what_names_a_person_is_kept_by_no_cache(server: Server) -> None:
    """The receipt holds the access code; the status is asked for anew each time."""
    status, receipt = server.call("POST", "/v1/requests", REQUEST)
    assert status == 201
    code = f"X-Access-Code: {receipt['access_code']}"
    for path, cache in (("", "private, no-cache"), ("/correspondence", "no-store")):
        _, headers, _ = asked(server, f"GET {receipt['links']['status']}{path}", code)
        assert headers["cache-control"] == cache


def test_a_page_that_a_browser_has_keeps_its_own_policy(server: Server) -> None:
    """With 304 a browser takes over the new headers: the page must not lose its script."""
    _, headers, _ = asked(server, "GET /docs")
    status, again, body = asked(server, "GET /docs", f"If-None-Match: {headers['etag']}")
    assert (status, body) == ("304", "")
    assert again["content-security-policy"] == PAGE


def test_pages_hold_no_script_or_style_of_their_own() -> None:
    """Their policy would stop it."""
    pages = [*Path(gateway.__path__[0]).rglob("*.html")]
    assert {page.name for page in pages} == {"index.html", "verify.html"}
    for page in pages:
        own = r"<style|style=|\son\w+=|<script(?![^>]* src=)|javascript:"
        assert not re.search(own, page.read_text())


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://depan.example.evil.example",
        "https://xdepan.example",
        "http://depan.example",
        "https://depan.example:8443",
        "https://DEPAN.example",
        "https://depan.example/",
        "*",
    ],
)
def test_another_origin_is_told_nothing(server: Server, origin: str) -> None:
    """Neither before a call nor with its answer; what looks alike is another."""
    wanted = "Access-Control-Request-Method: POST"
    for line, more in (("GET /v1/regions", "X: y"), ("OPTIONS /v1/requests", wanted)):
        _, headers, _ = asked(server, line, f"Origin: {origin}", more)
        assert not [name for name in headers if name.startswith("access-control-")]
        assert headers["vary"] == "Origin"


def test_the_origin_that_may_is_named_and_given_no_cookies(server: Server) -> None:
    """By its name, never by a star, and without credentials."""
    wanted = "Access-Control-Request-Method: POST"
    status, headers, _ = asked(server, "OPTIONS /v1/requests", f"Origin: {FRIEND}", wanted)
    assert status == "204"
    assert headers["access-control-allow-origin"] == FRIEND
    assert headers["access-control-allow-methods"] == "GET, POST"
    assert "access-control-allow-credentials" not in headers
    status, headers, _ = asked(server, "GET /v1/tasks", f"Origin: {FRIEND}")
    assert (status, headers["access-control-allow-origin"]) == ("401", FRIEND)
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    "origins",
    [
        "depan.example",
        "https://depan.example/",
        "https://Depan.example",
        "https://*.depan.example",
        "https://depan.example, null",
        "https://depan.example:0",
    ],
)
def test_what_no_browser_sends_as_its_origin_ends_the_start(origins: str) -> None:
    """It would never be equal to one, and look as if it let somebody in."""
    with pytest.raises(SettingsError, match="SIGAP_CORS_ORIGINS"):
        GatewaySettings.read({"SIGAP_CORS_ORIGINS": origins})
    good = "https://depan.example, http://localhost:3000, http://[::1]:3000"
    assert len(GatewaySettings.read({"SIGAP_CORS_ORIGINS": good}).allowed_origins) == 3


MARK = "siti-6371034107900001"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (f"{MARK}\r\n\r\n", "400"),
        (f"GET /{MARK} X HTTP/1.1\r\n\r\n", "400"),
        (f"GET /{MARK} HTTP/9.9\r\n\r\n", "505"),
        (f"GET /{MARK} HTTQ/1.1\r\n\r\n", "400"),
        (f"POST /{MARK} HTTP/1.1\r\nContent-Length: {MARK}\r\n\r\n", "400"),
        (
            f"POST /{MARK} HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "400",
        ),
        (f"GET /{MARK}{'a' * 9000} HTTP/1.1\r\n\r\n", "414"),
        (f"GET /{MARK} HTTP/1.1\r\nX: {'a' * 100_000}\r\n\r\n", "400"),
    ],
)
def test_what_is_no_http_gets_a_code_and_nothing_else(
    server: Server, request_: str, status: str
) -> None:
    """The server below the application says nothing of itself, and repeats nothing."""
    head, body = said(server, request_.encode())
    assert head.split(" ")[:2][1] == status
    assert not BANNER.search(head)
    assert MARK not in head + body
    assert "<" not in head + body
