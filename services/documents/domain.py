"""Documents: which one a case gets, and its life from the reserved number to the issued PDF."""

import secrets
from enum import StrEnum

from contracts.errors import ErrorCode, Refusal

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 16


class DocumentState(StrEnum):
    """A reserved document has its number but no PDF yet; nobody outside sees it."""

    RESERVED = "reserved"
    ISSUED = "issued"

    @property
    def public_status(self) -> str:
        """What the verify page says."""
        return {DocumentState.RESERVED: "reserved", DocumentState.ISSUED: "valid"}[self]


class DocumentNotFound(Refusal):
    code = ErrorCode.DOCUMENT_NOT_FOUND


def new_code() -> str:
    """A verify code of 16 characters (79 bits) that is read aloud without confusion."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
