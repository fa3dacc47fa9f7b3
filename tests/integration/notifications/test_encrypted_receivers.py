"""Over TLS, with the receiver's certificate checked: webhooks, and mail with a password."""

import datetime
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.integration.notifications.desk import Desk
from tests.integration.notifications.receivers import MailServer, Receiver


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


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
