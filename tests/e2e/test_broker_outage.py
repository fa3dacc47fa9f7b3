"""Without a broker the gateway reads, refuses writes at once or in time, and goes on by itself.

`SIGAP_OUTAGE_SECONDS=300 pytest tests/e2e/test_broker_outage.py -s` is the long form.
"""

import time
from datetime import UTC, datetime, timedelta

import eventlet
import httpx
import pytest

from ops.demo import AidJourney, Office
from tests.e2e.inspection import database, ledger_indexes, nothing_is_left, outboxes
from tests.e2e.outage import OUTAGE_SECONDS, TIMEOUT, Writers, mute, weigh
from tests.real import eventually

PATIENCE = 150.0
"""Seconds for all that waited to be done; a retry may be half a minute off."""

LATE = 3.0
"""Seconds by which an answer may come later on a busy machine."""

MORE_MEMORY = 24.0
"""MiB by which a process may grow after the first quarter of the outage."""

MORE_FILES = 16


pytestmark = pytest.mark.timeout(300 + 2 * OUTAGE_SECONDS)


@pytest.fixture(scope="module")
def fleet(troubled_fleet):
    """Shared with the others whose servers go away."""
    return troubled_fleet


@pytest.fixture(scope="module")
def closed(fleet):
    """A case that went its way while all was well."""
    journey = AidJourney(Office(fleet.url))
    journey.travel()
    return journey


def test_without_a_broker_it_reads_refuses_and_goes_on_by_itself(fleet, broker, closed):
    """First nobody listens where the broker was, then somebody who never answers."""
    writers, known = Writers(fleet.url), requests(fleet)
    with writers.at_work():
        eventually(lambda: len(writers.accepted) > 3, "cases")
        before = weigh(fleet)
        broker.kill()
        # What the clocks tell now waits in the outboxes.
        fleet.set_clock(datetime.now(UTC) + timedelta(days=4))
    writers.forget_figures()
    with writers.at_work():
        early, dead = stay_away(fleet, closed, OUTAGE_SECONDS / 2)
    refused_while_dead = tell("dead", writers)
    writers.forget_figures()
    with mute(fleet.amqp_url), writers.at_work():
        _, silent = stay_away(fleet, closed, OUTAGE_SECONDS / 2)
    refused_while_silent = tell("silent", writers)
    assert sum(outboxes(fleet).values()) > 0
    writers.forget_figures()
    broker.start()
    with writers.at_work():
        eventually(lambda: set(writers.accepted) == set(writers.keys), "every case", PATIENCE)
    fleet.set_clock(datetime.now(UTC))
    eventually(lambda: nothing_is_left(fleet, broker), "outboxes and queues to empty", PATIENCE)
    after = weigh(fleet)
    for name in before:
        moments = (moment[name] for moment in (before, early, dead, silent, after))
        print(name, *moments)  # noqa: T201 - the figures are what the long form is for

    assert refused_while_dead["slowest"] < TIMEOUT + LATE
    assert refused_while_silent["slowest"] < TIMEOUT + LATE
    assert all(len(numbers) == 1 for numbers in writers.accepted.values())
    told = {number for numbers in writers.accepted.values() for number in numbers}
    assert requests(fleet) - known == told
    indexes = ledger_indexes(fleet)
    assert indexes == list(range(1, len(indexes) + 1))
    for name in before:
        for moment in (dead, silent):
            assert moment[name].memory <= early[name].memory + MORE_MEMORY
            assert moment[name].files <= before[name].files + MORE_FILES
        # What waited is then done at once: letters are drawn, on more connections.
        assert after[name].memory <= early[name].memory + 3 * MORE_MEMORY
        assert after[name].files <= before[name].files + 3 * MORE_FILES


def requests(fleet):
    """The numbers of all there are."""
    with database(fleet, "intake") as connection:
        numbers = connection.exec_driver_sql("SELECT tracking_number FROM requests")
        return set(numbers.scalars())


def stay_away(fleet, closed, seconds):
    """The weights early in the outage and at its end; what can be read is read meanwhile."""
    begun = time.monotonic()
    reads_answer(fleet, closed)
    eventlet.sleep(max(begun + seconds / 4 - time.monotonic(), 0))
    early = weigh(fleet)
    while time.monotonic() < begun + seconds:
        reads_answer(fleet, closed)
        eventlet.sleep(1)
    return early, weigh(fleet)


def reads_answer(fleet, closed):
    """What the gateway itself has is answered; what lies with a service is refused in time."""
    number, code = closed.tracking_number, {"X-Access-Code": closed.access_code}
    with httpx.Client(base_url=fleet.url, timeout=60) as http:
        officer = bearer(http, "counter_officer")
        status = http.get(f"/v1/status/{number}", headers=code)
        letter = status.json()["documents"][0]["code"]
        for path, headers in (
            (f"/v1/status/{number}", officer),
            ("/v1/tasks", officer),
            ("/v1/service-standards", {}),
            ("/v1/regions", {}),
            ("/openapi.json", {}),
            ("/docs", {}),
            ("/health/live", {}),
            ("/metrics", {}),
        ):
            assert http.get(path, headers=headers).status_code == 200, path
        for path, headers in (
            (f"/v1/cases/{number}", officer),
            (f"/v1/documents/{letter}", code),
            (f"/v1/verify/{letter}", {}),
            ("/v1/events", bearer(http, "auditor")),
        ):
            refused(http.get(path, headers=headers))


def refused(answer):
    assert answer.status_code == 503, answer.text
    assert answer.json()["code"] == "unavailable"
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.elapsed.total_seconds() < TIMEOUT + LATE


def bearer(http, role):
    credentials = {"username": role, "password": "sigap-demo"}
    answer = http.post("/v1/login", json=credentials)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def tell(when, writers):
    """The figures of a part of the outage; every write was refused, and told to come again."""
    figures = {
        "answers": dict(writers.answered),
        "refused": dict(writers.refused),
        "slowest": round(max(writers.seconds), 2),
    }
    print(when, figures)  # noqa: T201 - as above
    assert set(figures["answers"]) == {503}
    assert figures["refused"] == {"unavailable": figures["answers"][503]}
    return figures
