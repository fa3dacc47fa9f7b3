"""The whole system as processes."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.documented_journeys import (  # noqa: F401 - fixtures of every module here
    api,
    delivered,
    detours,
    escalated,
    handed_over,
    reopened,
    told,
)
from tests.e2e.outage import TIMEOUT
from tests.e2e.told import walked
from tests.fleet import Fleet


@pytest.fixture(scope="session")
def new_fleet(broker, postgres, tmp_path_factory):
    """Gives a fleet on a virtual host and databases of its own, all services running."""

    @contextmanager
    def running(**extra: str) -> Iterator[Fleet]:
        vhost = broker.new_vhost()
        prefix = f"sigap_f{secrets.token_hex(3)}"
        folder = tmp_path_factory.mktemp("fleet")
        fleet = Fleet(vhost, postgres.url + prefix, folder, broker.management_url)
        fleet.extra |= extra
        fleet.prepare()
        try:
            fleet.start()
            yield fleet
        finally:
            fleet.close()
            broker.start()
            postgres.start()
            broker.delete_vhost(vhost)
            postgres.drop_databases(prefix)

    return running


@pytest.fixture(scope="session")
def shared_fleet(new_fleet):
    """One fleet for the tests that leave it as they found it, but for their own cases."""
    with new_fleet() as fleet:
        yield fleet


@pytest.fixture(scope="session")
def troubled_fleet(new_fleet):
    """The fleet of the tests that take its servers away."""
    with new_fleet(SIGAP_RPC_TIMEOUT_SECONDS=str(TIMEOUT)) as fleet:
        yield fleet


@pytest.fixture(scope="session")
def marked_fleet(new_fleet):
    """The fleet of the search for marks; the module that erases them comes last."""
    with new_fleet() as fleet:
        yield fleet


@pytest.fixture(scope="session")
def marked(marked_fleet, tmp_path_factory):
    """All that was said while the marks went through it."""
    with walked(marked_fleet, tmp_path_factory.mktemp("mail")) as everything:
        yield everything


@pytest.fixture(scope="module")
def fleet(new_fleet):
    """A fleet for the tests of one module; `shared_fleet` serves those that need none alone."""
    with new_fleet() as fleet:
        yield fleet
