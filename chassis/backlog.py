"""How much waits in a service's outbox, and for how long."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from chassis import metrics
from chassis.clock import Clock
from chassis.tables import MessagingTables


@dataclass(frozen=True, slots=True)
class Backlog:
    """`rows` that are not published yet, or embedded not consumed; the age of the `oldest`, in
    seconds."""

    rows: int
    oldest: float


def backlog_of(engine: Engine, tables: MessagingTables, now: datetime) -> Backlog:
    """What waits at this moment; rows that a relay is just publishing are among them."""
    outbox = tables.outbox
    asked = select(func.count(), func.min(outbox.c.written_at)).select_from(outbox)
    with engine.execution_options(reads_only=True).connect() as connection:
        rows, written = connection.execute(asked).one()
    return Backlog(rows, max((now - written).total_seconds(), 0.0) if written else 0.0)


def measure(service: str, engine: Engine, tables: MessagingTables, clock: Clock) -> None:
    """Set the metrics of the service's outbox."""
    backlog = backlog_of(engine, tables, clock.now())
    metrics.OUTBOX_ROWS.labels(service).set(backlog.rows)
    metrics.OUTBOX_OLDEST.labels(service).set(backlog.oldest)
