"""What the system holds, by plain reads of its tables and queues once it is quiet."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from contracts.catalogue import SERVICES
from contracts.envelope import CloudEvent
from tests.faults.system import DATABASES

KEEPERS = ("intake", "verification", "data_request", "complaints")
COMMAND_SERVICES = (*KEEPERS, "notifications")


class Looked(Protocol):
    """A system that can be looked into from outside."""

    def rows(self, service: str, query: str) -> list[Any]: ...

    def dead_letters(self) -> list[tuple[str, str, str]]: ...


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


def gather(system: Looked, now: datetime) -> Evidence:
    """Read everything; the system must be quiet, its servers up, and its clock at `now`."""
    indexes, ledger = _ledger(system)
    return Evidence(
        indexes=indexes,
        ledger=ledger,
        sequences=_sequences(system),
        replies={
            key
            for service in COMMAND_SERVICES
            for (key,) in system.rows(service, "SELECT idempotency_key FROM replies")
        },
        effects=Counter(r[0] for r in system.rows("tally", "SELECT event_id FROM effects")),
        cases=gateway_cases(system),
        letters=system.rows(
            "documents",
            "SELECT kind, edition, year, sequence, tracking_number, state FROM documents",
        ),
        verifications=Counter(
            r[0] for r in system.rows("verification", "SELECT tracking_number FROM cases")
        ),
        dead=system.dead_letters(),
        clocks_to_ring=clocks_to_ring(system, now),
    )


def gateway_cases(system: Looked) -> dict[str, tuple[int, str | None]]:
    """The gateway's projection: version and body by tracking number."""
    query = "SELECT tracking_number, version, body FROM cases"
    return {n: (v, body) for n, v, body in system.rows("gateway", query)}


def outbox_rows(system: Looked) -> int:
    """Events that wait to be published, of all services."""
    query = "SELECT count(*) FROM outbox"
    return sum(system.rows(service, query)[0][0] for service in DATABASES)


def clocks_to_ring(system: Looked, now: datetime) -> int:
    """Clocks whose moment has come and that have not been told of."""
    moment = f"{now:%Y-%m-%d %H:%M:%S}+00"  # as both databases write it
    query = f"SELECT count(*) FROM clocks WHERE alarm_at < '{moment}'"  # noqa: S608
    return sum(system.rows(service, query)[0][0] for service in KEEPERS)


def _ledger(system: Looked) -> tuple[list[int], list[CloudEvent]]:
    rows = system.rows("audit", 'SELECT "index", body FROM ledger ORDER BY 1')
    events = [CloudEvent.model_validate(json.loads(body)) for _, body in rows]
    return [index for index, _ in rows], events


def _sequences(system: Looked) -> dict[tuple[str, str], int]:
    return {
        (service, subject): value
        for service in SERVICES
        for subject, value in system.rows(service, "SELECT subject, value FROM sequences")
    }
