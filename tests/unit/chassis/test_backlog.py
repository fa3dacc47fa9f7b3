"""What waits in outboxes: as metrics, and as `sigap outbox status` tells it."""

import json
from datetime import timedelta

import eventlet
import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from chassis import outbox
from chassis.backlog import Backlog, backlog_of, measure
from chassis.clock import SystemClock
from chassis.database import database_url, make_engine
from chassis.metrics import OUTBOX_OLDEST, OUTBOX_ROWS
from chassis.outbox import RelayLoop
from chassis.settings import Settings
from ops.cli import app
from ops.registry import CLASSES, migrate_service
from services.audit.service import AuditService
from tests.support import MONDAY_MORNING, StoppedClock

TABLES = AuditService.store.tables


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGAP_HOME", str(tmp_path))
    return Settings.read()


@pytest.fixture
def engine(settings):
    migrate_service("audit", settings)
    engine = make_engine(database_url(settings, "audit"))
    yield engine
    engine.dispose()


def write(engine, *moments):
    row = {"subject": "VRF-1", "sequence": 1, "event": "happened", "body": "{}"}
    with engine.begin() as connection:
        for number, moment in enumerate(moments):
            new = row | {"message_id": f"m-{number}", "written_at": moment}
            connection.execute(insert(TABLES.outbox), new)


def test_what_waits_is_counted_and_the_oldest_dated(engine):
    """In rows and seconds."""
    clock = StoppedClock()
    assert backlog_of(engine, TABLES, clock.now()) == Backlog(0, 0.0)
    write(engine, MONDAY_MORNING)
    clock.move(seconds=30)
    write(engine, clock.now())
    clock.move(seconds=12)
    measure("audit", engine, TABLES, clock)
    assert OUTBOX_ROWS.labels("audit")._value.get() == 2
    assert OUTBOX_OLDEST.labels("audit")._value.get() == 42


def test_what_waits_is_measured_also_while_it_cannot_be_published(monkeypatch):
    """That is when it matters."""
    monkeypatch.setattr(outbox, "MEASURE_SECONDS", 0.0)
    monkeypatch.setattr(outbox, "SWEEP_SECONDS", 0.0)
    measured = []

    class Away:
        def pump(self):
            raise ConnectionError

        def close(self):
            pass

    loop = RelayLoop("alpha", Away(), lambda: measured.append(1))
    loop.start()
    with eventlet.Timeout(5):
        while len(measured) < 3:
            eventlet.sleep(0.01)
    loop.stop(0.01)


def test_it_is_not_measured_at_each_turn():
    """Counting the rows of a long outbox takes its time."""
    measured = []

    class Busy:
        turns = 0

        def pump(self):
            self.turns += 1
            return 1 if self.turns < 50 else 0

        def close(self):
            pass

    loop = RelayLoop("alpha", Busy(), lambda: measured.append(1))
    loop.start()
    loop.stop(5)
    assert len(measured) == 1


def status(*words):
    answer = CliRunner().invoke(app, ["outbox", "status", "--json", *words])
    return answer.exit_code, json.loads(answer.stdout)["outboxes"]


def test_the_command_tells_rows_and_age_and_fails_when_one_is_late(engine):
    """By the exit code."""
    assert status("audit") == (0, {"audit": {"rows": 0, "oldest_seconds": 0.0}})
    write(engine, SystemClock().now() - timedelta(minutes=5))
    code, found = status("audit")
    assert (code, found["audit"]["rows"]) == (1, 1)
    assert status("audit", "--older-than", "600")[0] == 0


def test_an_outbox_that_cannot_be_read_is_told_and_fails(engine):
    """The others are told all the same; without names they are all that publish."""
    code, found = status()
    assert code == 1
    assert found["audit"]["rows"] == 0
    assert found["intake"] == {"error": "unreadable"}
    assert found.keys() == CLASSES.keys() - {"gateway"}
