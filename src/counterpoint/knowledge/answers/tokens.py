"""A sentence cut into the pieces that a checker compares: words, numbers, signs, and the marks between clauses."""

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from counterpoint.knowledge.text.folding import folded

Kind = Literal["word", "number", "date", "sign", "mark"]

_DATE = r"\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}"
_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f.,'\u2019]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_ELIDED = r"(?:[ldjmtnsc]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu)['\u2019](?=\w|\Z)"
_WORD = r"[^\W\d_]\w*(?:['\u2019](?:t|s|re|ve|ll)\b)?"
CURRENCIES = (
    r"$\u00a2-\u00a5\u058f\u060b\u07fe\u07ff\u09f2\u09f3\u09fb\u0af1\u0bf9\u0e3f\u17db\u20a0-\u20cf\ua838\ufdfc\ufe69\uff04"
    r"\uffe0\uffe1\uffe5\uffe6\U00011fdd-\U00011fe0\U0001e2ff\U0001ecb0"
)
"""Every sign of money, as a set of a regular expression."""
_COMPARED = rf"(?=\s*(?:[-\u2212.]?\d|[{CURRENCIES}])|\Z)"
_SIGN = (
    rf"[%°²\u2103\u2109\u2264\u2265\u2248±{CURRENCIES}]|\+/-|<=?{_COMPARED}|(?<![-=])>=?{_COMPARED}|~{_COMPARED}"
    r"|(?<![\w])[-\u2212](?=\d)"
)
_PIECE = re.compile(
    rf"(?P<date>{_DATE})|(?P<number>{_NUMBER})|(?P<elided>{_ELIDED})|(?P<word>{_WORD})"
    rf"|(?P<sign>{_SIGN})"
    r"|(?P<mark>[.,;:!?()\[\]«»\"“”|\n\u2013\u2014/…•-])",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"'s$")


class Token(msgspec.Struct, frozen=True):
    """`folded`: small letters without accents. `capital`: it begins with a great letter."""

    kind: Kind
    folded: str
    start: int
    end: int
    capital: bool = False


def fold(text: str) -> str:
    """Small letters without accents, one sign for the apostrophe."""
    return folded(text.replace("\u2019", "'"))


def tokens(text: str) -> list[Token]:
    """All of them, in order."""
    found = []
    for match in _PIECE.finditer(text):
        name = match.lastgroup or "mark"
        written = match.group()
        plain = fold(written) if name in {"word", "elided"} else written
        if name == "word":
            plain = _POSSESSIVE.sub("", plain)
        kind: Kind = "word" if name == "elided" else name  # type: ignore[assignment]  # the groups' names
        found.append(Token(kind, plain, match.start(), match.end(), written[0].isupper()))
    return found


Phrases = dict[str, list[tuple[tuple[str, ...], str]]]
"""By their first word: the words of a phrase, and what it means."""


def phrases(meanings: dict[str, Sequence[str]]) -> Phrases:
    """What `find` looks for: the longest first."""
    found: Phrases = {}
    for meaning, entries in meanings.items():
        for entry in entries:
            words = tuple(token.folded for token in tokens(entry))
            found.setdefault(words[0], []).append((words, meaning))
    for each in found.values():
        each.sort(key=lambda one: -len(one[0]))
    return found


def at(pieces: Sequence[Token], index: int, wanted: Phrases) -> tuple[int, str] | None:
    """The longest phrase that begins there: how many tokens it has, and what it means."""
    for words, meaning in wanted.get(pieces[index].folded, ()):
        if len(words) == 1 or tuple(each.folded for each in pieces[index : index + len(words)]) == words:
            return len(words), meaning
    return None


def find(pieces: Sequence[Token], wanted: Phrases) -> list[tuple[int, int, str]]:
    """Where phrases stand: from, to, meaning; none within another."""
    found, index = [], 0
    while index < len(pieces):
        here = at(pieces, index, wanted)
        if here:
            found.append((index, index + here[0], here[1]))
            index += here[0]
        else:
            index += 1
    return found
