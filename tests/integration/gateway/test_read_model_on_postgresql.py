"""The read model on PostgreSQL: replicas that take events of one case at the same time."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select, text

from contracts.audit import LedgerEntry, LedgerPage
from contracts.envelope import Actor, CloudEvent, Role
from gateway.models import CaseStatus
from gateway.presentation import status_json
from gateway.projection import fold
from gateway.read_model import record
from gateway.rebuild import rebuild
from gateway.reports import satisfaction, service_levels
from gateway.service import GatewayService
from gateway.status import status_of
from gateway.tasks import tasks_for
from tests.case_events import (
    ANNOUNCED,
    CASE,
    COMPLETED,
    DEADLINE,
    DUE,
    OFFICE,
    RECEIVED,
    TO_THE_LETTER,
    Story,
    told,
)
from tests.complaint_events import COMPLAINED, RESPONDED, SURVEYED, TO_THE_RESOLUTION
from tests.data_request_events import TO_THE_HANDOVER
from tests.real.waiting import eventually
from tests.support import Bench

REPLICAS = 6
JOURNEYS = (("VRF", TO_THE_LETTER), ("DTA", TO_THE_HANDOVER), ("ADU", TO_THE_RESOLUTION))
OFFICER = Actor(id="ina", role=Role.COUNTER_OFFICER)


@pytest.fixture
def gateway(tmp_path: Path, database_url: str) -> Iterator[Bench]:
    """The gateway's service on its own migrated PostgreSQL database."""
    bench = Bench(GatewayService, tmp_path, server=database_url)
    yield bench
    bench.close()


def take(gateway: Bench, event: CloudEvent) -> None:
    gateway.deliver(event, "on_any_event")


def shown(gateway: Bench) -> dict[str, str]:
    """The status of every case."""
    with gateway.session() as session:
        rows = session.execute(select(CaseStatus.tracking_number, CaseStatus.body))
        return {row.tracking_number: str(row.body) for row in rows}


def cases(count: int) -> list[Story]:
    """So many cases, of each kind in turn, each told to its end."""
    stories = []
    for number in range(count):
        prefix, steps = JOURNEYS[number % len(JOURNEYS)]
        stories.append(Story(f"{prefix}-20261123-{number:04}"))
        stories[-1].tell(*steps)
    return stories


def mixed(stories: list[Story], times: int = 1) -> list[CloudEvent]:
    """Their events so many times, in an order that is no order but always the same."""
    events = [event for story in stories for event in story.events] * times
    random.Random(7).shuffle(events)  # noqa: S311 - nothing secret
    return events


def test_a_replica_waits_for_the_other_that_has_the_same_case(gateway: Bench) -> None:
    """Whoever comes second sees both their events, so that none is left out."""
    request, *events = told(RECEIVED, COMPLETED, ANNOUNCED)
    take(gateway, request)
    with ThreadPoolExecutor(1) as other:
        with gateway.store.unit("one") as work:
            record(work.session, events[0])
            taken = other.submit(take, gateway, events[1])
            eventually(lambda: _waiting_for_a_lock(gateway), "the other replica to wait")
        taken.result(timeout=30)
    with gateway.session() as session:
        status = status_of(session, CASE)
    assert status is not None
    assert (status.version, status.body) == (3, status_json(fold(CASE, [request, *events])))


def test_many_replicas_end_with_the_fold_of_every_case(gateway: Bench) -> None:
    """Whatever they take at the same time, and twice."""
    stories = cases(5)
    events = mixed(stories, times=2)
    with ThreadPoolExecutor(REPLICAS) as replicas:
        list(replicas.map(lambda event: take(gateway, event), events))
    assert shown(gateway) == {
        story.case: status_json(fold(story.case, story.events)) for story in stories
    }


def test_a_rebuild_beside_replicas_at_work_loses_nothing(gateway: Bench) -> None:
    """Every case ends complete, however the two get mixed."""
    stories = cases(8)
    events = mixed(stories)
    half = events[: len(events) // 2]
    for event in half[::2]:
        take(gateway, event)
    begun = Event()

    def pages() -> Iterator[LedgerPage]:
        for start in range(0, len(half), 5):
            some = enumerate(half[start : start + 5], start + 1)
            entries = (LedgerEntry(index=i, event=e.model_dump(mode="json")) for i, e in some)
            yield LedgerPage(entries=tuple(entries), last=start + 5, size=len(half))
            begun.set()

    with ThreadPoolExecutor(REPLICAS) as replicas:
        rebuilding = replicas.submit(rebuild, gateway.store, pages())
        assert begun.wait(30)
        list(replicas.map(lambda event: take(gateway, event), events))
        rebuilding.result(timeout=60)
    assert shown(gateway) == {
        story.case: status_json(fold(story.case, story.events)) for story in stories
    }


def test_tasks_are_paged_by_deadline_with_those_without_one_last(gateway: Bench) -> None:
    """The same order and the same cursors as on SQLite."""
    for number, due in enumerate((None, DUE, DUE - timedelta(hours=1), None)):
        promise = DEADLINE.model_copy(update={"due": due})
        story = Story(f"VRF-20261123-000{number}")
        take(gateway, story.tell(RECEIVED.model_copy(update={"deadline": promise}))[0])
    numbers, cursor = [], None
    while not numbers or cursor:
        with gateway.session() as session:
            page = tasks_for(session, OFFICER, now=DUE, zone=OFFICE, limit=1, cursor=cursor)
        numbers += [int(task.tracking_number[-1]) for task in page.tasks]
        cursor = page.next_cursor
    assert numbers == [2, 1, 0, 3]


def test_the_reports_are_the_same_as_on_sqlite(gateway: Bench) -> None:
    """Counts, percentiles and the index of a month."""
    for number, minutes in enumerate((600, 300, 900)):
        answered = RESPONDED.model_copy(update={"working_minutes": minutes})
        story = Story(f"ADU-20261123-{number:04}")
        for event in story.tell(COMPLAINED, answered, SURVEYED):
            take(gateway, event)
    months = {"month_from": "2026-11", "month_to": "2026-11"}
    with gateway.session() as session:
        (level,) = service_levels(session, now=DUE, **months)
        (content,) = satisfaction(session, **months)
    assert (level.received, level.done, level.in_time, level.open) == (3, 3, 3, 0)
    assert (level.median_minutes, level.p90_minutes) == (600, 900)
    assert (content.answers, content.index, content.grade) == (3, 75.0, "C")


def _waiting_for_a_lock(gateway: Bench) -> bool:
    question = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with gateway.store.engine.connect() as connection:
        return connection.execute(question).scalar_one() > 0
