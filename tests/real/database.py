"""The real PostgreSQL of a test run."""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor
from testcontainers.core.container import DockerContainer

from tests.real.containers import DockerRuntime, labels, why_no_container
from tests.real.postgres_process import PrivatePostgres
from tests.real.runtime import PartMissing, Runtime, free_port
from tests.real.waiting import eventually

IMAGE = "postgres:17"
_USER = "sigap"
_READY_WITHIN = 60.0  # seconds
# Everything else as it is by default, fsync above all: what is committed must survive a kill.
_SETTINGS = ["-c", "max_connections=300"]


class PostgresServer:
    """A PostgreSQL that can be stopped, killed and started again on the same port and data."""

    def __init__(self, runtime: Runtime, password: str, port: int) -> None:
        """Take the server's runtime and how to reach it; `start` it before use."""
        self._runtime = runtime
        self._password = password
        self._port = port

    @property
    def url(self) -> str:
        """The server's address for SQLAlchemy, with a slash at its end and no database."""
        return f"postgresql+psycopg2://{_USER}:{self._password}@127.0.0.1:{self._port}/"

    @property
    def name(self) -> str:
        """Which PostgreSQL this is, for people."""
        with self._maintenance() as run:
            run.execute("SHOW server_version")
            version = str(run.fetchall()[0][0]).split()[0]
        return f"PostgreSQL {version} ({self._runtime.label})"

    def start(self) -> None:
        """Start it, unless it runs, and wait until it takes connections."""
        self._runtime.start()
        eventually(self._ready, "PostgreSQL", within=_READY_WITHIN)

    def stop(self) -> None:
        """Shut it down in order; the data stays."""
        self._runtime.stop()

    def kill(self) -> None:
        """kill -9; only what was committed stays."""
        self._runtime.kill()

    def close(self) -> None:
        """End it for good and remove its data."""
        self._runtime.close()

    def create_database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        with self._maintenance() as run:
            run.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url + name

    def drop_databases(self, prefix: str) -> None:
        """Drop each database whose name starts with `prefix`, whoever is connected to it."""
        with self._maintenance() as run:
            run.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
            for (name,) in run.fetchall():
                run.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _ready(self) -> bool:
        try:
            with self._maintenance():
                return True
        except psycopg2.OperationalError:
            return False

    @contextmanager
    def _maintenance(self) -> Iterator[cursor]:
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self._port,
            user=_USER,
            password=self._password,
            dbname="postgres",
            connect_timeout=5,
        )
        with closing(connection):
            connection.autocommit = True
            with connection.cursor() as run:
                yield run


def start_postgres() -> PostgresServer:
    """Start a PostgreSQL of one's own; `close` it in the end. Raises PartMissing."""
    password, port = secrets.token_hex(8), free_port()
    runtime: Runtime
    if no_container := why_no_container(IMAGE):
        try:
            runtime = PrivatePostgres(_USER, password, port, _SETTINGS)
        except PartMissing as no_process:
            raise PartMissing(f"{no_container}; {no_process}") from no_process
    else:
        container = (
            # SIGINT is the fast shutdown: it does not wait for clients to leave.
            DockerContainer(IMAGE, stop_signal="SIGINT", labels=labels())
            .with_command(["postgres", *_SETTINGS])
            .with_envs(POSTGRES_USER=_USER, POSTGRES_PASSWORD=password, POSTGRES_DB="postgres")
        )
        runtime = DockerRuntime(container, {5432: port})
    server = PostgresServer(runtime, password, port)
    try:
        server.start()
    except BaseException:
        server.close()
        raise
    return server
