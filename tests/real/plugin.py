"""pytest's side of the real parts: fixtures, the mark `real`, and the count at the end.

Where a part cannot be had, the tests that use it are skipped and counted aloud; with CI=true
they fail instead.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Protocol, TypeVar

import pytest

from tests.real.broker import Broker, start_broker
from tests.real.database import PostgresServer, start_postgres
from tests.real.runtime import PartMissing, must_run

_names = pytest.StashKey[list[str]]()
_lacking = pytest.StashKey[list[str]]()


class _Part(Protocol):
    @property
    def name(self) -> str: ...
    def close(self) -> None: ...


Part = TypeVar("Part", bound=_Part)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark, and make room for what was started and what could not be."""
    config.addinivalue_line("markers", "real: uses a real RabbitMQ or PostgreSQL")
    config.stash[_names] = []
    config.stash[_lacking] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for a real part."""
    for item in items:
        if {"broker", "postgres"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.real)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say which parts the tests ran on, and how many tests did not run for want of one."""
    reports = terminalreporter.stats
    done = [*reports.get("passed", ()), *reports.get("failed", ())]
    ran = sum(report.when == "call" and "real" in report.keywords for report in done)
    if names := config.stash[_names]:
        terminalreporter.write_line(f"REAL PARTS: {', '.join(names)}: {ran} tests ran")
    for lacking in config.stash[_lacking]:
        skips = [report.longrepr[2] for report in reports.get("skipped", ())]
        line = f"REAL PARTS: {skips.count(f'Skipped: {lacking}')} tests skipped: {lacking}"
        terminalreporter.write_line(line, red=True, bold=True)


@pytest.fixture(scope="session")
def broker(pytestconfig: pytest.Config) -> Iterator[Broker]:
    """A RabbitMQ of this test run's own, started for the first test that asks for it."""
    with closing(_started("RabbitMQ", start_broker, pytestconfig)) as broker:
        yield broker


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[PostgresServer]:
    """A PostgreSQL of this test run's own, started for the first test that asks for it."""
    with closing(_started("PostgreSQL", start_postgres, pytestconfig)) as postgres:
        yield postgres


@pytest.fixture
def vhost_url(broker: Broker) -> Iterator[str]:
    """The AMQP URL of an empty virtual host for one test, deleted afterwards."""
    url = broker.new_vhost()
    yield url
    broker.start()  # the test may have left it dead
    broker.delete_vhost(url)


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    """A server URL that ends in a database-name prefix no other test has.

    Whoever uses it appends to the name (`_intake`); all such databases are dropped afterwards.
    """
    prefix = f"sigap_t{secrets.token_hex(4)}"
    yield postgres.url + prefix
    postgres.start()  # the test may have left it dead
    postgres.drop_databases(prefix)


def _started(what: str, start: Callable[[], Part], config: pytest.Config) -> Part:
    try:
        part = start()
    except PartMissing as reason:
        lacking = f"no {what} ({reason})"
        if must_run():
            pytest.fail(f"REAL PARTS: {lacking}; with CI=true this is a failure", pytrace=False)
        config.stash[_lacking].append(lacking)
        pytest.skip(lacking)
    config.stash[_names].append(part.name)
    return part
