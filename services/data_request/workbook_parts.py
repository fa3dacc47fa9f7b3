"""What of an XLSX file is let through to the reader: the parts of its sheets, looked over before.

An XLSX file is a ZIP archive of XML, and may be a bomb as either. So sizes are summed up from the
archive's directory before anything is unpacked, real bytes are counted while it is, and elements
while the XML is scanned; the reader then gets an archive of just the parts that passed.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from xml.parsers import expat

from services.data_request.table import MAX_CELLS, Reason, TableRefused

MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 200
"""Deflate packs up to 1032 : 1; what people enter stays far below this."""

SMALL = 1024 * 1024
"""Bytes of which the ratio tells nothing, and the longest piece of XML between two elements."""

MAX_PARTS = 500
MAX_ELEMENTS = 1_500_000
MAX_OTHER_ELEMENTS = 50_000
"""For styles and the like, which the reader makes an object of each of."""

_CHUNK = 65_536
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Those of a workbook; others do not unpack piece by piece."""

_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/sharedStrings\.xml|xl/styles\.xml|xl/theme/[^/]+\.xml|xl/worksheets/[^/]+\.xml"
)
_CELLS = re.compile(r"xl/worksheets/|xl/sharedStrings")
_ACTIVE = re.compile(
    r"vbaproject|vbadata|macrosheets/|dialogsheets/|externallinks/|activex/|embeddings/"
    r"|/connections\.xml|querytables/"
)
_NESTED = re.compile(r"\.(zip|xlsx|xlsm|xlsb|docx|7z|rar|gz)$")
_ACTIVE_TYPES = re.compile(rb"macroEnabled|vbaProject|externalLink", re.IGNORECASE)


def passed_parts(content: bytes) -> io.BytesIO:
    """An archive of the parts that the reader needs; raises TableRefused.

    Macros, links to elsewhere and embedded objects are refused as formulas are: what the file
    shows would not be what it holds.
    """
    passed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(archive.infolist(), len(content))
            with zipfile.ZipFile(passed, "w", zipfile.ZIP_STORED) as copy:
                _copy(archive, copy)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        # RuntimeError is how the library meets an encrypted part.
        raise TableRefused(Reason.NOT_A_TABLE) from None
    passed.seek(0)
    return passed


def _check_directory(parts: list[zipfile.ZipInfo], packed: int) -> None:
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > max(SMALL, min(MAX_UNPACKED, packed * MAX_RATIO)):
        raise TableRefused(Reason.TOO_LARGE)
    if len({name.casefold() for name in names}) != len(names):
        raise TableRefused(Reason.NOT_A_TABLE)
    if any(part.compress_type not in _METHODS for part in parts):
        raise TableRefused(Reason.NOT_A_TABLE)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise TableRefused(Reason.NOT_A_TABLE)
    for name in names:
        if _ACTIVE.search(name.casefold()):
            raise TableRefused(Reason.FORMULA)
        if _NESTED.search(name.casefold()):
            raise TableRefused(Reason.NOT_A_TABLE)


def _copy(archive: zipfile.ZipFile, copy: zipfile.ZipFile) -> None:
    budget = _Budget()
    for part in archive.infolist():
        if not _NEEDED.fullmatch(part.filename):
            continue
        scan = _Scan(budget, cells=bool(_CELLS.match(part.filename)))
        unpacked = bytearray()
        with archive.open(part) as source:
            while chunk := source.read(_CHUNK):
                budget.take_bytes(len(chunk))
                scan.feed(chunk)
                unpacked += chunk
        scan.feed(b"", last=True)
        if part.filename == "[Content_Types].xml" and _ACTIVE_TYPES.search(unpacked):
            raise TableRefused(Reason.FORMULA)
        copy.writestr(zipfile.ZipInfo(part.filename), bytes(unpacked))


class _Budget:
    """How much more of a file may come: bytes, elements, and rows, cells and texts of each."""

    def __init__(self) -> None:
        self.bytes_left = MAX_UNPACKED
        self.elements: Counter[str] = Counter()
        self.others = 0

    def take_bytes(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise TableRefused(Reason.TOO_LARGE)

    def check(self) -> None:
        most = max((self.elements[name] for name in ("c", "row", "si")), default=0)
        if (
            most > MAX_CELLS
            or self.elements.total() > MAX_ELEMENTS
            or self.others > MAX_OTHER_ELEMENTS
        ):
            raise TableRefused(Reason.TOO_LARGE)


class _Scan:
    """One part's XML, looked over as it is unpacked."""

    def __init__(self, budget: _Budget, *, cells: bool) -> None:
        self._budget = budget
        self._cells = cells
        self._silent = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._element
        self._parser.StartDoctypeDeclHandler = self._document_type

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        """Raises TableRefused."""
        self._silent += len(chunk)
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError:
            raise TableRefused(Reason.NOT_A_TABLE) from None
        if self._silent > SMALL:
            raise TableRefused(Reason.TOO_LARGE)
        self._budget.check()

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self._silent = 0
        if self._cells:
            self._budget.elements[name.rpartition(":")[2]] += 1
        else:
            self._budget.others += 1

    def _document_type(self, *declared: object) -> None:
        # No spreadsheet has one; entities that grow are made with it.
        raise TableRefused(Reason.NOT_A_TABLE)
