"""The embedded system on a disk that is full for a while, judged as the large one is.

Its SQLite files may not grow (`entry.fill_disk_by`): transactions that need a new page fail as
they do when the file system is full. Once, it is killed in that state and started again.
"""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import eventlet
import httpx

from tests.faults.checker import DeadLetters, judge
from tests.faults.clients import Desk, start_clients
from tests.faults.entry_names import DISK_FULL
from tests.faults.evidence import gather, outbox_rows
from tests.faults.options import Options
from tests.faults.record import Record
from tests.faults.rig import Report
from tests.faults.visitor import Visitor
from tests.fleet import ROOT, free_port

CASES = 20
"""New cases before the disk is full for the first time, and between two times."""

TIMES = 3
REFUSALS = 10
WITHIN = 120.0


class Embedded:
    """`sigap run` in a folder of its own, its disk full on demand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        self._full = folder / "full"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; returns when it is ready."""
        own = {key: value for key, value in os.environ.items() if not key.startswith("SIGAP_")}
        own |= {
            "SIGAP_HOME": str(self.folder / "home"),
            "SIGAP_HTTP_ADDRESS": self.url.removeprefix("http://"),
            "SIGAP_PUBLIC_URL": self.url,
            DISK_FULL: str(self._full),
        }
        with (self.folder / "sigap.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.entry", "run"],
                cwd=ROOT,
                env=own,
                stdout=log,
                stderr=log,
            )
        until(lambda: httpx.get(f"{self.url}/health/ready").is_success, "it to be ready")

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.poll() is None

    def fill(self) -> None:
        """From the next transaction on the disk is full."""
        self._full.touch()

    def free(self) -> None:
        """There is room again."""
        self._full.unlink(missing_ok=True)

    def refusals(self) -> int:
        """How often a handler, a command or a job was told that the disk is full."""
        return (self.folder / "sigap.log").read_text(errors="replace").count("OperationalError")

    def rows(self, service: str, query: str) -> list[Any]:
        """What a service's database answers."""
        path = self.folder / "home" / f"{service}.sqlite3"
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def dead_letters(self) -> list[tuple[str, str, str]]:
        """In memory they only leave a line in the log."""
        lines = (self.folder / "sigap.log").read_text(errors="replace").splitlines()
        told = [json.loads(line) for line in lines if '"event": "dead_letter"' in line]
        return [(each["service"], each["message_id"], each["reason"]) for each in told]


def run(folder: Path, seed: int = 1, times: int = TIMES, cases: int = CASES) -> Report:
    """Fill the disk `times` times under load, and judge when it is quiet."""
    started = time.monotonic()
    system = Embedded(folder)
    system.start()
    record = Record(folder / "record.jsonl")
    try:
        visitor = Visitor(Desk(system.url, folder / "home" / "secrets"), record)
        _fill_and_free(system, record, visitor, times, cases)
        until(lambda: not outbox_rows(system), "it to be quiet")
        found = gather(system, datetime.now(UTC))
        verdict = judge(record, found, set())
        verdict.outages += [f"{said}, on a full disk" for said in visitor.findings]
        verdict.processes += [] if system.runs else ["the embedded system: ended"]
    finally:
        record.close()
        system.kill()
    outcomes = record.outcomes()
    return Report(
        options=asdict(Options(cases * (times + 1), seed=seed)),
        operations={"attempted": outcomes.total(), **outcomes},
        submissions=record.submitted,
        events=len(found.ledger),
        faults={"disk full": times, "kill -9 on a full disk": 1},
        lacking=[],
        counted={
            "transactions refused by the disk": system.refusals(),
            "reads answered on a full disk": visitor.read,
            "writes refused on a full disk": visitor.refused,
            "writes that still found room": visitor.accepted,
        },
        measured={},
        notes=[],
        poison=0,
        dead_letters=DeadLetters.among(found.dead),
        letters=dict(Counter(kind for kind, *_ in found.letters)),
        seconds=round(time.monotonic() - started, 1),
        verdict=verdict.counts(),
        samples=verdict.samples(),
        green=verdict.green,
        parts=["SQLite", "messages in memory"],
    )


def _fill_and_free(
    system: Embedded, record: Record, visitor: Visitor, times: int, cases: int
) -> None:
    """The load, and what happens to the disk meanwhile."""
    ended: list[bool] = []
    desk = Desk(system.url, system.folder / "home" / "secrets")
    options = Options(0, clients=4)
    clients = start_clients(desk, record, options, lambda: bool(ended), lambda: False)
    for number in range(times):
        _more(record, cases)
        before = system.refusals()
        system.fill()
        until(partial(_refused, system, before), "the disk to refuse")
        _visit(system, visitor)
        if number == 1:
            system.kill()
            system.start()
            _visit(system, visitor)
        system.free()
    _more(record, cases)
    ended.append(True)
    for client in clients:
        client.wait()


def _more(record: Record, cases: int) -> None:
    goal = record.submitted + cases
    until(lambda: record.submitted >= goal, f"{cases} new cases")


def _refused(system: Embedded, before: int) -> bool:
    return system.refusals() >= before + REFUSALS


def _visit(system: Embedded, visitor: Visitor) -> None:
    """A full disk still has room here and there, so a small write may pass."""
    case = system.rows("gateway", "SELECT max(tracking_number) FROM cases")[0][0]
    for _ in range(5):
        visitor.look(case)
        visitor.submit(may_pass=True)


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for it. Raises TimeoutError."""
    end = time.monotonic() + WITHIN
    while time.monotonic() < end:
        with contextlib.suppress(httpx.HTTPError, sqlite3.Error):
            if condition():
                return
        eventlet.sleep(0.2)
    raise TimeoutError(f"waited {WITHIN:g} s for {what}")
