import pytest

from tests.integration.data_request.desk import Desk


@pytest.fixture
def desk(tmp_path):
    """A data-request service of its own, with an empty database."""
    desk = Desk(tmp_path)
    yield desk
    desk.close()
