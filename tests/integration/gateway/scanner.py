"""A scanner that speaks clamd's protocol, strictly, and finds the EICAR test file."""

import socket
import struct
from pathlib import Path
from threading import Event, Thread
from typing import BinaryIO

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
"""The string every scanner finds, in parts, so that none finds it in this file."""


class StandIn:
    """Listens on `port` of 127.0.0.1, or at `path` if given; `limit` is its StreamMaxLength.

    `answer` is given in place of the true one; `close_after` ends the connection after so many
    bytes of a file; while `working` is not set it says nothing. What it was sent stands in `files`.
    """

    def __init__(self, path: Path | None = None, limit: int = 25 * 1024 * 1024) -> None:
        self._listening = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self._listening.bind(str(path) if path else ("127.0.0.1", 0))
        self._listening.listen(16)
        where = self._listening.getsockname()
        self.address = f"unix:{path}" if path else f"tcp://127.0.0.1:{where[1]}"
        self.limit = limit
        self.answer: bytes | None = None
        self.close_after: int | None = None
        self.working = Event()
        self.working.set()
        self.files: list[bytes] = []
        self.pieces: list[int] = []
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self.working.set()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                self._listening.close()
                return
            Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as given:
                answer = self._read(given)
                if answer is not None:
                    self.working.wait()
                    connection.sendall(answer)
        except OSError:
            return

    def _read(self, given: BinaryIO) -> bytes | None:
        if given.read(10) != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND\0"
        content = b""
        while length := struct.unpack(">I", given.read(4))[0]:
            if len(content) + length > self.limit:
                return b"INSTREAM size limit exceeded. ERROR\0"
            if self.close_after is not None and len(content) >= self.close_after:
                return None
            content += given.read(length)
            self.pieces.append(length)
        self.files.append(content)
        if self.answer is not None:
            return self.answer
        found = EICAR in content
        return b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0"
