"""What services may not make themselves: queues, accounts and rights, on broker and database."""

import base64
import hashlib
import json
import os
import secrets
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from amqp.exceptions import AMQPError
from kombu import Connection
from psycopg2.extensions import encrypt_password
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from chassis.database import database_url
from chassis.publishing import CONNECT_TIMEOUT
from chassis.rights import Rights, accounts
from chassis.settings import (
    FAMILY,
    Settings,
    SettingsError,
    account_name,
    account_secret,
    database_secret,
    owner_of,
    write_secret,
)
from chassis.topology import RPC_EXCHANGE, Topology, declare
from chassis.transport import broker_url
from ops import registry
from ops.secret_files import ADMINISTRATOR

API_TIMEOUT = 30.0
SALT_BYTES = 4


def provision(
    settings: Settings, family: str, definitions: Path | None, management: str | None
) -> dict[str, object]:
    """Declare the topology, then make the accounts where it is said; how many there are of each.

    The accounts go into the file `definitions`, or to the management API, or both, or nowhere.
    Passwords that are missing are made in the folder of secrets. Raises SettingsError.
    """
    if settings.amqp_url is None or settings.secrets_dir is None:
        raise SettingsError("`sigap provision` needs SIGAP_AMQP_URL and SIGAP_SECRETS_DIR")
    if settings.own_accounts:
        family = urlsplit(settings.amqp_url).username or family
    topology, url = registry.topology(), broker_url(settings, ADMINISTRATOR)
    vhost = _declare(url, topology)
    made = accounts(topology)
    for account in made:
        write_secret(settings.secrets_dir / account_secret(account))
    content = _definitions(settings, family, vhost, made)
    if definitions is not None:
        _write(definitions, content)
    if management is not None:
        _post(management, url, content)
    told = definitions is not None or management is not None
    return {"virtual_host": vhost, "accounts": len(made) if told else 0}


def provision_databases(settings: Settings, family: str) -> int:
    """A database for each service, with two accounts of its own; how many. Raises SettingsError.

    One owns it and makes the tables, the other works with them. Nobody but these two, and the
    server's administrators, can open it.
    """
    if settings.database_url is None or settings.secrets_dir is None:
        raise SettingsError("--databases needs SIGAP_DATABASE_URL and SIGAP_SECRETS_DIR")
    given = make_url(settings.database_url)
    if given.password is None:
        family = given.username or family
    server = make_url(database_url(settings, ADMINISTRATOR)).set(database="postgres")
    engine = create_engine(server, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as connection:
            for service in registry.CLASSES:
                roles = {who: account_name(family, who) for who in (owner_of(service), service)}
                for who, role in roles.items():
                    write_secret(settings.secrets_dir / database_secret(who))
                    _role(connection, role, settings.secret(database_secret(who)).hex())
                _own_database(connection, f"{given.database or FAMILY}_{service}", *roles.values())
    except SQLAlchemyError as error:
        raise SettingsError(f"the database does not do it: {type(error).__name__}") from None
    finally:
        engine.dispose()
    return len(registry.CLASSES)


def _role(connection: Any, role: str, password: str) -> None:
    """The server gets a SCRAM verifier, so that no log of statements shows a password."""
    driver = connection.connection.driver_connection
    verifier = encrypt_password(password, role, driver, "scram-sha-256")
    verb = "ALTER" if _knows(connection, "pg_roles", "rolname", role) else "CREATE"
    quoted = connection.dialect.identifier_preparer.quote(role)
    connection.exec_driver_sql(f"{verb} ROLE {quoted} LOGIN PASSWORD '{verifier}'")


def _own_database(connection: Any, database: str, owner: str, worker: str) -> None:
    quote = connection.dialect.identifier_preparer.quote
    name, owning, working = map(quote, (database, owner, worker))
    if _knows(connection, "pg_database", "datname", database):
        connection.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO {owning}")
    else:
        connection.exec_driver_sql(f"CREATE DATABASE {name} OWNER {owning}")
    connection.exec_driver_sql(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    connection.exec_driver_sql(f"GRANT CONNECT ON DATABASE {name} TO {working}")


def _knows(connection: Any, catalogue: str, column: str, name: str) -> bool:
    known = text(f"SELECT 1 FROM {catalogue} WHERE {column} = :name")  # noqa: S608 - our words
    return connection.execute(known, {"name": name}).first() is not None


def _declare(url: str, topology: Topology) -> str:
    """Declare it; the name of the virtual host. Raises SettingsError."""
    try:
        with Connection(url, connect_timeout=CONNECT_TIMEOUT) as connection:
            connection.connect()
            declare(connection, topology)
            return connection.virtual_host or "/"
    except (OSError, AMQPError) as error:
        raise SettingsError(f"the broker does not do it: {type(error).__name__}") from None


def _definitions(
    settings: Settings, family: str, vhost: str, made: dict[str, Rights]
) -> dict[str, Any]:
    """RabbitMQ's own format of export and import; passwords as salted hashes."""
    names = {account: account_name(family, account) for account in made}
    return {
        "users": [
            {
                "name": name,
                "password_hash": _hash(settings.secret(account_secret(account)).hex()),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": [],
            }
            for account, name in names.items()
        ],
        "permissions": [
            {
                "user": names[account],
                "vhost": vhost,
                "configure": rights.configure,
                "write": rights.write,
                "read": rights.read,
            }
            for account, rights in made.items()
        ],
        "topic_permissions": [
            {
                "user": names[account],
                "vhost": vhost,
                "exchange": RPC_EXCHANGE.name,
                "write": rights.send,
                "read": rights.listen,
            }
            for account, rights in made.items()
        ],
    }


def _hash(password: str) -> str:
    """As RabbitMQ keeps it: base64 of a salt and of SHA-256 over salt and password."""
    salt = secrets.token_bytes(SALT_BYTES)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _write(path: Path, content: dict[str, Any]) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=2)


def _post(management: str, amqp_url: str, content: dict[str, Any]) -> None:
    """Import it by the management API, as the administrator of the AMQP address."""
    parts = urlsplit(amqp_url)
    login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()
    request = urllib.request.Request(  # noqa: S310 - the operator's own address
        f"{management.rstrip('/')}/api/definitions",
        json.dumps(content).encode(),
        {
            "Authorization": f"Basic {base64.b64encode(login).decode()}",
            "Content-Type": "application/json",
        },
    )
    try:
        urllib.request.urlopen(request, timeout=API_TIMEOUT).close()  # noqa: S310
    except urllib.error.HTTPError as error:
        raise SettingsError(f"the management API refuses the accounts: {error.code}") from None
    except OSError as error:
        raise SettingsError(f"no answer from the management API: {type(error).__name__}") from None
