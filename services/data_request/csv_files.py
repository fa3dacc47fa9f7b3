"""CSV as offices write it: read with any of three delimiters, written by RFC 4180. Pure."""

import csv
import io
import re

from services.data_request.table import Reason, Table, TableRefused, table_of

DELIMITERS = (",", ";", "\t")

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_OTHER_TEXT = ("%PDF", "{\\rtf", "<")
"""How a PDF, a rich text and anything in HTML or XML begin, under whatever name."""


def read_csv(content: bytes) -> Table:
    """The table in UTF-8 (with or without a mark), or else in Windows-1252 or Latin-1.

    Raises TableRefused.
    """
    text = _decoded(content)
    if _CONTROLS.search(text) or text.lstrip().startswith(_OTHER_TEXT):
        raise TableRefused(Reason.NOT_A_TABLE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return table_of(reader)
    except csv.Error:
        raise TableRefused(Reason.NOT_A_TABLE) from None


def write_csv(table: Table) -> bytes:
    """The table in UTF-8 with commas and CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return out.getvalue().encode()


def read_written(content: bytes) -> Table:
    """Back from `write_csv`; nothing is looked for in it again."""
    columns, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return Table(tuple(columns), tuple(tuple(row) for row in rows))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _delimiter(text: str) -> str:
    """The one that makes most of the headings."""
    first = text.lstrip("\r\n")[:65_536]
    return max(DELIMITERS, key=lambda delimiter: _headings(first, delimiter))


def _headings(text: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), []))
    except csv.Error:
        return 0
