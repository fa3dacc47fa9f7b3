"""What a file is, by its content."""

import pytest

from casework.file_types import media_type_of
from tests.unit.intake.samples import jpeg, pdf, png, webp

WHOLE = {
    "application/pdf": pdf(),
    "image/jpeg": jpeg(),
    "image/png": png(),
    "image/webp": webp(),
}


@pytest.mark.parametrize("media_type", WHOLE)
def test_a_whole_file_is_known_by_its_structure(media_type):
    """Neither a name nor a declared type is asked for."""
    assert media_type_of(WHOLE[media_type]) == media_type


@pytest.mark.parametrize("media_type", WHOLE)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_file_that_was_cut_off_is_refused(media_type, share):
    """An upload that broke off on the way is not kept as a picture nobody can open."""
    content = WHOLE[media_type]
    assert media_type_of(content[: int(len(content) * share)]) is None


@pytest.mark.parametrize("media_type", WHOLE)
def test_a_borrowed_signature_is_not_enough(media_type):
    """The first bytes of a picture before a script do not make a picture."""
    signature = WHOLE[media_type][:12]
    assert media_type_of(signature + b"<script>alert(1)</script>" * 40) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><p>%PDF-1.7 %%EOF",
        b"PK\x03\x04" + b"\x00" * 60,
        b"MZ" + b"\x00" * 60,
        b"GIF89a" + b"\x00" * 60,
        b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 28,
    ],
)
def test_other_files_are_refused(content):
    """Nothing but the four types gets in."""
    assert media_type_of(content) is None


def test_a_pdf_without_a_cross_reference_is_refused():
    """The header and the end mark alone are three words of text."""
    assert media_type_of(b"%PDF-1.7\nhello\n%%EOF\n") is None


def test_a_damaged_png_is_refused():
    """Each chunk carries a checksum."""
    content = bytearray(png(4, 4))
    content[20] ^= 1
    assert media_type_of(bytes(content)) is None


def test_a_png_with_something_behind_its_end_is_refused():
    """A second file cannot ride along."""
    assert media_type_of(png() + b"PK\x03\x04") is None


def test_a_png_of_no_size_is_refused():
    """A picture has at least one point."""
    assert media_type_of(png(0, 0)) is None


def test_a_jpeg_with_a_cameras_trailer_is_accepted():
    """Telephones write their own data behind the picture's end."""
    assert media_type_of(jpeg() + b"\x00" * 64 + b"SEFT") == "image/jpeg"


def test_a_jpeg_without_a_frame_is_refused():
    """A scan of no picture is no picture."""
    content = jpeg().replace(b"\xff\xc0", b"\xff\xe1")
    assert media_type_of(content) is None


def test_a_webp_of_another_length_than_it_says_is_refused():
    """The container tells its own size."""
    assert media_type_of(webp() + b"\x00\x00") is None
