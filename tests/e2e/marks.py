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
"""What is marked of an aid request, and the part of its value that no other text has."""

DATA_MARKS: dict[str, str] = {
    "requester": "Fathurrahmanjaya",
    "institution": "Antasaritamaka",
    "requester position": "Kandidatmuda",
    "requester nik": "6371021203915846",
    "requester phone": "0821 5738 2064",
    "requester email": "fathurdwipayana",
    "requester address": "Veteransembilan",
    "use": "Penerapansawala",
    "data type": "Disabilitaskarsa",
    "coverage": "Kelayanselatan",
    "letter": "Suratmahabhakti",
    "requester notify email": "jukungmartapura",
    "requester notify whatsapp": "0857 5190 4463",
    "requester notify telegram": "739184620571",
    "disposition note": "Telaahkayutangi",
    "question": "Rincianbincarung",
    "clarification": "Cukupkecamatanta",
    "rejection": "Penolakandharma",
    "table": "Rekapbaritokuala",
    "table heading": "Golonganpasarlama",
    "table cell": "Murungraya Tebing",
    "data source": "Sumberintansari",
    "data method": "Tabulasimangkupa",
    "office signature": "Hj. Noordiniyah",
    "office position": "Pejabatlimpasu",
    "requester signature": "Gazalipranata",
    "data survey words": "Ramahsekalibanua",
}
"""Of a request for data."""

COMPLAINT_MARKS: dict[str, str] = {
    "complainant": "Maimunahsaputri",
    "complainant nik": "6371044608827315",
    "complainant address": "Belitungdaratlaut",
    "complainant phone": "0838 6204 9157",
    "complainant email": "maimunahkeraton",
    "matter": "Pungutanlanting",
    "evidence": "Kuitansibasambu",
    "complainant notify email": "galuhbanjarsari",
    "complainant notify whatsapp": "0878 4316 0295",
    "complainant notify telegram": "264850917338",
    "check note": "Tunjukkanbuktiya",
    "complaint supplement": "Kejadiankamisan",
    "partner": "Kelurahanmelayu",
    "coordination question": "Siapapenerimanya",
    "coordination answer": "Ketuapanitianya",
    "escalation": "Menyangkutpejabat",
    "lapor number": "88214607395",
    "lapor words": "Disposisiinspektur",
    "response": "Permohonanmaafkami",
    "resolution": "Uangnyakembalikan",
    "rating": "Lambatsekalisaja",
    "reopening": "Belumsayaterimanya",
    "complaint survey words": "Loketnyasempitnian",
}
"""Of a complaint."""

EVERY_MARK = {**MARKS, **DATA_MARKS, **COMPLAINT_MARKS}

FILES = {"attachment", "photo", "letter", "evidence"}
"""Marks inside uploaded files."""

ADDRESSES = {what for what in EVERY_MARK if " notify " in what}
"""How somebody wants to be told: for the one who tells, and nobody else."""

SURVEYS = {"data survey words", "complaint survey words"}

_OF_THE_PACKAGE = {"use", "data type", "coverage", "data source", "data method", "table"}

ON_PAPER: dict[str, set[str]] = {
    "receipt": {"name"},
    "verification_letter": {"name", "nik", "street", "target institution", "decision grounds"},
}
ON_DATA_PAPER: dict[str, set[str]] = {
    "receipt": {"requester", "institution"},
    "handover_draft": {"requester", "requester position", "institution", *_OF_THE_PACKAGE},
    "handover_record": {
        *("office signature", "office position"),
        *("requester signature", "requester position", "institution"),
        *_OF_THE_PACKAGE,
    },
}
ON_COMPLAINT_PAPER: dict[str, set[str]] = {
    "receipt": {"complainant"},
    "complaint_response": {"complainant", "complainant address", "response"},
}
"""What the reader of each paper needs."""

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


def notified(whose: str) -> list[dict[str, str]]:
    """Every way of being told, each with a marked address."""
    mark = {way: EVERY_MARK[f"{whose} notify {way}"] for way in ("email", "whatsapp", "telegram")}
    mark["email"] += "@surel.example"
    return [{"way": way, "address": address} for way, address in mark.items()]


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


def found(content: bytes | str, marks: Mapping[str, str] = EVERY_MARK) -> set[str]:
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
