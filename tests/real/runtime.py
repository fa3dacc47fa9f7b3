"""What the two ways of running a server, a container and a private process, have in common."""

import os
import random
import socket
from typing import Protocol

# Below Linux's range for outgoing connections (32768 and up): a client that keeps trying a dead
# server's port there can end up connected to itself, and then the server cannot bind it again.
_PORTS = range(20_000, 32_000)
_RUN = int(os.environ.get("SIGAP_TEST_RUN", "0"))
_given: set[int] = set()


class PartMissing(Exception):
    """A real part cannot be had on this machine; the text says why and what would help."""


class Runtime(Protocol):
    """A server whose port and data outlive its stops and kills."""

    label: str

    def start(self) -> None:
        """Start it, unless it runs, on the same ports and data; it may not answer yet on return."""

    def stop(self) -> None:
        """Shut it down in order and wait for its end."""

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL) and wait for its end."""

    def close(self) -> None:
        """End it for good and remove its data."""


def wanted(kind: str) -> bool:
    """Tell whether SIGAP_TEST_PARTS (docker, private, or auto by default) allows `kind`."""
    choice = os.environ.get("SIGAP_TEST_PARTS", "auto")
    if choice not in ("auto", "docker", "private"):
        raise ValueError(f"SIGAP_TEST_PARTS is {choice!r}; it must be auto, docker or private")
    return choice in ("auto", kind)


def must_run() -> bool:
    """Tell whether a missing part is a failure (CI=true) rather than a skip."""
    return os.environ.get("CI", "").lower() in ("true", "1")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on, and that stays free across restarts.

    None is given twice, nor by the tests' other run: who gets one listens on it only later.
    """
    for port in random.sample(_PORTS[_RUN % 2 :: 2], 200):
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            _given.add(port)
            return port
    raise PartMissing("200 ports of 127.0.0.1 were tried and all are taken")
