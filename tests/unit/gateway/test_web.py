"""The web server outlives what happens to single connections."""

import pytest

from gateway.web import HttpServer


class Broken:
    """A WSGI server on which every connection breaks."""

    socket_timeout = 1.0

    def process_request(self, connection: object) -> None:
        raise ConnectionResetError


class Exhausted:
    """A listening socket without file descriptors; at the second try the server is told to stop."""

    def __init__(self, web: HttpServer) -> None:
        self._web = web
        self.tries = 0

    def accept(self) -> None:
        self.tries += 1
        self._web._is_accepting = self.tries < 2
        raise OSError


@pytest.fixture
def web() -> HttpServer:
    """Not listening."""
    web = HttpServer()
    web._serv = Broken()
    return web


def test_a_connection_that_breaks_ends_alone(web: HttpServer) -> None:
    """In a thread whose exception would end the service."""
    web.process_request(None, ("127.0.0.1", 1))


def test_a_connection_that_cannot_be_accepted_is_not_the_last(web: HttpServer) -> None:
    """The server goes on trying."""
    web._sock = Exhausted(web)
    web.run()
    assert web._sock.tries == 2
