"""Papers as PDF: content in, bytes out. No database, no network, no clock.

Rendering is native code that lets go of the interpreter lock: run it in an OS thread
(`chassis.native.aside`), never on the event loop. Equal content gives equal bytes.
"""

import io
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import segno
import typst

from services.documents.indonesian import OFFICE_TIME, date_text
from standards import catalogue

_TEMPLATES: Final = Path(__file__).parent / "templates"

# Latin letters, their marks and common signs: what Typst's own fonts hold. PDF/A forbids the rest.
_WITHOUT_GLYPH: Final = re.compile(
    "[^\x20-\x7e\xa0-\xac\xae-\u024f\u0300-\u036f\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u2040\u20a0-\u20c0\u2122]"
)


class RenderingFailure(RuntimeError):
    """The template did not compile. The text names the template only, never the content."""


@dataclass(frozen=True, slots=True)
class Office:
    """The office as its letterhead and the standards' complaint channels name it."""

    government: str
    name: str
    full_name: str
    address: str
    phone: str
    website: str
    city: str
    complaint_email: str
    complaint_whatsapp: str


def _as_published() -> Office:
    standard = catalogue.load("complaint")
    contact = standard.contact
    channels = {channel.id: channel.address or "" for channel in standard.complaints.channels}
    return Office(
        government="Pemerintah Kota Banjarmasin",
        name="Dinas Sosial",
        full_name=contact.office_id,
        address=contact.address,
        phone=contact.phone,
        website=contact.website,
        city="Banjarmasin",
        complaint_email=channels["email"],
        complaint_whatsapp=channels["whatsapp"],
    )


DINAS_SOSIAL: Final = _as_published()


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs for the office. `nip` is the civil servant's number, 18 digits, or empty."""

    name: str
    title: str
    nip: str


@dataclass(frozen=True, slots=True)
class Imprint:
    """What every paper carries of its own issue.

    `self_made_certificate` prints that the signature is a test and proves nothing.
    """

    number: str
    issued_on: date
    verify_url: str
    verify_code: str
    signatory: Signatory
    self_made_certificate: bool
    office: Office = DINAS_SOSIAL


def render(template: str, imprint: Imprint, content: Mapping[str, object]) -> bytes:
    """A tagged PDF/A-2a, A4, dated at midnight of the day of its issue.

    Its metadata hold the kind and the number only. Raises RenderingFailure, and ValueError where
    the verify address is not an HTTP address.
    """
    if not imprint.verify_url.startswith(("https://", "http://")):
        raise ValueError("the verify address is not an HTTP address")
    issue = asdict(imprint) | {
        "issued_on": date_text(imprint.issued_on),
        "nip": _grouped_nip(imprint.signatory.nip),
    }
    try:
        return typst.compile(
            _TEMPLATES / f"{template}.typ",
            root=_TEMPLATES,
            # Only what the wheel carries, so that every machine renders the same bytes.
            ignore_system_fonts=True,
            sys_inputs={
                "content": json.dumps(_printable({**content, "imprint": issue})),
                "qr": _qr_code(imprint.verify_url),
            },
            # The archive's and the screen reader's: Typst refuses to export what breaks either.
            pdf_standards=["a-2a", "ua-1"],
            timestamp=datetime.combine(imprint.issued_on, time(), OFFICE_TIME),
        )
    except typst.TypstError:
        # Typst quotes the text that it stumbled over: a name must not reach a log.
        raise RenderingFailure(f"the template {template} did not compile") from None


def paragraphs(text: str) -> list[str]:
    """The lines of a text that hold something."""
    return [line for line in text.splitlines() if line.strip()]


def _grouped_nip(nip: str) -> str:
    """Birth date, appointment, sex, serial: the groups in which an NIP is written."""
    match = re.fullmatch(r"(\d{8})(\d{6})(\d)(\d{3})", nip)
    return " ".join(match.groups()) if match else nip


def _printable(value: object) -> object:
    """The same content, each text on one line and in letters that the fonts hold."""
    if isinstance(value, str):
        text = " ".join(unicodedata.normalize("NFC", value).split())
        visible = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf"})
        return _WITHOUT_GLYPH.sub("□", visible)
    if isinstance(value, Mapping):
        return {key: _printable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(part) for part in value]
    return value


def _qr_code(url: str) -> str:
    image = io.BytesIO()
    segno.make(url, error="m", micro=False).save(image, kind="svg", border=0, xmldecl=False)
    return image.getvalue().decode()
