"""Two audit processes on a real broker and database: one writes, the other takes over."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from chassis.publishing import BrokerPublisher, Outgoing
from contracts import intake
from contracts.examples import example
from ops.audit_stream import messages
from services.audit import kept
from services.audit.notes import Verifier
from tests import commands
from tests.fleet import Fleet
from tests.real import PostgresServer, eventually

CASES = 40
EACH = 25
ALL = CASES * (EACH + 2)
FIRST = example(intake.RequestReceived)


@pytest.fixture
def fleet(vhost_url: str, database_url: str, tmp_path: Path) -> Iterator[Fleet]:
    """Two replicas of the audit service, and nothing else."""
    fleet = Fleet(vhost_url, database_url, tmp_path)
    fleet.extra = {
        "SIGAP_CHECKPOINT_FOLDER": str(tmp_path / "kept"),
        "SIGAP_CHECKPOINT_STREAM": "1",
    }
    fleet.sigap("secrets", str(tmp_path / "secrets"))
    fleet.sigap("migrate", "audit")
    fleet.start("audit", "audit#2")
    yield fleet
    fleet.close()


def publish(publisher: BrokerPublisher, numbers: range) -> None:
    """The events of these sequence numbers, of every case, in order."""
    batch = []
    for sequence in numbers:
        for case in range(CASES):
            update = {
                "id": f"{case}-{sequence}",
                "subject": f"VRF-20261121-{case:04d}",
                "sequence": str(sequence),
            }
            body = FIRST.model_copy(update=update).body().encode()
            batch.append(Outgoing("intake.events", "request_received", body, update["id"]))
    publisher.publish(batch)


def sigap(fleet: Fleet, *words: str) -> commands.Told:
    return commands.sigap(fleet.environ(), *words)


def test_one_writes_in_order_another_takes_over_and_the_auditor_sees_it_all(
    fleet: Fleet, vhost_url: str, postgres: PostgresServer, database_url: str, tmp_path: Path
) -> None:
    """Killed in the middle of its work: no gap, nothing twice, each case in its order."""
    engine = create_engine(f"{database_url}_audit".replace("postgresql:", "postgresql+psycopg2:"))

    def rows() -> list[str]:
        with engine.connect() as connection:
            return list(connection.scalars(text('SELECT body FROM ledger ORDER BY "index"')))

    publisher = BrokerPublisher(vhost_url)
    publish(publisher, range(1, EACH + 1))
    eventually(lambda: len(rows()) > 50, "the first to write")
    writers = [name for name in ("audit", "audit#2") if wrote(fleet, name)]
    assert len(writers) == 1
    fleet.kill(writers[0])
    publish(publisher, range(EACH + 1, EACH + 3))
    publisher.close()
    eventually(lambda: len(rows()) == ALL, "the second to finish", within=120)
    assert_in_order(rows())
    folder = tmp_path / "kept"
    key = sigap(fleet, "audit", "key").stdout.strip()
    verifier = Verifier.from_text(key)
    fleet.set_clock(datetime.now(UTC) + timedelta(minutes=2))
    # The checkpoint at a thousand entries may come just now; then the next takes its minute.
    eventually(lambda: kept_size(folder, verifier) == ALL, "a checkpoint over all", within=90)

    told = sigap(fleet, "audit", "verify", "--checkpoints", str(folder), "--json")
    assert told.returncode == 0, told.stdout + told.stderr
    verdict = json.loads(told.stdout)
    assert (verdict["sound"], verdict["entries"], verdict["proven"]) == (True, ALL, ALL)
    export = sigap(fleet, "audit", "export", "--format", "jsonl", str(tmp_path / "export"))
    assert export.returncode == 0, export.stdout + export.stderr
    told = sigap(fleet, "audit", "verify", str(tmp_path / "export"), "--key", key)
    assert told.returncode == 0, told.stdout + told.stderr

    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE ledger DISABLE TRIGGER USER"))
        edit = "UPDATE ledger SET body = replace(body, 'sequence\":\"', 'sequence\":\"9')"
        connection.execute(text(f'{edit} WHERE "index" = 777'))
    told = sigap(fleet, "audit", "verify", "--checkpoints", str(folder), "--json")
    assert told.returncode == 1, told.stdout + told.stderr
    verdict = json.loads(told.stdout)
    assert (verdict["first_bad"], verdict["last_bad"]) == (777, 777)
    engine.dispose()

    streamed = list(messages(vhost_url, "first", follow=False))
    assert [message["offset"] for message in streamed] == list(range(len(streamed)))
    kinds = [message["event"]["type"] for message in streamed]
    assert kinds.count("sigap.request_received.v1") == ALL
    notes = [m["event"]["data"]["note"] for m in streamed if "checkpoint" in m["event"]["type"]]
    assert max(verifier.opened(note).size for note in notes) == ALL
    rest = list(messages(vhost_url, 1000, follow=False))
    assert rest == streamed[1000:]
    lines = sigap(fleet, "audit", "tail", "--from", "1050").stdout.splitlines()
    assert [json.loads(line) for line in lines] == streamed[1050:]


def wrote(fleet: Fleet, name: str) -> bool:
    """Whether the process has handled an event, by its log."""
    return "event_handled" in (fleet.folder / f"{name}.log").read_text()


def kept_size(folder: Path, verifier: Verifier) -> int:
    note = kept.newest(folder)
    return verifier.opened(note).size if note else 0


def assert_in_order(bodies: list[str]) -> None:
    """Every case's events by their sequence, each once."""
    sequences: dict[str, list[int]] = {}
    for body in bodies:
        event = json.loads(body)
        sequences.setdefault(event["subject"], []).append(int(event["sequence"]))
    assert len(sequences) == CASES
    for numbers in sequences.values():
        assert numbers == list(range(1, EACH + 3))
