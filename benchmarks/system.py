"""The real system: POST to visible status, status reads, and the embedded system's start."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from ops.demo.aid import REQUEST
from tests.fleet import ROOT, free_port

SUBMISSIONS = 150
READS = 4000
LOOK_SECONDS = 0.001
IDLE_SECONDS = 5.0


def visibility(url: str, *, at_rest: bool) -> dict[str, float]:
    """Milliseconds from sending POST /v1/requests until the status is there to read.

    `at_rest` sends each request when the receipt of the one before is issued; otherwise the
    requests follow at once, and the office draws and signs receipts all the while.
    """
    body = {**REQUEST, "channel": "web"}
    taken = []
    with httpx.Client(base_url=url, timeout=30) as client:
        for _ in range(SUBMISSIONS):
            started = time.perf_counter()
            headers = {"Idempotency-Key": str(uuid.uuid4())}
            case = client.post("/v1/requests", json=body, headers=headers).raise_for_status().json()
            _until_visible(client, case)
            taken.append((time.perf_counter() - started) * 1000)
            while at_rest and not _status(client, case).json()["documents"]:
                time.sleep(LOOK_SECONDS * 10)
    cuts = statistics.quantiles(taken, n=100)
    return {"p50_ms": statistics.median(taken), "p99_ms": cuts[98]}


def status_reads(url: str) -> dict[str, float]:
    """Status reads a second over one kept connection, beside the liveness page's."""
    with httpx.Client(base_url=url, timeout=30) as client:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        body = {**REQUEST, "channel": "web"}
        case = client.post("/v1/requests", json=body, headers=headers).raise_for_status().json()
        _until_visible(client, case)
    path = f"/v1/status/{case['tracking_number']}"
    status = _reads_a_second(url, path, {"X-Access-Code": case["access_code"]})
    live = _reads_a_second(url, "/health/live", {})
    return {"status_per_s": status, "live_per_s": live, "ratio": status / live}


def embedded() -> dict[str, float]:
    """Seconds from the start to ready, memory once ready, and the share of a core when idle."""
    with tempfile.TemporaryDirectory() as home, _embedded(Path(home)) as (process, seconds):
        status = Path(f"/proc/{process.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        before = _cpu_seconds(process.pid)
        time.sleep(IDLE_SECONDS)
        idle = (_cpu_seconds(process.pid) - before) / IDLE_SECONDS
    return {
        "cold_start_s": seconds,
        "memory_mb": int(resident.split()[1]) / 1024,
        "idle_percent_of_a_core": idle * 100,
    }


def _until_visible(client: httpx.Client, case: dict[str, Any]) -> None:
    while _status(client, case).status_code != 200:
        time.sleep(LOOK_SECONDS)


def _status(client: httpx.Client, case: dict[str, Any]) -> httpx.Response:
    headers = {"X-Access-Code": case["access_code"]}
    return client.get(f"/v1/status/{case['tracking_number']}", headers=headers)


def _reads_a_second(url: str, path: str, headers: dict[str, str]) -> float:
    """Pipelined by hand on a plain socket: an HTTP client would be what is measured."""
    host, _, port = url.removeprefix("http://").partition(":")
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *(f"{k}: {v}" for k, v in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    with socket.create_connection((host, int(port))) as connection:
        stream = connection.makefile("rb")
        started = time.perf_counter()
        for _ in range(READS):
            connection.sendall(request)
            _skip_answer(stream)
        return READS / (time.perf_counter() - started)


def _skip_answer(stream: Any) -> None:
    status = stream.readline()
    if b" 200 " not in status:
        raise RuntimeError(f"answered {status!r}")
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    stream.read(length)


@contextmanager
def _embedded(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    address = f"127.0.0.1:{free_port()}"
    clean = {key: value for key, value in os.environ.items() if not key.startswith("SIGAP_")}
    environ = {**clean, "SIGAP_HOME": str(home), "SIGAP_HTTP_ADDRESS": address}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "ops.cli", "run"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _ready(address):
            time.sleep(0.02)
        yield process, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()


def _ready(address: str) -> bool:
    try:
        return httpx.get(f"http://{address}/health/ready").is_success
    except httpx.TransportError:
        return False


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
