# ruff: noqa: S311 - the moments need no secrecy
"""Ten thousand deadlines pass while replicas of the services that keep them are killed."""

import json
import random
import secrets
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import eventlet
import pytest
from kombu import Connection, Queue, binding
from sqlalchemy import text

from chassis.topology import declare, events_exchange
from contracts.catalogue import SERVICES
from ops.registry import topology
from tests.e2e.clock_seeds import KEEPERS, seed
from tests.e2e.inspection import database
from tests.fleet import Fleet
from tests.real import eventually

CASES = 1250
"""Of each of four services; each has two clocks."""

REPLICAS = 3
KILLS = 16

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""09:00 in Banjarmasin."""

THURSDAY = MONDAY + timedelta(days=3)
FAR = MONDAY + timedelta(days=60)

Deadline = tuple[str, str, str]
"""Tracking number, clock, due moment."""


@pytest.fixture(scope="module")
def crowd(broker, postgres, tmp_path_factory):
    """Three replicas of each service that keeps clocks, over 5,000 open cases."""
    vhost, prefix = broker.new_vhost(), f"sigap_d{secrets.token_hex(3)}"
    fleet = Fleet(vhost, postgres.url + prefix, tmp_path_factory.mktemp("crowd"))
    fleet.prepare()
    fleet.set_clock(MONDAY)
    # Half on each day, 25 in a minute.
    minutes = [timedelta(minutes=n // 25) for n in range(CASES // 2)]
    moments = [day + after for day in (MONDAY, THURSDAY) for after in minutes]
    for keeper in KEEPERS:
        seed(fleet, keeper, moments)
    with Connection(vhost) as connection:
        declare(connection, topology())
        _everything()(connection.default_channel).declare()
    names = [f"{k.service}#{n}" for n in range(1, REPLICAS + 1) for k in KEEPERS]
    try:
        fleet.start(*names)
        yield fleet, names
    finally:
        fleet.close()
        broker.delete_vhost(vhost)
        postgres.drop_databases(prefix)


def _everything() -> Queue:
    """A queue of our own with a copy of every event."""
    bindings = [binding(events_exchange(service), routing_key="#") for service in SERVICES]
    arguments = {"x-queue-type": "quorum"}
    return Queue("everything", bindings=bindings, durable=True, queue_arguments=arguments)


def _deadlines(fleet: Fleet) -> list[Deadline]:
    """The due moments of every clock of every service."""
    found: list[Deadline] = []
    for keeper in KEEPERS:
        with database(fleet, keeper.service) as connection:
            query = text("SELECT tracking_number, clock, due FROM clocks")
            found += [
                (n, c, due.astimezone(UTC).isoformat()) for n, c, due in connection.execute(query)
            ]
    return found


def _nothing_rings(fleet: Fleet) -> bool:
    """Whether there is nothing left to tell, and all that was told has been published."""
    for keeper in KEEPERS:
        with database(fleet, keeper.service) as connection:
            ringing = "SELECT count(*) FROM clocks WHERE alarm_at < :far"
            if connection.scalar(text(ringing), {"far": FAR}) or connection.scalar(
                text("SELECT count(*) FROM outbox")
            ):
                return False
    return True


class Published:
    """Every event that came into our queue, each id once: a relay that was killed repeats some."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._events: dict[str, dict[str, Any]] = {}

    def take(self) -> None:
        """Take in what has come since."""
        with Connection(self._fleet.amqp_url) as connection:
            channel = connection.default_channel
            while (message := channel.basic_get("everything", no_ack=True)) is not None:
                event = json.loads(message.body)
                self._events[event["id"]] = event

    def told(self, name: str) -> Counter[Deadline]:
        """How often each due moment was told of by this event."""
        return Counter(
            (event["subject"], event["data"]["clock"], _utc(event["data"]["due"]))
            for event in self._of(name)
        )

    def early(self) -> list[dict[str, Any]]:
        """Deadlines that were called missed before they had passed."""
        return [e for e in self._of("deadline_missed") if _utc(e["time"]) <= _utc(e["data"]["due"])]

    def _of(self, name: str) -> list[dict[str, Any]]:
        return [e for e in self._events.values() if e["type"] == f"sigap.{name}.v1"]


def _utc(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat()


def test_every_deadline_is_told_once_whatever_is_killed(crowd):
    """None is left out, none is doubled, none comes early."""
    fleet, names = crowd
    all_of_them = _deadlines(fleet)
    assert len(set(all_of_them)) == 2 * CASES * len(KEEPERS)
    published = Published(fleet)
    for moment in (THURSDAY, FAR):
        passed = {each for each in all_of_them if each[2] < moment.isoformat()}
        assert passed
        fleet.set_clock(moment)
        for name in random.choices(names, k=KILLS // 2):
            eventlet.sleep(random.uniform(0.1, 0.5))
            fleet.kill(name)
            fleet.start(name)

        def all_told(passed: set[Deadline] = passed) -> bool:
            published.take()
            return published.told("deadline_missed").keys() >= passed

        eventually(all_told, "every deadline that has passed to be told", 120)
        shortly_after = (moment + timedelta(minutes=10)).isoformat()
        assert all(due < shortly_after for _, _, due in published.told("deadline_missed"))
    eventually(lambda: _nothing_rings(fleet), "every clock to be silent")
    published.take()
    for name in ("deadline_approaching", "deadline_missed"):
        told = published.told(name)
        assert told.keys() >= set(all_of_them)
        assert set(told.values()) == {1}
    assert published.early() == []
