"""Programs of others, each in a process of its own, that write a JSON line for what they get."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.real import eventually

FOLDER = Path(__file__).parent


class Program:
    """A running program and what it has written."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self._process = process
        self._output = output

    def heard(self) -> list[dict[str, Any]]:
        """What it got so far, in order."""
        return [line for line in self._lines() if "ready" not in line]

    def ready(self) -> bool:
        assert self._process.poll() is None, self._output.with_suffix(".err").read_text()
        return {"ready": True} in self._lines()

    def _lines(self) -> list[dict[str, Any]]:
        whole, _, _ = self._output.read_text().rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]


@contextmanager
def running(script: str, folder: Path, *arguments: str) -> Iterator[Program]:
    """Run a script of this directory until the block ends; its output goes to an empty `folder`."""
    output = folder / "program.out"
    with output.open("wb") as out, output.with_suffix(".err").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, str(FOLDER / script), *arguments], stdout=out, stderr=err
        )
        try:
            program = Program(process, output)
            eventually(program.ready, f"{script} to listen")
            yield program
        finally:
            process.terminate()
            process.wait(timeout=20)
