"""A person's record as it is handed over: as JSON, and as a text in Indonesian and English."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from chassis.settings import SettingsError
from contracts.audit import Readings
from ops.subject import Found

ANSWERED_WITHIN = timedelta(hours=72)
"""UU 27/2022, art. 32: access to the data and to the trail of processing within 3x24 hours."""

OF_SERVICES = {
    "intake": ("Penerimaan permohonan", "Reception of requests"),
    "verification": ("Verifikasi", "Verification"),
    "data_request": ("Permintaan data", "Requests for data"),
    "complaints": ("Pengaduan dan survei", "Complaints and surveys"),
    "documents": ("Surat dan dokumen", "Letters and documents"),
    "notifications": ("Pemberitahuan", "Notifications"),
}

WITHHELD = {
    "reporter": ("pelapor (orang lain)", "the reporter (somebody else)"),
    "coordinations": ("koordinasi dengan pihak lain", "coordination with others"),
    "written": ("catatan internal kantor", "the office's internal notes"),
    "tables": ("tabel data (bukan data pemohon)", "data tables (not about the requester)"),
}

NOT_INCLUDED = (
    "Tidak termasuk: pengaduan orang lain tentang yang bersangkutan, dan keperluan orang lain yang "
    "ia laporkan.\n"
    "Not included: complaints of others about the person, and others' needs that they reported."
)


@dataclass(frozen=True, slots=True)
class Request:
    """When the person asked, who answers, and when. Moments are aware."""

    received_at: datetime
    made_at: datetime
    by: str

    @property
    def answer_by(self) -> datetime:
        """Until when the law wants the answer."""
        return self.received_at + ANSWERED_WITHIN

    @property
    def late(self) -> bool:
        """Whether the record was made after that."""
        return self.made_at > self.answer_by


def as_json(request: Request, found: Found, read: Readings) -> str:
    """The whole record for machines."""
    record = {
        "request": {
            "received_at": request.received_at.isoformat(),
            "answer_by": request.answer_by.isoformat(),
            "made_at": request.made_at.isoformat(),
            "by": request.by,
            "late": request.late,
        },
        "cases": found.numbers,
        "stored": {
            service: [case.model_dump(mode="json", exclude={"handed_over"}) for case in cases]
            for service, cases in found.parts.items()
        },
        "readings": [each.model_dump(mode="json") for each in read.readings],
        "unreadable_entries": read.broken,
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def as_text(request: Request, found: Found, read: Readings) -> str:
    """The same for the person."""
    return "\n".join(_lines(request, found, read)) + "\n"


@contextmanager
def new_files(*paths: Path) -> Iterator[list[IO[str]]]:
    """New files that only their owner can read; all of them, or none if anything fails meanwhile.

    Raises SettingsError.
    """
    with ExitStack() as undo:
        files = [_new(path, undo) for path in paths]
        yield files
        for path, file in zip(paths, files, strict=True):
            try:
                file.close()
            except OSError as error:
                raise _unwritten(path, error) from None
        undo.pop_all()


def _new(path: Path, undo: ExitStack) -> IO[str]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        file = os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8")
    except FileExistsError:
        raise SettingsError(f"{path} is there already; name another file") from None
    except OSError as error:
        raise _unwritten(path, error) from None
    undo.callback(_discard, path, file)
    return file


def _discard(path: Path, file: IO[str]) -> None:
    path.unlink(missing_ok=True)
    with suppress(OSError):  # what it still held need not be written
        file.close()


def _unwritten(path: Path, error: OSError) -> SettingsError:
    return SettingsError(f"{path} cannot be written: {error.strerror}")


def _lines(request: Request, found: Found, read: Readings) -> Iterator[str]:
    yield "CATATAN DATA PRIBADI / RECORD OF PERSONAL DATA"
    yield "Dinas Sosial Kota Banjarmasin - UU 27/2022"
    yield ""
    yield f"Permintaan diterima / request received : {_moment(request.received_at)}"
    late = " - TERLAMBAT / LATE" if request.late else ""
    yield f"Dijawab paling lambat / answer due by  : {_moment(request.answer_by)}{late}"
    yield f"Dibuat / made                          : {_moment(request.made_at)} ({request.by})"
    yield f"Layanan / cases                        : {', '.join(found.numbers)}"
    for service, cases in found.parts.items():
        if cases:
            in_id, in_en = OF_SERVICES[service]
            yield from ("", f"== {in_id} / {in_en} ==")
        for case in cases:
            yield f"{case.tracking_number}  ({case.state})"
            if case.erased:
                yield "  Data pribadi telah dihapus. / The personal data have been erased."
            yield from _written(case.data or {}, "  ")
            for name in case.withheld:
                in_id, in_en = WITHHELD[name]
                yield f"  Tidak ditampilkan / withheld: {in_id} / {in_en}"
    yield from ("", "== Siapa yang membaca / Who read it ==")
    for each in read.readings:
        fields = ", ".join(each.fields)
        yield f"{_moment(each.at)}  {each.tracking_number}  {each.actor} ({each.role})"
        yield f"  {each.purpose}: {fields}"
    if read.broken:
        indexes = ", ".join(map(str, read.broken))
        yield f"Tidak lengkap: catatan rusak. / Not complete: broken entries. ({indexes})"
    elif not read.readings:
        yield "Belum dibaca siapa pun. / Nobody has read it yet."
    yield from ("", NOT_INCLUDED)


def _written(value: Any, indent: str) -> Iterator[str]:
    """Nested values, a line each; what is empty is left out."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value, 1)
    for name, each in pairs:
        if each in (None, "", [], {}):
            continue
        if isinstance(each, (dict, list)):
            yield f"{indent}{name}:"
            yield from _written(each, indent + "  ")
        else:
            text = str(each).replace("\n", f"\n{indent}    ")
            yield f"{indent}{name}: {text}"


def _moment(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="minutes")
