"""Building the gateway's read model anew from the audit service's ledger."""

from dataclasses import asdict

from chassis import logs
from chassis.clock import clock_of
from chassis.database import database_url, make_engine
from chassis.settings import Settings
from gateway.rebuild import rebuild as rebuild_read_model
from gateway.service import GatewayService
from ops.operator import asking, ledger_pages
from ops.processes import alone


def rebuild(settings: Settings) -> dict[str, int]:
    """How many events and cases stand in the new read model; the gateway may run meanwhile.

    The embedded system must be stopped: its messages live in one process.
    """
    logs.configure(settings.log_format)
    store = GatewayService.store
    with alone(settings):
        store.open(make_engine(database_url(settings, "gateway")), clock_of(settings), settings)
        try:
            with asking(settings, "audit") as rpc:
                return asdict(rebuild_read_model(store, ledger_pages(rpc)))
        finally:
            store.engine.dispose()
