# ruff: noqa: E402 - ops.cli puts green threads in place before anything else is loaded
"""`sigap` for the rig's processes: with the tally beside the services, and guards taken out.

`FAULTS_WITHOUT` names the guard that this process does without; the rig must then go red. On
SIGUSR1 it takes its kill point from the file that `FAULTS_POINT` names. While the file that
`FAULTS_DISK_FULL` names exists, no SQLite file of this process can grow.
"""

from ops import cli, registry

registry.CLASSES["tally"] = "tests.faults.tally:TallyService"

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from chassis.kill_points import reached
from chassis.topology import Topology
from tests.faults.entry_names import DISK_FULL, POINT
from tests.faults.guards import GUARDS, WITHOUT

MOST_PAGES = 4_294_967_294
"""SQLite's own limit."""


def topology() -> Topology:
    """The system's own, and the tally's queue."""
    whole = _own_topology()
    return replace(whole, observers=(*whole.observers, "tally"))


_own_topology, registry.topology = registry.topology, topology


def take_points_from(file: Path) -> None:
    """Be ready to be told where to die."""
    signal.signal(signal.SIGUSR1, lambda *_: reached.arm(file.read_text()))


def fill_disk_by(file: Path) -> None:
    """Keep every SQLite file at its size while `file` exists; each transaction looks anew."""

    @event.listens_for(Engine, "begin")
    def _limit(connection: Any) -> None:
        if connection.dialect.name == "sqlite":
            pages = 1 if file.exists() else MOST_PAGES  # a file is never made smaller by it
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def main() -> None:
    """Take out what is to be taken out, then be `sigap`."""
    if point := os.environ.get(POINT):
        take_points_from(Path(point))
    if full := os.environ.get(DISK_FULL):
        fill_disk_by(Path(full))
    if guard := os.environ.get(WITHOUT):
        GUARDS[guard]()
    cli.main()


if __name__ == "__main__":
    main()
