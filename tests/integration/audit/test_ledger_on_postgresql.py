"""The ledger on PostgreSQL: its own triggers, and many writers at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DatabaseError

from chassis.database import make_engine
from chassis.migrations import migrate
from contracts.audit import ProveInclusion, ReadCheckpoint, ReadLedger
from contracts.catalogue import SUBSCRIBERS
from contracts.envelope import CloudEvent
from contracts.examples import example
from services.audit.service import AuditService
from tests.support import Bench, migrations_of

EVENTS = [example(event) for event in SUBSCRIBERS]
WRITERS = 6


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Iterator[Bench]:
    """The audit service on its own migrated PostgreSQL database."""
    bench = Bench(AuditService, tmp_path, server=database_url)
    yield bench
    bench.close()


def take(office: Bench, event: CloudEvent) -> str:
    return office.deliver(event, "on_any_event")


def copies(number: int) -> list[CloudEvent]:
    """So many different events."""
    return [EVENTS[0].model_copy(update={"id": f"event-{i}"}) for i in range(number)]


def test_many_writers_leave_no_gap_and_record_every_event_once(office: Bench) -> None:
    """Replicas that take the same events at the same time agree on one order."""
    events = copies(60)
    with ThreadPoolExecutor(WRITERS) as writers:
        outcomes = list(writers.map(lambda event: take(office, event), events * 3))
    page = office.ask(ReadLedger())
    assert [entry.index for entry in page.entries] == list(range(1, len(events) + 1))
    assert {entry.event["id"] for entry in page.entries} == {event.id for event in events}
    assert page.size == len(events)
    assert outcomes.count("done") == len(events)


def test_writers_whose_inbox_has_forgotten_leave_no_gap_either(office: Bench) -> None:
    """The ledger's own knowledge of its events holds against repetitions at the same time."""
    events = copies(20)
    for event in events[::2]:
        take(office, event)
    with office.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM inbox"))
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(lambda event: take(office, event), events))
    page = office.ask(ReadLedger())
    assert [entry.index for entry in page.entries] == list(range(1, len(events) + 1))
    assert len({entry.event["id"] for entry in page.entries}) == len(events)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET body = '{}'",
        'DELETE FROM ledger WHERE "index" = 1',
        "TRUNCATE ledger",
        "INSERT INTO ledger SELECT * FROM ledger LIMIT 1 "
        "ON CONFLICT (event_id) DO UPDATE SET body = '{}'",
    ],
)
def test_the_database_refuses_to_change_an_entry(office: Bench, statement: str) -> None:
    """UPDATE, DELETE and TRUNCATE are refused, also as the second half of an insert."""
    take(office, EVENTS[0])
    before = office.ask(ReadLedger())
    refused = pytest.raises(DatabaseError, match=r"append-only|no gaps")
    with refused, office.store.engine.begin() as connection:
        connection.execute(text(statement))
    assert office.ask(ReadLedger()) == before


def test_the_database_refuses_any_index_but_the_next(office: Bench) -> None:
    """A head that lost count is an error, not a lost event."""
    take(office, EVENTS[0])
    with office.store.engine.begin() as connection:
        connection.execute(text("UPDATE ledger_head SET size = 0"))
    with pytest.raises(DatabaseError, match="no gaps"):
        take(office, EVENTS[1])


def test_the_services_own_role_may_not_change_what_is_written(
    tmp_path: Path, database_url: str
) -> None:
    """Without any trigger: the rights of the tables' owner do not reach that far."""
    with new_owner(database_url) as url:
        office = Bench(AuditService, tmp_path, server=url)
        take(office, EVENTS[0])
        office.run_job("sign_checkpoints")
        for table in ("ledger", "ledger_nodes", "checkpoints"):
            with office.store.engine.begin() as connection:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            for change in ("DELETE FROM", "TRUNCATE"):
                refused = pytest.raises(DatabaseError, match="permission denied")
                with refused, office.store.engine.begin() as connection:
                    connection.execute(text(f"{change} {table}"))
        office.close()


def test_a_role_that_owns_nothing_runs_the_service_and_may_change_nothing(
    tmp_path: Path, database_url: str
) -> None:
    """With the rights that `sigap migrate` gives it: entries, checkpoints and proofs, and not one
    way to take a trigger or a right away."""
    with new_owner(database_url) as url, new_role(database_url) as role:
        office = Bench(AuditService, tmp_path, server=url)
        for _ in range(2):
            migrate(office.url, migrations_of(AuditService), worker=role)
        owned = make_url(office.url)
        office.store.engine.dispose()
        as_role = owned.set(username=role, password="r").render_as_string(hide_password=False)
        office.store.open(make_engine(as_role), office.clock, office.service.settings)

        for event in copies(5):
            assert take(office, event) == "done"
            assert take(office, event) == "duplicate"
        office.run_job("sign_checkpoints")
        assert office.ask(ReadCheckpoint()).size == 5
        assert office.ask(ProveInclusion(index=3)).hashes
        before = office.ask(ReadLedger())
        for statement in FORBIDDEN:
            refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
            with refused, office.store.engine.begin() as connection:
                connection.execute(text(statement))
        with office.store.engine.begin() as connection:  # only a warning, and no right
            connection.execute(text(f"GRANT UPDATE ON ledger TO {role}"))
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            office.store.engine.begin() as connection,
        ):
            connection.execute(text("UPDATE ledger SET body = '{}'"))
        assert office.ask(ReadLedger()) == before
        office.close()


FORBIDDEN = (
    "UPDATE ledger SET body = '{}'",
    "DELETE FROM checkpoints",
    "TRUNCATE ledger_nodes",
    "DROP TABLE ledger",
    "ALTER TABLE ledger DISABLE TRIGGER USER",
    "ALTER TABLE ledger OWNER TO CURRENT_USER",
    "DROP TRIGGER ledger_refuses_change ON ledger",
    "CREATE RULE r AS ON INSERT TO ledger DO INSTEAD NOTHING",
    "CREATE OR REPLACE FUNCTION ledger_refuses_change() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RETURN NULL; END $$",
    "SET session_replication_role = replica",
    "INSERT INTO ledger_nodes SELECT * FROM ledger_nodes ON CONFLICT (level, number)"
    " DO UPDATE SET hash = 'x'",
)


@contextmanager
def new_role(server: str) -> Iterator[str]:
    """The name of an ordinary role that owns nothing; dropped after the database it works in."""
    url = make_url(server)
    role = f"runs_{url.database}"
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    audit = create_engine(url.set(database=f"{url.database}_audit"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'r'"))
        yield role
        with audit.connect() as inside:
            inside.execute(text(f"DROP OWNED BY {role}"))
        audit.dispose()
        connection.execute(text(f"DROP ROLE {role}"))
    admin.dispose()


@contextmanager
def new_owner(server: str) -> Iterator[str]:
    """The server's URL for an ordinary role that owns the audit service's database."""
    url = make_url(server)
    role = f"role_{url.database}"
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'r'"))
        connection.execute(text(f"CREATE DATABASE {url.database}_audit OWNER {role}"))
        yield url.set(username=role, password="r").render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {url.database}_audit"))
        connection.execute(text(f"DROP ROLE {role}"))
    admin.dispose()
