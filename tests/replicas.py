"""Replicas of a service at one case, on a real PostgreSQL: threads that meet at the row's lock."""

from collections.abc import Callable
from threading import Thread
from typing import Any

from sqlalchemy import text

from contracts.errors import Refusal

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


class Replica(Thread):
    """Another replica doing one thing; `outcome` is what it got, or the refusal it met."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.outcome: Any = None
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self.work()
        except Refusal as refusal:
            self.outcome = refusal.code.value


def somebody_waits(desk: Any) -> bool:
    """Whether a connection waits for another's lock."""
    with desk.session() as session:
        return bool(session.scalar(_WAITING) > 0)
