"""Reading the text of the PDFs that the system makes."""

import io
import re
import struct
from collections.abc import Iterator

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, StreamObject, read_object
from pyhanko.pdf_utils.reader import PdfFileReader


def pdf_text(pdf: bytes) -> str:
    """All text of the PDF as a viewer copies it, each run of blanks as one space."""
    pages = PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Kids"]
    return re.sub(r"\s+", " ", " ".join(_page_text(page.get_object()) for page in pages))


def _page_text(page: DictionaryObject) -> str:
    used = page["/Resources"]["/Font"]
    fonts = {name: _letters(used[name]["/ToUnicode"]) for name in used}
    letters: dict[int, str] = {}
    text = ""
    operands: list[object] = []
    for token in _tokens(page["/Contents"]):
        if token == b"Tf":
            letters = fonts["/" + operands[-2].decode().lstrip("/")]
        elif token in (b"Tj", b"TJ"):
            text += "".join(letters[code] for code in _glyphs(operands[-1]))
        elif token == b"BT":
            text += " "
        operands.append(token)
    return text


def _tokens(contents: StreamObject) -> Iterator[object]:
    """Strings, arrays and dictionaries as objects; names, numbers and operators as bytes."""
    stream = io.BytesIO(contents.data)
    while start := stream.read(1):
        if start in b"[(<":
            stream.seek(-1, io.SEEK_CUR)
            yield read_object(stream, contents.container_ref)
        elif not start.isspace():
            rest = re.match(rb"[^\s/\[(<]*", contents.data[stream.tell() :]).group()
            stream.seek(len(rest), io.SEEK_CUR)
            yield start + rest


def _glyphs(shown: object) -> list[int]:
    parts = shown if isinstance(shown, ArrayObject) else [shown]
    codes = b"".join(part.original_bytes for part in parts if hasattr(part, "original_bytes"))
    return [code for (code,) in struct.iter_unpack(">H", codes)]


def _letters(to_unicode: StreamObject) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", to_unicode.data)
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}
