# ruff: noqa: S311 - the moments need no secrecy
"""`sigap run` killed again and again while cases are on their way, and started on its folder."""

import json
import random
from dataclasses import dataclass
from subprocess import CompletedProcess

import eventlet
import httpx
import pytest

from ops.demo import AidJourney
from tests.e2e.embedded import Embedded
from tests.e2e.marked_journey import Counter
from tests.e2e.persistence import patient_journeys
from tests.real import eventually

JOURNEYS = 6
KILLS = 3
LONGEST_LIFE = 1.5
"""Seconds from being ready to the kill, at most."""


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    """An embedded system on a folder of its own, running."""
    embedded = Embedded(tmp_path_factory.mktemp("embedded"))
    try:
        embedded.start()
        yield embedded
    finally:
        embedded.close()


@pytest.fixture(scope="module")
def survivors(embedded) -> list[AidJourney]:
    """Journeys that were under way while the system was killed."""
    threads = patient_journeys(embedded.url, JOURNEYS)
    for _ in range(KILLS):
        eventlet.sleep(random.uniform(0.1, LONGEST_LIFE))
        embedded.kill()
        embedded.start()
    return [thread.wait() for thread in threads]


def pages(embedded: Embedded, journeys: list[AidJourney]) -> dict[str, tuple[str, str]]:
    """What the residents read, with its tag."""
    found = {}
    for journey in journeys:
        number, code = journey.tracking_number, {"X-Access-Code": journey.access_code}
        answer = httpx.get(f"{embedded.url}/v1/status/{number}", headers=code)
        found[number] = (answer.text, answer.headers["ETag"])
    return found


def test_every_case_ends_with_one_receipt_and_one_letter(embedded, survivors):
    """No number is left out and none is given twice, neither of a case nor of a letter."""
    numbers = sorted(journey.tracking_number for journey in survivors)
    days: dict[str, list[int]] = {}
    for number in numbers:
        day, _, count = number.rpartition("-")
        days.setdefault(day, []).append(int(count))
    assert len(numbers) == JOURNEYS
    assert all(counts == list(range(1, len(counts) + 1)) for counts in days.values())
    query = "SELECT tracking_number, state, sequence FROM documents WHERE kind = '{}' ORDER BY 3"
    for kind in ("receipt", "verification_letter"):
        rows = embedded.rows("documents", query.format(kind))
        assert sorted(row[0] for row in rows) == numbers
        assert {row[1] for row in rows} == {"issued"}
        assert [row[2] for row in rows] == list(range(1, JOURNEYS + 1))


def test_the_outboxes_empty_and_the_ledger_has_no_gap(embedded, survivors):
    """Every event reached everybody; each stands in the ledger once."""
    eventually(lambda: not any(embedded.outboxes().values()), "empty outboxes")
    rows = embedded.rows("audit", 'SELECT "index", body FROM ledger ORDER BY 1')
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    events = [json.loads(row[1]) for row in rows]
    assert len({event["id"] for event in events}) == len(events)
    sequences: dict[tuple[str, str], list[int]] = {}
    for event in events:
        key = event["source"], event["subject"]
        sequences.setdefault(key, []).append(int(event["sequence"]))
    for numbers in sequences.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_a_folder_has_one_process_at_a_time(embedded, survivors):
    """The second is told what is the matter, and the first goes on."""
    second = embedded.sigap("run")
    assert second.returncode == 2
    assert second.stderr.strip() == (
        f"sigap: another Sigap runs in {embedded.home}; stop it or set SIGAP_HOME"
    )
    assert httpx.get(f"{embedded.url}/health/ready").json()["status"] == "ready"


@dataclass(frozen=True, slots=True)
class Reopened:
    """What there was before the system was stopped, and how the rebuilding ended."""

    pages: dict[str, tuple[str, str]]
    bearer: dict[str, str]
    rebuilt: CompletedProcess[str]


@pytest.fixture(scope="module")
def reopened(embedded, survivors) -> Reopened:
    """The system after it lost its read model, rebuilt it, and left the demo."""
    before = pages(embedded, survivors)
    bearer = Counter(embedded.url).bearer("counter_officer")
    assert embedded.stop() == 0
    embedded.change("gateway", "DELETE FROM events", "UPDATE cases SET body = '{}', version = 0")
    rebuilt = embedded.sigap("rebuild-status", "--json")
    embedded.start(demo="0")
    return Reopened(before, bearer, rebuilt)


def test_the_status_is_rebuilt_from_the_ledger(embedded, survivors, reopened):
    """A lost read model costs nothing; the residents read the same as before."""
    assert reopened.rebuilt.returncode == 0, reopened.rebuilt.stderr
    assert json.loads(reopened.rebuilt.stdout.splitlines()[-1])["cases"] == JOURNEYS
    assert pages(embedded, survivors) == reopened.pages


def test_outside_the_demo_its_accounts_and_their_tokens_are_nothing(embedded, reopened):
    """The accounts are still in the database, but their password is public."""
    credentials = {"username": "counter_officer", "password": "sigap-demo"}
    signed_in = httpx.post(f"{embedded.url}/v1/login", json=credentials)
    assert (signed_in.status_code, signed_in.json()["code"]) == (401, "login_failed")
    tasks = httpx.get(f"{embedded.url}/v1/tasks", headers=reopened.bearer)
    assert (tasks.status_code, tasks.json()["code"]) == (401, "not_signed_in")
