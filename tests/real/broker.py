"""The real RabbitMQ of a test run."""

import base64
import http.client
import json
import secrets
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from amqp.exceptions import AMQPError, ChannelError
from kombu import Connection
from testcontainers.core.container import DockerContainer

from tests.real.containers import DockerRuntime, labels, why_no_container
from tests.real.rabbitmq_node import ADVANCED_CONFIG, PrivateNode
from tests.real.runtime import PartMissing, Runtime, free_port
from tests.real.waiting import eventually

IMAGE = "rabbitmq:4-management"
_USER = "sigap"
_READY_WITHIN = 90.0  # seconds


class _Node(Runtime, Protocol):
    def ctl(self, *arguments: str) -> None: ...


class _ContainerNode(DockerRuntime):
    def ctl(self, *arguments: str) -> None:
        self.run(["rabbitmqctl", "--quiet", *arguments])

    def stop(self) -> None:
        # Not every image hands the signal of `docker stop` on to the node.
        self.ctl("stop")
        self.wait()


class Broker:
    """A RabbitMQ that can be stopped, killed and started again on the same port and data."""

    def __init__(self, node: _Node, password: str, amqp_port: int, management_port: int) -> None:
        """Take the node and how to reach it; `start` it before use."""
        self._node = node
        self._password = password
        self._amqp_port = amqp_port
        self._management_port = management_port

    @property
    def amqp_url(self) -> str:
        """The broker's default virtual host, as a URL for kombu, pika and nameko."""
        return self._url("/")

    @property
    def management_url(self) -> str:
        """The management API, for the same account as the AMQP URL's."""
        return f"http://127.0.0.1:{self._management_port}"

    @property
    def name(self) -> str:
        """Which RabbitMQ this is, for people."""
        version = self._ask("GET", "/overview")["rabbitmq_version"]
        return f"RabbitMQ {version} ({self._node.label})"

    def start(self) -> None:
        """Start it, unless it runs, and wait until it takes connections."""
        self._node.start()
        eventually(self._ready, "RabbitMQ", within=_READY_WITHIN)

    def stop(self) -> None:
        """Shut it down in order; the data stays."""
        self._node.stop()

    def kill(self) -> None:
        """kill -9; what it had not yet confirmed is lost.

        The register of quorum queues is written out first. RabbitMQ itself does so after half a
        second of rest, and a queue younger than that comes back empty, confirmed messages or not.
        """
        self._node.ctl("eval", "[ok = dets:sync(Table) || Table <- dets:all()].")
        self._node.kill()

    def close(self) -> None:
        """End it for good and remove its data."""
        self._node.close()

    def ctl(self, *arguments: str) -> None:
        """Run `rabbitmqctl` with these arguments; what it raises depends on the runtime."""
        self._node.ctl(*arguments)

    def new_vhost(self) -> str:
        """Make an empty virtual host and return its URL."""
        vhost = f"t{secrets.token_hex(6)}"
        self._ask("PUT", f"/vhosts/{vhost}", {})
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self._ask("PUT", f"/permissions/{vhost}/{_USER}", everything)
        return self._url(vhost)

    def delete_vhost(self, amqp_url: str) -> None:
        """Delete the virtual host with all its queues and close its connections."""
        self._ask("DELETE", f"/vhosts/{_vhost(amqp_url)}")

    def queues(self, amqp_url: str | None = None) -> dict[str, int]:
        """Return each queue of the virtual host with its messages, waiting and unacknowledged.

        What waits is exact; what is unacknowledged may be half a second old, as may everything
        just after a start (a stream's length: five). So wait for a number with `eventually`.
        """
        url = amqp_url or self.amqp_url
        vhost = _vhost(url)
        # The plain listing is computed from samples that are five seconds apart, and after a
        # restart no listing is complete at once; the definitions and the queues themselves are.
        options = "disable_stats=true&enable_queue_totals=true"
        lengths = {
            queue["name"]: 0 for queue in self._ask("GET", f"/definitions/{vhost}")["queues"]
        }
        for queue in self._ask("GET", f"/queues/{vhost}?{options}"):
            lengths[queue["name"]] = queue.get("messages", 0)
        with Connection(url) as connection:
            return {name: max(n, _waiting(connection, name)) for name, n in lengths.items()}

    def consumers(self, amqp_url: str) -> int:
        """Return how many consumers the virtual host has."""
        return len(self._ask("GET", f"/consumers/{_vhost(amqp_url)}"))

    def _url(self, vhost: str) -> str:
        host = f"127.0.0.1:{self._amqp_port}"
        return f"amqp://{_USER}:{self._password}@{host}/{quote(vhost, safe='')}"

    def _ready(self) -> bool:
        try:
            self._ask("GET", "/health/checks/virtual-hosts")
            with Connection(self.amqp_url, connect_timeout=5) as connection:
                connection.connect()
        except (OSError, http.client.HTTPException, AMQPError):
            return False
        return True

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> Any:
        """Call the management API; an answer other than 2xx raises HTTPException."""
        login = base64.b64encode(f"{_USER}:{self._password}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self._management_port, timeout=30)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, f"/api{path}", sent, headers)
            response = connection.getresponse()
            content = response.read()
            if not 200 <= response.status < 300:
                raise http.client.HTTPException(f"{method} {path}: {response.status} {content!r}")
            return json.loads(content) if content else None
        finally:
            connection.close()


def start_broker() -> Broker:
    """Start a RabbitMQ of one's own; `close` it in the end. Raises PartMissing."""
    password, amqp_port, management_port = secrets.token_hex(8), free_port(), free_port()
    node: _Node
    if no_container := why_no_container(IMAGE):
        try:
            node = PrivateNode(_USER, password, amqp_port, management_port)
        except PartMissing as no_node:
            raise PartMissing(f"{no_container}; {no_node}") from no_node
    else:
        node = _ContainerNode(
            DockerContainer(IMAGE, labels=labels())
            .with_envs(RABBITMQ_DEFAULT_USER=_USER, RABBITMQ_DEFAULT_PASS=password)
            .with_copy_into_container(ADVANCED_CONFIG.encode(), "/etc/rabbitmq/advanced.config"),
            {5672: amqp_port, 15672: management_port},
        )
    broker = Broker(node, password, amqp_port, management_port)
    try:
        broker.start()
    except BaseException:
        broker.close()
        raise
    return broker


def _waiting(connection: Connection, queue: str) -> int:
    """Return the messages that wait in the queue; 0 when only its owner may look into it."""
    try:
        with connection.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:
        return 0


def _vhost(amqp_url: str) -> str:
    return urlsplit(amqp_url).path.removeprefix("/")
