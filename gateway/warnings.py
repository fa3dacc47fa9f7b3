"""What the warnings of a registration say. None of them is a ground for refusal."""

from pydantic import BaseModel, ConfigDict


class Warned(BaseModel):
    """A warning by its code, in both languages."""

    model_config = ConfigDict(title="Warning")

    code: str
    text_id: str
    text_en: str


TEXTS: dict[str, tuple[str, str]] = {
    "nik_other_region": (
        "NIK pertama kali terdaftar di luar Kota Banjarmasin; petugas akan memeriksa domisili.",
        "The NIK was first registered outside Banjarmasin; an officer will check the residence.",
    ),
    "nik_birth_date_differs": (
        "Tanggal lahir berbeda dengan yang ada pada NIK; petugas akan memeriksanya.",
        "The birth date differs from the one in the NIK; an officer will check it.",
    ),
    "nik_sex_differs": (
        "Jenis kelamin berbeda dengan yang ada pada NIK; petugas akan memeriksanya.",
        "The sex differs from the one in the NIK; an officer will check it.",
    ),
    "likely_duplicate": (
        "Sudah ada permohonan lain untuk orang dan keperluan yang sama.",
        "There is another request for the same person and purpose.",
    ),
}

_OTHER = ("Petugas akan memeriksa hal ini.", "An officer will look at this.")


def warned(code: str) -> Warned:
    """The warning of that code; a code that this version does not know gets a general text."""
    text_id, text_en = TEXTS.get(code, _OTHER)
    return Warned(code=code, text_id=text_id, text_en=text_en)
