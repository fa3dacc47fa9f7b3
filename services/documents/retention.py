"""Which documents stay when the person they name is erased, and for how long.

UU 27/2022 leaves what other law requires kept: letters that an office has issued are archives
(UU 43/2009), kept until the office's retention schedule (JRA) says otherwise. Which letters these
are, and how many years they are kept, is the office's to confirm: `years` is None until then.
"""

from dataclasses import dataclass

from contracts.documents import DocumentKind
from contracts.envelope import Role

_ARCHIVES = "UU 43/2009"
_NONE = ""


@dataclass(frozen=True, slots=True)
class Retention:
    """`kept` although the person is erased; `law` says by which law, `years` for how long."""

    kept: bool
    law: str
    years: int | None = None


RETENTION: dict[DocumentKind, Retention] = {
    DocumentKind.RECEIPT: Retention(kept=False, law=_NONE),
    DocumentKind.HANDOVER_DRAFT: Retention(kept=False, law=_NONE),
    DocumentKind.VERIFICATION_LETTER: Retention(kept=True, law=_ARCHIVES),
    DocumentKind.HANDOVER_RECORD: Retention(kept=True, law=_ARCHIVES),
    DocumentKind.COMPLAINT_RESPONSE: Retention(kept=True, law=_ARCHIVES),
}
"""The one place: what is not kept is destroyed with the person's key."""

READERS = frozenset({Role.DIVISION_HEAD, Role.AGENCY_HEAD})
"""Who may read a kept letter of somebody who is erased, of those whom the gateway lets read any."""


def is_kept(kind: str) -> bool:
    """Whether documents of this kind stay."""
    return RETENTION[DocumentKind(kind)].kept
