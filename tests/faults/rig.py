"""One run of the rig: load, faults, quiet, judgement."""

import random
import secrets
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import eventlet

from tests.faults.checker import DeadLetters, Verdict, judge
from tests.faults.clients import Desk, start_clients
from tests.faults.evidence import Evidence, clocks_to_ring, gateway_cases, gather, outbox_rows
from tests.faults.fault import Arena, Fault, NotNow
from tests.faults.message_faults import StreamReplayed, refill
from tests.faults.network_faults import HeldAndCut
from tests.faults.options import Options
from tests.faults.proxy import Proxy
from tests.faults.record import Record
from tests.faults.system import System
from tests.fleet import Fleet, free_port
from tests.real import Broker, PostgresServer

QUIET_LOOKS = 3
LONGEST_FAULT = 420.0
LOOK_SECONDS = 1.0
FAR = timedelta(days=60)


@dataclass(slots=True)
class Report:
    """What a run did and what it found."""

    options: dict[str, Any]
    operations: dict[str, int]
    submissions: int
    events: int
    faults: dict[str, int]
    lacking: list[str]
    counted: dict[str, int]
    measured: dict[str, str]
    notes: list[str]
    poison: int
    dead_letters: DeadLetters
    letters: dict[str, int]
    seconds: float
    verdict: dict[str, int]
    samples: dict[str, list[str]]
    green: bool
    parts: list[str] = field(default_factory=list)


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
    record = Record(system.fleet.folder / "record.jsonl")
    arena = Arena(system, record, random.Random(options.seed), proxy)  # noqa: S311 - no secrecy
    done = _drive(arena, options, faults)
    driven = time.monotonic() - started
    found, verdict = _settle_and_judge(arena, options)
    record.close()
    arena.measured["seconds of load and faults"] = f"{driven:.0f}"
    return _report(arena, options, faults, done, found, verdict, time.monotonic() - started)


def _report(
    arena: Arena,
    options: Options,
    faults: Sequence[Fault],
    done: Counter[str],
    found: Evidence,
    verdict: Verdict,
    seconds: float,
) -> Report:
    record, outcomes = arena.record, arena.record.outcomes()
    lacking = [
        f"{name}: {done[name]} of {planned}"
        for name, planned in Counter(fault.name for fault in faults).items()
        if done[name] < planned
    ]
    if record.acknowledged < options.requests or record.submitted < options.submissions:
        lacking.append(f"writes: {record.acknowledged}, submissions: {record.submitted}")
    return Report(
        options=asdict(options),
        operations={"attempted": outcomes.total(), **outcomes},
        submissions=record.submitted,
        events=len(found.ledger),
        faults=dict(done),
        lacking=lacking,
        counted=dict(arena.counted),
        measured=arena.measured,
        notes=arena.notes,
        poison=len(arena.poison),
        dead_letters=DeadLetters.among(found.dead),
        letters=dict(Counter(kind for kind, *_ in found.letters)),
        seconds=round(seconds, 1),
        verdict=verdict.counts(),
        samples=verdict.samples(),
        green=verdict.green,
        parts=[arena.system.broker.name, arena.system.postgres.name],
    )


def _drive(arena: Arena, options: Options, faults: Sequence[Fault]) -> Counter[str]:
    """Clients work until enough is acknowledged and every fault has happened."""
    record, until = arena.record, time.monotonic() + options.minutes * 60
    done: Counter[str] = Counter()
    lanes: dict[str, list[Fault]] = {}
    for fault in faults:
        lanes.setdefault(fault.lane, []).append(fault)
    breaking = [
        eventlet.spawn(_break, arena, _in_order(lane, arena.dice), options, until, done)
        for lane in lanes.values()
    ]

    def sated() -> bool:
        enough = record.submitted >= options.submissions
        return (enough and record.acknowledged >= options.requests) or time.monotonic() > until

    def enough() -> bool:
        return sated() and all(thread.dead for thread in breaking)

    desk = Desk(arena.system.fleet.url, arena.system.fleet.folder / "secrets")
    for client in start_clients(desk, record, options, enough, sated):
        client.wait()
    for thread in breaking:
        thread.wait()
    return done


def _in_order(lane: Sequence[Fault], dice: random.Random) -> deque[Fault]:
    """Mixed; but what takes the whole stream, or every case, comes while there are not too many."""
    mixed = dice.sample(lane, len(lane))
    return deque(
        sorted(mixed, key=lambda fault: not isinstance(fault, StreamReplayed | HeldAndCut))
    )


def _break(
    arena: Arena, lane: deque[Fault], options: Options, until: float, done: Counter[str]
) -> None:
    due = shares(len(lane), arena.dice) if options.evenly else deque()
    while lane:
        fault = lane.popleft()
        share = due.popleft() if due else 0.0
        eventlet.sleep(arena.dice.uniform(*options.gap))
        while _done_so_far(arena.record, options) < share and time.monotonic() < until:
            eventlet.sleep(LOOK_SECONDS)
        if time.monotonic() > until:
            return
        with arena.turn():
            arena.record.happened("fault", fault.name)
            try:
                with eventlet.Timeout(LONGEST_FAULT, TimeoutError("stuck")):
                    fault.inject(arena)
                done[fault.name] += 1
            except Exception as error:  # another lane's fault may have taken its tool away
                lane.append(fault)
                arena.count("faults tried again")
                if not isinstance(error, NotNow):
                    said = f"AGAIN {fault.name}: {type(error).__name__}: {error}"
                    arena.notes.append(said[:200])
            finally:
                _heal(arena, fault)
                arena.record.happened("healed", fault.name)


def shares(number: int, dice: random.Random) -> deque[float]:
    """So many shares of a whole, one in each equal part of it."""
    return deque((part + dice.random()) / number for part in range(number))


def _done_so_far(record: Record, options: Options) -> float:
    """Which share of the work that is asked for."""
    submitted = record.submitted / options.submissions if options.submissions else 1.0
    return min(submitted, record.acknowledged / options.requests)


def _heal(arena: Arena, fault: Fault) -> None:
    """Whatever happens, what was broken is mended; else nothing after it would mean anything."""
    for pause in (1, 2, 4, 8, 16, 32):
        try:
            fault.heal(arena)
            return
        except Exception as error:
            arena.notes.append(f"HEALING {fault.name}: {type(error).__name__}: {error}"[:200])
            eventlet.sleep(pause)


def _settle_and_judge(arena: Arena, options: Options) -> tuple[Evidence, Verdict]:
    system, now = arena.system, datetime.now(UTC)
    left = [_until_quiet(system, options)]
    if arena.emptied:
        refill(arena)
        left.append(_until_quiet(system, options))
    if options.far_jump:
        now += FAR
        system.fleet.set_clock(now)
        _wait(lambda: not clocks_to_ring(system, now), options.quiet_within)
        left.append(_until_quiet(system, options))
    before = gateway_cases(system)
    if options.rebuild:
        system.fleet.sigap("rebuild-status", within=options.quiet_within)
    found = gather(system, now)
    verdict = judge(arena.record, found, set(arena.poison))
    changed = [n for n, case in before.items() if found.cases.get(n) != case]
    verdict.projections += [f"{n}: another status after the rebuild" for n in changed]
    verdict.left += [each for each in left if each]
    verdict.processes += system.deaths
    verdict.outages += arena.findings
    system.stop_watching()
    return found, verdict


def _until_quiet(system: System, options: Options) -> str:
    """Wait until nothing moves, at several looks one after the other; what is left otherwise."""
    looks = 0

    def quiet() -> bool:
        nonlocal looks
        calm = not system.unready() and not outbox_rows(system) and not system.queued()
        looks = looks + 1 if calm else 0
        return looks >= QUIET_LOOKS

    if _wait(quiet, options.quiet_within):
        return ""
    waiting = f"{outbox_rows(system)} in outboxes, {system.queued()} in queues"
    return f"{waiting}, not ready: {system.unready()}"


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


def _proxy(fleet: Fleet) -> Proxy:
    backends = {"broker": _port(fleet.amqp_url), "database": _port(fleet.database_url)}
    proxy = Proxy(backends, {name: free_port() for name in backends})
    fleet.extra |= {
        name: _through(url, proxy.ports["broker" if "AMQP" in name else "database"])
        for name, url in fleet.addresses.items()
    }
    return proxy


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def _through(url: str, port: int) -> str:
    return url.replace(f":{_port(url)}/", f":{port}/", 1)
