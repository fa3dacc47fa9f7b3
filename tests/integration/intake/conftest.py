import pytest

from tests.integration.intake.counter import Counter


@pytest.fixture
def counter(tmp_path):
    """An intake service of its own, with an empty database."""
    counter = Counter(tmp_path)
    yield counter
    counter.bench.close()
