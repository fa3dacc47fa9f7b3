"""A private RabbitMQ node of Debian's package `rabbitmq-server`."""

import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.real.process import OwnProcess
from tests.real.runtime import PartMissing, free_port, wanted

# Not /usr/sbin/rabbitmq-server: that one is bound to the machine's own node and its account.
SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
ADVANCED_CONFIG = """\
%% Queue lengths are reported twice a second instead of every five, so that tests can read them.
[{rabbit, [{quorum_tick_interval, 500}, {collect_statistics_interval, 500}]}].
"""


def why_no_node() -> str | None:
    """Say why a private node cannot be had here, or None when it can."""
    if not wanted("private"):
        return "SIGAP_TEST_PARTS rules a private node out"
    if not SERVER.exists():
        return "Debian's package rabbitmq-server is not installed"
    return None


class PrivateNode:
    """A node with its own name, ports, cookie, data and port mapper (epmd), all on 127.0.0.1."""

    label = "private node"

    def __init__(self, user: str, password: str, amqp_port: int, management_port: int) -> None:
        """Prepare the node's folder; raises PartMissing when there is no package."""
        if reason := why_no_node():
            raise PartMissing(reason)
        self._folder = Path(tempfile.mkdtemp(prefix="sigap-rabbitmq-"))
        _write_config(self._folder, user, password, amqp_port, management_port)
        self._env = env = _environment(self._folder)
        epmd = shutil.which("epmd") or "epmd"
        log = self._folder / "node.log"
        self._epmd = OwnProcess([epmd, "-address", "127.0.0.1"], log=log, env=env)
        self._node = OwnProcess([str(SERVER)], log=log, env=env)

    def start(self) -> None:
        """Start the port mapper and the node, unless they run."""
        self._epmd.start()
        self._node.start()

    def stop(self) -> None:
        """Shut the node down in order."""
        self._node.end(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9."""
        self._node.end(signal.SIGKILL)

    def ctl(self, *arguments: str) -> None:
        """Run `rabbitmqctl` against the node; raises CalledProcessError."""
        command = [str(SERVER.with_name("rabbitmqctl")), "--quiet", *arguments]
        subprocess.run(command, env=self._env, check=True, capture_output=True, timeout=60)

    def close(self) -> None:
        """End the node and its port mapper and remove the folder."""
        self._node.end(signal.SIGKILL)
        self._epmd.end(signal.SIGKILL)
        shutil.rmtree(self._folder, ignore_errors=True)


def _write_config(folder: Path, user: str, password: str, amqp: int, management: int) -> None:
    (folder / "rabbitmq.conf").write_text(
        f"""\
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
default_user = {user}
default_pass = {password}
"""
    )
    (folder / "advanced.config").write_text(ADVANCED_CONFIG)
    (folder / "enabled_plugins").write_text("[rabbitmq_management].\n")
    (folder / "conf.d").mkdir()
    (folder / "rabbitmq-env.conf").touch()
    cookie = folder / ".erlang.cookie"
    cookie.write_text(secrets.token_hex(20))
    cookie.chmod(0o400)


def _environment(folder: Path) -> dict[str, str]:
    """Return the whole environment, so that nothing of the machine's own node gets in."""
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(free_port()),
        "RABBITMQ_NODENAME": f"sigap-{secrets.token_hex(4)}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        # Idle schedulers sleep instead of spinning: the tests need the cores.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"
        ),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONFIG_FILES": str(folder / "conf.d"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_CTL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        # The start script then replaces itself by the node, so that signals reach it.
        "RUNNING_UNDER_SYSTEMD": "1",
    }
