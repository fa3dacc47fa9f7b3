"""Another team's service on stock nameko, run as a program: a JSON line for each event."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402 - after the filter

eventlet.monkey_patch()

import json  # noqa: E402 - green threads first
import sys  # noqa: E402
from typing import Any  # noqa: E402

from nameko.events import event_handler  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402


class NeighbourService:
    """Knows nothing of the publisher but its name and the event's."""

    name = "neighbour"

    @event_handler("intake", "request_received")
    def take(self, event: dict[str, Any]) -> None:
        write(event)


def write(line: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    runner = ServiceRunner(config={"AMQP_URI": sys.argv[1]})
    runner.add_service(NeighbourService)
    runner.start()
    write({"ready": True})
    runner.wait()
