"""Text as it is, and how bytes become characters where nothing says how."""

import re

from charset_normalizer import from_bytes

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.draft import Draft

_BULLET = re.compile("^\\s*(?:[-*•‣▪\u2013·]|\\d{1,3}[.)])\\s+(?=\\S)")
_UNDERLINE = re.compile(r"^\s*[=\-~_*]{4,}\s*$")


def characters(data: bytes, declared: str = "") -> str:
    """Bytes as text: by what was declared, a byte order mark, UTF-8, or the likeliest of the older encodings."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    for encoding in (declared, "utf-8"):
        try:
            if encoding:
                return data.decode(encoding)
        except (LookupError, ValueError):
            continue
    if b"\x00" in data[:4096]:
        even = data[:4096:2].count(0)
        return data.decode("utf-16-be" if even > len(data[:4096]) // 4 else "utf-16-le", "replace")
    best = from_bytes(data[:200_000]).best()
    # Windows' Latin is the likeliest in French and English where no other fits better.
    encoding = (
        best.encoding
        if best is not None and not best.encoding.startswith(("cp125", "iso8859", "latin"))
        else "cp1252"
    )
    return data.decode(encoding, "replace")


def read(data: bytes) -> Parsed:
    """Paragraphs between empty lines, lists by their marks."""
    draft = Draft()
    add_text(draft, characters(data))
    return draft.finish()


def add_text(draft: Draft, text: str) -> None:
    """Adds plain text: what stands between empty lines is a paragraph, a line with a bullet an item."""
    paragraph: list[str] = []

    def flush() -> None:
        draft.add("paragraph", "\n".join(paragraph))
        paragraph.clear()

    for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n"):
        if not line.strip():
            flush()
        elif _UNDERLINE.match(line):
            if len(paragraph) == 1 and len(paragraph[0]) < 120 and line.strip()[0] in "=-~":
                draft.add("heading", paragraph[0], level=1 if line.strip()[0] == "=" else 2)
                paragraph.clear()
            flush()
        elif _BULLET.match(line):
            flush()
            paragraph.append(line)
            if not line.startswith((" ", "\t")) or len(line) < 400:
                draft.add("item", line, level=1)
                paragraph.clear()
        else:
            paragraph.append(line)
    flush()
