"""Letters and receipts as PDF: content in, bytes out. No database, no network, no clock.

Rendering is native code that lets go of the interpreter lock: run it in an OS thread
(`eventlet.tpool.execute`), never on the event loop. Equal content gives equal bytes.
"""

import io
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Final

import segno
import typst

from contracts.documents import DocumentKind
from contracts.verification import Outcome

_TEMPLATES: Final = Path(__file__).parent / "templates"
_OFFICE_TIME: Final = timezone(timedelta(hours=8), "WITA")

_DAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_ROMAN_MONTHS: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_ABBREVIATIONS: Final = {
    DocumentKind.VERIFICATION_LETTER: "SKHV",
    DocumentKind.RECEIPT: "TT",
}

# Latin letters, their marks and common signs: what Typst's own fonts hold. PDF/A forbids the rest.
_WITHOUT_GLYPH: Final = re.compile(
    "[^\x20-\x7e\xa0-\xac\xae-\u024f\u0300-\u036f\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u2040\u20a0-\u20c0\u2122]"
)


class RenderingFailure(RuntimeError):
    """The template did not compile. The text names the template only, never the content."""


@dataclass(frozen=True, slots=True)
class Office:
    """The office as its letterhead and the standard's complaint channels name it."""

    government: str
    name: str
    full_name: str
    address: str
    phone: str
    website: str
    city: str
    complaint_email: str
    complaint_whatsapp: str


# Source: the office's published service standards, No. SK 080.
DINAS_SOSIAL: Final = Office(
    government="Pemerintah Kota Banjarmasin",
    name="Dinas Sosial",
    full_name="Dinas Sosial Kota Banjarmasin",
    address="Jalan Ir. P.H. Muhammad Noor Nomor 2 RT 38, Kelurahan Pelambuan, "
    "Kecamatan Banjarmasin Barat, Banjarmasin, Kalimantan Selatan 70118",
    phone="081348545556",
    website="dinsos.banjarmasinkota.go.id",
    city="Banjarmasin",
    complaint_email="dinsosbjm.aduanbansos@gmail.com",
    complaint_whatsapp="0887.4360.59071",
)


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs for the office. `nip` is the civil servant's number, 18 digits, or empty."""

    name: str
    title: str
    nip: str


@dataclass(frozen=True, slots=True)
class VerificationLetter:
    """Surat Keterangan Hasil Verifikasi (product of the aid verification standard).

    `findings` may have several lines; `target_institution` and `findings` may be empty.
    `self_made_certificate` prints that the signature is a test and proves nothing.
    """

    number: str
    issued_on: date
    tracking_number: str
    applicant_name: str
    nik: str
    address_lines: tuple[str, ...]
    village: str
    district: str
    purpose: str
    target_institution: str
    outcome: Outcome
    findings: str
    verify_url: str
    verify_code: str
    signatory: Signatory
    self_made_certificate: bool
    office: Office = DINAS_SOSIAL


class ReceiptKind(StrEnum):
    """What was handed in."""

    REQUEST = "request"
    COMPLAINT = "complaint"


class RequirementState(StrEnum):
    """Where a requirement of the standard stands when the receipt is printed."""

    HANDED_IN = "handed_in"
    MISSING = "missing"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of the standard, in Indonesian."""

    text: str
    state: RequirementState = RequirementState.UNCHECKED


@dataclass(frozen=True, slots=True)
class Receipt:
    """Tanda terima. `service_title`, `channel` and `deadline` are the words to print.

    `due` is absent as long as the promised moment is not known. Moments carry an offset.
    """

    number: str
    kind: ReceiptKind
    tracking_number: str
    received_at: datetime
    channel: str
    applicant_name: str
    service_title: str
    deadline: str
    due: datetime | None
    verify_url: str
    verify_code: str
    requirements: tuple[Requirement, ...] = ()
    warnings: tuple[str, ...] = ()
    fee: str = "Tidak dipungut biaya"
    office: Office = DINAS_SOSIAL


def render_verification_letter(letter: VerificationLetter) -> bytes:
    """The letter as a tagged PDF/A-2a, A4; its metadata hold the kind and the number only.

    Raises RenderingFailure, and ValueError where `verify_url` is not an HTTP address.
    """
    content = asdict(letter) | {
        "issued_on": indonesian_date(letter.issued_on),
        "findings": [line for line in letter.findings.splitlines() if line.strip()],
        "nip": _grouped_nip(letter.signatory.nip),
    }
    issued = datetime.combine(letter.issued_on, time(), _OFFICE_TIME)
    return _compile("verification_letter", content, letter.verify_url, issued)


def render_receipt(receipt: Receipt) -> bytes:
    """The receipt as a tagged PDF/A-2a, A4; its metadata hold the kind and the number only.

    Raises RenderingFailure, and ValueError where `verify_url` is not an HTTP address.
    """
    received = receipt.received_at.astimezone(_OFFICE_TIME)
    content = asdict(receipt) | {
        "received_at": _indonesian_moment(received),
        "received_on": indonesian_date(received.date()),
        "due": receipt.due and _indonesian_moment(receipt.due.astimezone(_OFFICE_TIME)),
    }
    return _compile("receipt", content, receipt.verify_url, received)


def letter_number(
    kind: DocumentKind,
    sequence: int,
    day: date,
    *,
    classification: str = "400.9",
    office: str = "Dinsos-Bjm",
) -> str:
    """The number of a letter, as `400.9/0007/SKHV/Dinsos-Bjm/XI/2026`.

    `classification` 400.9 is social affairs in Permendagri 83/2022; the month is Roman.
    Raises ValueError for a sequence below 1.
    """
    if sequence < 1:
        raise ValueError("a letter's sequence counts from 1")
    month = _ROMAN_MONTHS[day.month - 1]
    return f"{classification}/{sequence:04d}/{_ABBREVIATIONS[kind]}/{office}/{month}/{day.year}"


def indonesian_date(day: date, *, weekday: bool = False) -> str:
    """`21 November 2026`, or `Sabtu, 21 November 2026` with the day of the week."""
    text = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{_DAYS[day.weekday()]}, {text}" if weekday else text


def _indonesian_moment(moment: datetime) -> str:
    return f"{indonesian_date(moment.date(), weekday=True)}, pukul {moment:%H.%M} WITA"


def _grouped_nip(nip: str) -> str:
    """Birth date, appointment, sex, serial: the groups in which an NIP is written."""
    match = re.fullmatch(r"(\d{8})(\d{6})(\d)(\d{3})", nip)
    return " ".join(match.groups()) if match else nip


def _compile(
    template: str, content: Mapping[str, object], verify_url: str, created: datetime
) -> bytes:
    if not verify_url.startswith(("https://", "http://")):
        raise ValueError("the verify address is not an HTTP address")
    try:
        return typst.compile(
            _TEMPLATES / f"{template}.typ",
            root=_TEMPLATES,
            # Only what the wheel carries, so that every machine renders the same bytes.
            ignore_system_fonts=True,
            sys_inputs={"content": json.dumps(_printable(content)), "qr": _qr_code(verify_url)},
            # The archive's and the screen reader's: Typst refuses to export what breaks either.
            pdf_standards=["a-2a", "ua-1"],
            timestamp=created.replace(microsecond=0),
        )
    except typst.TypstError:
        # Typst quotes the text that it stumbled over: a name must not reach a log.
        raise RenderingFailure(f"the template {template} did not compile") from None


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
