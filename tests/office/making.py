"""Small files of every kind, made here, so that tests say what is in them."""

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
)
RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
RELATION = (
    '<Relationship Id="{id}" Target="{target}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def archive(parts: dict[str, str | bytes]) -> bytes:
    """A zip file of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def relations(*targets: tuple[str, str, str]) -> str:
    """Of ids, kinds and targets."""
    return RELATIONS.format("".join(RELATION.format(id=i, kind=k, target=t) for i, k, t in targets))


def word(body: str, styles: str = "", **parts: str) -> bytes:
    """A docx with this body of WordprocessingML; `parts`: footnotes, comments and the like by name."""
    spaces = f'xmlns:w="{WORD}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES.format(
            part="word/document.xml", kind="wordprocessingml.document"
        ),
        "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {spaces}>{styles}</w:styles>",
        "word/_rels/document.xml.rels": relations(
            ("s", "styles", "styles.xml"), *((name, name, f"{name}.xml") for name in parts)
        ),
    }
    whole |= {
        f"word/{name}.xml": f"<w:{name} {spaces}>{content}</w:{name}>" for name, content in parts.items()
    }
    return archive(whole)


def paragraph(text: str, style: str = "", properties: str = "") -> str:
    """A paragraph of WordprocessingML."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def workbook(
    sheets: dict[str, Sequence[str]], formats: Sequence[str] = (), strings: Sequence[str] = ()
) -> bytes:
    """An xlsx: of each sheet its rows, of SpreadsheetML; `formats`: number formats, `s="1"` the first of them."""
    names = list(sheets)
    listed = "".join(f'<sheet name="{escape(n)}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(names, 1))
    space = f'xmlns="{SHEET}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    patterns = "".join(
        f'<numFmt numFmtId="{200 + i}" formatCode="{escape(f)}"/>' for i, f in enumerate(formats)
    )
    cells = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{200 + i}"/>' for i in range(len(formats)))
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES.format(part="xl/workbook.xml", kind="spreadsheetml.sheet"),
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"<workbook {space}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            *((f"r{i}", "worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(names) + 1)),
            ("s", "styles", "styles.xml"),
            ("t", "sharedStrings", "sharedStrings.xml"),
        ),
        "xl/styles.xml": f"<styleSheet {space}><numFmts>{patterns}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f"<sst {space}>{shared}</sst>",
    }
    for number, rows in enumerate(sheets.values(), 1):
        data = "".join(rows)
        whole[f"xl/worksheets/sheet{number}.xml"] = (
            f"<worksheet {space}><sheetData>{data}</sheetData></worksheet>"
        )
    return archive(whole)


def row(number: int, **cells: str | float) -> str:
    """A row of SpreadsheetML: cells by column, `B=5`, `C="0.5;1"` for a number with the first format."""
    written = []
    for column, value in cells.items():
        at = f"{column}{number}"
        if isinstance(value, str) and ";" in value:
            amount, style = value.split(";")
            written.append(f'<c r="{at}" s="{style}"><v>{amount}</v></c>')
        elif isinstance(value, str):
            written.append(f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
        else:
            written.append(f'<c r="{at}"><v>{value}</v></c>')
    return f'<row r="{number}">{"".join(written)}</row>'


Word = tuple[float, float, float, str]
"""From the left, from above, the size, and what is written."""


def pdf(
    *pages: Sequence[Word],
    size: tuple[float, float] = (600, 800),
    rotate: int = 0,
    bold: bool = False,
    title: str = "",
) -> bytes:
    """A PDF with these words on its pages."""
    font = "Helvetica-Bold" if bold else "Helvetica"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{4 + 2 * i} 0 R' for i in range(len(pages)))}] /Count {len(pages)} >>",
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>",
    ]
    for number, words in enumerate(pages):
        written = "".join(
            f"BT /F1 {height} Tf 1 0 0 1 {left} {size[1] - top} Tm ({_literal(text)}) Tj ET\n"
            for left, top, height, text in words
        )
        objects += [
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Rotate {rotate}"
                f" /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
            ),
            f"<< /Length {len(written.encode('cp1252'))} >>\nstream\n{written}\nendstream",
        ]
    objects.append(f"<< /Title ({_literal(title)}) >>" if title else "<< >>")
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\n".encode()
    out += f"startxref\n{start}\n%%EOF".encode()
    return bytes(out)


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of streams by path, at most one folder deep. Streams shorter than 4096 bytes are filled up with
    zeros, so that no second kind of sector is needed."""
    sectors: list[bytes] = []
    table: list[int] = []

    def keep(content: bytes) -> int:
        start = len(sectors)
        pieces = [content[at : at + 512].ljust(512, b"\x00") for at in range(0, len(content), 512)]
        sectors.extend(pieces)
        table.extend([*range(start + 1, start + len(pieces)), 0xFFFFFFFE])
        return start

    entries: list[list[Any]] = [["Root Entry", 5, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE, 0]]
    last: dict[str, int] = {}
    for path, content in streams.items():
        folder, _, name = path.rpartition("/")
        for above, each, kind in (("", folder, 1), (folder, name, 2)):
            if not each or (kind == 1 and each in last):
                continue
            filled = content.ljust(4096, b"\x00")
            start = keep(filled) if kind == 2 else 0
            entries.append([each, kind, 0xFFFFFFFF, 0xFFFFFFFF, start, len(filled) if kind == 2 else 0])
            number = len(entries) - 1
            # A chain to the right instead of a tree.
            before = last.get(f"{above}//")
            parent = next((i for i, e in enumerate(entries) if e[0] == above and e[1] == 1), 0)
            entries[before if before is not None else parent][2 if before is not None else 3] = number
            last[f"{above}//"] = number
            if kind == 1:
                last[each] = number
    directory = b""
    for name, kind, right, below, start, length in entries:
        wide = str(name).encode("utf-16-le")
        directory += struct.pack(
            "<64sHBBIII36xIII", wide, len(wide) + 2, kind, 1, 0xFFFFFFFF, right, below, start, length, 0
        )
    begins = keep(directory)
    count = (len(table) + 127) // 127 + 1
    table += [0xFFFFFFFD] * count
    first = len(sectors)
    packed = struct.pack(f"<{len(table)}I", *table).ljust(count * 512, b"\xff")
    sectors += [packed[at : at + 512] for at in range(0, count * 512, 512)]
    numbers = [*range(first, first + count)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack(
        "<16xHHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, count, begins, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    return header + struct.pack(f"<{len(numbers)}I", *numbers).ljust(436, b"\xff") + b"".join(sectors)
