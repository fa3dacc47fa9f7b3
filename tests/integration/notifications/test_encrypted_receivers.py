"""Over TLS, with the receiver's certificate checked: webhooks, and mail with a password."""

import pytest

from tests.integration.notifications.desk import Desk
from tests.integration.notifications.receivers import MailServer, Receiver
from tests.tls import write_certificate


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of 127.0.0.1, signed by itself, and its key."""
    return write_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture
def locked_smtp(certificate, tmp_path):
    """An SMTP server that takes mail over STARTTLS from who knows the password."""
    server = MailServer(tmp_path / "mails", certificate)
    yield server
    server.close()


@pytest.fixture
def receiver(certificate):
    """A receiver over HTTPS."""
    receiver = Receiver(certificate=certificate)
    yield receiver
    receiver.close()


def test_a_receiver_with_a_trusted_certificate_is_told(desk, receiver, certificate, monkeypatch):
    """Its name is the one in the URL."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    desk.hook(receiver.url)
    desk.receive(ways=())
    desk.send()
    (row,) = desk.rows()
    assert (row.state, row.last_status) == ("sent", 204)


def test_a_receiver_whose_certificate_nobody_vouches_for_is_not_told(desk, receiver):
    """And is tried again, for it may be mended."""
    desk.hook(receiver.url)
    desk.receive(ways=())
    desk.send()
    (row,) = desk.rows()
    assert (row.state, row.last_error, receiver.requests) == ("waiting", "tls_failed", [])


def test_mail_is_handed_in_with_starttls_and_a_password(
    tmp_path, locked_smtp, certificate, monkeypatch
):
    """Neither can be left out at this server."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = locked_smtp.url.replace("//", "//sigap:p%40ss@") + "?starttls=1"
    desk = Desk(tmp_path, smtp_url=url)
    desk.receive()
    desk.send()
    assert [row.state for row in desk.rows()] == ["sent"]
    assert len(locked_smtp.mails()) == 1
    desk.close()


# eventlet does not close a socket whose handshake fails, nor can smtplib; the collector does.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_mail_server_without_a_trusted_certificate_gets_no_password(tmp_path, locked_smtp):
    """The mails wait."""
    url = locked_smtp.url.replace("//", "//sigap:p%40ss@") + "?starttls=1"
    desk = Desk(tmp_path, smtp_url=url)
    desk.receive()
    desk.send()
    (row,) = desk.rows()
    assert (row.state, row.last_error) == ("waiting", "tls_failed")
    desk.close()
