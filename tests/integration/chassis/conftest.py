"""The toy system on a virtual host and databases of the test's own."""

import pytest

from chassis.settings import Settings
from tests.integration.chassis.toys import Behaviour, ToySystem


@pytest.fixture
def settings(vhost_url, database_url, monkeypatch):
    monkeypatch.setenv("SIGAP_RPC_KEY", "ab" * 32)
    return Settings(
        amqp_url=vhost_url,
        database_url=database_url,
        rpc_timeout_seconds=2.0,
        prefetch=5,
        stop_grace_seconds=5.0,
    )


@pytest.fixture
def toys(settings, postgres):
    for name in ("alpha", "beta"):
        postgres.create_database(settings.database_url.rpartition("/")[2] + f"_{name}")
    Behaviour.reset()
    yield ToySystem(settings)
    Behaviour.reset()
