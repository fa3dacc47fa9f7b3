# ruff: noqa: E402 - ops.cli puts green threads in place before anything else is loaded
"""`sigap` for the rig's processes: with the tally beside the services, and guards taken out.

`FAULTS_WITHOUT` names the guard that this process does without; the rig must then go red.
"""

from ops import cli, registry

registry.CLASSES["tally"] = "tests.faults.tally:TallyService"

import os
from dataclasses import replace

from chassis.topology import Topology
from tests.faults.guards import GUARDS, WITHOUT


def topology() -> Topology:
    """The system's own, and the tally's queue."""
    whole = _own_topology()
    return replace(whole, observers=(*whole.observers, "tally"))


_own_topology, registry.topology = registry.topology, topology


def main() -> None:
    """Take out what is to be taken out, then be `sigap`."""
    if guard := os.environ.get(WITHOUT):
        GUARDS[guard]()
    cli.main()


if __name__ == "__main__":
    main()
