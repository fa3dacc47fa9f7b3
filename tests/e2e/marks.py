"""Personal data that cannot be mistaken for anything else, and the eyes that look for it."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
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
    "reporter's name": "Hasanuddinsyah",
    "reporter's phone": "0852 3361 0947",
    "reporter's relation": "Sumbawaraya",
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
    "grounds for another visit": "Basirihkencana",
    "decision grounds": "Pelambuanwidya",
}
"""What is marked, and the part of the value that no other text has."""

LETTER = ("name", "nik", "street", "target institution", "decision grounds")
"""What stands in the letter, because its reader needs it."""

CALL_SCOPE = "requests.submit_request\nresident\nresident\n\n"
"""What every caller knows of the text that a resident's idempotency key becomes part of."""

_DIGESTS = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512)


def request_with_marks(attachments: Iterable[str], channel: str) -> dict[str, Any]:
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
            "name": f"H. {MARKS[chr(39).join(('reporter', 's name'))]}",
            "phone": MARKS["reporter's phone"],
            "relation": f"tetangga di {MARKS[chr(39).join(('reporter', 's relation'))]}",
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
    raw += b"\n".join(map(bytes.fromhex, map(bytes.decode, _HEX.findall(raw))))
    lower = raw.lower()
    return {
        what
        for what, mark in marks.items()
        if any(form in lower for form in _forms(mark)) or any(form in raw for form in _base64(mark))
    }


# PostgreSQL writes bytes in hexadecimal, an even number of digits.
_HEX = re.compile(rb"\\x((?:[0-9a-f]{2})+)")


def _forms(mark: str) -> set[bytes]:
    lower = mark.lower()
    texts = {lower, lower.replace(" ", ""), quote(lower), lower.replace(" ", "+")}
    forms = {text.encode() for text in texts} | {lower.encode("utf-16-be")}
    forms |= {each.encode().hex().encode() for each in (mark, lower)}
    guesses = (mark, mark.replace(" ", ""), CALL_SCOPE + mark)
    digests = [make(guess.encode()) for make in _DIGESTS for guess in guesses]
    forms |= {digest.hexdigest().encode() for digest in digests}
    return forms | {digest.digest().lower() for digest in digests}


def _base64(mark: str) -> set[bytes]:
    """The middle of its base64, which is the same for every third place that it can begin at."""
    forms = set()
    for place in range(3):
        encoded = base64.b64encode(b"\0" * place + mark.encode()).rstrip(b"=")
        forms.add(encoded[2 * (place > 0) + place : -1] if place else encoded[:-1])
    return forms
