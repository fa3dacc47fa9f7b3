"""A virus scanner that speaks clamd's protocol, over TCP or a Unix socket.

One INSTREAM for a file, as clamd(8) has it: `zINSTREAM` and a zero byte, pieces of the file, each
after its length in four bytes, big-endian, an empty piece, and one answer that ends with a zero.
"""

import contextlib
import re
import socket
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

PIECE = 64 * 1024
LONGEST_ANSWER = 4096

_INFECTED = re.compile(
    r"stream: (?P<signature>[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?) FOUND"
)
_CLEAN = "stream: OK"
_TOO_LARGE = "INSTREAM size limit exceeded. ERROR"


class ScannerAway(Exception):
    """No answer in time, or none that could be understood; the text says which."""


class TooLargeToScan(Exception):
    """The file is larger than the scanner takes (its `StreamMaxLength`)."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """Where clamd listens: `target` is a path or a host and port; `seconds` are for one file."""

    target: str | tuple[str, int]
    seconds: float

    @classmethod
    def at(cls, address: str, seconds: float) -> "Clamd":
        """From `tcp://host:port` or `unix:/path`. Raises ValueError."""
        parts = urlsplit(address)
        if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
            return cls(parts.path, seconds)
        bare = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
        if parts.scheme == "tcp" and parts.hostname and parts.port and bare:
            return cls((parts.hostname, parts.port), seconds)
        raise ValueError("neither tcp://host:port nor unix:/path")

    def signature_in(self, content: bytes) -> str | None:
        """The name of what was found in the file, None if nothing was.

        Raises ScannerAway, TooLargeToScan.
        """
        end = monotonic() + self.seconds
        try:
            with self._connected() as connection:
                # A scanner that has had enough says so and closes while the file is being sent.
                with contextlib.suppress(ConnectionError):
                    _send(connection, b"zINSTREAM\0", end)
                    for start in range(0, len(content), PIECE):
                        piece = content[start : start + PIECE]
                        _send(connection, len(piece).to_bytes(4, "big") + piece, end)
                    _send(connection, bytes(4), end)
                answer = _answer(connection, end)
        except OSError as error:
            raise ScannerAway(type(error).__name__) from error
        return _understood(answer)

    def _connected(self) -> socket.socket:
        if not isinstance(self.target, str):
            return socket.create_connection(self.target, timeout=self.seconds)
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(self.seconds)
            connection.connect(self.target)
        except BaseException:
            connection.close()
            raise
        return connection


def _send(connection: socket.socket, content: bytes, end: float) -> None:
    rest = memoryview(content)
    while rest:
        _limit(connection, end)
        rest = rest[connection.send(rest) :]


def _answer(connection: socket.socket, end: float) -> bytes:
    """What comes before the zero byte. Raises ScannerAway when the scanner closes first."""
    answer = b""
    while b"\0" not in answer and len(answer) <= LONGEST_ANSWER:
        _limit(connection, end)
        more = connection.recv(LONGEST_ANSWER)
        if not more:
            raise ScannerAway("closed")
        answer += more
    return answer.partition(b"\0")[0]


def _limit(connection: socket.socket, end: float) -> None:
    """Let the next step take what is left of the time. Raises TimeoutError."""
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)


def _understood(answer: bytes) -> str | None:
    text = answer.decode("ascii", "replace").strip()
    if text == _CLEAN:
        return None
    if text == _TOO_LARGE:
        raise TooLargeToScan
    if found := _INFECTED.fullmatch(text):
        return found["signature"]
    raise ScannerAway("unknown answer")
