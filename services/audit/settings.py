"""Settings of the audit service, and the signer they name."""

from functools import cache
from pathlib import Path
from typing import cast

from pydantic import Field

from chassis.settings import Configured, Settings
from services.audit.notes import KEY_NAME, Signer


class AuditSettings(Settings):
    """Under which name the ledger is signed, and where its checkpoints are kept besides."""

    ledger_origin: str = Field(
        "dinsos.banjarmasinkota.go.id/sigap",
        pattern=f"^{KEY_NAME}$",
        description="the ledger's name in its checkpoints, and its key's",
    )
    checkpoint_folder: Path | None = Field(
        None, description="folder where signed checkpoints are kept besides, for the auditor"
    )
    checkpoint_stream: bool = Field(
        False, description="put signed checkpoints into the stream `audit` too"
    )

    def signer(self) -> Signer:
        """Signs with the secret `ledger`. Raises SettingsError without it."""
        return _signer(self.ledger_origin, self.secret("ledger"))


class SigningSettings(Configured):
    """Injects the settings; a service without the ledger's key does not start."""

    def __init__(self) -> None:
        super().__init__(AuditSettings)

    def setup(self) -> None:
        super().setup()
        cast(AuditSettings, self.settings).signer()


@cache
def _signer(origin: str, seed: bytes) -> Signer:
    return Signer(origin, seed)
