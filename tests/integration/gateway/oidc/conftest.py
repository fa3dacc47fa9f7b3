"""A gateway, and a sign-in provider that it knows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.oidc import provider as oidc
from tests.integration.gateway.desk import Desk
from tests.integration.gateway.oidc.sign_in import hire, make_desk
from tests.integration.gateway.sign_in_provider import Provider, running


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    """One for all tests; each finds it as the standard says."""
    with running() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    """Does what the standard says."""
    running_provider.straighten()
    return running_provider


@pytest.fixture(scope="module")
def opened_desk(
    running_provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A gateway that knows the provider; Siti's account is linked there."""
    desk = make_desk(tmp_path_factory.mktemp("home"), running_provider.issuer)
    hire(desk, running_provider)
    yield desk
    desk.close()


@pytest.fixture
def desk(opened_desk: Desk, provider: Provider) -> Desk:
    """The same for every test that leaves its accounts alone; it has not asked the provider yet."""
    opened_desk.clock.set(datetime.now(UTC))
    parts = opened_desk.app.extensions["sigap"]
    fresh = oidc.Provider(parts.settings, opened_desk.clock)
    opened_desk.app.extensions["sigap"] = replace(parts, provider=fresh)
    return opened_desk


@pytest.fixture
def own_desk(tmp_path: Path, provider: Provider) -> Iterator[Desk]:
    """One whose accounts the test may change."""
    desk = make_desk(tmp_path, provider.issuer)
    hire(desk, provider)
    yield desk
    desk.close()
