"""One run of the rig: load, faults, quiet, judgement."""

import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import eventlet

from tests.faults.checker import Verdict, judge
from tests.faults.clients import Desk, start_clients
from tests.faults.evidence import clocks_to_ring, gateway_cases, gather, outbox_rows, queued
from tests.faults.fault import Arena, Fault
from tests.faults.message_faults import StreamReplayed
from tests.faults.proxy import Proxy
from tests.faults.record import ACKNOWLEDGED, Record
from tests.faults.system import NAMES, System
from tests.fleet import Fleet, free_port
from tests.real import Broker, PostgresServer

QUIET_LOOKS = 3
LOOK_SECONDS = 1.0
FAR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Options:
    """`requests` writes are to be acknowledged at least, by `clients` at once. Faults come one
    after the other in each lane, `gap` seconds apart, none after `minutes`; those of the lanes
    overlap."""

    requests: int
    clients: int = 8
    seed: int = 1
    minutes: float = 5.0
    gap: tuple[float, float] = (1.0, 3.0)
    without: str | None = None
    far_jump: bool = True
    rebuild: bool = True
    quiet_within: float = 600.0


@dataclass(slots=True)
class Report:
    """What a run did and what it found."""

    options: dict[str, Any]
    operations: dict[str, int]
    cases: int
    events: int
    faults: dict[str, int]
    counted: dict[str, int]
    notes: list[str]
    poison: int
    seconds: float
    verdict: dict[str, int]
    samples: dict[str, list[str]]
    green: bool
    parts: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        """For `var/faults.json`."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)


@contextmanager
def system_under(
    broker: Broker, postgres: PostgresServer, folder: Path, *, proxied: bool
) -> Iterator[tuple[System, Proxy | None]]:
    """A system of its own on these servers, behind the rig's proxy if wanted; not started yet."""
    vhost, prefix = broker.new_vhost(), f"sigap_r{secrets.token_hex(3)}"
    fleet = Fleet(vhost, postgres.url + prefix, folder, broker.management_url)
    proxy = _proxy(fleet) if proxied else None
    system = System(fleet, broker, postgres)
    try:
        yield system, proxy
    finally:
        system.stop_watching()  # else it would start anew what is ended here
        fleet.close()
        if proxy:
            proxy.close()
        broker.start()
        postgres.start()
        broker.delete_vhost(vhost)
        postgres.drop_databases(prefix)


def run(system: System, proxy: Proxy | None, options: Options, faults: Sequence[Fault]) -> Report:
    """Start the system, drive and break it, wait until it is quiet, and judge."""
    started = time.monotonic()
    system.start(options.without)
    arena = Arena(system, random.Random(options.seed), proxy)  # noqa: S311 - no secrecy
    record = Record(system.fleet.folder / "record.jsonl")
    done = _drive(arena, record, options, faults)
    verdict = _settle_and_judge(arena, record, options)
    record.close()
    outcomes = record.outcomes()
    return Report(
        options=asdict(options),
        operations={"attempted": outcomes.total(), **outcomes},
        cases=_cases(record),
        events=arena.counted.pop("events"),
        faults=dict(done),
        counted=dict(arena.counted),
        notes=arena.notes,
        poison=len(arena.poison),
        seconds=round(time.monotonic() - started, 1),
        verdict=verdict.counts(),
        samples=verdict.samples(),
        green=verdict.green,
        parts=[system.broker.name, system.postgres.name],
    )


def _drive(arena: Arena, record: Record, options: Options, faults: Sequence[Fault]) -> Counter[str]:
    """Clients work until enough is acknowledged and every fault has happened."""
    until = time.monotonic() + options.minutes * 60
    done: Counter[str] = Counter()
    lanes: dict[str, list[Fault]] = {}
    for fault in faults:
        lanes.setdefault(fault.lane, []).append(fault)
    shuffled = [arena.dice.sample(lane, len(lane)) for lane in lanes.values()]
    breaking = [eventlet.spawn(_break, arena, lane, options, until, done) for lane in shuffled]

    def sated() -> bool:
        return record.acknowledged >= options.requests

    def enough() -> bool:
        return sated() and all(thread.dead for thread in breaking)

    desk = Desk(arena.system.fleet.url, arena.system.fleet.folder / "secrets")
    for client in start_clients(desk, record, options.clients, options.seed, enough, sated):
        client.wait()
    for thread in breaking:
        thread.wait()
    return done


def _break(
    arena: Arena, lane: Sequence[Fault], options: Options, until: float, done: Counter[str]
) -> None:
    for fault in lane:
        eventlet.sleep(arena.dice.uniform(*options.gap))
        if time.monotonic() > until:
            arena.notes.append(f"NOT DONE {fault.name}: the time was over")
            continue
        try:
            fault.inject(arena)
            done[fault.name] += 1
        except Exception as error:  # another lane's fault may have taken its tool away
            arena.notes.append(f"FAILED {fault.name}: {type(error).__name__}: {error}"[:200])
        finally:
            _heal(arena, fault)


def _heal(arena: Arena, fault: Fault) -> None:
    """Whatever happens, what was broken is mended; else nothing after it would mean anything."""
    for pause in (1, 2, 4, 8, 16, 32):
        try:
            fault.heal(arena)
            return
        except Exception as error:
            arena.notes.append(f"HEALING {fault.name}: {type(error).__name__}: {error}"[:200])
            eventlet.sleep(pause)


def _settle_and_judge(arena: Arena, record: Record, options: Options) -> Verdict:
    system, now = arena.system, datetime.now(UTC)
    left = [_until_quiet(system, options)]
    if arena.replay:
        StreamReplayed().inject(arena)
        left.append(_until_quiet(system, options))
    if options.far_jump:
        now += FAR
        system.fleet.set_clock(now)
        _wait(lambda: not clocks_to_ring(system, now), options.quiet_within)
        left.append(_until_quiet(system, options))
    before = gateway_cases(system)
    if options.rebuild:
        system.fleet.sigap("rebuild-status")
    found = gather(system, now)
    verdict = judge(record, found, set(arena.poison))
    changed = [n for n, case in before.items() if found.cases.get(n) != case]
    verdict.projections += [f"{n}: another status after the rebuild" for n in changed]
    verdict.left += [each for each in left if each]
    verdict.processes += system.deaths
    system.stop_watching()
    arena.count("events", len(found.ledger))
    return verdict


def _until_quiet(system: System, options: Options) -> str:
    """Wait until nothing moves, at several looks one after the other; what is left otherwise."""
    looks = 0

    def quiet() -> bool:
        nonlocal looks
        ready = all(system.fleet.ready(name) for name in NAMES)
        looks = looks + 1 if ready and not outbox_rows(system) and not queued(system) else 0
        return looks >= QUIET_LOOKS

    if _wait(quiet, options.quiet_within):
        return ""
    unready = [name for name in NAMES if not system.fleet.ready(name)]
    return f"{outbox_rows(system)} in outboxes, {queued(system)} in queues, not ready: {unready}"


def _wait(condition: Callable[[], bool], within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            if condition():
                return True
        except Exception:  # noqa: S110 - a server is just coming back
            pass
        eventlet.sleep(LOOK_SECONDS)
    return False


def _cases(record: Record) -> int:
    submitted = ("requests.submit_request", "complaints.submit_complaint")
    return sum(
        each.outcome == ACKNOWLEDGED and each.what in submitted
        for each in record.operations.values()
    )


def _proxy(fleet: Fleet) -> Proxy:
    backends = {"broker": _port(fleet.amqp_url), "database": _port(fleet.database_url)}
    proxy = Proxy(backends, {name: free_port() for name in backends})
    fleet.extra |= {
        "SIGAP_AMQP_URL": _through(fleet.services_url, proxy.ports["broker"]),
        "SIGAP_DATABASE_URL": _through(fleet.database_url, proxy.ports["database"]),
    }
    return proxy


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def _through(url: str, port: int) -> str:
    return url.replace(f":{_port(url)}/", f":{port}/", 1)
