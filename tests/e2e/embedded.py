"""The embedded system, `sigap run`, in a process of its own: started, killed, stopped."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.fleet import ROOT, SERVICES
from tests.real import eventually
from tests.real.runtime import free_port


class Embedded:
    """One folder and one address, through as many processes as it takes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{self.address}"
        self.extra: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, demo: str = "1") -> None:
        """Return when it is ready; `demo` is SIGAP_DEMO."""
        with (self.home / "sigap.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ops.cli", "run"],
                cwd=ROOT,
                env=self.environ() | {"SIGAP_DEMO": demo},
                stdout=log,
                stderr=log,
            )
        eventually(self._ready, "the embedded system")

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=40)

    def close(self) -> None:
        """End it if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def sigap(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run an operator's command on the same folder."""
        return subprocess.run(
            [sys.executable, "-m", "ops.cli", *arguments],
            cwd=ROOT,
            env=self.environ(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def environ(self) -> dict[str, str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("SIGAP_")}
        return clean | {
            "SIGAP_HOME": str(self.home),
            "SIGAP_HTTP_ADDRESS": self.address,
            "SIGAP_PUBLIC_URL": self.url,
            **self.extra,
        }

    def rows(self, service: str, query: str) -> list[Any]:
        """What a query finds in a service's database."""
        with self._database(service) as connection:
            return connection.execute(query).fetchall()

    def change(self, service: str, *statements: str) -> None:
        """Change a service's database behind its back; the system must be stopped."""
        with self._database(service) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    def outboxes(self) -> dict[str, int]:
        """Rows waiting per service."""
        counted = "SELECT count(*) FROM outbox"
        return {service: self.rows(service, counted)[0][0] for service in SERVICES}

    @contextmanager
    def _database(self, service: str) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.home / f"{service}.sqlite3", timeout=30)) as connection:
            yield connection

    def _ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.home / "sigap.log").read_text()[-2000:]
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5).is_success
        except httpx.TransportError:
            return False
