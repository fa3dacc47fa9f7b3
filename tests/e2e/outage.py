"""What an outage needs: a server that says nothing, clients that keep on writing, and a scale."""

import os
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import eventlet
import httpx
from eventlet import greenio

from ops.demo.aid import REQUEST
from tests.fleet import Fleet

OUTAGE_SECONDS = float(os.environ.get("SIGAP_OUTAGE_SECONDS", "12"))
TIMEOUT = 10.0 if OUTAGE_SECONDS > 60 else 3.0
"""SIGAP_RPC_TIMEOUT_SECONDS of the gateway."""

PAUSE = 0.1
"""Seconds between two calls of a writer."""

BY_WEB = REQUEST | {"channel": "web"}
TRANSPORT = "no answer"


@contextmanager
def mute(amqp_url: str) -> Iterator[None]:
    """In the place of a dead broker: takes every connection and never says a word."""
    address = urlsplit(amqp_url)
    held: list[greenio.GreenSocket] = []
    listener = eventlet.listen((address.hostname, address.port), reuse_port=False)

    def hold() -> None:
        while True:
            held.append(listener.accept()[0])

    holding = eventlet.spawn(hold)
    try:
        yield
    finally:
        holding.kill()
        for each in (listener, *held):
            each.close()


@dataclass
class Writers:
    """Clients that each send the same requests again and again, under the same keys."""

    url: str
    keys: tuple[str, ...] = field(
        default_factory=lambda: tuple(str(uuid.uuid4()) for _ in range(24))
    )
    clients: int = 4
    accepted: dict[str, set[str]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    answered: Counter[Any] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    _writing: bool = True

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While they write; leaves when the call of each is answered."""
        self._writing = True
        share = [self.keys[number :: self.clients] for number in range(self.clients)]
        threads = [eventlet.spawn(self._write, keys) for keys in share]
        try:
            yield
        finally:
            self._writing = False
            for thread in threads:
                thread.wait()

    def _write(self, keys: tuple[str, ...]) -> None:
        with httpx.Client(base_url=self.url, timeout=60) as http:
            while self._writing:
                for key in keys:
                    self._send(http, key)
                    eventlet.sleep(PAUSE)

    def _send(self, http: httpx.Client, key: str) -> None:
        begun = time.monotonic()
        try:
            answer = http.post("/v1/requests", json=BY_WEB, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            self.answered[TRANSPORT] += 1
            return
        self.seconds.append(time.monotonic() - begun)
        self.answered[answer.status_code] += 1
        if answer.status_code == httpx.codes.CREATED:
            self.accepted.setdefault(key, set()).add(answer.json()["tracking_number"])
        elif int(answer.headers.get("Retry-After", "0")) > 0:
            self.refused[answer.json()["code"]] += 1

    def forget_figures(self) -> None:
        """Count anew; what was accepted stays."""
        self.answered.clear()
        self.refused.clear()
        self.seconds.clear()


@dataclass(frozen=True, slots=True)
class Weight:
    """What a process takes: memory in MiB, and open files."""

    memory: float
    files: int


def weigh(fleet: Fleet) -> dict[str, Weight]:
    """Each process of the fleet, by the service's name."""
    return {name: _weight(pid) for name, pid in fleet.pids().items()}


def _weight(pid: int) -> Weight:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    memory = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return Weight(round(memory, 1), len(list(Path(f"/proc/{pid}/fd").iterdir())))
