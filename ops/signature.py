"""Checking a letter of the embedded system with a PDF signature validator."""

from pathlib import Path

from services.documents.settings import DocumentsSettings
from services.documents.signing import Signer, validate


def check(letter: Path, home: Path) -> dict[str, str | bool]:
    """What the validator says of `letter`, with the root of the certificate made under `home`.

    The root is left beside the letter as root.pem, for other validators.
    """
    settings = DocumentsSettings.read({"SIGAP_HOME": str(home)})
    made = home / "secrets" / "signing.p12"
    root = Signer.from_file(made, settings.secret("signing").hex()).roots_pem
    anchor = letter.with_name("root.pem")
    anchor.write_bytes(root)
    report = validate(letter.read_bytes(), root)
    return {
        "intact": report.intact,
        "valid": report.valid,
        "trusted": report.trusted,
        "whole_file": report.covers_whole_file,
        "signed_by": report.subject,
        "root": str(anchor),
    }
