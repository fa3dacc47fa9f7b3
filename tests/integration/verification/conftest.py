import pytest

from tests.integration.verification.desk import Desk


@pytest.fixture
def desk(tmp_path):
    """A verification service of its own, with an empty database."""
    desk = Desk(tmp_path)
    yield desk
    desk.close()
