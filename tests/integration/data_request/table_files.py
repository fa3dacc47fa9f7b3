"""Files that are no table to be given away, each made by hand for one reason."""

import io
import zipfile

from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MIB = 1024 * 1024


def _between(data, start, end, xml):
    head, _, rest = data.partition(start)
    return head + start + xml + end + rest.partition(end)[2]


def _saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows, **sheets):
    """An XLSX file with these rows in its first sheet, and these in others by name."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    return _saved(book)


def shown_as(form, number, epoch):
    """A number in the second column, shown in this format."""
    book = Workbook()
    book.epoch = epoch
    book.active.append(["Wilayah", "Jumlah"])
    book.active.append(["Barat", number])
    book.active["B2"].number_format = form
    return _saved(book)


def with_array_formula():
    """A formula that is no text but an object of the library's."""
    book = Workbook()
    book.active.append(["Wilayah", "Jumlah"])
    book.active.append(["Barat", 3])
    book.active["B3"] = ArrayFormula("B3:B4", "=B2:B3*2")
    return _saved(book)


def with_hidden_sheet():
    """A second sheet that nobody sees."""
    book = Workbook()
    for row in (["Wilayah", "Jumlah"], ["Barat", 30]):
        book.active.append(row)
    book.create_sheet("tersembunyi").append(["Rahasia"])
    book["tersembunyi"].sheet_state = "hidden"
    return _saved(book)


PLAIN = workbook(["Wilayah", "Jumlah"], ["Barat", 30])


def with_part(name, data, content=PLAIN):
    """The archive with one more part."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def changed(part, change, content=PLAIN, method=zipfile.ZIP_DEFLATED):
    """The archive with one part changed by a function of its bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(out, "w", method) as copy,
    ):
        for name in archive.namelist():
            data = archive.read(name)
            copy.writestr(name, change(data) if name == part else data)
    return out.getvalue()


def sheet_of(xml):
    """A workbook whose sheet holds this between its `sheetData`."""
    return changed(SHEET, lambda data: _between(data, b"<sheetData>", b"</sheetData>", xml))


def encrypted():
    """The flag of an encrypted part, in the part's own head and in the directory."""
    content = bytearray(PLAIN)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(signature, place + 1)
    return bytes(content)


def entities():
    """Entities that grow into gigabytes (billion laughs)."""
    levels = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    declared = b'<!DOCTYPE worksheet [<!ENTITY a0 "haha">' + levels + b"]>"
    return changed(SHEET, lambda data: data.replace(b"<worksheet", declared + b"<worksheet", 1))


def shared_strings():
    """A workbook whose texts lie beside its sheet, as the usual programs write it."""
    cells = (
        b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        b'<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>3</v></c></row>'
    )
    texts = b"".join(b"<si><t>%s</t></si>" % text for text in (b"Wilayah", b"Jumlah", b"Barat"))
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>'
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    typed = changed(
        "[Content_Types].xml",
        lambda data: data.replace(b"</Types>", part % kind),
        sheet_of(cells),
    )
    return with_part(STRINGS, MAIN % b"sst" + texts + b"</sst>", typed)


def grown(part, before, piece, times, after=b"</sheetData></worksheet>"):
    """A workbook with a part that repeats one piece; made without holding it in memory."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(PLAIN)) as archive,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in {*archive.namelist()} - {part}:
            copy.writestr(name, archive.read(name))
        with copy.open(part, "w") as grows:
            grows.write(before)
            for _ in range(times // 1000):
                grows.write(piece * 1000)
            grows.write(after)
    return out.getvalue()


def lying_directory():
    """A directory that says less than there is: ten bytes for a part of many megabytes."""
    content = BOMBS["cells in a sheet"]()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.getinfo(SHEET)
    true, said = sheet.file_size.to_bytes(4, "little"), (10).to_bytes(4, "little")
    return content.replace(true, said)


MAIN = b'<%s xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
SHEET_START = MAIN % b"worksheet" + b"<sheetData>"
ROW_END = b"</row></sheetData></worksheet>"
STYLES = MAIN % b"styleSheet" + b"<cellXfs>"
BOMBS = {
    "a long cell": lambda: grown(
        SHEET, SHEET_START + b"<row><c><v>", b"1", 60_000_000, b"</v></c>" + ROW_END
    ),
    "cells in a sheet": lambda: grown(
        SHEET, SHEET_START + b"<row>", b"<c><v>1</v></c>", 3_000_000, ROW_END
    ),
    "empty rows": lambda: grown(SHEET, SHEET_START, b"<row/>", 4_000_000),
    "shared strings": lambda: grown(
        STRINGS, MAIN % b"sst", b"<si><t>a</t></si>", 2_900_000, b"</sst>"
    ),
    "one shared string": lambda: grown(
        STRINGS, MAIN % b"sst" + b"<si><t>", b"a", 49_000_000, b"</t></si></sst>"
    ),
    "styles": lambda: grown(
        "xl/styles.xml", STYLES, b'<xf numFmtId="0"/>', 400_000, b"</cellXfs></styleSheet>"
    ),
    "a lying directory": lying_directory,
    "another part": lambda: grown("xl/media/image1.png", b"", b"\x00", 60_000_000, b""),
}
"""Files of some hundred kilobytes that would grow a hundredfold and more, by where they do."""


def under_the_ratio():
    """As many cells as the sizes allow, packed no tighter than people's own files."""
    lines = b"".join(
        b'<row><c t="inlineStr"><is><t>%x</t></is></c></row>' % (n * 2654435761 % 2**40)
        for n in range(300_000)
    )
    return sheet_of(lines)
