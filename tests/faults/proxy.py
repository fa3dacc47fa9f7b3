"""A TCP proxy of the rig, in a process of its own, between the services and their servers.

`python -m tests.faults.proxy NAME=LISTEN:BACKEND ...`; each line on its standard input sets a
mode: `NAME MODE [SECONDS]`. Modes: pass, delay (each chunk waits), half_open (nothing passes and
nothing closes), reset (every connection is cut at once, then pass), lost_commit (the next COMMIT
goes through, its answer does not: the connection is cut; then pass). `NAME` alone sets nothing.
Each line is answered on standard output: how many COMMITs have lost their answer before this
server until now.
"""

import asyncio
import contextlib
import socket
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

CHUNK = 65_536
LINGER_NOT = struct.pack("ii", 1, 0)
"""SO_LINGER of zero seconds: closing sends a reset."""


@dataclass(slots=True)
class Gate:
    """One server behind the proxy."""

    name: str
    listen: int
    backend: int
    mode: str = "pass"
    seconds: float = 0.0
    lost_commits: int = 0
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = field(default_factory=set)

    def set(self, mode: str, seconds: float) -> None:
        if mode == "reset":
            for pair in list(self.pairs):
                self.cut(pair)
            mode = "pass"
        self.mode, self.seconds = mode, seconds
        self.moved.set()
        self.moved = asyncio.Event()

    def cut(self, pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
        """Reset both sides; what was in flight is gone."""
        self.pairs.discard(pair)
        for writer in pair:
            with contextlib.suppress(OSError):
                end: socket.socket = writer.get_extra_info("socket")
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client's connection, until either side ends it."""
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.backend)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, back)
        self.pairs.add(pair)
        doomed = asyncio.Event()
        await asyncio.gather(
            self._carry(reader, back, pair, doomed, asking=True),
            self._carry(there, writer, pair, doomed, asking=False),
        )
        self.pairs.discard(pair)

    async def _carry(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
        doomed: asyncio.Event,
        *,
        asking: bool,
    ) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while chunk := await source.read(CHUNK):
                while self.mode == "half_open":
                    await self.moved.wait()
                if self.mode == "delay":
                    await asyncio.sleep(self.seconds)
                if asking and self.mode == "lost_commit" and b"COMMIT" in chunk:
                    self.mode = "pass"
                    doomed.set()
                elif not asking and doomed.is_set():
                    self.lost_commits += 1
                    self.cut(pair)  # the server has answered: it is committed
                    return
                target.write(chunk)
                await target.drain()
        with contextlib.suppress(OSError):
            target.close()


async def main(specifications: list[str]) -> None:
    """Serve until standard input ends."""
    gates: dict[str, Gate] = {}
    for each in specifications:
        name, _, ports = each.partition("=")
        listen, _, backend = ports.partition(":")
        gates[name] = Gate(name, int(listen), int(backend))
        await asyncio.start_server(gates[name].serve, "127.0.0.1", int(listen))
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        name, *order = line.decode().split()
        if order:
            gates[name].set(order[0], float(order[1]) if len(order) > 1 else 0.0)
        print(gates[name].lost_commits, flush=True)  # noqa: T201 - the answer


class Proxy:
    """The proxy's process, as the rig handles it. `ports` are where the services connect."""

    def __init__(self, backends: dict[str, int], ports: dict[str, int]) -> None:
        self.ports = ports
        specifications = [f"{n}={ports[n]}:{backend}" for n, backend in backends.items()]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.proxy", *specifications],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )

    def set(self, name: str, mode: str, seconds: float = 0.0) -> None:
        """Let the gate of this server be in that mode from now on."""
        self._order(f"{name} {mode} {seconds}")

    def lost_commits(self, name: str) -> int:
        """How many COMMITs went through to this server and lost their answer, until now."""
        return self._order(name)

    def _order(self, line: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it; the connections through it are cut."""
        self._process.kill()
        self._process.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
