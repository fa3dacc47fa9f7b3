"""What the system holds, by plain reads of its tables and queues once it is quiet."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from contracts.catalogue import SERVICES
from contracts.envelope import CloudEvent
from tests.e2e.inspection import database
from tests.faults.system import DATABASES, System

KEEPERS = ("intake", "verification", "data_request", "complaints")
COMMAND_SERVICES = (*KEEPERS, "notifications")


@dataclass(frozen=True, slots=True)
class Evidence:
    """`ledger` is in its order; `sequences` how many events (service, subject) says it emitted;
    `effects` counts the tally's rows by event; `dead` lists (service, message id, reason)."""

    indexes: list[int]
    ledger: list[CloudEvent]
    sequences: dict[tuple[str, str], int]
    replies: set[str]
    effects: Counter[str]
    cases: dict[str, tuple[int, str | None]]
    letters: list[tuple[str, int, int, int, str, str]]
    verifications: Counter[str]
    dead: list[tuple[str, str, str]]
    clocks_to_ring: int


def gather(system: System, now: datetime) -> Evidence:
    """Read everything; the system must be quiet, its servers up, and its clock at `now`."""
    indexes, ledger = _ledger(system)
    return Evidence(
        indexes=indexes,
        ledger=ledger,
        sequences=_sequences(system),
        replies={
            key
            for service in COMMAND_SERVICES
            for (key,) in _rows(system, service, "SELECT idempotency_key FROM replies")
        },
        effects=Counter(r[0] for r in _rows(system, "tally", "SELECT event_id FROM effects")),
        cases=gateway_cases(system),
        letters=_rows(
            system,
            "documents",
            "SELECT kind, edition, year, sequence, tracking_number, state FROM documents",
        ),
        verifications=Counter(
            r[0] for r in _rows(system, "verification", "SELECT tracking_number FROM cases")
        ),
        dead=dead_letters(system),
        clocks_to_ring=clocks_to_ring(system, now),
    )


def gateway_cases(system: System) -> dict[str, tuple[int, str | None]]:
    """The gateway's projection: version and body by tracking number."""
    query = "SELECT tracking_number, version, body FROM cases"
    return {n: (v, body) for n, v, body in _rows(system, "gateway", query)}


def outbox_rows(system: System) -> int:
    """Events that wait to be published, of all services."""
    query = "SELECT count(*) FROM outbox"
    return sum(_rows(system, service, query)[0][0] for service in DATABASES)


def queued(system: System) -> int:
    """Messages that wait or are in hand; the stream and dead letters keep theirs."""
    return sum(
        count
        for name, count in system.broker.queues(system.fleet.amqp_url).items()
        if name != "audit" and not name.startswith("rpc.reply-") and not name.endswith(".dead")
    )


def clocks_to_ring(system: System, now: datetime) -> int:
    """Clocks whose moment has come and that have not been told of."""
    query = f"SELECT count(*) FROM clocks WHERE alarm_at < '{now.isoformat()}'"  # noqa: S608
    return sum(_rows(system, service, query)[0][0] for service in KEEPERS)


def dead_letters(system: System) -> list[tuple[str, str, str]]:
    """Every dead letter; they stay where they are."""
    found = []
    with system.connection() as connection:
        for service in (*SERVICES, "gateway", "tally"):
            channel = connection.channel()
            while (letter := channel.basic_get(f"{service}.dead")) is not None:
                headers: dict[str, Any] = letter.headers or {}
                reason = str(headers.get("x-sigap-reason") or "broker")
                found.append((service, str(letter.properties.get("message_id") or ""), reason))
            channel.close()  # gives them back
    return found


def _ledger(system: System) -> tuple[list[int], list[CloudEvent]]:
    rows = _rows(system, "audit", 'SELECT "index", body FROM ledger ORDER BY 1')
    events = [CloudEvent.model_validate(json.loads(body)) for _, body in rows]
    return [index for index, _ in rows], events


def _sequences(system: System) -> dict[tuple[str, str], int]:
    return {
        (service, subject): value
        for service in SERVICES
        for subject, value in _rows(system, service, "SELECT subject, value FROM sequences")
    }


def _rows(system: System, service: str, query: str) -> list[Any]:
    with database(system.fleet, service) as connection:
        return [tuple(row) for row in connection.execute(text(query))]
