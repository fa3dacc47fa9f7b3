import pytest

from tests.unit.casework.room import Room


@pytest.fixture
def room(tmp_path):
    """A service of its own, with an empty database and an override file to be written."""
    room = Room(f"sqlite:///{tmp_path / 'room.sqlite3'}", tmp_path)
    yield room
    room.close()


@pytest.fixture
def override(tmp_path):
    """The office's override file, empty as yet."""
    path = tmp_path / "override.toml"
    path.write_text("")
    return path
