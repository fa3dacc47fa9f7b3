"""Attachments that are more than they show: programs, files inside, two kinds of file in one."""

import io
import time
import zipfile
import zlib

import pytest

from casework import plain_files
from casework.file_types import media_type_of
from casework.plain_files import is_plain
from tests.unit.intake.samples import jpeg, pdf, png, webp


def archive() -> bytes:
    """A ZIP archive, as a JAR or an APK is one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a.class", b"x" * 100)
    return out.getvalue()


def with_object(body: bytes, dictionary: bytes = b"") -> bytes:
    """A PDF that media_type_of takes, with one more object; a stream if it has a dictionary."""
    stream = b"stream\r\n" + body + b"\r\nendstream" if dictionary else body
    start = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n9 0 obj" + dictionary + stream + b"endobj\n"
    return start + b"startxref\n0\n%%EOF\n"


def packed(objects: bytes, dictionary: bytes = b"<</Type/ObjStm/N 2/First 9>>") -> bytes:
    """A PDF with an object stream."""
    return with_object(zlib.compress(b"12 0 13 40 " + objects), dictionary)


@pytest.mark.parametrize("content", [pdf(), jpeg(), png(), webp()])
def test_an_ordinary_file_is_plain(content: bytes) -> None:
    """As telephones and offices make them."""
    assert is_plain(content)


@pytest.mark.parametrize(
    "harmless",
    [
        b"<</Type/Catalog/OpenAction[3 0 R/Fit]>>",  # LaTeX and Word write it
        b"<</Type/Annot/Subtype/Link/A<</S/URI/URI(https://x.example)>>>>",
        b"<</S/GoTo/D[3 0 R/Fit]>>",
        b"<</FT/Sig/T(BSrE)/AcroForm<</SigFlags 3>>>>",
        b"<</Title(/JavaScripting)>>",
        b"<</JavaScripts 1/Launcher 2>>",
    ],
)
def test_what_ordinary_pdfs_hold_is_plain(harmless: bytes) -> None:
    """Links, signatures, the page to open at, and names that only begin like others."""
    assert is_plain(with_object(harmless))
    assert is_plain(packed(harmless))


ACTIVE = [
    b"<</S/JavaScript/JS(app.alert(1))>>",
    b"<</S /JavaScript /JS 5 0 R>>",
    b"<</Names<</JavaScript 4 0 R>>>>",
    b"<</S/Java#53cript/JS(x)>>",
    b"<</S/#4a#61#76#61#53#63#72#69#70#74>>",
    b"<</S/Launch/F(cmd.exe)>>",
    b"<</Names<</EmbeddedFiles 4 0 R>>>>",
    b"<</Type/EmbeddedFile/Length 3>>",
    b"<</S/Rendition/JS(x)>>",
    b"<</Subtype/RichMedia>>",
    b"<</AcroForm<</XFA 4 0 R>>>>",
    b"<</S/SubmitForm/F(http://x.example)>>",
    b"<</S/GoToR/F(\\\\\\\\x.example\\\\a)>>",
    b"<</S/GoToE>>",
    b"<</S/ImportData>>",
]


@pytest.mark.parametrize("active", ACTIVE)
def test_a_pdf_that_does_something_is_refused(active: bytes) -> None:
    """In the open or in an object stream, however its names are spelt."""
    assert media_type_of(with_object(active)) == "application/pdf"
    assert not is_plain(with_object(active))
    assert not is_plain(packed(active))


@pytest.mark.parametrize(
    ("body", "dictionary"),
    [
        (b"0102030405", b"<</Type/ObjStm/Filter/ASCIIHexDecode>>"),
        (b"\x8f\x01\x9c" * 40, b"<</Type/ObjStm/Filter/FlateDecode>>"),  # as in a locked PDF
        (zlib.compress(b"12 0 13 40 <<>>")[:-9], b"<</Type/Obj#53tm>>"),
        (b"", b"<</Type/ObjStm>>"),
    ],
)
def test_a_pdf_that_cannot_be_looked_into_is_refused(body: bytes, dictionary: bytes) -> None:
    """Objects under another filter or a password could be anything."""
    assert not is_plain(with_object(body, dictionary))


def test_objects_hidden_behind_a_stream_that_is_none_are_found() -> None:
    """The word in a comment does not lead past the real one."""
    content = packed(ACTIVE[0], b"<</Type/ObjStm>>%stream\n1 2 3\n")
    assert not is_plain(content)


@pytest.mark.parametrize("picture", [jpeg(), pdf(), webp()])
def test_a_file_that_is_an_archive_too_is_refused(picture: bytes) -> None:
    """A JAR or APK behind a photo is opened from its end."""
    assert not is_plain(picture + archive())
    assert not is_plain(picture + archive() + b"\x00" * 500)


def test_a_bomb_in_an_object_stream_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to more than a PDF of five megabytes holds is not looked into."""
    monkeypatch.setattr(plain_files, "MAX_WORK", 1024 * 1024)
    assert is_plain(packed(b" " * 500_000))
    assert not is_plain(packed(b" " * 2_000_000))


def test_a_file_made_to_be_slow_is_looked_through_in_time() -> None:
    """Nothing but beginnings of streams."""
    each = b"stream\n" + zlib.compress(b"1 2 ")
    content = with_object(each * (1_000_000 // len(each)), b"<</Type/ObjStm>>")
    began = time.process_time()
    is_plain(content)
    assert time.process_time() - began < 5
