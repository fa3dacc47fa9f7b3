# ruff: noqa: E402, T201 - green threads first; printing is what this program is for
"""`python -m tests.faults`: break the real system, count, and say what was found.

Exits with 1 if anything was lost, doubled or unexpected, if less was done than was asked for, or if
the rig stays green without a guard. The report is in var/faults.json and var/faults.md.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import argparse
import json
import logging
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from tests.faults import disk_full, plans
from tests.faults.fault import Fault
from tests.faults.guards import GUARDS
from tests.faults.options import Options
from tests.faults.rig import Report, run, system_under
from tests.faults.telling import markdown, tell
from tests.real import start_broker, start_postgres


def main(arguments: Sequence[str]) -> int:
    """Run the plan of the command line; returns the exit code."""
    options = _parser("--long" in arguments).parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    logging.disable(logging.INFO)
    with closing(start_broker()) as broker, closing(start_postgres()) as postgres:

        def once(chosen: Options, faults: Sequence[Fault], proxied: bool = True) -> Report:
            folder = _folder(f"{len(faults)} faults")
            with system_under(broker, postgres, folder, proxied=proxied) as (system, proxy):
                return run(system, proxy, chosen, faults)

        def without(guard: str) -> Report:
            report = once(plans.proof_options(guard, options.seed), plans.proof(guard))
            tell(report, f"without {guard}")
            return report

        if options.proof:
            return 0 if plans.went_red(without(options.proof)) else 1
        report = once(_chosen(options), plans.mixed(options), not options.no_proxy)
        tell(report)
        _keep(report, {}, None)
        proofs = {guard: without(guard) for guard in (GUARDS if options.prove else ())}
        _keep(report, proofs, None)
    disk = disk_full.run(_folder("disk full"), options.seed) if options.disk_full else None
    if disk is not None:
        tell(disk, "the embedded system on a full disk")
    _keep(report, proofs, disk)
    blind = [guard for guard, proof in proofs.items() if not plans.went_red(proof)]
    if blind:
        print(f"faults: BLIND: the rig stayed green without {', '.join(blind)}")
    seen_well = report.green and not report.lacking and (disk is None or disk.green)
    return 0 if seen_well and not blind else 1


def _folder(what: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sigap-faults-"))
    print(f"faults: {what}, logs and record in {folder}", flush=True)
    return folder


def _keep(report: Report, proofs: dict[str, Report], disk: Report | None) -> None:
    folder = Path("var")
    folder.mkdir(exist_ok=True)
    whole = {
        "run": asdict(report),
        "proofs": {guard: asdict(proof) for guard, proof in proofs.items()},
        "disk_full": disk and asdict(disk),
    }
    (folder / "faults.json").write_text(json.dumps(whole, indent=2, ensure_ascii=False))
    (folder / "faults.md").write_text(markdown(report, proofs, disk))


def _chosen(options: argparse.Namespace) -> Options:
    return Options(
        requests=options.requests,
        submissions=options.submissions,
        clients=options.clients,
        seed=options.seed,
        minutes=options.minutes,
        evenly=True,
        registered_only=options.registered_only,
        without=options.without,
        far_jump=options.far_jump,
        quiet_within=3600.0 if options.long else 900.0,
    )


def _parser(long: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--long", action="store_true", help="the long run, with all it proves")
    parser.add_argument("--submissions", type=int, default=0, help="new cases among them")
    parser.add_argument("--outage", type=float, default=20.0, help="seconds without a broker")
    parser.add_argument("--registered-only", type=float, default=0.46, help="share of the cases")
    parser.add_argument("--no-far-jump", dest="far_jump", action="store_false")
    parser.add_argument("--no-disk-full", dest="disk_full", action="store_false")
    parser.add_argument("--requests", type=int, default=400, help="writes to be acknowledged")
    parser.add_argument("--clients", type=int, default=8, help="clients at once")
    parser.add_argument("--kills", type=int, default=12, help="kill -9 of processes")
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
    parser.set_defaults(**(plans.LONG if long else {}))
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
