"""What waits in the services' outboxes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError

from chassis.backlog import backlog_of
from chassis.clock import clock_of
from chassis.database import database_url, make_engine
from chassis.settings import Settings
from chassis.tables import messaging_tables
from ops import registry

UNREADABLE = "unreadable"


def status(settings: Settings, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By service: `rows` that wait and the `oldest_seconds` of them.

    For a database that cannot be read, `error` alone. The gateway publishes nothing.
    """
    now = clock_of(settings).now()
    tables = messaging_tables(MetaData())
    found: dict[str, dict[str, Any]] = {}
    for name in names or [name for name in registry.CLASSES if name != "gateway"]:
        engine = make_engine(database_url(settings, name))
        try:
            backlog = backlog_of(engine, tables, now)
            found[name] = {"rows": backlog.rows, "oldest_seconds": round(backlog.oldest, 1)}
        except (SQLAlchemyError, TimeoutError):
            found[name] = {"error": UNREADABLE}
        finally:
            engine.dispose()
    return found


def is_late(found: dict[str, dict[str, Any]], older_than: float) -> bool:
    """Whether an event has waited longer than that, or it cannot be told."""
    return any("error" in each or each["oldest_seconds"] > older_than for each in found.values())
