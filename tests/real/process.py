"""A server process of our own, which never outlives the test run."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from tests.real.waiting import eventually

_END_WITHIN = 30.0  # seconds


class OwnProcess:
    """Starts, signals and reaps one process; its output goes to a log file."""

    def __init__(
        self,
        argv: list[str],
        *,
        log: Path,
        env: dict[str, str],
        account: tuple[int, int] | None = None,
    ) -> None:
        """Take the command, its log file, its whole environment, and a (uid, gid) to run as."""
        # The kernel ends the server should this process die without its clean-up.
        guard = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
        self._argv = [*guard, *argv]
        self._log = log
        self._env = env
        self._account = account
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.running:
            return
        uid, gid = self._account or (None, None)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._env,
                cwd=self._log.parent,
                user=uid,
                group=gid,
                extra_groups=[] if uid is not None else None,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def end(self, with_signal: signal.Signals) -> None:
        """Send it the signal and wait for its end; after 30 s it is killed."""
        if self._process is None or not self.running:
            return
        children = _children(self._process.pid)
        self._process.send_signal(with_signal)
        if with_signal is signal.SIGKILL:
            for child in children:
                _kill(child)
        try:
            self._process.wait(_END_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_END_WITHIN)
        # A child that is still there holds shared memory, which keeps the next start from working.
        eventually(lambda: not any(map(_lives, children)), f"end of {self._argv} and its children")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def _lives(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
