"""`python -m tests.setup`: say which RabbitMQ and PostgreSQL the tests will use, and get them ready.

Images are pulled and Debian's rabbitmq-server is installed here, so that no test waits for a
download. Exits with 1 if CI=true and a part cannot be had.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docker.errors import DockerException

from tests.real import broker, database
from tests.real.containers import pull, remove_orphans, why_no_container, why_no_engine
from tests.real.postgres_process import why_no_postgres
from tests.real.rabbitmq_node import why_no_node
from tests.real.runtime import must_run, wanted

_POLICY = Path("/usr/sbin/policy-rc.d")


def main() -> int:
    """Prepare, report, and return the exit code."""
    if why_no_engine() is None:
        remove_orphans()
        _pull(broker.IMAGE)
        _pull(database.IMAGE)
    no_rabbitmq_image = why_no_container(broker.IMAGE)
    if no_rabbitmq_image and wanted("private") and why_no_node():
        _install_rabbitmq()
    missing = [
        *_report("RabbitMQ", broker.IMAGE, "private node", no_rabbitmq_image, why_no_node()),
        *_report(
            "PostgreSQL",
            database.IMAGE,
            "private server",
            why_no_container(database.IMAGE),
            why_no_postgres(),
        ),
    ]
    return 1 if missing and must_run() else 0


def _report(
    part: str, image: str, private: str, no_container: str | None, no_private: str | None
) -> list[str]:
    """Print what `part` will be; return its name if it cannot be had."""
    if no_container is None:
        _say(f"{part}: a container of {image}")
    elif no_private is None:
        _say(f"{part}: a {private} ({no_container})")
    else:
        outcome = "with CI=true that is a failure" if must_run() else "its tests will be skipped"
        _say(f"{part}: none. {no_container}; {no_private}; {outcome}")
        return [part]
    return []


def _pull(image: str) -> None:
    if why_no_container(image) is None:
        return
    _say(f"pulling {image}")
    try:
        pull(image)
    except DockerException as error:
        _say(f"Docker cannot pull {image}: {error}")


def _install_rabbitmq() -> None:
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        _say("for the tests with a broker: start Docker, or `apt-get install rabbitmq-server`")
        return
    _say("installing Debian's rabbitmq-server, without starting its service")
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1"}
    with _no_services_started():
        for arguments in (
            ["update"],
            ["install", "-y", "--no-install-recommends", "rabbitmq-server"],
        ):
            done = subprocess.run(
                [*apt, *arguments], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            if done.returncode != 0:
                _say(f"apt-get {arguments[0]} failed:\n{done.stdout.decode()[-2000:]}")
                return
    if Path("/run/systemd/system").exists():
        services = ["rabbitmq-server.service", "epmd.service", "epmd.socket"]
        subprocess.run(["systemctl", "--quiet", "disable", *services], check=False)


@contextmanager
def _no_services_started() -> Iterator[None]:
    """Keep packages from starting their services: the tests' node is a private one.

    policy-rc.d is the interface that Debian's maintainer scripts ask (invoke-rc.d(8)).
    """
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()


def _say(line: str) -> None:
    print(f"tests: {line}", flush=True)  # noqa: T201  # what this program is for


if __name__ == "__main__":
    sys.exit(main())
