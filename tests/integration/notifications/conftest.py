import pytest

from tests.integration.notifications.desk import Desk
from tests.integration.notifications.receivers import DeadReceiver, MailServer, Receiver

STAFF = "division_head=kabid@example.go.id,agency_head=kadis@example.go.id"


@pytest.fixture(scope="session")
def smtp(tmp_path_factory):
    """A real SMTP server for all tests; each looks for the mails of its own cases."""
    server = MailServer(tmp_path_factory.mktemp("mails"))
    yield server
    server.close()


@pytest.fixture
def mails(smtp):
    """The mails since the test began."""
    before = {mail["Message-ID"] for mail in smtp.mails()}
    return lambda: [mail for mail in smtp.mails() if mail["Message-ID"] not in before]


@pytest.fixture
def desk(tmp_path, smtp):
    """A notifications service of its own, with an empty database and a mail server."""
    desk = Desk(tmp_path, smtp_url=smtp.url, staff_mail=STAFF)
    yield desk
    desk.close()


@pytest.fixture
def receiver(desk):
    """A receiver of webhooks that takes everything, by the same clock."""
    receiver = Receiver(lambda: desk.clock.now().timestamp())
    yield receiver
    receiver.close()


@pytest.fixture
def other():
    """A second one."""
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def dead():
    """A receiver that accepts and never answers."""
    receiver = DeadReceiver()
    yield receiver
    receiver.hang_up()
