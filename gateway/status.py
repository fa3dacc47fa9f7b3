"""What the gateway knows of the cases."""

import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from gateway.models import CaseStatus, StoredEvent

# Built once: the most asked question of all.
_STATUS = select(CaseStatus.version, CaseStatus.updated_at, CaseStatus.body).where(
    CaseStatus.tracking_number == bindparam("number"), CaseStatus.body.is_not(None)
)


@dataclass(frozen=True, slots=True)
class StatusView:
    """A case's status: `body` is its JSON, `version` grows with every event."""

    version: int
    updated_at: datetime
    body: str

    @property
    def tag(self) -> str:
        """Names these very bytes: a rebuild with newer texts changes them, not the version."""
        return f"{self.version}-{zlib.crc32(self.body.encode()):08x}"


def status_of(session: Session, tracking_number: str) -> StatusView | None:
    """The case's status, None while no event has said that there is such a case."""
    row = session.execute(_STATUS, {"number": tracking_number}).one_or_none()
    return None if row is None else StatusView(row.version, row.updated_at, row.body)


def document_case(session: Session, code: str) -> str | None:
    """The tracking number of the case that a document was issued for, None for an unknown code."""
    return session.scalars(
        select(StoredEvent.tracking_number).where(StoredEvent.document_code == code).limit(1)
    ).one_or_none()
