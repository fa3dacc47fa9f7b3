"""The whole system as processes, once for a module."""

import secrets

import pytest

from tests.fleet import Fleet


@pytest.fixture(scope="module")
def fleet(broker, postgres, tmp_path_factory):
    """All services running on a virtual host and databases of their own."""
    vhost = broker.new_vhost()
    prefix = f"sigap_f{secrets.token_hex(3)}"
    fleet = Fleet(vhost, postgres.url + prefix, tmp_path_factory.mktemp("fleet"))
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
