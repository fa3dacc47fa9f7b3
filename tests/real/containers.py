"""Servers in containers, where a Docker engine answers."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker.errors
from docker.models.containers import Container
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient
from testcontainers.core.utils import inside_container

from tests.real.runtime import wanted

# Its clean-up container wants one more image and the engine's socket; `close` and
# `remove_orphans` do that work.
testcontainers_config.ryuk_disabled = True

_OWNER = "sigap.tests.owner"
_STOP_WITHIN = 30  # seconds until the engine kills a container that was asked to stop


def labels() -> dict[str, str]:
    """Return the labels that tell `remove_orphans` which test run a container belongs to."""
    return {_OWNER: f"{socket.gethostname()}:{os.getpid()}"}


class DockerRuntime:
    """One container with fixed ports on 127.0.0.1."""

    label = "docker"

    def __init__(self, container: DockerContainer, ports: dict[int, int]) -> None:
        """Take a container that is not yet started, and its ports: inside to outside."""
        container.ports = {
            # A bare number would be published on every interface of the machine.
            f"{inside}/tcp": ("127.0.0.1", outside)  # type: ignore[misc]  # docker takes pairs
            for inside, outside in ports.items()
        }
        self._container = container
        self._created = False

    def start(self) -> None:
        """Create and start the container, or start it again as it was left."""
        if self._created:
            self._wrapped.start()
        else:
            self._created = True
            self._container.start()

    def stop(self) -> None:
        """`docker stop`."""
        self._wrapped.stop(timeout=_STOP_WITHIN)

    def kill(self) -> None:
        """`docker kill`: SIGKILL to everything in the container."""
        self._wrapped.kill()
        self.wait()

    def run(self, command: list[str]) -> None:
        """Run a command in the container; raises RuntimeError with its output when it fails."""
        result = self._container.exec(command)
        if result.exit_code != 0:
            raise RuntimeError(f"{command}: {result.output.decode(errors='replace')}")

    def wait(self) -> None:
        """Wait for the container's end."""
        self._wrapped.wait()

    def close(self) -> None:
        """Remove the container and its volumes."""
        self._container.stop()

    @property
    def _wrapped(self) -> Container:
        return self._container.get_wrapped_container()


def why_no_engine() -> str | None:
    """Say why no container can be had here, or None when Docker answers."""
    if not wanted("docker"):
        return "SIGAP_TEST_PARTS rules Docker out"
    try:
        with _engine() as engine:
            name = engine.client.info()["Name"]
            local = engine.host() in ("localhost", "127.0.0.1")
    except docker.errors.DockerException:
        return "no Docker engine answers"
    if not local or (inside_container() and name != socket.gethostname()):
        return "the Docker engine runs elsewhere: its 127.0.0.1 is not this machine's"
    return None


def why_no_container(image: str) -> str | None:
    """Say why a container of `image` cannot be had without waiting for a download, or None."""
    if reason := why_no_engine():
        return reason
    with _engine() as engine:
        if not engine.client.images.list(name=image):
            return f"Docker has no image {image}: run `python -m tests.setup`, which pulls it"
    return None


def pull(image: str) -> None:
    """Have `image` downloaded; raises DockerException."""
    with _engine() as engine:
        engine.client.images.pull(image)


def remove_orphans() -> None:
    """Remove the containers of test runs that were killed before they could clean up."""
    with _engine() as engine:
        for container in engine.client.containers.list(all=True, filters={"label": _OWNER}):
            host, _, pid = container.labels[_OWNER].rpartition(":")
            if host == socket.gethostname() and not Path(f"/proc/{pid}").exists():
                container.remove(force=True, v=True)


@contextmanager
def _engine() -> Iterator[DockerClient]:
    engine = DockerClient(timeout=60)
    try:
        yield engine
    finally:
        engine.client.close()
