"""Both chains in turn, several times, each service its own process."""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
from nameko.standalone.rpc import ServiceRpcProxy
from sqlalchemy import create_engine, text

from benchmarks.chain import SERVICES, TOPOLOGY, Base, Submit
from chassis.database import database_url, make_engine
from chassis.rpc import RpcClient
from chassis.runner import Runner
from chassis.settings import Settings
from tests.fleet import ROOT
from tests.real import Broker, PostgresServer, eventually

EVENTS = 2000
WARM_UP = 200
PAIRS = 5
KEY = "ab" * 32


class Starter:
    """Asks the guaranteed chain's intake to begin."""

    name = "starter"
    rpc = RpcClient()


def race(broker: Broker, postgres: PostgresServer) -> dict[str, Any]:
    """Events a second of both chains, in pairs one after the other, and the pairs' ratios."""
    rates: dict[str, list[float]] = {"guaranteed": [], "bare": []}
    for pair in range(PAIRS):
        order = ("guaranteed", "bare") if pair % 2 else ("bare", "guaranteed")
        for kind in order:
            with _chain(kind, pair, broker, postgres) as (settings, start):
                rates[kind].append(_rate(settings, start))
    ratios = [g / b for g, b in zip(rates["guaranteed"], rates["bare"], strict=True)]
    return {
        "events": EVENTS,
        "guaranteed_per_s": statistics.median(rates["guaranteed"]),
        "bare_per_s": statistics.median(rates["bare"]),
        "ratios": ratios,
        "ratio": statistics.median(ratios),
    }


def _rate(settings: Settings, start: Callable[[int, int], Any]) -> float:
    start(0, WARM_UP)
    _until_projected(settings, WARM_UP)
    started = time.perf_counter()
    start(WARM_UP, EVENTS)
    _until_projected(settings, WARM_UP + EVENTS)
    return EVENTS / (time.perf_counter() - started)


def _until_projected(settings: Settings, count: int) -> None:
    engine = create_engine(database_url(settings, "documents"))
    with engine.connect() as connection:
        while connection.scalar(text("SELECT count(*) FROM cases")) < count:
            connection.commit()
            eventlet.sleep(0.05)
    engine.dispose()


@contextmanager
def _chain(
    kind: str, pair: int, broker: Broker, postgres: PostgresServer
) -> Iterator[tuple[Settings, Callable[[int, int], Any]]]:
    environ = {
        "SIGAP_AMQP_URL": broker.new_vhost(),
        "SIGAP_DATABASE_URL": f"{postgres.url}{kind}{pair}",
        "SIGAP_RPC_KEY": KEY,
    }
    settings = Settings.read(environ)
    for service in SERVICES:
        postgres.create_database(f"{kind}{pair}_{service}")
        engine = make_engine(database_url(settings, service))
        Base.metadata.create_all(engine)
        engine.dispose()
    processes = [_start(kind, service, environ) for service in SERVICES]
    try:
        eventually(lambda: _consuming(broker, settings), f"the {kind} chain to be ready")
        with _starter(kind, settings) as start:
            yield settings, start
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(timeout=60)
        postgres.drop_databases(f"{kind}{pair}_")


def _start(kind: str, service: str, environ: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.chain", kind, service],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _consuming(broker: Broker, settings: Settings) -> bool:
    return broker.consumers(str(settings.amqp_url)) >= len(SERVICES)


@contextmanager
def _starter(kind: str, settings: Settings) -> Iterator[Callable[[int, int], Any]]:
    if kind == "bare":
        with ServiceRpcProxy("intake", {"AMQP_URI": settings.amqp_url}) as intake:
            yield intake.submit
        return
    os.environ["SIGAP_RPC_KEY"] = KEY
    runner = Runner([Starter], TOPOLOGY, settings)
    runner.start()
    rpc = next(p for p in runner.containers[0].dependencies if isinstance(p, RpcClient))
    try:
        yield lambda first, count: rpc.call(Submit(first=first, count=count))
    finally:
        runner.stop()
