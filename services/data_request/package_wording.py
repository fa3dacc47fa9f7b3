"""What a data package says of itself, in Indonesian and English. Pure."""

from datetime import datetime

from contracts.data_request import SmallCells
from contracts.intake import Purpose
from standards.catalogue import ServiceStandard
from standards.wording import Text, moment_text

PURPOSES = {
    Purpose.SOCIAL_WELFARE_DEVELOPMENT: Text(
        "Pembangunan kesejahteraan sosial", "Social-welfare development"
    ),
    Purpose.ACADEMIC_RESEARCH: Text("Penelitian akademik", "Academic research"),
}

_SUPPRESSED = Text(
    'Jumlah dari 1 sampai di bawah {number} ditulis "<{number}".',
    'Counts from 1 to below {number} are written as "<{number}".',
)
_FLAGGED = Text(
    'Jumlah dari 1 sampai di bawah {number} ditandai dengan "*".',
    'Counts from 1 to below {number} are marked with "*".',
)
_COMPLEMENTARY = Text(
    "Pengungkapan melalui jumlah total tidak diperiksa: nilai yang disamarkan mungkin masih dapat "
    "dihitung dari baris atau kolom jumlah.",
    "Disclosure through totals is not attended to: a suppressed value may still be reckoned from a "
    "row or column of sums.",
)
_TITLE = Text("PAKET DATA KESEJAHTERAAN SOSIAL", "SOCIAL-WELFARE DATA PACKAGE")
_LABELS = {
    "office": Text("Diserahkan oleh", "Given by"),
    "number": Text("Nomor permohonan", "Request"),
    "edition": Text("Edisi", "Edition"),
    "made_at": Text("Dibuat", "Made"),
    "standard": Text("Standar pelayanan", "Service standard"),
    "purpose": Text("Tujuan", "Purpose"),
    "source": Text("Sumber data", "Source of the data"),
    "method": Text("Metode", "Method"),
    "small_cells": Text("Jumlah kecil", "Small counts"),
    "tables": Text("Tabel", "Tables"),
    "terms": Text("Ketentuan pemanfaatan", "Terms of use"),
}
_FORMAT = Text(
    "Berkas CSV memakai UTF-8 dan pemisah koma. SHA-256 tiap berkas ada di manifest.json.",
    "The CSV files are in UTF-8, with commas. The SHA-256 of each file is in manifest.json.",
)


def small_cell_rule(how: SmallCells, smallest: int) -> Text:
    """What was done with counts below the standard's threshold."""
    return (_SUPPRESSED if how is SmallCells.SUPPRESS else _FLAGGED).fill(number=smallest)


def complementary() -> Text:
    """That a suppressed count may be reckoned back from a sum."""
    return _COMPLEMENTARY


def read_me(
    standard: ServiceStandard,
    *,
    tracking_number: str,
    edition: int,
    purpose: Purpose,
    source: str,
    method: str,
    how: SmallCells,
    smallest_cell: int,
    made_at: datetime,
    tables: dict[str, str],
) -> str:
    """The text to read first, Indonesian above English; `tables` are titles by file name."""
    rule = small_cell_rule(how, smallest_cell).then(Text(" ", " ")).then(_COMPLEMENTARY)
    title = Text(standard.title_id, standard.title_en)
    decree = Text(f" (SK {standard.decree}, {standard.version})", f" ({standard.version})")
    facts = {
        "office": Text(standard.contact.office_id, standard.contact.office_en),
        "number": Text(tracking_number, tracking_number),
        "edition": Text(str(edition), str(edition)),
        "made_at": moment_text(made_at),
        "standard": title.then(decree),
        "purpose": PURPOSES[purpose],
        "source": Text(source, source),
        "method": Text(method, method),
        "small_cells": rule,
    }
    terms = [
        Text(t.text_id, t.text_en) for t in (standard.release.terms if standard.release else ())
    ]
    listed = [Text(*[f"{file}: {name}"] * 2) for file, name in tables.items()]
    return (
        "\n\n".join(
            _page(language, facts, {"tables": listed, "terms": terms}) for language in ("id", "en")
        )
        + "\n"
    )


def _page(language: str, facts: dict[str, Text], lists: dict[str, list[Text]]) -> str:
    def say(text: Text) -> str:
        return str(getattr(text, language))

    lines = [say(_TITLE), ""]
    lines += [f"{say(_LABELS[key])}: {say(fact)}" for key, fact in facts.items()]
    for key, items in lists.items():
        lines += ["", f"{say(_LABELS[key])}:", *(f"- {say(item)}" for item in items)]
    return "\n".join([*lines, "", say(_FORMAT)])
