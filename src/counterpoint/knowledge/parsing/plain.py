"""Text as it is, and how bytes become characters where nothing says how."""

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.draft import Draft

_BULLET = re.compile("^\\s*(?:[-*•‣▪\u2013·]|\\d{1,3}[.)])\\s+(?=\\S)")
_MEANT: Final = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
"""What is declared by the name of a smaller set (https://encoding.spec.whatwg.org/#names-and-labels)."""
_WEST: Final = "cp1252"
"""Windows' Latin, the likeliest in French and English where nothing says another."""
_LEAST_ODD: Final = 12
"""Bytes beyond ASCII from which on they tell anything."""
_NO_TEXT: Final = ("utf_", "cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140")
"""Guesses that are none here: what a byte order mark or zeros would have told, and those of IBM's large machines."""
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
                return data.decode(_MEANT.get(codecs.lookup(encoding).name, encoding))
        except (LookupError, ValueError):
            continue
    if b"\x00" in data[:4096]:
        even = data[:4096:2].count(0)
        return data.decode("utf-16-be" if even > len(data[:4096]) // 4 else "utf-16-le", "replace")
    if _is_nearly_utf8(data):
        return data.decode("utf-8", _ODD)
    return data.decode(_guessed(data[:200_000]), "replace")


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether it breaks off within a letter, or has a few bytes of another encoding in it: no other has so much that
    fits."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = len(text) - wrong - len(text.encode("ascii", "ignore"))
    return right > 0 and right >= 4 * (wrong - text.endswith("\ufffd"))


def _guessed(data: bytes) -> str:
    """Texts in Latin letters have few others: where there are many, it is looked for which they are."""
    odd = len(data) - len(data.decode("ascii", "ignore"))
    if odd < _LEAST_ODD or odd * 4 < len(data):
        return _WEST
    best = from_bytes(data).best()
    return best.encoding if best is not None and not best.encoding.startswith(_NO_TEXT) else _WEST


def _as_in_the_west(error: UnicodeError) -> tuple[str, int]:
    """For bytes that are no UTF-8 among others that are."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.end == len(error.object) and error.reason == "unexpected end of data":
        return "", error.end
    return error.object[error.start : error.end].decode(_WEST, "replace"), error.end


_ODD: Final = "counterpoint.odd"
codecs.register_error(_ODD, _as_in_the_west)


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
