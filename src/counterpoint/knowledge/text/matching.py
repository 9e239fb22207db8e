"""Where a quotation stands in a text, and where a question's words do.

A quotation is found letter by letter. What parsing, typesetting and models change without changing a word is let pass:
white space, quotes, dashes and ligatures of another kind, soft hyphens and words hyphenated at a line's end, composed
or decomposed accents, the case of the first letter, an ellipsis between two pieces. Nothing looser: another digit,
another word or half a word is another text.
"""

import re
import unicodedata
from array import array
from collections.abc import Collection, Iterator
from functools import cached_property, lru_cache
from itertools import islice
from typing import Final, Literal

from counterpoint.knowledge.text.terms import ELIDED, stems_of, tokens

_DROPPED: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_ALIKE: Final = {
    **dict.fromkeys("\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033\uff02", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4\uff07", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys(_DROPPED, ""),
    "\u2026": "...",
    "\u0153": "oe",
    "\u0152": "Oe",
    "\u00e6": "ae",
    "\u00c6": "Ae",
}
_LIGATURES: Final = range(0xFB00, 0xFB07)
_ELLIPSIS: Final = re.compile(r"[\[(]\s*(?:\u2026|\.{3,})\s*[\])]|\u2026|\.{3,}")
_HYPHENATED: Final = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad][ \t]*\r?\n\s*(?=[^\W\d_])")
_DOUBLE: Final = '"\u00ab\u00bb\u201c\u201d\u201e'
_ABOUT: Final = re.compile(rf"(?<!\s)\s+(?=[;:!?%\u20ac)\]{_DOUBLE}]|[,.](?!\d))|(?<=[(\[{_DOUBLE}])\s+")
"""White space that typesetting puts beside a sign, or does not."""
_MARKS: Final = "\u00ab\u00bb\u201c\u201d\u201e\"'\u2018\u2019"
_LEAST: Final = 10
"""Characters of a piece beside an ellipsis: less than this stands anywhere."""
_FARTHEST: Final = 600
"""Characters that an ellipsis may stand for."""
_TRIES: Final = 50

_Way = Literal["", "-", " "]
"""What a hyphen at a line's end is taken for: nothing, itself, or itself and a space."""


class Searched:
    """A text in which many quotations are looked for: what searching makes of it is made once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain: dict[_Way, _Plain] = {}

    def find(self, quote: str) -> tuple[int, int] | None:
        """From where to where it stands, the first time; `None` if it does not."""
        if not any(sign.isalnum() for sign in quote):
            return None
        exact = _whole(quote, self._text)
        if exact:
            return exact
        ways: tuple[_Way, ...] = ("", "-", " ") if self._hyphenated or _HYPHENATED.search(quote) else ("",)
        for way in ways:
            there = self._as(way)
            for wanted in dict.fromkeys((quote, quote.strip().strip(_MARKS))):
                found = _as_one(wanted, there, way) or _in_pieces(wanted, there, way)
                if found:
                    return found
        return None

    @cached_property
    def _hyphenated(self) -> bool:
        return _HYPHENATED.search(self._text) is not None

    def _as(self, way: _Way) -> "_Plain":
        if way not in self._plain:
            self._plain[way] = _Plain(self._text, way)
        return self._plain[way]


def highlights(text: str, terms: Collection[str], language: str) -> list[tuple[int, int]]:
    """The words of a text, in this language, that a question's terms (`question_terms`) meet."""
    wanted = frozenset(terms)
    found: list[tuple[int, int]] = []
    for start, end, words in tokens(text):
        if not any(wanted.intersection(stems_of(word, language)) for word in words):
            continue
        elided = ELIDED.match(text, start, end)
        found.append((elided.end() if elided else start, end))
    return found


def _whole(quote: str, text: str) -> tuple[int, int] | None:
    quote = quote.strip()
    return next(((at, at + len(quote)) for at in islice(_places(quote, text, 0), 1)), None)


def _places(quote: str, text: str, start: int) -> Iterator[int]:
    """Where it stands and begins and ends no word, and no number, in the middle."""
    at = text.find(quote, start)
    for _ in range(_TRIES):
        if at < 0:
            return
        if not _inside(text, at) and not _inside(text, at + len(quote)):
            yield at
        at = text.find(quote, at + 1)


def _inside(text: str, at: int) -> bool:
    """Does this border lie within a word or a number?"""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if unicodedata.combining(after):
        return True
    if _in_word(before) and _in_word(after):
        return True
    return bool(_NUMBER_GOES_ON.match(text[max(0, at - 5) : at][::-1] + _BORDER + text[at : at + 5]))


_BORDER: Final = "\uffff"
_NUMBER_GOES_ON: Final = re.compile(
    rf"\d[^{_BORDER}]*{_BORDER}[.,]\d"
    rf"|[.,]\d[^{_BORDER}]*{_BORDER}\d"
    rf"|\d{{1,3}}(?!\d)[^{_BORDER}]*{_BORDER}[ \u00a0\u202f\u2009]\d{{3}}(?!\d)"
    rf"|[ \u00a0\u202f\u2009]\d{{1,3}}(?!\d)[^{_BORDER}]*{_BORDER}\d{{3}}(?!\d)"
    rf"|[-\u2212](?:[\s(][^{_BORDER}]*)?{_BORDER}\d"
)
"""What stands before a border, backwards, then what stands behind it."""


def _in_word(sign: str) -> bool:
    return sign.isalnum() and not "\u3040" <= sign <= "\u9fff"


class _Plain:
    """A text with everything of one kind, and where each of its signs comes from."""

    def __init__(self, text: str, way: _Way) -> None:
        gone = {at: "" for match in _ABOUT.finditer(text) for at in range(*match.span())}
        for match in _HYPHENATED.finditer(text):
            gone.update(dict.fromkeys(range(*match.span()), ""))
            gone[match.start()] = "- " if way == " " else way
        signs: list[str] = []
        self._from = array("I")
        spaced = True
        for at, sign in enumerate(text):
            plain = gone[at] if at in gone else " " if sign.isspace() else _plain(sign)
            if plain == " " and spaced:
                continue
            spaced = plain.endswith(" ") if plain else spaced
            signs.append(plain)
            self._from.extend([at] * len(plain))
        self.text = "".join(signs)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """In the text itself."""
        return self._from[start], self._from[end - 1] + 1


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    alike = _ALIKE.get(sign)
    if alike is not None:
        return alike
    return unicodedata.normalize("NFKD" if ord(sign) in _LIGATURES else "NFD", sign)


def _as_one(quote: str, there: _Plain, way: _Way) -> tuple[int, int] | None:
    for wanted in _spellings(quote, way):
        for at in _places(wanted, there.text, 0):
            return there.span(at, at + len(wanted))
    return None


def _spellings(quote: str, way: _Way) -> list[str]:
    """As it is, and with its first letter in the other case."""
    wanted = _Plain(quote, way).text.strip()
    first = next((at for at, sign in enumerate(wanted) if sign.isalnum()), None)
    if first is None:
        return []
    other = wanted[:first] + wanted[first].swapcase() + wanted[first + 1 :]
    return list(dict.fromkeys((wanted, other)))


def _in_pieces(quote: str, there: _Plain, way: _Way) -> tuple[int, int] | None:
    """Pieces around an ellipsis, in order and near each other."""
    pieces = [piece for piece in _ELLIPSIS.split(quote) if piece.strip()]
    if len(pieces) == 1 and pieces[0] != quote:
        return _as_one(pieces[0], there, way)
    spelled = [_spellings(piece, way) for piece in pieces]
    if len(pieces) < 2 or any(not one or len(one[0]) < _LEAST for one in spelled):
        return None
    for first in spelled[0]:
        for start in _places(first, there.text, 0):
            end = _following(spelled[1:], there.text, start + len(first))
            if end is not None:
                return there.span(start, end)
    return None


def _following(pieces: list[list[str]], text: str, end: int) -> int | None:
    for piece in pieces:
        nearest = [at + len(one) for one in piece for at in islice(_places(one, text, end), 1)]
        if not nearest or min(nearest) - end > _FARTHEST + len(piece[0]):
            return None
        end = min(nearest)
    return end
