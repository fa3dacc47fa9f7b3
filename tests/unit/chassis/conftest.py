"""The shelf: a service on a database of the test's own."""

import pytest

from tests.unit.chassis.shelf import Shelf, open_store


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path)
    yield store
    store.engine.dispose()


@pytest.fixture
def shelf(store):
    return Shelf(store)
