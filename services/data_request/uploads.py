"""A file that a member of staff uploaded, read as a table; its type is decided by its content."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from contracts.errors import InvalidFields
from services.data_request.csv_files import read_csv
from services.data_request.table import Reason, Table, TableRefused
from services.data_request.workbook import read_workbook

MAX_FILE_BYTES = 5 * 1024 * 1024

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""A compound file: an XLS of before 2007, or an XLSX behind a password."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What was uploaded: the SHA-256 of the file as it came, and the table in it."""

    sha256: str
    table: Table


def read_upload(content_base64: str) -> Upload:
    """The table in a CSV or XLSX file; raises TableRefused, InvalidFields for no base64.

    Takes up to some seconds of processor time, so call it aside.
    """
    try:
        content = base64.b64decode(content_base64, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidFields(("content", "wrong_format")) from None
    if len(content) > MAX_FILE_BYTES:
        raise TableRefused(Reason.TOO_LARGE)
    if content.startswith(_OLD_OFFICE):
        raise TableRefused(Reason.NOT_A_TABLE)
    read = read_workbook if content.startswith(_ZIP) else read_csv
    return Upload(hashlib.sha256(content).hexdigest(), read(content))
