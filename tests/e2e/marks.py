"""Personal data that cannot be mistaken for anything else, and the eyes that look for it."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

MARKS: dict[str, str] = {
    "nik": "6371054509873947",
    "family card": "6371051811092836",
    "birth date": "1987-09-05",
    "name": "Zulaikhamarda",
    "street": "Wijayakasturi",
    "phone": "0813 4927 7185",
    "email": "qomarzulaikha",
    "target institution": "Purnadewantari",
    "notes": "Rengganismala",
    "reporter": "Hasanuddinsyah",
    "reporter phone": "0852 3361 0947",
    "relation": "Sumbawaraya",
    "checklist note": "Lampauwangian",
    "supplement note": "Kertaningpraja",
    "attachment": "Mandastanaloka",
    "photo": "Gambutkertajaya",
    "findings": "Tabalongsejati",
    "income": "173946285",
    "latitude": "3.31968421",
    "longitude": "114.59173826",
    "assessment grounds": "Alalakabumiraya",
    "team participant": "Kusumadilaganta",
    "team conclusion": "Sungaijingahloka",
    "send-back grounds": "Basirihkencana",
    "decision grounds": "Pelambuanwidya",
}
"""What is marked, and the part of its value that no other text has."""

FILES = {"attachment", "photo"}
"""Marks inside uploaded files."""

ON_THE_LETTER = {"name", "nik", "street", "target institution", "decision grounds"}
"""What the letter's reader needs."""

SCOPE_OF_A_KEY = "requests.submit_request\nresident\nresident\n\n"
"""What anyone can know of the text that a resident's idempotency key is taken into."""

_DIGESTS = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512)

# PostgreSQL writes bytes in hexadecimal.
_HEX = re.compile(rb"\\x((?:[0-9a-f]{2})+)")


def marked_request(attachments: Iterable[str], channel: str) -> dict[str, Any]:
    """The body of a submission in which every field that takes a text holds a mark."""
    return {
        "kind": "assistance_verification",
        "channel": channel,
        "purpose": "jamkesda",
        "target_institution": f"Klinik {MARKS['target institution']}",
        "applicant": {
            "name": f"{MARKS['name']} binti Amir",
            "nik": MARKS["nik"],
            "family_card": MARKS["family card"],
            "birth_date": MARKS["birth date"],
            "sex": "female",
            "phone": MARKS["phone"],
            "email": f"{MARKS['email']}@surel.example",
        },
        "address": {
            "street": f"Jl. {MARKS['street']} Gang 4 No. 77",
            "rt": "38",
            "rw": "2",
            "village": "63.71.03.1003",
        },
        "notes": f"Ibu {MARKS['notes']} akan dioperasi.",
        "reporter": {
            "name": f"H. {MARKS['reporter']}",
            "phone": MARKS["reporter phone"],
            "relation": f"tetangga di {MARKS['relation']}",
        },
        "attachments": list(attachments),
    }


def small_pdf(text: str) -> bytes:
    """A PDF that holds the text as it is."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
        f"4 0 obj<</Length {len(stream)}>>stream\n{stream}\nendstream endobj\n"
        "trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    ).encode()


def found(content: bytes | str, marks: Mapping[str, str] = MARKS) -> set[str]:
    """Which marks the content holds: as they are, encoded, or as a digest that can be guessed."""
    raw = content.encode() if isinstance(content, str) else content
    raw += b"\n".join(bytes.fromhex(digits.decode()) for digits in _HEX.findall(raw))
    lower = raw.lower()
    return {
        what
        for what, mark in marks.items()
        if any(form in lower for form in _forms(mark)) or any(form in raw for form in _base64(mark))
    }


@cache
def _forms(mark: str) -> frozenset[bytes]:
    lower = mark.lower()
    texts = {lower, lower.replace(" ", ""), lower.replace(" ", "+"), quote(lower)}
    forms = {text.encode() for text in texts} | {lower.encode("utf-16-be")}
    forms |= {each.encode().hex().encode() for each in (mark, lower)}
    guesses = (mark, mark.replace(" ", ""), SCOPE_OF_A_KEY + mark)
    for digest in (make(guess.encode()) for make in _DIGESTS for guess in guesses):
        forms |= {digest.hexdigest().encode(), digest.digest().lower()}
    return frozenset(forms)


@cache
def _base64(mark: str) -> frozenset[bytes]:
    """The part of its base64 that does not depend on what stands before and after it."""
    cut = (0, 2, 3)
    return frozenset(
        base64.b64encode(b"\0" * before + mark.encode()).rstrip(b"=")[cut[before] : -1]
        for before in range(3)
    )
