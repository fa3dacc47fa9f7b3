"""The files of secrets: which there are, and who needs which."""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from chassis.rights import AUDITOR
from chassis.settings import account_secret, database_secret, owner_of, write_secret
from contracts.askers import OPERATOR
from contracts.catalogue import OBSERVERS, SERVICES

SECRETS = ("access_code", "index", "ledger", "rpc", "signing", "token", "vault")
"""What keys are made of; passwords come besides."""

ADMINISTRATOR = "admin"
"""Of the broker and of the database server."""

CERTIFICATE = "signing.p12"
EVERY_SERVICE = tuple(sorted({*SERVICES, *OBSERVERS}))
SEALING = tuple(name for name in SERVICES if name != "audit")
OWNERS = tuple(map(owner_of, EVERY_SERVICE))
ACCOUNTS = (*EVERY_SERVICE, OPERATOR, AUDITOR, ADMINISTRATOR)
PASSWORDS = (
    *(account_secret(account) for account in ACCOUNTS),
    *(database_secret(account) for account in (*EVERY_SERVICE, *OWNERS, ADMINISTRATOR)),
)


def needed() -> dict[str, tuple[str, ...]]:
    """The files that each service needs, the operators' tools, and the two servers."""
    files: dict[str, list[str]] = {
        service: ["rpc", account_secret(service), database_secret(service)]
        for service in EVERY_SERVICE
    }
    for service in SEALING:
        files[service] += ["vault", "index"]
    files["gateway"] += ["access_code", "token"]
    files["audit"] += ["ledger"]
    files["documents"] += ["signing", CERTIFICATE]
    files[OPERATOR] = [
        "rpc",
        *(account_secret(account) for account in (OPERATOR, AUDITOR)),
        *map(database_secret, EVERY_SERVICE),
    ]
    files["rabbitmq"] = [account_secret(ADMINISTRATOR)]
    files["postgres"] = [database_secret(ADMINISTRATOR)]
    return {holder: tuple(names) for holder, names in files.items()}


def make(folder: Path) -> int:
    """Make what is missing, replace nothing; how many there are, the certificate aside."""
    from services.documents.settings import DocumentsSettings

    for name in (*SECRETS, *PASSWORDS):
        write_secret(folder / name)
    settings = DocumentsSettings.read({"SIGAP_SECRETS_DIR": str(folder)})
    settings.signer(datetime.now(UTC))
    return len(SECRETS) + len(PASSWORDS)


def hand_out(folder: Path, to: Path) -> None:
    """Put into `to`/<service> what that service needs, as it is now, and nothing else."""
    for holder, names in needed().items():
        own = to / holder
        own.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in names:
            _copy(folder / name, own / name)


def _copy(source: Path, target: Path) -> None:
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(source.read_bytes())
    draft.replace(target)
