# ruff: noqa: S311 - the moments need no secrecy
"""20 journeys at once while services are killed, and while the database is away."""

import random

import eventlet
import pytest

from tests.e2e.inspection import ledger_indexes, letters, nothing_is_left
from tests.e2e.persistence import patient_journeys
from tests.fleet import SERVICES
from tests.real import eventually

JOURNEYS = 20
OUTAGE_SECONDS = 30.0


@pytest.fixture(scope="module")
def fleet(troubled_fleet):
    """Shared with the others whose servers go away."""
    return troubled_fleet


@pytest.fixture
def accounted(fleet, broker):
    """Checks, after the journeys given to it, that all ended with exactly one letter each."""

    before = {(case, kind) for case, kind, *_ in letters(fleet)}

    def check(threads) -> None:
        numbers = {thread.wait().tracking_number for thread in threads}
        assert len(numbers) == JOURNEYS
        eventually(lambda: nothing_is_left(fleet, broker), "outboxes and queues to empty", 60)
        rows = letters(fleet)
        for kind in ("receipt", "verification_letter"):
            of_kind = [row for row in rows if row[1] == kind]
            known = {case for case, other in before if other == kind}
            assert sorted(row[0] for row in of_kind) == sorted(known | numbers)
            assert [row[2] for row in of_kind] == list(range(1, len(of_kind) + 1))
            assert {row[3] for row in of_kind} == {"issued"}
        indexes = ledger_indexes(fleet)
        assert indexes == list(range(1, len(indexes) + 1))

    return check


def test_every_service_killed_once_at_a_random_moment(fleet, accounted):
    """kill -9 and a new start: no case is lost, no letter doubled, no number skipped."""
    threads = patient_journeys(fleet.url, JOURNEYS)
    for service in random.sample(SERVICES, len(SERVICES)):
        eventlet.sleep(random.uniform(0.2, 2.0))
        fleet.kill(service)
        fleet.start(service)
    accounted(threads)


def test_a_database_that_is_away_for_half_a_minute(fleet, accounted, postgres):
    """Everything waits, and goes on by itself."""
    threads = patient_journeys(fleet.url, JOURNEYS)
    eventlet.sleep(random.uniform(1.0, 3.0))
    postgres.stop()
    try:
        eventlet.sleep(OUTAGE_SECONDS)
    finally:
        postgres.start()
    accounted(threads)
