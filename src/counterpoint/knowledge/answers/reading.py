"""What a sentence says, as far as rules can tell: its words, numbers, names, and what turns its meaning."""

from collections.abc import Iterator, Sequence

import msgspec

from counterpoint.knowledge.answers.lexicon import NOTHING, Lexicon, lexicon
from counterpoint.knowledge.answers.quantities import Quantity, quantities
from counterpoint.knowledge.answers.tense import Tense, tense
from counterpoint.knowledge.answers.tokens import Token, find, tokens
from counterpoint.knowledge.text.terms import stems_of

_JOINS = frozenset(
    {"et", "ou", "mais", "and", "or", "but", "while", "whereas", "tandis", "alors", "quand", "when", "puis"}
)
_LONGEST_JOIN = 12
_BREAKS = frozenset(",;:()[]|\n\u2013\u2014.!?")
_OPENS = frozenset('.!?:«"“|\n(')
_REACH = 4
_DENIES = frozenset({"not", "pas", "no", "aucune"})
_ALLOWED = "allowed"
_SHADES = frozenset({"unreal", "doubtful"})
_NE = frozenset({"ne", "n'", "n\u2019"})
_THAT = frozenset({"que", "qu'"})
_BEFORE_EMPTY_NE = frozenset({"moins", "avant", "peur", "crainte", "plus", "mieux", "autrement"})


class Word(msgspec.Struct, frozen=True):
    """A word with content. `place`: its token's. `segment`: the part of the sentence. `name`: capital within a
    sentence. `denied`: something like `not` stands by it."""

    place: int
    segment: int
    folded: str
    stems: frozenset[str]
    name: bool
    denied: bool


class Shade(msgspec.Struct, frozen=True):
    """`refused to pay`: `words` are what shades (`told`: as it is written), `of` is what is shaded. `also`: the
    signal that says the same."""

    words: tuple[Word, ...]
    told: tuple[str, ...]
    of: Word
    also: str = ""


class Reading(msgspec.Struct, frozen=True):
    """`signals`: kinds of them (`not`, `all`, `may` …) by segment. `turns`: at which token each is. `segments`: of each
    token. `shades`: what keeps another word from being simply so."""

    pieces: tuple[Token, ...]
    segments: tuple[int, ...]
    words: tuple[Word, ...]
    quantities: tuple[Quantity, ...]
    signals: dict[int, frozenset[str]]
    turns: tuple[tuple[int, str], ...] = ()
    shades: tuple[Shade, ...] = ()
    tense: Tense = ""

    @property
    def stems(self) -> frozenset[str]:
        """Of all words."""
        return frozenset().union(*(word.stems for word in self.words))

    @property
    def kinds(self) -> frozenset[str]:
        """Of all signals."""
        return frozenset().union(*self.signals.values())


def read(text: str, language: str) -> Reading:
    """Of one sentence, or of a quotation."""
    words = lexicon()
    pieces = tokens(text)
    segments = _segments(pieces)
    amounts = quantities(pieces, language)
    # `About` loosens a number for whoever claims it, so that its words have to be said all the same: `some`.
    measured = {place for one in amounts if one.measure != "about" for place in range(*one.told)}
    counted = {place for one in amounts for place in range(one.first, one.last)} | measured
    told = {place for one in amounts for place in range(*one.told)}
    found = [
        each
        for each in find(pieces, words.signals)
        if each[0] not in (told if each[2] in _SHADES else measured)
    ]
    found += [
        (one[0], one[0] + 1, "not") for one in found if pieces[one[0]].folded in _DENIES and one[2] in _SHADES
    ]
    turned = sorted([*found, *_ne(text, pieces, segments, found)])
    signals: dict[int, set[str]] = {}
    for first, _, kind in turned:
        if kind == NOTHING or kind in _SHADES:
            continue
        signals.setdefault(segments[first], set()).add(kind)
    silent = counted | {
        place for first, last, kind in turned if kind not in words.spoken for place in range(first, last)
    }
    content = [
        place
        for place in range(len(pieces))
        if place not in silent and _is_content(pieces[place], text, language)
    ]
    allowed = {place for first, last, kind in turned if kind == _ALLOWED for place in range(first, last)}
    negators = [(first, last) for first, last, kind in turned if kind == "not"]
    denied = _denied(content, negators, segments, allowed)
    said = tuple(_words(text, language, pieces, content, segments, denied, words))
    return Reading(
        tuple(pieces),
        tuple(segments),
        said,
        tuple(amounts),
        {segment: frozenset(kinds) for segment, kinds in signals.items()},
        tuple((first, kind) for first, _, kind in turned if kind not in _SHADES),
        tuple(_shades(pieces, said, turned)),
        tense(text, pieces),
    )


def _shades(
    pieces: Sequence[Token], said: Sequence[Word], turned: Sequence[tuple[int, int, str]]
) -> Iterator[Shade]:
    for first, last, kind in turned:
        own = tuple(word for word in said if first <= word.place < last)
        if kind in {"unreal", _ALLOWED}:
            of = next((word for word in said if word.place >= last), None)
        elif kind == "doubtful":
            of = next((word for word in reversed(said) if word.place < first), None)
        else:
            continue
        if of:
            told = tuple(piece.folded for piece in pieces[first:last])
            yield Shade(own, told, of, "may" if kind == _ALLOWED else "")


def _ne(
    text: str, pieces: list[Token], segments: list[int], turned: list[tuple[int, int, str]]
) -> Iterator[tuple[int, int, str]]:
    """What `ne` says without `pas`: `ne ... plus`, `ne peut`, but `ne ... que`, and nothing after `avant que`."""
    taken = {place for first, last, _ in turned for place in range(first, last)}
    for place, piece in enumerate(pieces):
        # As written, since someone who is born is folded to the same.
        if text[piece.start : piece.end].lower() not in _NE or place in taken:
            continue
        clause = [other for other, segment in enumerate(segments) if segment == segments[place]]
        after = [other for other in clause if other > place]
        if any(first in after and kind == "not" for first, _, kind in turned):
            continue
        before = [other for other in clause if 0 < other < place]
        if any(pieces[other].folded in _THAT for other in after):
            yield place, place + 1, "only"
        elif not any(
            pieces[other].folded in _THAT and pieces[other - 1].folded in _BEFORE_EMPTY_NE for other in before
        ):
            yield place, place + 1, "not"


def _is_content(piece: Token, text: str, language: str) -> bool:
    if _is_letter(piece, text):
        return True
    return piece.kind == "word" and bool(stems_of(text[piece.start : piece.end].lower(), language))


def _is_letter(piece: Token, text: str) -> bool:
    """`Plan B`, `vitamin C`: a great letter that does not begin the sentence."""
    alone = piece.kind == "word" and piece.capital and piece.end - piece.start == 1
    ahead = text[max(0, piece.start - _LONGEST_JOIN) : piece.start].split()
    follows = bool(ahead) and ahead[-1][-1].isalnum() and ahead[-1].lower() not in _JOINS
    written = text[piece.start]
    return alone and follows and written.isascii() and written != "I"


def _words(
    text: str,
    language: str,
    pieces: list[Token],
    content: list[int],
    segments: list[int],
    denied: set[int],
    words: Lexicon,
) -> Iterator[Word]:
    for place in content:
        piece = pieces[place]
        stems = frozenset(
            stems_of(
                text[piece.start : piece.end].lower().removesuffix("'s").removesuffix("\u2019s"), language
            )
        )
        if _is_letter(piece, text):
            stems = frozenset({piece.folded})
        if form := words.forms.get(piece.folded):
            stems |= {form}
        name = piece.capital and not _begins(pieces, place)
        if piece.folded not in words.frames:
            yield Word(place, segments[place], piece.folded, stems, name, place in denied)


def _begins(pieces: list[Token], place: int) -> bool:
    """Whether any word would have a capital there."""
    before = place - 1
    while before >= 0 and pieces[before].kind == "word" and pieces[before].folded.endswith("'"):
        before -= 1
    return before < 0 or pieces[before].folded in _OPENS


def _segments(pieces: list[Token]) -> list[int]:
    """A part of a sentence each: between marks and joining words."""
    found, current = [], 0
    for piece in pieces:
        if (piece.kind == "mark" and piece.folded in _BREAKS) or piece.folded in _JOINS:
            current += 1
        found.append(current)
    return found


def _denied(
    content: list[int], negators: list[tuple[int, int]], segments: list[int], allowed: set[int]
) -> set[int]:
    """The nearest words before and after each negator, in its part of the sentence; and what is not allowed."""
    found: set[int] = set()
    for first, last in negators:
        before = [place for place in content if first - _REACH <= place < first]
        after = [place for place in content if last <= place < last + _REACH + 1]
        near = [*before[-1:], *after[: 2 if after and after[0] in allowed else 1]]
        found.update(place for place in near if segments[place] == segments[first])
    return found
