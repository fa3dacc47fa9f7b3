"""The data package: tables, manifest and a text to read first, in one ZIP archive. Pure.

The same contents give the same archive to the byte: names in order, one time for all.
"""

import hashlib
import io
import json
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.data_request import PackageDetail, PackagedFile, SmallCells
from contracts.errors import ErrorCode, Refusal
from contracts.intake import Purpose
from services.data_request.csv_files import write_csv
from services.data_request.package_wording import PURPOSES, complementary, read_me, small_cell_rule
from services.data_request.small_cells import Treated, treat
from services.data_request.table import Table
from standards.catalogue import ServiceStandard

MAX_PACKAGE_BYTES = 6 * 1024 * 1024

MANIFEST, READ_ME = "manifest.json", "BACA_README.txt"

_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that ZIP knows; when the package was made stands in the manifest."""

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_ENDINGS = re.compile(r"\.(csv|xlsx|txt|tsv)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a package is made of. `tables` are (name, table); `made_at` is aware, in office time."""

    tracking_number: str
    edition: int
    standard: ServiceStandard
    purpose: Purpose
    source: str
    method: str
    how: SmallCells
    smallest_cell: int
    made_at: datetime
    tables: tuple[tuple[str, Table], ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """A finished package and what is in it."""

    content: bytes
    sha256: str
    files: tuple[PackagedFile, ...]
    suppressed: int
    flagged: int

    def described(self, contents: Contents, by: str) -> PackageDetail:
        """What is kept and told of it; `by` is a user name."""
        return PackageDetail(
            edition=contents.edition,
            sha256=self.sha256,
            size=len(self.content),
            files=self.files,
            data_source=contents.source,
            data_method=contents.method,
            small_cells=contents.how,
            suppressed_cells=self.suppressed,
            flagged_cells=self.flagged,
            prepared_by=by,
            prepared_at=contents.made_at,
        )


def build_archive(contents: Contents) -> Archive:
    """The archive; raises a refusal with payload_too_large above 6 MiB."""
    names = _file_names([name for name, _ in contents.tables])
    treated = {
        file: treat(table, contents.smallest_cell, contents.how)
        for file, (_, table) in zip(names, contents.tables, strict=True)
    }
    files = {file: write_csv(each.table) for file, each in treated.items()}
    titles = dict(zip(names, (name for name, _ in contents.tables), strict=True))
    files[READ_ME] = _read_me(contents, titles)
    manifest = _manifest(contents, titles, treated, files)
    files[MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"
    content = _zipped(files)
    if len(content) > MAX_PACKAGE_BYTES:
        raise Refusal(ErrorCode.PAYLOAD_TOO_LARGE, limit=MAX_PACKAGE_BYTES)
    return Archive(
        content=content,
        sha256=_sha256(content),
        files=tuple(
            PackagedFile(name=name, sha256=_sha256(files[name]), size=len(files[name]))
            for name in sorted(files)
        ),
        suppressed=sum(each.suppressed for each in treated.values()),
        flagged=sum(each.flagged for each in treated.values()),
    )


def _read_me(contents: Contents, titles: dict[str, str]) -> bytes:
    text = read_me(
        contents.standard,
        tracking_number=contents.tracking_number,
        edition=contents.edition,
        purpose=contents.purpose,
        source=contents.source,
        method=contents.method,
        how=contents.how,
        smallest_cell=contents.smallest_cell,
        made_at=contents.made_at,
        tables=titles,
    )
    return text.replace("\n", "\r\n").encode()


def _manifest(
    contents: Contents,
    titles: dict[str, str],
    treated: dict[str, Treated],
    files: dict[str, bytes],
) -> dict[str, Any]:
    standard, purpose = contents.standard, PURPOSES[contents.purpose]
    rule, warning = small_cell_rule(contents.how, contents.smallest_cell), complementary()
    return {
        "tracking_number": contents.tracking_number,
        "edition": contents.edition,
        "made_at": contents.made_at.isoformat(timespec="seconds"),
        "standard": {"id": standard.id, "version": standard.version, "decree": standard.decree},
        "purpose": {"id": contents.purpose.value, "text_id": purpose.id, "text_en": purpose.en},
        "data_source": contents.source,
        "data_method": contents.method,
        "small_cells": {
            "rule": contents.how.value,
            "below": contents.smallest_cell,
            "suppressed": sum(each.suppressed for each in treated.values()),
            "flagged": sum(each.flagged for each in treated.values()),
            "text_id": rule.id,
            "text_en": rule.en,
            "complementary_disclosure": "not_attempted",
            "complementary_text_id": warning.id,
            "complementary_text_en": warning.en,
        },
        "terms_of_use": [
            {"id": term.id, "text_id": term.text_id, "text_en": term.text_en}
            for term in (standard.release.terms if standard.release else ())
        ],
        "files": [
            _described(name, files[name], titles.get(name), treated.get(name))
            for name in sorted(files)
        ],
    }


def _described(
    name: str, content: bytes, title: str | None, treated: Treated | None
) -> dict[str, Any]:
    described: dict[str, Any] = {"name": name, "sha256": _sha256(content), "size": len(content)}
    if treated is not None:
        described |= {
            "title": title,
            "rows": len(treated.table.rows),
            "columns": [*treated.table.columns],
            "suppressed_cells": treated.suppressed,
            "flagged_cells": treated.flagged,
        }
    return described


def _file_names(names: list[str]) -> list[str]:
    """A name of plain letters for each table's file, no two alike."""
    given: list[str] = []
    for name in names:
        plain = unicodedata.normalize("NFKD", _ENDINGS.sub("", name.strip()))
        stem = _NOT_IN_NAMES.sub("_", plain).strip("._-") or "tabel"
        file, again = f"{stem}.csv", 1
        while file.casefold() in {each.casefold() for each in given}:
            again += 1
            file = f"{stem}_{again}.csv"
        given.append(file)
    return given


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=_FIRST_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
