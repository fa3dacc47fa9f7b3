"""The whole system, each service its own process, on a real RabbitMQ and PostgreSQL."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from ops.registry import CLASSES
from tests.real import eventually
from tests.real.runtime import free_port

ROOT = Path(__file__).parent.parent
SERVICES = tuple(CLASSES)
# The kernel ends a service should the test run die without its clean-up.
_GUARD = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []


class Fleet:
    """Starts, kills and stops the services' processes; `folder` keeps logs and secrets.

    A replica is named as `intake#2`; the first of a service bears the service's name alone.
    Both URLs are an administrator's. With the broker's `management_url` each process and command
    has accounts of its own, made by `sigap provision`; without it all have the administrator's.
    """

    def __init__(
        self, amqp_url: str, database_url: str, folder: Path, management_url: str | None = None
    ) -> None:
        self.folder = folder
        self.amqp_url = amqp_url
        self.management_url = management_url
        self.database_url = database_url
        self.http_address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{self.http_address}"
        self._ops: dict[str, str] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.extra: dict[str, str] = {}
        self.program = "ops.cli"

    @property
    def addresses(self) -> dict[str, str]:
        """What the services are told: their own accounts begin with the virtual host's name."""
        urls = {"SIGAP_AMQP_URL": self.amqp_url, "SIGAP_DATABASE_URL": self.database_url}
        if self.management_url is None:
            return urls
        return {name: self._without_password(url) for name, url in urls.items()}

    def _without_password(self, url: str) -> str:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=f"{self._family}@{host}").geturl()

    @property
    def _family(self) -> str:
        return urlsplit(self.amqp_url).path.strip("/")

    def prepare(self) -> None:
        """Make secrets, accounts and databases."""
        self.sigap("secrets", str(self._secrets), "--hand-out", str(self.folder / "own"))
        if self.management_url is not None:
            self.sigap(
                *("provision", "--databases", "--family", self._family),
                SIGAP_AMQP_URL=self.amqp_url,
                SIGAP_DATABASE_URL=self.database_url,
                SIGAP_MANAGEMENT_URL=self.management_url,
            )
        self.sigap("migrate")

    def start(self, *names: str) -> None:
        """Start these services (all by default) and return when they are ready."""
        for name in names or SERVICES:
            self.launch(name)
        for name in names or SERVICES:
            eventually(lambda name=name: self.ready(name), f"{name} to be ready")

    def launch(self, name: str, **more: str) -> None:
        """Start a service without waiting for it, with more variables in its environment."""
        self._ops.setdefault(name, f"127.0.0.1:{free_port()}")
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [*_GUARD, sys.executable, "-m", self.program, "serve", name.partition("#")[0]],
                cwd=ROOT,
                env=self.environ(name) | more,
                stdout=log,
                stderr=log,
            )

    def pids(self) -> dict[str, int]:
        """The process of each service that runs."""
        running = self._processes.items()
        return {name: process.pid for name, process in running if process.poll() is None}

    def ended(self, name: str) -> int | None:
        """The process's exit code, None while it runs."""
        return self._processes[name].poll()

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send the process a signal, as SIGSTOP and SIGCONT."""
        self._processes[name].send_signal(number)

    def resident(self, name: str) -> int | None:
        """Its memory in bytes, None when it has ended."""
        try:
            pages = Path(f"/proc/{self._processes[name].pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return None
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def set_clock(self, moment: datetime) -> None:
        """It is this moment now for every process; time goes on from there."""
        draft = self.folder / "clock.new"
        draft.write_text(str((moment - datetime.now(UTC)).total_seconds()))
        draft.replace(self.folder / "clock")

    def kill(self, name: str) -> None:
        """kill -9."""
        self._processes[name].kill()
        self._processes[name].wait()

    def stop(self) -> dict[str, int]:
        """SIGTERM to all; the exit code of each."""
        running = {n: p for n, p in self._processes.items() if p.poll() is None}
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        codes = {name: process.wait(timeout=40) for name, process in running.items()}
        self._processes.clear()
        return codes

    def close(self) -> None:
        """End whatever still runs."""
        for process in self._processes.values():
            if process.poll() is None:
                process.kill()
                process.wait()

    def ready(self, name: str) -> bool:
        try:
            urllib.request.urlopen(f"http://{self._ops[name]}/health/ready", timeout=5).close()
        except (OSError, urllib.error.HTTPError):
            return False
        return True

    def environ(self, name: str | None = None) -> dict[str, str]:
        """The environment of a service, or of an operator's command."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("SIGAP_")}
        clean |= {
            **self.addresses,
            "SIGAP_SECRETS_DIR": str(self._secrets_of(name)),
            "SIGAP_HTTP_ADDRESS": self._http_address(name),
            "SIGAP_PUBLIC_URL": self.url,
            "SIGAP_DEMO": "1",
            "SIGAP_CLOCK_OFFSET_FILE": str(self.folder / "clock"),
            **self.extra,
        }
        return clean | ({"SIGAP_OPS_ADDRESS": self._ops[name]} if name else {})

    @property
    def _secrets(self) -> Path:
        return self.folder / "secrets"

    def _secrets_of(self, name: str | None) -> Path:
        """A service's own, where they were handed out; all of them for a command."""
        own = self.folder / "own" / (name or "").partition("#")[0]
        return own if name and own.is_dir() else self._secrets

    def _http_address(self, name: str | None) -> str:
        return f"127.0.0.1:{free_port()}" if name and "#" in name else self.http_address

    def logs(self) -> str:
        return "".join(p.read_text(errors="replace") for p in sorted(self.folder.glob("*.log")))

    def sigap(self, *arguments: str, within: float = 120, **environ: str) -> str:
        """Run an operator's command; returns what it prints. It may take `within` seconds."""
        done = subprocess.run(
            [sys.executable, "-m", self.program, *arguments],
            cwd=ROOT,
            env=self.environ() | environ,
            capture_output=True,
            text=True,
            timeout=within,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout
