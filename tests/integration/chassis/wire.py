"""A wire between a client and a server on which a test can hold back the server's answers."""

import socket
from typing import Any

import eventlet


class Wire:
    """Listens on a port of its own; each connection to it goes on to the server.

    `held` counts the bytes of answers that wait, `connections` the connections made so far,
    `open` those that the client has not closed.
    """

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._listener = eventlet.listen(("127.0.0.1", 0))
        self._sockets: list[Any] = []
        self._waiting: list[tuple[Any, bytes]] = []
        self._holding = False
        self.connections = 0
        self.open = 0
        self._accepting = eventlet.spawn(self._accept)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def held(self) -> int:
        return sum(len(data) for _, data in self._waiting)

    def hold(self) -> None:
        """From now on the client hears nothing."""
        self._holding = True

    def deliver(self) -> None:
        """Hand over what waits, and go on holding what comes."""
        waiting, self._waiting = self._waiting, []
        for client, data in waiting:
            _send(client, data)

    def release(self) -> None:
        """Hand over what waits and what comes."""
        self._holding = False
        self.deliver()

    def cut(self) -> None:
        """Close every connection; new ones can be made."""
        sockets, self._sockets = self._sockets, []
        for end in sockets:
            _send(end, b"")

    def close(self) -> None:
        self._accepting.kill()
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection(self._server)
            self.connections += 1
            self.open += 1
            self._sockets += [client, server]
            eventlet.spawn(self._carry, client, lambda data, end=server: self._ask(end, data))
            eventlet.spawn(self._carry, server, lambda data, end=client: self._answer(end, data))

    def _ask(self, server: Any, data: bytes) -> None:
        self.open -= not data
        _send(server, data)

    def _answer(self, client: Any, data: bytes) -> None:
        if self._holding:
            self._waiting.append((client, data))
        else:
            _send(client, data)

    def _carry(self, source: Any, take: Any) -> None:
        while data := _received(source):
            take(data)
        take(b"")
        source.close()


def _received(source: Any) -> bytes:
    try:
        return bytes(source.recv(65536))
    except OSError:
        return b""


def _send(end: Any, data: bytes) -> None:
    """Nothing to send means that the other side has closed."""
    try:
        if data:
            end.sendall(data)
        else:
            end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already
