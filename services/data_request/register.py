"""The register of data handed over: what was given to whom for what purpose."""

import base64
import binascii
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.vault import DESTROYED, Vault
from contracts.data_request import RegisterEntry, Side
from contracts.errors import InvalidFields
from contracts.intake import Purpose
from services.data_request.models import DataRequestCase, downloads_of, package_of
from services.data_request.writings import Writings

FIELDS_READ = ("signatures", "package")
"""The fields of DataRequestDetail that an entry shows something of."""


def entry_of(session: Session, vault: Vault, row: DataRequestCase) -> RegisterEntry:
    """What the register says of a case that was handed over."""
    if row.handed_over_at is None:
        raise LookupError("the case was not handed over")
    downloads = downloads_of(session, row.tracking_number)
    facts: dict[str, Any] = {"recipient": None, "institution": None, "files": ()}
    if row.wrapped_key != DESTROYED:
        facts = _written(Writings(session, vault, row))
    return RegisterEntry(
        tracking_number=row.tracking_number,
        handed_over_at=row.handed_over_at,
        **facts,
        purpose=Purpose(row.purpose),
        package_sha256=package_of(session, row).sha256,
        downloads=len(downloads),
        last_downloaded_at=downloads[-1].downloaded_at if downloads else None,
    )


def _written(writings: Writings) -> dict[str, Any]:
    """Who took what."""
    package = writings.package()
    if package is None:
        raise LookupError("there is no package")
    recipient = next(each for each in writings.signatures() if each.side is Side.REQUESTER)
    return {
        "recipient": recipient.name,
        "institution": recipient.institution,
        "files": package.files,
    }


def cursor_after(row: DataRequestCase) -> str:
    """A cursor that asks for the entries after this one."""
    moment = row.handed_over_at.isoformat() if row.handed_over_at else ""
    return base64.urlsafe_b64encode(f"{moment} {row.tracking_number}".encode()).decode()


def read_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    """The moment and case that a cursor points behind; raises InvalidFields."""
    if cursor is None:
        return None
    try:
        moment, number = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        found = datetime.fromisoformat(moment)
        if found.tzinfo is None:
            raise ValueError("a moment without its offset")
    except (binascii.Error, ValueError):
        raise InvalidFields(("cursor", "wrong_format")) from None
    return found, number
