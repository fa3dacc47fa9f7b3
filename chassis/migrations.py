"""Schema migrations: Alembic revisions of each service, run by one shared environment."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url

from chassis.database import make_engine

MIGRATION_LOCK = 7_263_715
"""Any number: PostgreSQL's advisory lock that lets one migration run at a time."""


def migrate(url: str, folder: Path, worker: str | None = None) -> str:
    """Bring the database at `url` to the newest revision in `folder`; returns that revision.

    A missing database is created. Running it twice, or from two processes, changes nothing more.
    If `worker` is another account than that of `url`, it may then work with the tables.
    """
    target = make_url(url)
    if target.get_backend_name() == "postgresql":
        _create_database(target)
    scripts = _scripts(folder)
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            if target.get_backend_name() == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            _upgrade(connection, scripts)
            if worker not in (None, target.username):
                _let_work(connection, str(worker))
    finally:
        engine.dispose()
    return str(scripts.get_current_head())


def is_current(url: str, folder: Path) -> bool:
    """True if the database exists and holds the newest revision in `folder`."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            at = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return at == _scripts(folder).get_current_head()
    finally:
        engine.dispose()


def _scripts(folder: Path) -> ScriptDirectory:
    return ScriptDirectory(str(folder), version_locations=[str(folder)])


def _upgrade(connection: Connection, scripts: ScriptDirectory) -> None:
    context = EnvironmentContext(Config(), scripts)

    def steps(revision: object, _: object) -> object:
        return scripts._upgrade_revs("head", revision)  # type: ignore[arg-type]

    context.configure(connection=connection, fn=steps)
    with context.begin_transaction():
        context.run_migrations()


def _let_work(connection: Connection, worker: str) -> None:
    """It may do with the rows what the owner left itself the right to, and nothing with tables."""
    quote = connection.dialect.identifier_preparer.quote
    role = quote(worker)
    connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    for table, right in connection.execute(text(_OWN_RIGHTS)).all():
        connection.execute(text(f"GRANT {right} ON {quote(table)} TO {role}"))


_OWN_RIGHTS = """
SELECT tablename, privilege_type
FROM pg_tables JOIN information_schema.table_privileges
  ON table_schema = schemaname AND table_name = tablename
WHERE schemaname = 'public' AND tableowner = current_user AND grantee = current_user
  AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
"""


def _create_database(target: URL) -> None:
    name = str(target.database)
    engine = create_engine(target.set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
            known = text("SELECT 1 FROM pg_database WHERE datname = :name")
            if connection.execute(known, {"name": name}).first() is None:
                quoted = connection.dialect.identifier_preparer.quote(name)
                connection.execute(text(f"CREATE DATABASE {quoted}"))
    finally:
        engine.dispose()
