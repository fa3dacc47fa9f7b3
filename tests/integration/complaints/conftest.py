import pytest

from tests.integration.complaints.desk import ComplaintsDesk


@pytest.fixture
def desk(tmp_path):
    """A complaints service of its own, with an empty database."""
    desk = ComplaintsDesk(tmp_path)
    yield desk
    desk.close()
