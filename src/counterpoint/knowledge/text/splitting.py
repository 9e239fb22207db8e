"""Where sentences begin and end, exactly: no sign but white space lies between two of them."""

import re
from typing import Final

from counterpoint.knowledge.text.lists import abbreviations, openers

_PARAGRAPH: Final = re.compile(r"\n[ \t\r\u00a0]*\n\s*")
_BULLETS: Final = "-*+\u2022\u2023\u25aa\u25cf\u25e6\u2043\u2013\u2014\uf0b7"
_NEW_LINE: Final = re.compile(
    rf"\n(?=[ \t\u00a0]*(?:[{_BULLETS}]\s|\(?(?:\d{{1,3}}|[a-zA-Z])[.)\u00b0]\s|\#{{1,6}}\s|\||>))"
    r"|\n(?=[^\n]*\s\|\s)"
)
"""A line that begins an item of a list, a heading, a quotation, or is a row of a table."""
_SIGNS: Final = ".!?\u2026\u203d\u3002\uff01\uff1f"
_CAPITAL, _SMALL = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0152", "a-z\u00df-\u00f6\u00f8-\u00ff\u0153"
_WORD_AHEAD: Final = rf"(?=[{_CAPITAL}][{_SMALL}]*[ \u00a0'\u2019])"
_END: Final = re.compile(
    rf"(?<![{_SIGNS}])(?P<sign>[{_SIGNS}]++)"
    r"(?P<closing>(?:[\u00a0\u202f ]?\u00bb|[\"\u201d\u2019')\]])*+)"
    r"(?:(?P<space>\s+)"
    r"|(?P<wide>(?<=[\u3002\uff01\uff1f]))"
    rf"|(?P<stuck>{_WORD_AHEAD}))"
    rf"|(?P<item>(?:(?<=[;\u2026])|(?<=[ \u00a0\u202f]:))(?=[{_CAPITAL}][{_SMALL}'\u2019]))"
    rf"|(?P<bare>(?<=[{_SMALL})]){_WORD_AHEAD})"
)
"""`stuck`, `item`, `bare`: where a page lost its line ends, the next sentence or item begins without a space."""
_LINE_END: Final = re.compile(r"\n")
_TABLE_ROW: Final = re.compile(r"\s\|\s")
_LAST_WORD: Final = re.compile(r"(?:[^\W_]\.)*[^\W_]+$")
_NEXT_WORD: Final = re.compile(r"[\u00ab\u201c\"'(\[\s]*([^\W_]+)")
_MARKER: Final = re.compile(
    r"[\s(\[*#>\u2022\u2013\u2014-]*(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxlcIVXLC]{1,5})"
)
_GOES_ON: Final = frozenset(",;:)")
_WORD: Final = 24
_SHORT: Final = 2
_LETTERS_THAT_TELL: Final = 60
_CAPITALS: Final = 0.004


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Where each begins and ends. A heading, an item of a list and a row of a table is one too."""
    found: list[tuple[int, int]] = []
    for start, end in _cut(text, 0, len(text), _PARAGRAPH):
        small = _without_capitals(text[start:end])
        for line_start, line_end in _cut(text, start, end, _NEW_LINE):
            found.extend(_of_line(text, line_start, line_end, language, small=small))
    return found


def _cut(text: str, start: int, end: int, border: re.Pattern[str]) -> list[tuple[int, int]]:
    cuts = [(match.start(), match.end()) for match in border.finditer(text, start, end)]
    edges = zip([start, *(after for _, after in cuts)], [*(before for before, _ in cuts), end], strict=True)
    return [span for span in (_trimmed(text, *edge) for edge in edges) if span[0] < span[1]]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _of_line(text: str, start: int, end: int, language: str, *, small: bool) -> list[tuple[int, int]]:
    if _TABLE_ROW.search(text, start, end):
        return _cut(text, start, end, _LINE_END)
    found: list[tuple[int, int]] = []
    for match in _END.finditer(text, start, end):
        if match.start() < start or not _ends(text, start, match, language, small=small):
            continue
        cut = match.start("space") if match["space"] else match.end()
        found.append((start, cut))
        start = match.end()
    last = _trimmed(text, start, end)
    return [*found, last] if last[0] < last[1] else found


def _without_capitals(paragraph: str) -> bool:
    """Some texts were put into small letters: there a small letter may begin a sentence."""
    letters = sum(sign.isalpha() for sign in paragraph)
    capitals = sum(sign.isupper() for sign in paragraph)
    return letters >= _LETTERS_THAT_TELL and capitals <= letters * _CAPITALS


def _ends(text: str, start: int, match: re.Match[str], language: str, *, small: bool) -> bool:
    """Is this the end of a sentence that began at `start`?"""
    if match["item"] is not None:
        return True
    following = _NEXT_WORD.match(text, match.end())
    word = following[1] if following and following.start() == match.end() else ""
    if match["stuck"] is not None or match["bare"] is not None:
        return word in openers(language) or (match["sign"] == "." and _plain_word(text, start, match.start()))
    if (word[:1].islower() and not small) or text[match.end() : match.end() + 1] in _GOES_ON:
        return False
    if match["sign"] != "." or match["closing"]:
        return True
    return not _abbreviated(text, start, match.start(), word, language)


def _plain_word(text: str, start: int, stop: int) -> bool:
    """Does a word in small letters end here? Not `Node.js`, not `Media.Vision`, not `p.Suivante`."""
    last = _LAST_WORD.search(text, max(start, stop - _WORD), stop)
    return last is not None and len(last[0]) > _SHORT and last[0].isalpha() and last[0].islower()


def _abbreviated(text: str, start: int, stop: int, word: str, language: str) -> bool:
    """Does the full stop at `stop` belong to an abbreviation, an initial or a list's number?"""
    if _MARKER.fullmatch(text, start, stop):
        return True
    last = _LAST_WORD.search(text, max(start, stop - _WORD), stop)
    if last is None:
        return False
    before = last[0]
    if before in abbreviations("never", language):
        return True
    if before in abbreviations("number", language):
        return word[:1].isdigit()
    initial = (len(before) == 1 and before.isupper()) or "." in before
    return (initial or before in abbreviations("perhaps", language)) and word not in openers(language)
