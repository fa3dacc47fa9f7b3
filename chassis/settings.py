"""Typed settings from the environment, read once at the edge.

A field `amqp_url` is read from `SIGAP_AMQP_URL`, or from the file that `SIGAP_AMQP_URL_FILE` names.
"""

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from nameko.extensions import DependencyProvider
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

PREFIX = "SIGAP_"
FAMILY = "sigap"
"""What the names of accounts begin with where an address has no name."""

SECRET_BYTES = 32


class SettingsError(Exception):
    """The environment is not usable; the text names the variable, never its value."""


def account_name(family: str | None, service: str) -> str:
    """What broker and database server call the account of that service."""
    return f"{family or FAMILY}_{service}"


def owner_of(service: str) -> str:
    """Whose account owns the tables that the service works with, and may change their shape."""
    return f"{service}_owner"


def account_secret(service: str) -> str:
    """The name of the secret that is its password on the broker."""
    return f"broker_{service}"


def database_secret(service: str) -> str:
    """The name of the secret that is its password on the database server."""
    return f"database_{service}"


class Settings(BaseModel):
    """What every process reads. Services subclass it for settings of their own."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    amqp_url: str | None = Field(None, description="RabbitMQ; without it messages stay in memory")
    database_url: str | None = Field(
        None, description="PostgreSQL server; its path is the databases' prefix; without it SQLite"
    )
    home: Path = Field(Path("var"), description="where the embedded system keeps data and secrets")
    http_address: str = Field("127.0.0.1:8000", description="where the gateway listens")
    ops_address: str | None = Field(None, description="where a process answers health and metrics")
    public_url: str = Field("http://127.0.0.1:8000", description="the gateway's address in letters")
    secrets_dir: Path | None = Field(None, description="folder with one file per secret")
    demo: bool = Field(False, description="allow the demo accounts")
    log_format: str = Field("json", pattern="^(json|console)$", description="json or console")
    rpc_timeout_seconds: float = Field(
        10.0, gt=0, description="how long a call waits for its reply"
    )
    time_zone: str = Field("Asia/Makassar", description="the office's time zone, shown to people")
    prefetch: int = Field(10, ge=1, description="unacknowledged messages per queue and process")
    clock_offset_file: Path | None = Field(
        None, description="file with seconds to add to the machine's clock; in the demo only"
    )
    stop_grace_seconds: float = Field(20.0, gt=0, description="how long SIGTERM waits for work")

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Self:
        """The settings in `environ` (the process's own by default).

        Raises SettingsError naming the variable that is wrong.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        for field in cls.model_fields:
            value = _lookup(environ, PREFIX + field.upper())
            if value:
                values[field] = value
        try:
            return cls(**values)
        except ValidationError as error:
            raise SettingsError("; ".join(map(_fault, error.errors()))) from None

    @field_validator("amqp_url", "database_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        with contextlib.suppress(ValueError):  # its text may quote a part of the password
            parts = urlsplit(value or "none:")
            if parts.scheme and parts.port != 0:
                return value
        raise ValueError("not an address like scheme://user:password@host:port/name")

    @model_validator(mode="after")
    def _broker_and_server_go_together(self) -> Self:
        if (self.amqp_url is None) != (self.database_url is None):
            raise ValueError("SIGAP_AMQP_URL and SIGAP_DATABASE_URL are set both or neither")
        return self

    @model_validator(mode="after")
    def _only_a_demo_steers_its_clock(self) -> Self:
        if self.clock_offset_file is not None and not self.demo:
            raise ValueError("SIGAP_CLOCK_OFFSET_FILE is for a system with SIGAP_DEMO=1")
        return self

    @property
    def embedded(self) -> bool:
        """True when all services share one process, without broker and database server."""
        return self.amqp_url is None

    @property
    def own_accounts(self) -> bool:
        """True when each service has an account of its own on the broker.

        It may not declare what it uses then; `sigap provision` has done so.
        """
        return self.amqp_url is not None and urlsplit(self.amqp_url).password is None

    def secret(self, name: str) -> bytes:
        """The secret `name`, 32 bytes: `SIGAP_<NAME>_KEY` (hex), its `_FILE`, or `secrets_dir`.

        The embedded system makes a missing one under `home`; any other raises SettingsError.
        """
        variable = f"{PREFIX}{name.upper()}_KEY"
        text = _lookup(os.environ, variable)
        folder = self.secrets_dir or (self.home / "secrets" if self.embedded else None)
        if text is None and folder is not None:
            path = folder / name
            if not path.exists() and self.embedded:
                write_secret(path)
            if path.exists():
                text = path.read_text().strip()
        if text is None:
            raise SettingsError(f"{variable} (or {variable}_FILE, or SIGAP_SECRETS_DIR) is not set")
        try:
            key = bytes.fromhex(text)
        except ValueError:
            raise SettingsError(f"{variable} is not hexadecimal") from None
        if len(key) != SECRET_BYTES:
            raise SettingsError(f"{variable} must be {SECRET_BYTES} bytes in hexadecimal")
        return key


def write_secret(path: Path) -> None:
    """Make a random secret at `path`, readable by its owner only, unless one is there already."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when another process was first; then its secret counts
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)  # what is sealed under it survives a power cut, so it must too
    os.close(folder)


def _fault(item: Mapping[str, Any]) -> str:
    variable = "".join(f"{PREFIX}{str(field).upper()}: " for field in item["loc"][:1])
    return f"{variable}{item['msg']}"


def _lookup(environ: Mapping[str, str], variable: str) -> str | None:
    if value := environ.get(variable):  # an empty one counts as not set
        return value
    path = environ.get(f"{variable}_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise SettingsError(f"{variable}_FILE cannot be read: {error.strerror}") from None


class Configured(DependencyProvider):
    """Injects a service's settings of the given class."""

    def __init__(self, model: type[Settings]) -> None:
        self.model = model

    def setup(self) -> None:
        self.settings = self.model.read(self.container.config["environ"])

    def get_dependency(self, worker_ctx: Any) -> Settings:
        return self.settings
