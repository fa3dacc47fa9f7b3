"""The documents service on its bench."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.documents.service import DocumentsService
from tests.integration.documents.replies import REPLIES
from tests.support import Bench


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Bench]:
    """With a self-made certificate, and answers from the owners of the data."""
    desk = Bench(DocumentsService, tmp_path)
    desk.rpc.replies = dict(REPLIES)
    yield desk
    desk.close()
