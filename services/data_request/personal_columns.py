"""Columns that point to persons: numbers of identity and family cards, names, addresses. Pure.

Data are given for welfare development and research without personal data (UU 27/2022, art. 4).
"""

import re
import unicodedata
from collections.abc import Iterable

from standards.national_id import InvalidNik, holds_number, parse_nik

FEW_CELLS = 3
"""So many cells with 16 digits make a column one of personal numbers,"""

SHARE = 0.05
"""or such a share of the cells that say something, or one true NIK."""

SHORTEST = len("6,37E+15")
"""Characters; most cells are shorter and need no closer look."""

_SEPARATORS = re.compile(r"[\s.\-_/']")
_EXPONENT = re.compile(r"[0-9][.,][0-9]+E\+?15", re.IGNORECASE)
_WORDS = re.compile(r"[^a-z0-9]+")

_NUMBER_OF = r"(?:(?:no|nomor|nomer|number|nmr) )"
_CARD = (
    r"(?:nik|ktp|e ktp|kk|kartu keluarga|kartu tanda penduduk|induk kependudukan|identitas"
    r"|bpjs|jkn|kip|kis|kks|pkh|dtks|dtsen|paspor|sim|npwp|rekening|rek"
    r"|hp|handphone|telepon|telpon|telp|tlp|wa|whatsapp|ponsel|kontak|kk nik|nik kk)"
)
_WHOSE = (
    r"(?:lengkap|panggilan|alias|orang tua|orangtua|ibu|kandung|ayah|bapak|anak|balita|lansia"
    r"|kepala|keluarga|rumah tangga|kk|krt|art|anggota|penerima|manfaat|bantuan|pemohon|pelapor"
    r"|pengurus|warga|individu|orang|penduduk|suami|istri|wali|responden|siswa|peserta|pasien"
    r"|penyandang|disabilitas|korban|klien|kpm|pmks|ppks|pendamping|petugas|siswa|mahasiswa)"
)
_HEADINGS = re.compile(
    rf"nik(?: .*)?|niks?|{_NUMBER_OF}{_CARD}(?: {_WHOSE})*|ktp|e ktp|kartu keluarga|npwp|paspor"
    r"|hp|handphone|telepon|telpon|telp|tlp|wa|whatsapp|ponsel|phone(?: .*)?|mobile(?: .*)?"
    rf"|nama(?: {_WHOSE})*|nama ktp|nama sesuai .*|name|full ?name|first name|last name"
    r"|alamat(?: .*)?|address|street|e ?mail(?: .*)?|alamat e ?mail|surel"
    r"|(?:tanggal|tgl|tempat|tmp|tmpt|hari) lahir"
    r"|(?:tempat|tmp|tmpt)(?: dan)? (?:tanggal|tgl) lahir"
    r"|ttl|tgl lhr|birth ?date|date of birth|dob|birthday|national id|id number"
)


def is_personal_heading(heading: str) -> bool:
    """Whether a column so called holds what points to a person, whatever is in its cells.

    Counts of persons, families or cards ("Jumlah KK") and names of places do not.
    """
    text = unicodedata.normalize("NFKC", heading).casefold()
    return _HEADINGS.fullmatch(_WORDS.sub(" ", text).strip()) is not None


def holds_personal_numbers(cells: Iterable[str]) -> bool:
    """Whether the cells that say something hold numbers as of identity or family cards.

    As text or number, also with spaces, dots or dashes, or as a spreadsheet shortens them.
    """
    full = found = 0
    for cell in cells:
        full += 1
        number = _sixteen_digits(cell)
        if number is None:
            continue
        found += 1
        if _is_nik(number):
            return True
    return found >= FEW_CELLS or (found > 0 and found >= SHARE * full)


def _sixteen_digits(cell: str) -> str | None:
    if len(cell) < SHORTEST:
        return None
    text = unicodedata.normalize("NFKC", cell)
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    bare = _SEPARATORS.sub("", text)
    digits = "".join(str(unicodedata.digit(char, "x")) for char in bare)
    if len(digits) == 16 and digits.isascii() and digits.isdigit():
        return digits
    if _EXPONENT.fullmatch(text.strip()):
        return "0" * 16
    if len(text) >= 16 and holds_number(text):
        match = re.search(r"(?<![0-9])[0-9]{16}(?![0-9])", text)
        return match.group() if match else None
    return None


def _is_nik(digits: str) -> bool:
    try:
        parse_nik(digits)
    except InvalidNik:
        return False
    return True
