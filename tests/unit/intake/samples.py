"""A submission, a checklist and files to work with; nobody in them exists."""

import struct
import zlib

from contracts.intake import (
    Address,
    Applicant,
    Requester,
    RequirementCheck,
    SubmitDataRequest,
    SubmitRequest,
)

NIK = "6371034505850003"
NAME = "Nurhalizah Contoh"
STREET = "Jalan Belitung Darat Gang Keluarga 17"
PHONE = "081250001234"
REQUIREMENTS = ("resident", "identity_document", "institution_documents")


def submission(nik=NIK, name=NAME, village="63.71.03.1003", **parts):
    """A submission at the counter; applicant's and other parts may be replaced."""
    applicant = Applicant(
        name=name,
        nik=nik,
        family_card="6371030101150001",
        birth_date=parts.pop("birth_date", "1985-05-05"),
        sex=parts.pop("sex", "female"),
        phone=PHONE,
    )
    usual = {
        "kind": "assistance_verification",
        "channel": "counter",
        "purpose": "jamkesda",
        "target_institution": "RSUD Sultan Suriansyah",
        "applicant": applicant,
        "address": Address(street=STREET, rt="021", rw="002", village=village),
    }
    return SubmitRequest(**usual | parts)


def application(**parts):
    """A request for data by a student; requester's and other parts may be replaced."""
    person = {
        "name": "Rahmat Contoh",
        "institution": "Universitas Lambung Mangkurat",
        "position": "Mahasiswa",
        "email": "rahmat@example.ac.id",
    }
    person |= parts.pop("requester", {})
    usual = {
        "channel": "web",
        "purpose": "academic_research",
        "use": "Skripsi tentang kemiskinan kota",
        "data_types": ("Jumlah penerima bantuan per kecamatan", "Lansia terlantar"),
        "coverage": "Kota Banjarmasin",
        "years": (2024, 2025),
        "letter": "8c8e1c0e-7d4b-4d0e-8b3a-0a4f6a1f2b3c",
        "requester": Requester(**person),
    }
    return SubmitDataRequest(**usual | parts)


def checklist(**judged):
    """The standard's checklist, all fulfilled but those named as not."""
    return tuple(
        RequirementCheck(requirement=each, fulfilled=judged.get(each, True))
        for each in REQUIREMENTS
    )


def pdf(text="Kartu Keluarga"):
    """A file with the structure of a PDF."""
    return f"%PDF-1.7\n1 0 obj\n<< /Note ({text}) >>\nendobj\nstartxref\n0\n%%EOF\n".encode()


def png(width=1, height=1):
    """A grey picture."""
    pixels = zlib.compress((b"\x00" + b"\x80" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def jpeg():
    """A file with the segments of a JPEG: start, frame, scan, end."""
    frame = _segment(0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
    scan = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x52\xff\x00\x13"
    return b"\xff\xd8" + _segment(0xE0, b"JFIF\x00" + b"\x00" * 9) + frame + scan + b"\xff\xd9"


def webp():
    """A RIFF container with the first chunk of a lossless WebP."""
    body = b"WEBP" + b"VP8L" + struct.pack("<I", 6) + b"\x2f\x00\x00\x00\x00\x07"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(kind, data):
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum


def _segment(marker, data):
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data
