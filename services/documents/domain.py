"""Documents: which one a case gets, and its life from the reserved number to the newer edition."""

import secrets
from datetime import date
from enum import StrEnum

from contracts.complaints import Complainant, ComplaintDetail
from contracts.documents import DocumentKind
from contracts.errors import ErrorCode, Refusal

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 16

TITLES = {
    DocumentKind.RECEIPT: "Tanda Terima",
    DocumentKind.VERIFICATION_LETTER: "Surat Keterangan Hasil Verifikasi",
    DocumentKind.HANDOVER_DRAFT: "KONSEP Berita Acara Serah Terima Data",
    DocumentKind.HANDOVER_RECORD: "Berita Acara Serah Terima Data",
    DocumentKind.COMPLAINT_RESPONSE: "Surat Tanggapan Pengaduan",
}
_LINES = ((DocumentKind.HANDOVER_DRAFT, DocumentKind.HANDOVER_RECORD),)
"""Kinds of which a later one takes the place of the earlier."""

_ABBREVIATIONS = {
    DocumentKind.RECEIPT: "TT",
    DocumentKind.VERIFICATION_LETTER: "SKHV",
    DocumentKind.HANDOVER_DRAFT: "KBASTD",
    DocumentKind.HANDOVER_RECORD: "BASTD",
    DocumentKind.COMPLAINT_RESPONSE: "STP",
}
_ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class DocumentState(StrEnum):
    """A reserved document has its number but no PDF yet; nobody outside sees it.

    An issued one is superseded by a newer edition of its kind for the same case; a draft is revoked
    when what it is a draft of will not take place.
    """

    RESERVED = "reserved"
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"

    @property
    def public(self) -> bool:
        """Whether it can be fetched and verified."""
        return self is not DocumentState.RESERVED

    @property
    def public_status(self) -> str:
        """What the verify page says."""
        return "valid" if self is DocumentState.ISSUED else self.value


class DocumentNotFound(Refusal):
    """There is no document of this code that anybody outside may see."""

    code = ErrorCode.DOCUMENT_NOT_FOUND


class IdentityHidden(Refusal):
    """The complaints service shows the system no identity: a letter would have no addressee."""

    code = ErrorCode.ACCESS_DENIED


def complainant_of(complaint: ComplaintDetail) -> Complainant:
    """Whom a complaint's papers are for; raises IdentityHidden."""
    if complaint.complainant is None:
        raise IdentityHidden
    return complaint.complainant


def line_of(kind: DocumentKind) -> tuple[DocumentKind, ...]:
    """The kinds of which only one counts for a case, in their order; often the kind alone."""
    return next((line for line in _LINES if kind in line), (kind,))


def new_code() -> str:
    """A verify code of 16 characters (79 bits) that is read aloud without confusion."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def letter_number(
    kind: DocumentKind,
    sequence: int,
    day: date,
    *,
    classification: str = "400.9",
    office: str = "Dinsos-Bjm",
) -> str:
    """The number of a letter, as `400.9/0007/SKHV/Dinsos-Bjm/XI/2026`.

    `classification` 400.9 is social affairs in Permendagri 83/2022; the month is Roman.
    Raises ValueError for a sequence below 1.
    """
    if sequence < 1:
        raise ValueError("a letter's sequence counts from 1")
    month = _ROMAN_MONTHS[day.month - 1]
    return f"{classification}/{sequence:04d}/{_ABBREVIATIONS[kind]}/{office}/{month}/{day.year}"
