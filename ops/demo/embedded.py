"""The embedded system of the demo: `sigap run` in a process of its own, its clock in our hands."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import typer

from ops.demo.office import JourneyFailed

START_SECONDS = 60.0


class DemoClock:
    """The clock that the embedded system follows."""

    def __init__(self, offset_file: Path) -> None:
        self.offset_file = offset_file
        self._offset = 0.0

    def set(self, moment: datetime) -> None:
        """It is this moment now, for every part of the system; time goes on from there."""
        self._offset = (moment - datetime.now(UTC)).total_seconds()
        draft = self.offset_file.with_suffix(".new")
        draft.write_text(str(self._offset))
        draft.replace(self.offset_file)

    def now(self) -> datetime:
        """The system's time."""
        return datetime.fromtimestamp(time.time() + self._offset, UTC)


@contextmanager
def embedded_system(home: Path, clock: DemoClock) -> Iterator[str]:
    """`sigap run` on a free port; ended with SIGTERM. Gives its address; raises JourneyFailed."""
    address = f"127.0.0.1:{_free_port()}"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")}
    environ |= {
        "SIGAP_HOME": str(home),
        "SIGAP_HTTP_ADDRESS": address,
        "SIGAP_PUBLIC_URL": f"http://{address}",
        "SIGAP_DEMO": "1",
        "SIGAP_CLOCK_OFFSET_FILE": str(clock.offset_file),
    }
    log_path = home / "sigap.log"
    typer.echo(f"Starting the embedded system on http://{address} (log: {log_path})", err=True)
    with log_path.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ops.cli", "run"], env=environ, stdout=log, stderr=log
        )
        try:
            _wait_until_ready(f"http://{address}", process, log_path)
            yield f"http://{address}"
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=30)
    if code != 0:
        raise JourneyFailed(f"the embedded system ended with {code}; see {log_path}")


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log_path: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise JourneyFailed(f"the embedded system ended at its start; see {log_path}")
        try:
            if httpx.get(f"{url}/health/ready").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise JourneyFailed(f"the embedded system was not ready in {START_SECONDS} s; see {log_path}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
