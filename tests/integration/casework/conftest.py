import pytest

from tests.support import StoppedClock
from tests.unit.casework.room import Room


@pytest.fixture
def replicas(database_url, postgres, tmp_path):
    """Makes processes of one service, on one empty PostgreSQL database and one clock."""
    url = postgres.create_database(database_url.rpartition("/")[2] + "_casework")
    clock, override, made = StoppedClock(), tmp_path / "override.toml", []
    override.write_text("")

    def start(count=1):
        rooms = [Room(url, tmp_path, clock, override) for _ in range(count)]
        made.extend(rooms)
        return rooms

    yield start
    for room in made:
        room.close()
