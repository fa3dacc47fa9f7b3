"""Whether a file is only what it shows: no program, no other file inside, nothing that is hidden.

A PDF can run programs, carry other files and open what lies elsewhere. The names of such things
(ISO 32000-2, 7.11, 12.6, 12.7) stand in it in the open or in object streams, which are unpacked
here. Whoever can write a PDF by hand can deceive a reader that does no more than this; the virus
scanner and the officers' own PDF readers come after it.
"""

import re
import zlib

MAX_WORK = 64 * 1024 * 1024
"""Bytes that go into and come out of unpacking; a PDF that takes more is not looked into."""

_PIECE = 64 * 1024
_FIRST = 256
"""Bytes from which one can tell whether a stream holds objects."""

_ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|XFA|SubmitForm|ImportData|GoTo[ER])"
    rb"(?![^\x00\t\n\f\r ()<>\[\]{}/%])"
)
_PACKED_OBJECTS = re.compile(rb"/ObjStm(?![^\x00\t\n\f\r ()<>\[\]{}/%])")
_STREAM = re.compile(rb"stream\r?\n")
_PAIRS = re.compile(rb"\s*\d+\s+\d+\s")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ARCHIVE_END = b"PK\x05\x06\x00\x00\x00\x00"
_ARCHIVE_TAIL = 65_535 + 22


def is_plain(content: bytes) -> bool:
    """False for a PDF with active content, or one that cannot be looked into, and for any file
    that a program for ZIP archives would open too."""
    if _ARCHIVE_END in content[-_ARCHIVE_TAIL:]:
        return False
    return not content.startswith(b"%PDF") or _is_plain_pdf(content)


def _is_plain_pdf(content: bytes) -> bool:
    names = _with_names_spelt_out(content)
    if _ACTIVE.search(names):
        return False
    declared, seen, left = len(_PACKED_OBJECTS.findall(names)), 0, MAX_WORK
    for found in _STREAM.finditer(content) if declared else ():
        unpacked, work = _packed_objects(content, found.end(), left)
        left -= work
        if left <= 0 or _ACTIVE.search(_with_names_spelt_out(unpacked)):
            return False
        seen += bool(unpacked)
    return seen >= declared


def _packed_objects(content: bytes, start: int, most: int) -> tuple[bytes, int]:
    """The object stream that starts there, and the bytes that it took to unpack it, no more than
    about `most`; nothing for a stream that does not begin as they do, with pairs of numbers."""
    unpacking, unpacked, work, piece = zlib.decompressobj(), bytearray(), 0, _FIRST
    try:
        while not unpacking.eof and work < most:
            given = unpacking.unconsumed_tail or content[start : start + piece]
            start += 0 if unpacking.unconsumed_tail else piece
            more = unpacking.decompress(given, _PIECE)
            unpacked += more
            work += len(given) + len(more)
            cut_off = not (given or more)
            if cut_off or (piece == _FIRST and not _PAIRS.match(unpacked)):
                return b"", work
            piece = _PIECE
    except zlib.error:
        return b"", work
    return bytes(unpacked), work


def _with_names_spelt_out(content: bytes) -> bytes:
    """With `#4a` as `J`: a name may be written so (7.3.5)."""
    return _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), content)
