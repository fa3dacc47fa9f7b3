"""Settings of the documents service, and the signer they name."""

from datetime import datetime
from functools import cache
from pathlib import Path

from pydantic import Field

from chassis.settings import Settings, SettingsError
from services.documents.rendering import Signatory
from services.documents.signing import DocumentSigner, Signer, make_certificate

SELF_MADE_NAME = "Sigap - Dinas Sosial Kota Banjarmasin (uji coba)"


class DocumentsSettings(Settings):
    """Who signs, and with what."""

    signatory_name: str = Field("Pejabat Contoh, S.Sos., M.AP.", description="who signs letters")
    signatory_title: str = Field("Kepala Dinas Sosial", description="the signatory's office")
    signatory_nip: str = Field("", description="the signatory's civil servant number (NIP)")
    signing_certificate: Path | None = Field(None, description="PKCS#12 file that signs letters")
    signing_password: str | None = Field(None, description="the PKCS#12 file's password")

    @property
    def signatory(self) -> Signatory:
        return Signatory(self.signatory_name, self.signatory_title, self.signatory_nip)

    def signer(self, now: datetime) -> DocumentSigner:
        """The configured certificate's signer, else the self-made one of `secrets_dir` or home.

        The embedded system makes that one at its first letter. Raises SettingsError.
        """
        if self.signing_certificate is not None:
            return _signer(self.signing_certificate, self.signing_password or "")
        path = (self.secrets_dir or self.home / "secrets") / "signing.p12"
        password = self.secret("signing").hex()
        if not path.exists():
            if not self.embedded:
                raise SettingsError("SIGAP_SIGNING_CERTIFICATE is not set, and none was made")
            make_certificate(SELF_MADE_NAME, path, password, valid_from=now)
        return _signer(path, password)


@cache
def _signer(path: Path, password: str) -> DocumentSigner:
    return Signer.from_file(path, password)
