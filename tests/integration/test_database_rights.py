"""What each account may do on the database server: work with its own service's rows."""

import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError, OperationalError

from chassis.database import database_url as url_of
from chassis.settings import Settings, SettingsError
from ops import registry
from ops.provision import provision_databases
from ops.registry import CLASSES
from tests.real import PostgresServer

SERVICES = tuple(CLASSES)


@pytest.fixture(scope="module")
def house(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """What the services are told. Provisioned and migrated; the second time changes nothing."""
    family = f"house{secrets.token_hex(3)}"
    admin_url = make_url(f"{postgres.url}{family}")
    settings = Settings(
        amqp_url="amqp://unused/",
        database_url=admin_url.render_as_string(hide_password=False),
        secrets_dir=tmp_path_factory.mktemp("secrets"),
    )
    own = f"postgresql://{family}@{admin_url.host}:{admin_url.port}/{family}"
    theirs = settings.model_copy(update={"database_url": own})
    for _ in range(2):
        assert provision_databases(settings, family) == len(SERVICES)
        for service in SERVICES:
            registry.migrate_service(service, theirs)
    yield theirs
    postgres.drop_databases(family)


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    """The rows that it returns; nothing of it stays."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            answer = connection.execute(text(statement))
            return [tuple(row) for row in answer] if answer.returns_rows else []
    finally:
        engine.dispose()


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_works_with_its_rows_and_makes_no_tables(house: Settings, service: str) -> None:
    """It owns nothing: no table is made, changed, emptied at once or dropped in its name."""
    url = url_of(house, service)
    assert registry.databases_current([service], house)
    assert {"inbox", "outbox"} < set(tables(url))
    for table in tables(url):
        run(url, f'TABLE "{table}"')
    for statement in ("INSERT INTO inbox SELECT * FROM inbox", "DELETE FROM outbox"):
        run(url, statement)
    for statement in (
        "CREATE TABLE more (id int)",
        "DROP TABLE inbox",
        "TRUNCATE inbox",
        "ALTER TABLE inbox ADD COLUMN more int",
        "CREATE INDEX more ON inbox (message_id)",
    ):
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
            run(url, statement)


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_opens_anothers_database(house: Settings, service: str) -> None:
    """Neither the account that works there nor the one that owns it."""
    for as_owner in (False, True):
        own = make_url(url_of(house, service, as_owner=as_owner))
        for other in SERVICES:
            its = make_url(url_of(house, other)).database
            url = own.set(database=its).render_as_string(hide_password=False)
            if other == service:
                assert run(url, "SELECT current_user") == [(own.username,)]
            else:
                with pytest.raises(OperationalError, match="permission denied for database"):
                    run(url, "SELECT 1")


def test_the_server_knows_no_password(house: Settings, postgres: PostgresServer) -> None:
    """Only verifiers, from which none can be had."""
    roles = [
        make_url(url_of(house, each, as_owner=o)).username for each in SERVICES for o in (0, 1)
    ]
    known = dict(run(f"{postgres.url}postgres", "SELECT rolname, rolpassword FROM pg_authid"))
    assert {str(known[role])[:14] for role in roles} == {"SCRAM-SHA-256$"}


def test_nobody_gets_in_without_the_password(house: Settings) -> None:
    """A wrong one is refused, and without its secret there is not even an address."""
    url = make_url(url_of(house, "intake")).set(password="wrong")
    with pytest.raises(OperationalError, match="authentication failed"):
        run(url.render_as_string(hide_password=False), "SELECT 1")
    with pytest.raises(SettingsError, match="DATABASE_STRANGER"):
        url_of(house, "stranger")
