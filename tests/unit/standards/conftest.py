import pytest

from standards.calendar import WorkCalendar


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    """The office's calendar without any override."""
    return WorkCalendar.load()
