"""From text to terms: what the index counts and what a question is taken apart into.

Accents are folded before the stem is taken, and endings that only an accent can have made are stemmed as what they are
(`employee` can only be `employée`): so a text with accents and a question without meet at the same stem. Compounds,
identifiers and references (`R. 4121-2`, `ISO-27001`, `e-mail`, `getUserName`) become one term for the whole, written
without what joins them, and one for each part that has a subject of its own.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import Stemmer

from counterpoint.knowledge.text.folding import folded
from counterpoint.knowledge.text.languages import language_of
from counterpoint.knowledge.text.lists import LANGUAGES, Language, languages_for, stop_words

_WORD: Final = r"(?:[^\W_][\u0300-\u036f\u00ad\u200c\u200d]*)+"
_WIDE: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
"""Scripts without spaces between words: each sign is a term."""
_JOINTS: Final = "-\u2010\u2011_'\u2019\u02bc&@."
_TOKEN: Final = re.compile(
    rf"(?P<number>(?<![^\W_])\d{{1,3}}(?:[\u00a0\u202f\u2009 ]\d{{3}})+(?:[.,]\d+)?(?![^\W_]))"
    rf"|(?P<article>\b[LRDA]\.?[ \u00a0\u202f]?\*?\d+(?:-\d+)*\b)"
    rf"|(?P<code>\b[A-Za-z](?:\+\+|\#))"
    rf"|(?P<wide>[{_WIDE}])"
    rf"|(?P<plain>{_WORD}(?:(?:[{_JOINTS}]|(?<=\d)[,/:](?=\d)){_WORD})*)"
)
ELIDED: Final = re.compile(
    r"^(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu)['\u2019\u02bc](?=\w)", re.IGNORECASE
)
_POSSESSIVE: Final = re.compile(r"['\u2019\u02bc]s$", re.IGNORECASE)
_SEPARATE: Final = re.compile(rf"[{_JOINTS},/:]")
_CAPITAL: Final = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0152"
_SMALL: Final = "a-z\u00df-\u00f6\u00f8-\u00ff\u0153"
_HUMPS: Final = re.compile(rf"[{_CAPITAL}]+(?![{_SMALL}])|[{_CAPITAL}]?[{_SMALL}]+|\d+|[^\W\d_]+")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL: Final = re.compile(r"\d+[.,]\d+")
_CLITICS: Final = frozenset(
    {
        "t",
        "il",
        "elle",
        "ils",
        "elles",
        "on",
        "je",
        "tu",
        "nous",
        "vous",
        "ce",
        "ci",
        "la",
        "y",
        "en",
        "le",
        "les",
    }
    | {"lui", "leur", "moi", "toi", "meme", "memes"}
)
"""What French hangs to a verb or a noun: `peut-il`, `celui-ci`."""
_WHOLE: Final = frozenset({"rendez-vous", "aujourd'hui", "aujourd\u2019hui"})
_ACCENTED: Final = (
    (re.compile(r"ees?$"), "e"),
    (re.compile(r"(iv|bil|al|ic|ar|os|eur|enn|ibr)ite(s?)$"), r"\1ité\2"),
)
"""Endings that only an accent can have made: `employée` is stemmed like `employé`."""
_LONGEST: Final = 64
_LONGEST_TOKEN: Final = 256
_SMALLEST_PART: Final = 2


class _Stemmers(threading.local):
    """One per thread and language: a stemmer holds its word while it works on it."""

    def __init__(self) -> None:
        self.of = {"fr": Stemmer.Stemmer("french"), "en": Stemmer.Stemmer("english")}


_stemmers: Final = _Stemmers()


def terms(text: str, language: str) -> list[str]:
    """In the order of the text and as often as they occur. Where the language is neither French nor English a word
    gives the stems of both."""
    own = languages_for(language)
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        for word in _words_of(match):
            found.extend(_stems(word, own, own))
    return found


def question_terms(text: str) -> list[str]:
    """Each once, stemmed by both languages: a question may be asked of documents in either."""
    stopping = languages_for(language_of(text))
    found: dict[str, None] = {}
    for match in _TOKEN.finditer(text):
        for word in _words_of(match):
            found.update(dict.fromkeys(_stems(word, LANGUAGES, stopping)))
    return list(found)


def tokens(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where a word stands, and the words (not yet stemmed) that it counts as."""
    for match in _TOKEN.finditer(text):
        yield match.start(), match.end(), _words_of(match)


def stems_of(word: str, language: str) -> tuple[str, ...]:
    """Of one word that `tokens` gave; none of a stop word."""
    own = languages_for(language)
    return _stems(word, own, own)


@lru_cache(maxsize=131_072)
def _stems(word: str, languages: tuple[Language, ...], stopping: tuple[Language, ...]) -> tuple[str, ...]:
    if any(word in stop_words(language) for language in stopping):
        return ()
    plain = folded(word)
    if not plain or any(sign.isdigit() for sign in plain):
        return (plain,) if plain else ()
    return tuple(dict.fromkeys(_stem(plain, language) for language in languages))


def _stem(plain: str, language: Language) -> str:
    if language == "fr":
        for ending, accented in _ACCENTED:
            plain = ending.sub(accented, plain)
    stem = folded(_stemmers.of[language].stemWord(plain))
    return stem[:-1] + "i" if stem.endswith("y") else stem


def _words_of(match: re.Match[str]) -> tuple[str, ...]:
    """What no person typed is not worth remembering."""
    token = match[0]
    if len(token) > _LONGEST_TOKEN:
        return (token[:_LONGEST].lower(),)
    return _words(match.lastgroup or "", token)


@lru_cache(maxsize=131_072)
def _words(kind: str, token: str) -> tuple[str, ...]:
    """What a token counts as, in lower case, accents kept: itself, and its parts where it has some."""
    if kind == "number":
        return _spaced_number(token)
    if kind == "article":
        return _article(token)
    if kind in ("code", "wide"):
        return (token.lower(),)
    if token.isalpha() and (token.islower() or token[1:].islower()):
        return (token.lower()[:_LONGEST],)
    return _compound(token)


def _spaced_number(token: str) -> tuple[str, ...]:
    whole = _decimal(re.sub(r"[^\d.,]", "", token))
    return (whole, *token.split(" ")) if " " in token else (whole,)


def _article(token: str) -> tuple[str, ...]:
    letter, number = token[0].lower(), re.sub(r"^\D+", "", token)
    head = number.split("-")[0]
    return tuple(dict.fromkeys((letter + number, number, head)))


def _decimal(number: str) -> str:
    return number.replace(",", ".")


def _compound(token: str) -> tuple[str, ...]:
    token = unicodedata.normalize("NFC", token)
    if _DECIMAL.fullmatch(token) or _THOUSANDS.fullmatch(token):
        return _number(token)
    token = _POSSESSIVE.sub("", ELIDED.sub("", token))
    if token.lower() in stop_words("en"):
        return (token.lower(),)
    if token.lower() in _WHOLE:
        return ("".join(_SEPARATE.split(token.lower())),)
    pieces = _without_clitics(_SEPARATE.split(token))
    parts = [part for piece in pieces for part in _parts(piece)]
    if len(parts) <= 1:
        return tuple(piece.lower()[:_LONGEST] for piece in pieces if piece)
    whole = _joined(pieces).lower()
    return tuple(dict.fromkeys((whole[:_LONGEST], *(part for part in parts if len(part) >= _SMALLEST_PART))))


def _number(token: str) -> tuple[str, ...]:
    """`1,000` may be a thousand or one: it counts as both."""
    if _THOUSANDS.fullmatch(token):
        return tuple(dict.fromkeys((token.replace(",", ""), _decimal(token))))
    return (_decimal(token),)


def _without_clitics(pieces: list[str]) -> list[str]:
    while len(pieces) > 1 and folded(pieces[-1]) in _CLITICS:
        pieces = pieces[:-1]
    return pieces


def _parts(piece: str) -> list[str]:
    """`getUserName` is three, `covid19` two."""
    if len(piece) == 1 or piece.isdigit() or (piece.islower() and piece.isalpha()):
        return [piece.lower()]
    return [part.lower() for part in _HUMPS.findall(piece)]


def _joined(pieces: list[str]) -> str:
    """Nothing stands where letters meet; two numbers stay two: `4121-2` is not 41212."""
    whole = ""
    for piece in filter(None, pieces):
        whole += "-" + piece if whole[-1:].isdigit() and piece[0].isdigit() else piece
    return whole
