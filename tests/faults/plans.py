"""Which faults a run makes, and how many."""

import argparse

from chassis.kill_points import POINTS
from tests.faults.clock_faults import ClockJump
from tests.faults.fault import Fault
from tests.faults.message_faults import (
    KillingPoison,
    Poison,
    Republished,
    Reversed,
    StreamReplayed,
)
from tests.faults.network_faults import HeldAndCut, LostCommit, NetworkFault, network_faults
from tests.faults.options import Options
from tests.faults.outage import BrokerDown
from tests.faults.process_faults import Freeze, KillAt, KillService
from tests.faults.rig import Report
from tests.faults.server_faults import (
    BrokerRestart,
    CommandQueueDeleted,
    ConnectionsClosed,
    DatabaseRestart,
    EventQueueDeleted,
    MemoryAlarm,
    SessionsTerminated,
)

COMMITTERS = ("intake", "complaints", "tally", "audit", "gateway", "intake#2", "complaints#2")
PUBLISHERS = ("intake", "complaints", "documents", "verification", "intake#2", "complaints#2")
CONSUMERS = ("tally", "audit", "gateway", "verification", "documents", "notifications")

VICTIMS = {
    point: COMMITTERS if "commit" in point else CONSUMERS if "ack" in point else PUBLISHERS
    for point in POINTS
}

LONG = {
    "requests": 10_000,
    "submissions": 10_000,
    "clients": 12,
    "kills": 110,
    "kill_points": 20,
    "broker_restarts": 20,
    "database_restarts": 20,
    "others": 3,
    "longest": 30.0,
    "outage": 300.0,
    "minutes": 60.0,
    "registered_only": 0.93,
    "far_jump": False,
    "disk_full": True,
    "prove": True,
    "seed": 20_261_122,
}
"""What `--long` stands for. The clocks of ten thousand cases are not rung in the end: those of the
first few hundred are, by the jumps."""


def mixed(options: argparse.Namespace) -> list[Fault]:
    """Everything, as often as the command line says."""
    faults: list[Fault] = [KillService() for _ in range(options.kills)]
    for number in range(options.kill_points):
        faults += [KillAt(point, VICTIMS[point], f"points {number % 2}") for point in POINTS]
    faults += [BrokerRestart() for _ in range(options.broker_restarts)]
    faults += [DatabaseRestart() for _ in range(options.database_restarts)]
    if options.outage:
        faults.append(BrokerDown(options.outage))
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
        StreamReplayed(),
        Reversed(),
        ClockJump(),
        KillingPoison(),
    ]
    for _ in range(2):
        faults += [Republished(), Poison()]
    return faults if options.no_proxy else [*faults, *network_faults(options.longest)]


def short() -> list[Fault]:
    """For the normal tests: one of most, within seconds. Not the poison that kills: its worker's
    deaths one after the other take half a minute, in which nothing else can be done to it."""
    deaths = {
        "after_commit": ("tally",),
        "before_outbox_delete": ("intake", "complaints"),
        "before_ack": ("tally",),
    }
    return [
        *(KillService() for _ in range(2)),
        *(KillAt(point, victims, latest=2) for point, victims in deaths.items()),
        ConnectionsClosed(),
        SessionsTerminated(),
        Republished(),
        Poison(),
        LostCommit(),
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
