"""What an uploaded file is, decided by its content alone: a PDF, JPEG, PNG or WebP, or nothing.

A name or a declared type is worth nothing. More than the first bytes is looked at, so that a text
with a borrowed signature and a file that was cut off on the way are refused.
"""

import re
import struct
import zlib

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"

_PDF_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
_PDF_TAIL = 1024
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_SIZE = struct.Struct(">II")
_IHDR_LENGTH = 13
_WEBP_HEADER = struct.Struct("<4sI4s4sI")
_WEBP_FIRST_CHUNKS = (b"VP8 ", b"VP8L", b"VP8X")
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_SCAN = 0xDA
_JPEG_END = b"\xff\xd9"


def media_type_of(content: bytes) -> str | None:
    """The media type that the content has by its structure; None for any other file."""
    if _is_pdf(content):
        return PDF
    if _is_jpeg(content):
        return JPEG
    if _is_png(content):
        return PNG
    if _is_webp(content):
        return WEBP
    return None


def _is_pdf(content: bytes) -> bool:
    # ISO 32000-2, 7.5: the header comes first; the place of the cross-reference and %%EOF last.
    tail = content[-_PDF_TAIL:]
    place = tail.rfind(b"startxref")
    return bool(_PDF_HEADER.match(content)) and 0 <= place < tail.rfind(b"%%EOF")


def _is_jpeg(content: bytes) -> bool:
    # ITU-T T.81, B.1: segments up to the scan, a frame among them; cameras write on after the end.
    if not content.startswith(b"\xff\xd8\xff"):
        return False
    at, frame_seen = 2, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == _JPEG_SCAN:
            return frame_seen and content.find(_JPEG_END, at) > 0
        frame_seen = frame_seen or marker in _JPEG_FRAMES
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return False


def _is_png(content: bytes) -> bool:
    # PNG 3rd edition, 5: chunks with checksums, the first an IHDR, the last an empty IEND.
    at = len(_PNG_SIGNATURE)
    if not content.startswith(_PNG_SIGNATURE):
        return False
    while at + 12 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        body = content[at + 4 : at + 8 + length]
        checksum = content[at + 8 + length : at + 12 + length]
        if zlib.crc32(body).to_bytes(4, "big") != checksum:
            return False
        if at == len(_PNG_SIGNATURE) and not _is_image_header(kind, body[4:]):
            return False
        if kind == b"IEND":
            return at + 12 + length == len(content)
        at += 12 + length
    return False


def _is_image_header(kind: bytes, data: bytes) -> bool:
    return kind == b"IHDR" and len(data) == _IHDR_LENGTH and all(_PNG_SIZE.unpack_from(data))


def _is_webp(content: bytes) -> bool:
    # RFC 9649, 2.4: a RIFF container whose size is the file's, with one of three first chunks.
    if len(content) < _WEBP_HEADER.size:
        return False
    riff, size, webp, chunk, chunk_size = _WEBP_HEADER.unpack_from(content)
    named = riff == b"RIFF" and webp == b"WEBP" and chunk in _WEBP_FIRST_CHUNKS
    whole = size + 8 == len(content) and 0 < chunk_size <= len(content) - _WEBP_HEADER.size
    return bool(named and whole)
