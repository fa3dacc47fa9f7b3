"""Looking into the PDFs of papers."""

import io
import re
from dataclasses import replace

from pyhanko.pdf_utils.reader import PdfFileReader

from services.documents.rendering import Imprint, Signatory

MARKUP = (
    '#panic("x") #read("/etc/passwd") *tebal* _miring_ $x^2$ `kode` @acuan <label> '
    "\\u{41} \"kutip\" 'q' // /* */ [isi] {blok} = ~ -- ... & %"
)


def unspaced(text: str) -> str:
    """Line breaks fall anywhere; only the letters count."""
    return re.sub(r"\s", "", text)


def catalog(pdf: bytes) -> dict:
    """The root of the document's objects."""
    return PdfFileReader(io.BytesIO(pdf)).root


def xmp(pdf: bytes) -> str:
    """The document's metadata stream."""
    return catalog(pdf)["/Metadata"].data.decode()


def hostile(imprint: Imprint) -> Imprint:
    """The same with the template language's own signs in every text."""
    return replace(
        imprint,
        number=MARKUP,
        verify_code=MARKUP,
        verify_url=imprint.verify_url + '?"#<&',
        signatory=Signatory(MARKUP, MARKUP, MARKUP),
        self_made_certificate=True,
    )
