"""A signature holds as long as nobody touches the letter; what its certificate is worth shows."""

import io
import re
import socket
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader

from services.documents.letters.verification import (
    VerificationLetter,
    render_verification_letter,
)
from services.documents.signing import (
    Signer,
    UnusableCertificate,
    UnverifiableDocument,
    make_certificate,
    validate,
)

WHEN = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


@pytest.fixture
def pdf(letter: VerificationLetter) -> bytes:
    """A letter before it is signed."""
    return render_verification_letter(letter)


@pytest.fixture
def signed(signer: Signer, pdf: bytes) -> bytes:
    """The same letter, signed on 21 November 2026."""
    return signer.sign(pdf, reason="Penerbitan surat", location="Banjarmasin", when=WHEN)


def root_of(pdf: bytes) -> DictionaryObject:
    """The document's catalogue."""
    return PdfFileReader(io.BytesIO(pdf)).root


def configured(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey,
    issuer: str = "Otoritas",
) -> bytes:
    """PKCS#12 data as an authority would hand it out, with the password 'x'."""
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dinas")])
    usages = ("digital_signature", "content_commitment")
    unused = (
        *("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"),
        *("crl_sign", "encipher_only", "decipher_only"),
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(WHEN)
        .not_valid_after(WHEN + timedelta(days=1))
        .add_extension(
            x509.KeyUsage(**dict.fromkeys(usages, True), **dict.fromkeys(unused, False)),
            critical=True,
        )
        .sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256())
    )
    encryption = NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, encryption)


def test_a_signed_letter_validates_under_the_certificates_root(
    signer: Signer, signed: bytes
) -> None:
    """Intact, by that key, trusted, over the whole file, at the time that was given."""
    report = validate(signed, signer.roots_pem, at=WHEN)

    assert (report.intact, report.valid, report.trusted, report.covers_whole_file) == (True,) * 4
    assert report.subject == signer.subject
    assert report.subject.startswith("CN=Dinas Sosial Uji,")
    assert report.signed_at == WHEN


def test_a_stranger_does_not_trust_a_self_made_certificate(signed: bytes, tmp_path: Path) -> None:
    """Under another root the signature still fits its key, and is trusted by nobody."""
    make_certificate("Orang lain", tmp_path / "other.p12", "x", valid_from=WHEN)
    other = Signer.from_file(tmp_path / "other.p12", "x")

    report = validate(signed, other.roots_pem, at=WHEN)

    assert (report.intact, report.valid, report.trusted) == (True, True, False)


def test_nobody_trusts_a_certificate_past_its_time(signer: Signer, signed: bytes) -> None:
    """The moment of checking is given; the certificate lasts five years."""
    assert not validate(signed, signer.roots_pem, at=WHEN + timedelta(days=6 * 365)).trusted


def in_the_page(pdf: bytes) -> int:
    """Within the compressed contents of the first stream."""
    return pdf.index(b"stream\n") + 40


def in_the_metadata(pdf: bytes) -> int:
    """Within the letter's number, which stands there readably."""
    return pdf.index(b"SKHV")


def in_the_time_of_signing(pdf: bytes) -> int:
    """Within the signature's own dictionary."""
    return pdf.index(b"20261121", pdf.index(b"/M (D"))


@pytest.mark.parametrize("place", [in_the_page, in_the_metadata, in_the_time_of_signing])
def test_one_changed_byte_breaks_the_signature(
    signer: Signer, signed: bytes, place: Callable[[bytes], int]
) -> None:
    """Wherever it is changed, the letter is no longer intact."""
    forged = bytearray(signed)
    forged[place(signed)] ^= 1

    assert not validate(bytes(forged), signer.roots_pem, at=WHEN).intact


def test_an_addition_after_the_signature_shows(signer: Signer, signed: bytes) -> None:
    """Whatever comes after the signed bytes is not covered by the signature."""
    report = validate(signed + b"\n% tambahan\n", signer.roots_pem, at=WHEN)

    assert not report.covers_whole_file


def test_what_carries_no_signature_is_refused(signer: Signer, pdf: bytes, signed: bytes) -> None:
    """An unsigned letter, something else altogether, and a signature that was overwritten."""
    with pytest.raises(UnverifiableDocument):
        validate(pdf, signer.roots_pem, at=WHEN)
    with pytest.raises(UnverifiableDocument):
        validate(b"surat", signer.roots_pem, at=WHEN)
    with pytest.raises(UnverifiableDocument):
        validate(re.sub(rb"(?<=/Contents <)[0-9A-F]+", b"00", signed), signer.roots_pem, at=WHEN)


def test_signing_only_appends(pdf: bytes, signed: bytes) -> None:
    """The rendered bytes stay as they are, and so do the PDF/A metadata and version."""
    before, after = root_of(pdf), root_of(signed)

    assert signed.startswith(pdf)
    assert after["/Metadata"].data == before["/Metadata"].data
    assert "/Version" not in after
    assert after["/AcroForm"]["/SigFlags"] == 3
    assert "/NeedAppearances" not in after["/AcroForm"]


def test_the_signature_field_breaks_neither_archive_nor_screen_reader(signed: bytes) -> None:
    """PDF/A wants it printable, PDF/UA off the page or described; PAdES names its format."""
    field = root_of(signed)["/AcroForm"]["/Fields"][0]
    left, bottom, right, top = field["/Rect"]

    assert field["/F"] & 0b100111 == 0b100
    assert left == right < 0
    assert bottom == top < 0
    assert field["/TU"] == "Tanda tangan elektronik"
    assert field["/V"]["/SubFilter"] == "/ETSI.CAdES.detached"


def test_neither_signing_nor_validating_needs_a_network(
    signer: Signer, pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No time stamp, no revocation list is asked for."""

    def no_network(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", no_network)

    signed = signer.sign(pdf, reason="x", location="y", when=WHEN)

    assert validate(signed, signer.roots_pem, at=WHEN).trusted


def test_a_made_certificate_says_that_it_is_self_made(signer: Signer) -> None:
    """For the verify page, and in the name that every viewer shows."""
    assert signer.self_made
    assert "self-made test certificate" in signer.subject


@pytest.mark.parametrize(
    "key",
    [rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())],
    ids=["RSA", "EC"],
)
def test_a_certificate_of_an_authority_is_not_self_made(
    pdf: bytes, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
) -> None:
    """RSA and EC keys from elsewhere sign as well."""
    signer = Signer(configured(key), "")

    signed = signer.sign(pdf, reason="x", location="y", when=WHEN)

    assert not signer.self_made
    assert signer.subject == "CN=Dinas"
    assert validate(signed, signer.roots_pem, at=WHEN).valid


def test_a_certificate_that_vouches_for_itself_is_self_made() -> None:
    """Whoever made it: no authority stands behind it."""
    key = ec.generate_private_key(ec.SECP256R1())

    assert Signer(configured(key, issuer="Dinas"), "").self_made


@pytest.mark.parametrize("when", [WHEN - timedelta(seconds=1), WHEN + timedelta(days=2)])
def test_no_letter_is_signed_outside_the_certificates_validity(pdf: bytes, when: datetime) -> None:
    """A letter that no validator would accept is not issued."""
    signer = Signer(configured(ec.generate_private_key(ec.SECP256R1())), "")

    with pytest.raises(UnusableCertificate, match="not valid at the time"):
        signer.sign(pdf, reason="x", location="y", when=when)


def test_a_key_that_cannot_sign_is_refused_at_the_start(certificate: Path) -> None:
    """A wrong password, a broken file, a key of another kind; the password is not repeated."""
    with pytest.raises(UnusableCertificate) as refusal:
        Signer.from_file(certificate, "rahasia sekali")
    with pytest.raises(UnusableCertificate):
        Signer(b"bukan PKCS#12", "")
    with pytest.raises(UnusableCertificate, match="neither an RSA nor an EC key"):
        Signer(configured(ed25519.Ed25519PrivateKey.generate()), "")

    assert "rahasia" not in str(refusal.getrepr(chain=True, funcargs=False, style="value"))


def test_a_made_key_is_for_the_owner_alone_and_never_replaced(certificate: Path) -> None:
    """Letters were signed with it: a second make refuses."""
    assert stat.S_IMODE(certificate.stat().st_mode) == 0o600
    assert [it.name for it in certificate.parent.iterdir()] == ["signing.p12"]

    with pytest.raises(FileExistsError):
        make_certificate("Lain", certificate, "x", valid_from=WHEN)
