"""The service as it runs: events from a broker, contacts by RPC, the job by its timer, the stop."""

import pytest
from sqlalchemy.orm import DeclarativeBase

from chassis.database import database_url, make_engine
from chassis.ids import uuid7
from chassis.rpc import query
from chassis.runner import Runner
from chassis.settings import Settings
from chassis.store import Store
from chassis.tables import messaging_tables
from chassis.topology import Topology
from contracts.envelope import Contact, Contacts
from contracts.intake import PersonalDataRead, ReadContacts
from services.notifications import carrying
from services.notifications.service import NotificationsService
from tests.integration.chassis.embedded import empty_broker
from tests.integration.notifications.desk import ADDRESSES, CASE, EMAIL, Desk, reception
from tests.real import eventually
from tests.support import StoppedClock

TOPOLOGY = Topology(("intake", "notifications"), (), ("notifications",))


class IntakeBase(DeclarativeBase):
    """The database of a stand-in for intake."""


messaging_tables(IntakeBase.metadata)


class Intake:
    """Publishes, and answers who is to be written to."""

    name = "intake"
    store = Store(IntakeBase.metadata)

    @query(ReadContacts)
    def read_contacts(self, ask, work):
        work.emit(ask.tracking_number, PersonalDataRead(purpose=ask.purpose, fields=("contacts",)))
        return Contacts(contacts=(Contact(way=EMAIL, address=ADDRESSES[EMAIL]),))


@pytest.fixture
def desk(tmp_path, smtp, monkeypatch):
    """The service's database, and the keys under which the running service reads it."""
    monkeypatch.setenv("SIGAP_VAULT_KEY", b"m".hex() * 32)
    desk = Desk(tmp_path, smtp_url=smtp.url)
    yield desk
    desk.close()


@pytest.fixture
def system(desk, tmp_path, smtp):
    """Both services in one process, with messages in memory, started."""
    empty_broker()
    env = {"SIGAP_HOME": str(tmp_path), "SIGAP_DEMO": "1", "SIGAP_SMTP_URL": smtp.url}
    env["SIGAP_MAIL_FROM"] = "sigap@example.go.id"
    settings = Settings.read(env)
    engine = make_engine(database_url(settings, "intake"))
    IntakeBase.metadata.create_all(engine)
    engine.dispose()
    services = (Intake, NotificationsService)
    runner = Runner(services, TOPOLOGY, settings, environ=env, clock=StoppedClock())
    runner.start()
    yield runner
    runner.stop()
    empty_broker()


def happen(runner, case):
    """Intake publishes that a request was received."""
    (container,) = [each for each in runner.containers if each.service_name == "intake"]
    (store,) = [each for each in container.dependencies if isinstance(each, Store)]
    with store.unit(uuid7()) as work:
        work.emit(case, reception((EMAIL,)))


def test_an_event_becomes_a_mail_and_a_call(desk, system, receiver, mails):
    """By the timer, with the contacts read from their owner, whose event of it is told nobody."""
    desk.hook(receiver.url)
    happen(system, CASE)
    eventually(lambda: mails() and receiver.requests, "the mail and the call")
    eventually(lambda: {row.state for row in desk.rows()} == {"sent"}, "the records")
    (mail,) = mails()
    assert mail["To"] == ADDRESSES[EMAIL]
    assert [body["event"] for body in receiver.bodies()] == ["request_received"]


def test_a_stop_waits_for_what_is_being_sent(desk, system, dead, monkeypatch):
    """The receiver's time is up before the grace is, and that is recorded."""
    monkeypatch.setitem(carrying.LIMITS, "webhook", 1.0)
    desk.hook(dead.url)
    happen(system, CASE)
    eventually(lambda: dead.connections, "an attempt")
    system.stop()
    (row,) = desk.rows(way="webhook")
    assert (row.attempts, row.lease, row.last_error) == (1, None, "timeout")
