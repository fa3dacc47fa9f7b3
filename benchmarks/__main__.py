"""`make bench`: everything in one run, printed as a table and written to var/benchmark.json."""

# ruff: noqa: E402 - green threads must be in place before anything opens a socket
import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import json
import platform
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import system
from benchmarks.race import race
from tests.fleet import Fleet
from tests.real import Broker, PostgresServer, start_broker, start_postgres

RESULT = Path("var/benchmark.json")
LEAST_RATIO = 0.9
MOST_VISIBLE_MS = 50.0


def measure() -> dict[str, Any]:
    """All figures of one run."""
    with closing(start_broker()) as broker, closing(start_postgres()) as postgres:
        chain = race(broker, postgres)
        return {
            "machine": f"{platform.machine()}, Python {platform.python_version()}",
            "broker": broker.name,
            "database": postgres.name,
            "chain": chain,
            **_fleet(broker, postgres),
            "embedded": system.embedded(),
        }


def _fleet(broker: Broker, postgres: PostgresServer) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(broker.new_vhost(), f"{postgres.url}bench", Path(folder))
        fleet.prepare()
        try:
            fleet.start()
            return {
                "visible": system.visibility(fleet.url, at_rest=True),
                "visible_busy": system.visibility(fleet.url, at_rest=False),
                "reads": system.status_reads(fleet.url),
            }
        finally:
            fleet.close()


def show(result: dict[str, Any]) -> None:
    """The table, with what is asked of each figure."""
    table = Table(title=f"Sigap on {result['broker']}, {result['database']}; {result['machine']}")
    for column in ("measure", "value", "asked"):
        table.add_column(column)
    chain, visible, reads = result["chain"], result["visible"], result["reads"]
    busy = result["visible_busy"]
    rows = [
        ("guaranteed chain, events/s", f"{chain['guaranteed_per_s']:.0f}", ""),
        ("bare nameko chain, events/s", f"{chain['bare_per_s']:.0f}", ""),
        ("ratio, median of pairs", f"{chain['ratio']:.2f}", f"at least {LEAST_RATIO}"),
        ("ratios of the pairs", ", ".join(f"{r:.2f}" for r in chain["ratios"]), ""),
        ("POST to visible status, p50", f"{visible['p50_ms']:.1f} ms", f"{MOST_VISIBLE_MS} ms"),
        ("POST to visible status, p99", f"{visible['p99_ms']:.1f} ms", ""),
        ("the same back to back, p50", f"{busy['p50_ms']:.1f} ms", ""),
        ("the same back to back, p99", f"{busy['p99_ms']:.1f} ms", ""),
        ("status reads/s, one connection", f"{reads['status_per_s']:.0f}", ""),
        ("status reads to liveness reads", f"{reads['ratio']:.2f}", ""),
        ("embedded: start to ready", f"{result['embedded']['cold_start_s']:.1f} s", ""),
        ("embedded: memory", f"{result['embedded']['memory_mb']:.0f} MB", ""),
        (
            "embedded: idle, of a core",
            f"{result['embedded']['idle_percent_of_a_core']:.1f} %",
            "3 %",
        ),
    ]
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def main() -> None:
    result = measure()
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    show(result)
    print(f"written to {RESULT}")


if __name__ == "__main__":
    main()
