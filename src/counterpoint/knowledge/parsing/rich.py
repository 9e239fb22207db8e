"""The text of a message's rich text: compressed as [MS-OXRTFCP] says, HTML within it or not ([MS-OXRTFEX])."""

import re
import struct
from typing import Final

_DICTIONARY: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS"
    b" Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20"
    b"\\b\\i\\u\\tab\\tx"
)
MOST_BYTES: Final = 20 * 1024 * 1024
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)
_SKIPPED: Final = {
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"htmltag", b"themedata",
    b"listtable", b"listoverridetable", b"generator", b"fldinst", b"mhtmltag", b"pntext",
}  # fmt: skip
_BREAKS: Final = {
    b"par": "\n",
    b"line": "\n",
    b"tab": " ",
    b"cell": " ",
    b"row": "\n",
    b"emdash": "—",
    b"endash": "\u2013",
}
_QUOTES: Final = {b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•"}  # noqa: RUF001


def text_of_compressed(data: bytes) -> str:
    """What a reader sees of it."""
    return text_of_rtf(decompressed(data))


def decompressed(data: bytes) -> bytes:
    """The rich text itself; what is left of it where the data end too early."""
    if len(data) < 16:
        return b""
    size, kind = struct.unpack_from("<I4s", data, 4)
    if kind == b"MELA":
        return data[16 : 16 + size]
    ring = bytearray(_DICTIONARY.ljust(4096, b" "))
    write, at, out = len(_DICTIONARY), 16, bytearray()
    while at < len(data) and len(out) < min(size, MOST_BYTES):
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                break
            if not control >> bit & 1:
                piece = data[at : at + 1]
                at += 1
            else:
                reference = int.from_bytes(data[at : at + 2], "big")
                at += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == write:
                    return bytes(out)
                piece = b""
                for step in range(length):
                    # The ring may overlap what is being written: byte by byte.
                    byte = ring[(offset + step) % 4096]
                    piece += bytes((byte,))
                    ring[write] = byte
                    write = (write + 1) % 4096
                out += piece
                continue
            ring[write : write + 1] = piece
            write = (write + 1) % 4096
            out += piece
    return bytes(out)


def text_of_rtf(data: bytes) -> str:
    """Its characters; groups that hold no text of the document are left out."""
    pieces: list[str] = []
    skipped, depth = 0, 0
    stand_in = _StandIn()
    for token in _TOKEN.finditer(data):
        coded, word, number, sign, brace, plain = token.groups()
        if brace:
            depth += 1 if brace == b"{" else -1
            skipped = 0 if depth < skipped else skipped
        elif skipped:
            continue
        elif sign == b"*" or word in _SKIPPED:
            skipped = depth
        elif coded or plain:
            pieces.append(stand_in.shown(bytes((int(coded, 16),)) if coded else plain))
        elif word:
            pieces.append(stand_in.unicode(word, number) or _BREAKS.get(word) or _QUOTES.get(word) or "")
        elif sign:
            pieces.append({b"~": " ", b"_": "-", b"-": ""}.get(sign, sign.decode("latin-1")))
    return "".join(pieces)


class _StandIn:
    """What stands after a character in Unicode for readers that know none, and is not shown to those that do."""

    def __init__(self) -> None:
        self._length = 1
        self._left = 0

    def unicode(self, word: bytes, number: bytes | None) -> str:
        """The character, if the word is one."""
        if word == b"uc" and number:
            self._length = min(max(int(number), 0), 10)
        if word != b"u" or not number:
            return ""
        self._left = self._length
        return chr(int(number) % 65536)

    def shown(self, plain: bytes) -> str:
        """Characters, without those that only stand in."""
        left = self._left
        self._left = max(0, left - len(plain))
        return plain[left:].decode("cp1252", "replace")
