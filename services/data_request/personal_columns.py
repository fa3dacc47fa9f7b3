"""Columns that point to persons: numbers of identity and family cards, names, addresses. Pure.

Data are given for welfare development and research without personal data (UU 27/2022, art. 4).
"""

import re
import unicodedata
from collections.abc import Iterable

from services.data_request.card_numbers import is_nik, numbers_in

FEW_CELLS = 3
"""So many cells with 16 digits make a column one of personal numbers,"""

SHARE = 0.05
"""or such a share of the cells that say something, or one true NIK."""

SHORTEST = len("6,37E+15")
"""Characters; most cells are shorter and need no closer look."""

_EXPONENT = re.compile(r"[0-9][.,][0-9]+E\+?15", re.IGNORECASE)
_WORDS = re.compile(r"[^a-z0-9]+")
_TWICE = re.compile(r"\b([a-z]+) \1\b")
"""A plural: "nama-nama"."""

_MOBILE = re.compile(
    r"(?<![0-9.,a-fA-F])(?:(?:\+62[\s.\-]?\(?0?|0)8[\s.\-]?[1-9](?:[\s.\-()/]{0,2}[0-9]){5,10}"
    r"|62[\s\-]?8[1-9](?:[\s\-]?[0-9]){6,10})(?![0-9a-fA-F])"
)
_MOBILE_AS_NUMBER = re.compile(r"8[1-9][0-9]{8,10}")
"""A spreadsheet drops the 0; an amount of so many rupiah ends in zeros."""

_MAIL = re.compile(r"[^\s@]@[^\s@.]+(?:\.[^\s@.]+)*\.[a-z]{2}", re.IGNORECASE)

_NUMBER_OF = r"(?:(?:no|nomor|nomer|number|nmr) )"
_CARD = (
    r"(?:nik|ktp|e ktp|kk|kartu keluarga|kartu tanda penduduk|induk kependudukan|identitas"
    r"|bpjs|jkn|kip|kis|kks|pkh|dtks|dtsen|paspor|sim|npwp|rekening|rek"
    r"|hp|handphone|telepon|telpon|telp|tlp|wa|whatsapp|ponsel|kontak)"
)
_PHONE = (
    r"(?:hp|handphone|telepon|telpon|telp|tlp|wa|whatsapp|ponsel|phone|mobile|kontak|contacts?)"
)
_NOT_OF_PERSONS = (
    r"(?:kecamatan|kec|kelurahan|kel|desa|kota|kabupaten|kab|provinsi|prov|wilayah|daerah|kampung"
    r"|jalan|tempat|lokasi|pasar|program|kegiatan|bantuan|layanan|pelayanan|jenis|kategori|data"
    r"|indikator|variabel|kolom|tabel|panti|lembaga|instansi|organisasi|yayasan|lks|lksa|lkks|dinas"
    r"|opd|skpd|bidang|seksi|sekolah|kampus|universitas|puskesmas|posyandu|rumah sakit|perusahaan"
    r"|bank|toko|barang|pelatihan|komunitas|kelompok|kube)"
)
"""What else has a name."""

_WHOSE = (
    r"(?:lengkap|lgkp|panggilan|alias|ortu|orang|ibu|ayah|bapak|anak|balita|lansia|kepala|keluarga"
    r"|kk|krt|art|anggota|penerima|pemohon|pelapor|pengurus|warga|individu|penduduk|suami|istri"
    r"|wali|responden|siswa|peserta|pasien|korban|klien|kpm|pmks|ppks|pendamping|petugas)"
)
_HEADINGS = re.compile(
    rf"nik(?: .*)?|niks?|{_NUMBER_OF}{_CARD}(?: .*)?|ktp|e ktp|kartu keluarga|npwp|paspor"
    rf"|{_PHONE}(?: .*)?|(?:nama|nm)[0-9]*(?: (?!{_NOT_OF_PERSONS}\b).*)?|(?:nama|nm){_WHOSE}.*"
    r"|(?:(?:full|first|last|middle|family|recipient|beneficiary|applicant|resident) ?)?names?"
    r"|alamat(?: .*)?|address(?:es)?|street|e ?mails?(?: .*)?|surel(?: .*)?"
    r"|(?:tanggal|tgl|tempat|tmp|tmpt|hari) lahir"
    r"|(?:tempat|tmp|tmpt)(?: dan)? (?:tanggal|tgl) lahir"
    r"|ttl|tgl lhr|birth ?date|date of birth|dob|birthday|national id|id number"
)


def is_personal_heading(heading: str) -> bool:
    """Whether a column so called holds what points to a person, whatever is in its cells.

    Counts of persons, families or cards ("Jumlah KK") and names of places do not.
    """
    words = _WORDS.sub(" ", _seen(heading).casefold()).strip()
    return _HEADINGS.fullmatch(_TWICE.sub(r"\1", words)) is not None


def holds_personal_numbers(cells: Iterable[str]) -> bool:
    """Whether the cells that say something hold numbers as of identity or family cards.

    As text or number, with letters around, with anything between the digits, or as a spreadsheet
    shortens them.
    """
    full = found = 0
    for cell in cells:
        full += 1
        if len(cell) < SHORTEST:
            continue
        numbers = numbers_in(cell)
        if any(map(is_nik, numbers)):
            return True
        found += bool(numbers) or _EXPONENT.fullmatch(_seen(cell).strip()) is not None
    return _are_many(found, full)


def holds_mobile_numbers(cells: Iterable[str]) -> bool:
    """Whether enough cells hold numbers of mobile phones: +62, 62 or 0, then 8."""
    full = found = 0
    for cell in cells:
        full += 1
        if len(cell) < SHORTEST:
            continue
        text = _seen(cell)
        as_number = _MOBILE_AS_NUMBER.fullmatch(text) and not text.endswith("000")
        found += bool(as_number or _MOBILE.search(text))
    return _are_many(found, full)


def holds_mail(cells: Iterable[str]) -> bool:
    """Whether an e-mail address stands in a cell."""
    return any("@" in text and _MAIL.search(text) for text in map(_seen, cells))


def _are_many(found: int, full: int) -> bool:
    return found >= FEW_CELLS or (found > 0 and found >= SHARE * full)


def _seen(cell: str) -> str:
    if cell.isascii():
        return cell
    text = unicodedata.normalize("NFKC", cell)
    return "".join(char for char in text if unicodedata.category(char) != "Cf")
