# ruff: noqa: E402, T201 - green threads first; printing is what this program is for
"""`python -m tests.faults`: break the real system, count, and say what was found.

Exits with 1 if anything was lost, doubled or unexpected; the report is in var/faults.json.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import argparse
import logging
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.faults import plans
from tests.faults.fault import Fault
from tests.faults.guards import GUARDS
from tests.faults.rig import Options, Report, run, system_under
from tests.real import start_broker, start_postgres


def main(arguments: Sequence[str]) -> int:
    """Run the plan of the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    logging.disable(logging.INFO)
    with closing(start_broker()) as broker, closing(start_postgres()) as postgres:

        def once(chosen: Options, faults: Sequence[Fault], proxied: bool) -> Report:
            folder = Path(tempfile.mkdtemp(prefix="sigap-faults-"))
            print(f"faults: {len(faults)} faults, logs and record in {folder}", flush=True)
            with system_under(broker, postgres, folder, proxied=proxied) as (system, proxy):
                return run(system, proxy, chosen, faults)

        if options.proof:
            alone = once(
                plans.proof_options(options.proof, options.seed), plans.proof(options.proof), True
            )
            tell(alone, f"without {options.proof}")
            return 0 if plans.went_red(alone) else 1
        report = once(_chosen(options), plans.mixed(options), not options.no_proxy)
        tell(report)
        target = Path("var") / "faults.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(report.as_json())
        if not report.green:
            return 1
        proofs = {
            guard: once(plans.proof_options(guard, options.seed), plans.proof(guard), True)
            for guard in (GUARDS if options.prove else ())
        }
    for guard, proof in proofs.items():
        tell(proof, f"without {guard}")
    if proofs:
        (target.parent / "faults-proof.json").write_text(
            "[" + ",\n".join(proof.as_json() for proof in proofs.values()) + "]"
        )
    blind = [guard for guard, proof in proofs.items() if not plans.went_red(proof)]
    if blind:
        print(f"faults: BLIND: the rig stayed green without {', '.join(blind)}")
    return 1 if blind else 0


def tell(report: Report, title: str = "the system") -> None:
    """Print the report as a table."""
    rows = [
        ("run", f"{title}, {report.seconds:g} s, seed {report.options['seed']}"),
        ("on", "; ".join(report.parts)),
        ("writes", ", ".join(f"{count} {name}" for name, count in report.operations.items())),
        ("cases, events", f"{report.cases}, {report.events}"),
        *((f"fault: {name}", str(count)) for name, count in sorted(report.faults.items())),
        *((name, str(count)) for name, count in report.counted.items()),
        ("poison injected", str(report.poison)),
        *((name, str(count)) for name, count in report.verdict.items()),
    ]
    width = max(len(name) for name, _ in rows)
    print()
    for name, value in rows:
        print(f"| {name:<{width}} | {value}")
    for note in report.notes:
        print(f"! {note}")
    for kind, samples in report.samples.items():
        print(*(f"- {kind}: {sample}" for sample in samples), sep="\n")
    print(f"faults: {title}: {'GREEN' if report.green else 'RED'}", flush=True)


def _chosen(options: argparse.Namespace) -> Options:
    return Options(
        requests=options.requests,
        clients=options.clients,
        seed=options.seed,
        minutes=options.minutes,
        without=options.without,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--requests", type=int, default=400, help="writes to be acknowledged")
    parser.add_argument("--clients", type=int, default=8, help="clients at once")
    parser.add_argument("--kills", type=int, default=20, help="kill -9 of processes")
    parser.add_argument("--kill-points", type=int, default=1, help="deaths at each named point")
    parser.add_argument("--broker-restarts", type=int, default=2, help="kill -9 of the broker")
    parser.add_argument("--database-restarts", type=int, default=2, help="... of the database")
    parser.add_argument("--others", type=int, default=1, help="times for each other fault")
    parser.add_argument("--freeze", type=float, default=65.0, help="seconds of SIGSTOP")
    parser.add_argument("--longest", type=float, default=10.0, help="seconds of a network fault")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=4.0, help="no fault begins after that")
    parser.add_argument("--without", choices=sorted(GUARDS), help="take this guard out")
    parser.add_argument("--prove", action="store_true", help="then go red without each guard")
    parser.add_argument("--proof", choices=sorted(GUARDS), help="only: go red without this guard")
    parser.add_argument("--no-proxy", action="store_true", help="no network faults")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
