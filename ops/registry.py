"""Which services there are, and what each needs to run. Loaded only when named."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import make_url

import contracts.askers
import contracts.catalogue
from chassis.database import database_url
from chassis.migrations import is_current, migrate
from chassis.settings import Settings
from chassis.topology import Topology

CLASSES = {
    "intake": "services.intake.service:IntakeService",
    "verification": "services.verification.service:VerificationService",
    "data_request": "services.data_request.service:DataRequestService",
    "complaints": "services.complaints.service:ComplaintsService",
    "documents": "services.documents.service:DocumentsService",
    "notifications": "services.notifications.service:NotificationsService",
    "audit": "services.audit.service:AuditService",
    "gateway": "gateway.service:GatewayService",
}
ROOT = Path(__file__).parent.parent


def service_class(name: str) -> type:
    """The service class called `name`; its dependencies must be installed."""
    module, _, attribute = CLASSES[name].partition(":")
    found: type = getattr(import_module(module), attribute)
    return found


def migrations_folder(name: str) -> Path:
    """Where the service's Alembic revisions lie."""
    module = CLASSES[name].partition(":")[0].rpartition(".")[0]
    return ROOT.joinpath(*module.split("."), "migrations")


def migrate_service(name: str, settings: Settings) -> str:
    """Bring the service's database to the newest schema; returns the revision."""
    worker = make_url(database_url(settings, name)).username
    owner = database_url(settings, name, as_owner=True)
    return migrate(owner, migrations_folder(name), worker)


def databases_current(names: list[str], settings: Settings) -> bool:
    """True when every database named has the newest schema."""
    return all(is_current(database_url(settings, name), migrations_folder(name)) for name in names)


def topology() -> Topology:
    """The whole system's exchanges and queues, from the contracts' catalogue."""
    return Topology(
        publishers=contracts.catalogue.SERVICES,
        subscriptions=tuple(contracts.catalogue.subscriptions()),
        observers=contracts.catalogue.OBSERVERS,
        in_order=contracts.catalogue.IN_ORDER,
        calls=tuple(contracts.askers.calls()),
        into_stream=("audit",),
    )
