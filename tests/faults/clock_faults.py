"""The office's clock jumps."""

from datetime import UTC, datetime, timedelta

import eventlet

from tests.faults.fault import Arena


class ClockJump:
    """Forward over many deadlines, and back after some seconds."""

    name = "clock jump"
    lane = "clock"
    days = 12
    seconds = 6.0

    def inject(self, arena: Arena) -> None:
        arena.system.fleet.set_clock(datetime.now(UTC) + timedelta(days=self.days))
        eventlet.sleep(self.seconds)

    def heal(self, arena: Arena) -> None:
        arena.system.fleet.set_clock(datetime.now(UTC))
