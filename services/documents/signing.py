"""PAdES signatures: a key from a PKCS#12 file signs, anybody checks. No network, no clock.

pyHanko runs its own asyncio loop, one for each call, and a thread can hold only one: sign and
validate in an OS thread (`eventlet.tpool.execute`), where that loop and the hub never meet.
"""

import io
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import NameOID, ObjectIdentifier
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers import Signer as PyHankoSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

_FIELD: Final = "TandaTangan"

# Stands in both names of a certificate that make_certificate made, for every viewer to show.
_SELF_MADE: Final = "Sertifikat uji buatan sendiri (self-made test certificate)"
_LIFETIME: Final = timedelta(days=5 * 365)
_DOCUMENT_SIGNING: Final = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336

# How pyHanko's parsers meet bytes that make no sense; RuntimeError is a caller's mistake.
_DAMAGE: Final = (PdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

_PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class UnusableCertificate(ValueError):
    """The PKCS#12 file cannot be opened, holds no key, or is not valid at the time of signing."""


class UnverifiableDocument(ValueError):
    """Not a PDF, one without a signature, or one too damaged to be read."""


class DocumentSigner(Protocol):
    """Whoever can sign a PDF: the key in a file below, or a remote signing service such as BSrE."""

    @property
    def subject(self) -> str:
        """The name in the certificate (RFC 4514)."""

    @property
    def self_made(self) -> bool:
        """Whether the certificate is a test one, which has no legal weight."""

    def sign(self, pdf: bytes, *, reason: str, location: str, when: datetime) -> bytes:
        """The same PDF with a PAdES signature appended. `reason` and `location` are public."""


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What a check found. `signed_at` is the signer's own claim: no time stamp stands behind it.

    `intact`: the signed bytes are unchanged. `valid`: the signature is by the certificate's key.
    `trusted`: the certificate leads to a trust root. `covers_whole_file`: nothing was appended.
    """

    intact: bool
    valid: bool
    trusted: bool
    covers_whole_file: bool
    subject: str
    signed_at: datetime | None


class Signer:
    """Signs with a key and certificate held in memory; a DocumentSigner."""

    def __init__(self, pkcs12_data: bytes, password: str) -> None:
        """Raises UnusableCertificate; its text holds neither the password nor the key."""
        try:
            bundle = pkcs12.load_pkcs12(pkcs12_data, password.encode())
        except ValueError:
            raise UnusableCertificate("wrong password, or not a PKCS#12 file") from None
        if bundle.cert is None:
            raise UnusableCertificate("the PKCS#12 file holds no certificate that fits its key")
        if not isinstance(bundle.key, _PrivateKey):
            raise UnusableCertificate("the PKCS#12 file holds neither an RSA nor an EC key")
        self._certificate = bundle.cert.certificate
        self._chain = [self._certificate, *(it.certificate for it in bundle.additional_certs)]
        self._key = _KeyInMemory(bundle.key, self._chain)

    @classmethod
    def from_file(cls, path: Path, password: str) -> Self:
        """Read a PKCS#12 file. Raises UnusableCertificate, or OSError where it can't be read."""
        return cls(path.read_bytes(), password)

    @property
    def subject(self) -> str:
        """The name in the certificate (RFC 4514)."""
        return self._certificate.subject.rfc4514_string()

    @property
    def self_made(self) -> bool:
        """Whether make_certificate made it, or it vouches for itself."""
        issuer = self._certificate.issuer
        units = issuer.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        return self._certificate.subject == issuer or any(it.value == _SELF_MADE for it in units)

    @property
    def roots_pem(self) -> bytes:
        """The root certificates that came with the key, as PEM: what `validate` can trust."""
        roots = (it for it in self._chain if it.subject == it.issuer)
        return b"".join(root.public_bytes(Encoding.PEM) for root in roots)

    def sign(self, pdf: bytes, *, reason: str, location: str, when: datetime) -> bytes:
        """The PDF with a PAdES baseline-B signature appended; its own bytes stay as they are.

        `when` carries an offset. Raises UnusableCertificate outside the certificate's validity.
        """
        certificate = self._certificate
        if not certificate.not_valid_before_utc <= when <= certificate.not_valid_after_utc:
            raise UnusableCertificate("the certificate is not valid at the time of signing")
        signer = _DatedPdfSigner(
            PdfSignatureMetadata(
                field_name=_FIELD,
                md_algorithm="sha256",
                subfilter=SigSeedSubFilter.PADES,
                reason=reason,
                location=location,
            ),
            signer=self._key,
            new_field_spec=SigFieldSpec(
                _FIELD,
                readable_field_name="Tanda tangan elektronik",
                # Unseen, yet printable (PDF/A) and off the page (PDF/UA): both stay kept.
                invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
            ),
        )
        signer.when = when
        output = io.BytesIO()
        signer.sign_pdf(_AppendingWriter(io.BytesIO(pdf)), output=output)
        return output.getvalue()


class _KeyInMemory(PyHankoSigner):
    """Keeps the key ready: pyHanko's own loads and checks it twice a signature, 0.3 s for RSA."""

    def __init__(self, key: _PrivateKey, chain: list[x509.Certificate]) -> None:
        pem = b"".join(it.public_bytes(Encoding.PEM) for it in chain)
        own, *others = load_certs_from_pemder_data(pem)
        store = SimpleCertificateStore.from_certs(others)  # type: ignore[no-untyped-call] # pyHanko
        super().__init__(signing_cert=own, cert_registry=store)
        self._key = key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), SHA256())
        return self._key.sign(data, ec.ECDSA(SHA256()))


class _DatedPdfSigner(PdfSigner):
    """pyHanko reads the machine's clock; here the time of signing is given."""

    when: datetime

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.when
        return session


class _AppendingWriter(IncrementalPdfFileWriter):
    """Adds objects and leaves the metadata alone: rewritten, they would no longer be PDF/A."""

    def _update_meta(self) -> None:
        pass


def validate(pdf: bytes, trust_roots: bytes, *, at: datetime | None = None) -> SignatureReport:
    """Check the last signature of a PDF against PEM `trust_roots`, as of `at` (else of now).

    Raises UnverifiableDocument where there is nothing to check.
    """
    roots = list(load_certs_from_pemder_data(trust_roots)) if trust_roots else []
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=at)
    try:
        signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[-1]
        status = validate_pdf_signature(signature, context)
    except _DAMAGE:
        raise UnverifiableDocument("no PDF, no signature, or damaged") from None
    subject = x509.load_der_x509_certificate(status.signing_cert.dump()).subject
    return SignatureReport(
        intact=status.intact,
        valid=status.valid,
        trusted=status.trusted,
        covers_whole_file=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        subject=subject.rfc4514_string(),
        signed_at=status.signer_reported_dt,
    )


def make_certificate(common_name: str, path: Path, password: str, *, valid_from: datetime) -> None:
    """Make a test root and a signing certificate under it; write both and the key as PKCS#12.

    The file is the owner's alone to read. The root's key is dropped: nothing more is issued
    under it. RSA-3072 (a P-256 signature needs PDF 2.0, which PDF/A-2 is not), valid for five
    years. Raises FileExistsError rather than replace a key.
    """
    if path.exists():
        raise FileExistsError(f"{path} holds a certificate already")
    root_key, key = (rsa.generate_private_key(65537, 3072) for _ in range(2))
    root_name = _test_name(f"{common_name} - Root")
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    root = (
        _unsigned(root_name, root_name, root_key.public_key(), valid_from)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(root_key, SHA256())
    )
    certificate = (
        _unsigned(_test_name(common_name), root_name, key.public_key(), valid_from)
        .add_extension(authority, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .sign(root_key, SHA256())
    )
    encryption = BestAvailableEncryption(password.encode())
    bundle = pkcs12.serialize_key_and_certificates(
        common_name.encode(), key, certificate, [root], encryption
    )
    _write_private(path, bundle)


def _test_name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _SELF_MADE),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _unsigned(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, valid_from: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_from + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(**granted: bool) -> x509.KeyUsage:
    usages = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{usage: granted.get(usage, False) for usage in usages})


def _write_private(path: Path, content: bytes) -> None:
    """Whole or not at all, so that a crash leaves no half key behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    unfinished.replace(path)
