"""Each service's migrations make exactly what its models say, on SQLite and on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.exc import OperationalError

from chassis.database import database_url as url_of
from chassis.database import make_engine
from chassis.migrations import is_current
from chassis.settings import Settings
from ops import registry

ROOT = Path(__file__).parents[2]
SERVICES = sorted(registry.CLASSES)

on_each_service = pytest.mark.parametrize("service", SERVICES)
on_each_database = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


@pytest.fixture
def environ(kind, request, tmp_path):
    """What a process of this kind of system is configured by."""
    if kind == "sqlite":
        return {"SIGAP_HOME": str(tmp_path)}
    server = request.getfixturevalue("database_url")
    return {"SIGAP_AMQP_URL": "amqp://unused/", "SIGAP_DATABASE_URL": server}


@pytest.fixture
def settings(environ):
    return Settings.read(environ)


@pytest.fixture
def connection(settings, service):
    """To the service's database, once it is migrated."""
    engine = make_engine(url_of(settings, service))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def current(settings, service):
    return is_current(url_of(settings, service), registry.migrations_folder(service))


def metadata(service) -> MetaData:
    found: MetaData = registry.service_class(service).store.metadata
    return found


def contents(connection):
    """Every table, column, index and trigger, as the database itself tells them."""
    inspector = inspect(connection)
    tables = {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)],
            inspector.get_pk_constraint(name),
            sorted(inspector.get_indexes(name), key=lambda index: str(index["name"])),
            connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar(),  # noqa: S608
        )
        for name in inspector.get_table_names()
    }
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    }[connection.dialect.name]
    return tables, connection.scalars(text(catalogue)).all()


@on_each_database
@on_each_service
def test_migrating_an_empty_database_gives_exactly_the_models(service, settings, request):
    """Nothing to add, drop or change: a model without its migration would fail in production."""
    registry.migrate_service(service, settings)
    connection = request.getfixturevalue("connection")
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    assert compare_metadata(context, metadata(service)) == []


@pytest.mark.parametrize("kind", ["sqlite"])
@on_each_service
def test_a_row_number_is_given_once_where_the_models_say_so(service, settings, request):
    """SQLite gives a deleted row's number again unless told not to; no comparison sees that."""
    registry.migrate_service(service, settings)
    connection = request.getfixturevalue("connection")
    made = {
        t.name
        for t in metadata(service).sorted_tables
        if t.dialect_options["sqlite"]["autoincrement"]
    }
    told = text(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
    )
    assert set(connection.scalars(told)) == made


@on_each_database
@on_each_service
def test_migrating_twice_changes_nothing(service, settings, request):
    """Every start of the embedded system does."""
    first = registry.migrate_service(service, settings)
    connection = request.getfixturevalue("connection")
    before = contents(connection)
    connection.rollback()
    assert registry.migrate_service(service, settings) == first
    assert contents(connection) == before


@on_each_database
@on_each_service
def test_a_database_is_current_once_it_is_migrated(service, kind, settings, postgres_or_none):
    """A service waits for that before it starts."""
    if postgres_or_none is not None:
        with pytest.raises(OperationalError):
            current(settings, service)
        name = url_of(settings, service).rpartition("/")[2]
        postgres_or_none.create_database(name)
    assert not current(settings, service)
    registry.migrate_service(service, settings)
    assert current(settings, service)


@pytest.fixture
def postgres_or_none(kind, request):
    return request.getfixturevalue("postgres") if kind == "postgresql" else None


@on_each_database
def test_two_processes_that_migrate_at_once_both_succeed(environ, settings):
    """Replicas start together; one migrates, the other waits for it and finds nothing to do."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("SIGAP_")}
    rivals = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "ops.cli", "migrate"],
            env={**clean, **environ},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    errors = [rival.communicate()[1] for rival in rivals]
    assert [rival.returncode for rival in rivals] == [0] * 3, errors
    assert all(current(settings, service) for service in SERVICES)
