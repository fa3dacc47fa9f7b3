"""Which faults a run makes, and how many."""

import argparse

from chassis.kill_points import POINTS
from tests.faults.clock_faults import ClockJump
from tests.faults.fault import Fault
from tests.faults.message_faults import Poison, Republished, Reversed, StreamReplayed
from tests.faults.network_faults import HeldAndCut, NetworkFault, network_faults
from tests.faults.process_faults import Freeze, KillAt, KillService
from tests.faults.rig import Options, Report
from tests.faults.server_faults import (
    BrokerRestart,
    CommandQueueDeleted,
    ConnectionsClosed,
    DatabaseRestart,
    EventQueueDeleted,
    MemoryAlarm,
    SessionsTerminated,
)

COMMITTERS = ("intake", "complaints", "tally", "audit", "gateway")
PUBLISHERS = ("intake", "complaints", "documents")
CONSUMERS = ("tally", "audit", "gateway", "verification", "documents")

VICTIMS = {
    point: COMMITTERS if "commit" in point else CONSUMERS if "ack" in point else PUBLISHERS
    for point in POINTS
}


def mixed(options: argparse.Namespace) -> list[Fault]:
    """Everything, as often as the command line says."""
    faults: list[Fault] = [KillService() for _ in range(options.kills)]
    faults += [KillAt(p, VICTIMS[p]) for p in POINTS for _ in range(options.kill_points)]
    faults += [BrokerRestart() for _ in range(options.broker_restarts)]
    faults += [DatabaseRestart() for _ in range(options.database_restarts)]
    for _ in range(options.others):
        faults += _others(options)
    return faults


def _others(options: argparse.Namespace) -> list[Fault]:
    faults: list[Fault] = [
        Freeze(options.freeze),
        MemoryAlarm(),
        ConnectionsClosed(),
        CommandQueueDeleted(),
        EventQueueDeleted(),
        SessionsTerminated(),
        Republished(),
        StreamReplayed(),
        Reversed(),
        Poison(),
        ClockJump(),
    ]
    return faults if options.no_proxy else [*faults, *network_faults(options.longest)]


def short() -> list[Fault]:
    """For the normal tests: one of most, within seconds."""
    points = ("after_commit", "before_outbox_delete", "before_ack")
    return [
        *(KillService() for _ in range(2)),
        *(KillAt(point, ("tally",) if "outbox" not in point else ("intake",)) for point in points),
        ConnectionsClosed(),
        SessionsTerminated(),
        Republished(),
        Poison(),
        NetworkFault("lost_commit", "database", 0.0),
        NetworkFault("reset", "broker", 0.0),
    ]


def proof(guard: str) -> list[Fault]:
    """What makes the loss of this guard show."""
    if guard == "inbox":
        return [KillAt("after_commit", ("tally",)), Republished()]
    if guard == "ack_after_commit":
        return [KillAt("before_commit", ("tally",)) for _ in range(2)]
    return [HeldAndCut() for _ in range(3)]


def proof_options(guard: str, seed: int) -> Options:
    """A short run without the guard; it need not become quiet, only red."""
    return Options(
        requests=60,
        seed=seed,
        minutes=3,
        gap=(5.0, 7.0) if guard == "confirms" else (0.0, 0.5),
        without=guard,
        far_jump=False,
        rebuild=False,
        quiet_within=60,
    )


def went_red(report: Report) -> bool:
    """Whether it saw a loss or a double, which is what a missing guard means."""
    return report.verdict["lost"] + report.verdict["doubled"] > 0
