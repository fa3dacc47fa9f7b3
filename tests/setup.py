"""`python -m tests.setup`: get a RabbitMQ and a PostgreSQL for the tests ready, and say which.

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
    """Prepare, report in one line, and return the exit code."""
    if why_no_engine() is None:
        remove_orphans()
        _pull(broker.IMAGE)
        _pull(database.IMAGE)
    if wanted("private") and why_no_container(broker.IMAGE) and why_no_node():
        _install_rabbitmq()
    rabbitmq = _source(broker.IMAGE, "private node", why_no_node())
    postgresql = _source(database.IMAGE, "private server", why_no_postgres())
    _say(f"RabbitMQ: {rabbitmq or 'none'}; PostgreSQL: {postgresql or 'none'}")
    if rabbitmq and postgresql:
        return 0
    if must_run():
        _say("with CI=true a missing part is a failure")
        return 1
    _say("the tests of what is missing will be skipped")
    return 0


def _source(image: str, private: str, no_private: str | None) -> str | None:
    """Return what a part will be, or None (and say why) when it cannot be had."""
    no_container = why_no_container(image)
    if no_container is None:
        return f"a container of {image}"
    if no_private is None:
        return f"a {private} ({no_container})"
    _say(f"no container of {image}: {no_container}; no {private}: {no_private}")
    return None


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
        command = ["systemctl", "--quiet", "disable", *services]
        subprocess.run(command, check=False)


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
