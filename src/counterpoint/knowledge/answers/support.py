"""Does a quotation carry a sentence? Rules alone, no model: strict first, so that what is shown as supported is.

A sentence is supported if its numbers, dates and names are said, nothing in it is turned round (negation, quantifier,
obligation, hedge, order, who did it), and nearly all of its words are there, in each part of it. A true paraphrase in
other words may be refused; that costs a mark beside a sentence, where the opposite mistake costs trust.
"""

from collections.abc import Iterator, Sequence

import msgspec

from counterpoint.knowledge.answers.heads import beheaded
from counterpoint.knowledge.answers.lexicon import lexicon
from counterpoint.knowledge.answers.order import before, broken_names, torn
from counterpoint.knowledge.answers.orders import gives_orders
from counterpoint.knowledge.answers.quantities import Quantity, each_time, is_year, matches
from counterpoint.knowledge.answers.reading import Reading, Word, read
from counterpoint.knowledge.answers.turning import turned_round
from counterpoint.knowledge.text import language_of, sentences

ENOUGH = 1.0
"""Of a sentence's words."""
ENOUGH_OF_A_PART = 0.6
"""Of the words between two commas, if there are at least three."""
_SMALL_PART = 3
_CLOSING = frozenset('"\u00bb\u201d)]|\n')
_STRENGTHENING = frozenset(
    {
        "all",
        "only",
        "must",
        "most",
        "many",
        "few",
        "before",
        "after",
        "until",
        "since",
        "some",
        "should",
        "may",
        "might",
        "during",
        "greater",
        "smaller",
        "if",
        "untrue",
        "former",
        "partly",
        "free",
        "outside",
        "now",
        "repeated",
    }
)
"""A sentence that says so needs a quotation that says so."""
_WEAKENING = frozenset(
    {
        "some",
        "few",
        "most",
        "might",
        "may",
        "should",
        "only",
        "except",
        "if",
        "until",
        "untrue",
        "former",
        "partly",
        "free",
        "outside",
    }
)
"""A quotation that says so needs a sentence that says so."""
_OF_ALL = frozenset({"except", "if", "untrue"})
"""Wherever they stand in a sentence, they are said of the whole."""
_LINKS = frozenset(
    {
        "de",
        "du",
        "d'",
        "des",
        "pour",
        "pendant",
        "dans",
        "en",
        "a",
        "au",
        "aux",
        "chez",
        "sur",
        "selon",
        "par",
    }
    | {"of", "for", "during", "in", "at", "on", "with", "from", "to", "under", "by", "as", "'s"}
)
_BOUNDS = frozenset({"more", "less", "at_least", "at_most"})
_SAID_BY = {"allowed": "may", "asked": "must"}
"""`Allowed to` is what `may` says."""
_HEDGES = frozenset({"may", "might", "should"})


class Verdict(msgspec.Struct, frozen=True):
    """`score`: how much of the sentence is carried, 0 to 1. `reasons`: i18n ids of what is wrong, `values`: the words
    or numbers meant."""

    supported: bool
    score: float
    reasons: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


class _Finding(msgspec.Struct, frozen=True):
    reason: str
    value: str = ""


def supports(sentence: str, quotes: Sequence[str], language: str = "", context: str = "") -> Verdict:
    """`context`: the headings that the quotations stand below. They may name what is spoken of; what is said of it
    they do not carry."""
    said = [quote for quote in quotes if quote.strip()]
    if not said:
        return Verdict(False, 0.0, ("knowledge.reason.no_quote",))
    said = [quote for quote in said if not gives_orders(quote)]
    if not said:
        return Verdict(False, 0.0, ("knowledge.reason.order",))
    tongue = language or language_of(sentence)
    claim = read(sentence, tongue)
    everything = [part for quote in said for part in _parts(quote, tongue)]
    parts = [part for part in everything if not _asks(part)]
    if not parts:
        return Verdict(False, 0.0, ("knowledge.reason.question",))
    claim = _with_first_name(claim, parts)
    if not claim.words and not claim.quantities:
        return Verdict(False, 0.0, ("knowledge.reason.empty",))
    match = _Match(sentence, claim, parts, read(context, tongue))
    findings = list(match.findings())
    score = match.coverage()
    return Verdict(
        not findings,
        round(score, 3),
        tuple(dict.fromkeys(f"knowledge.reason.{each.reason}" for each in findings)),
        tuple(dict.fromkeys(each.value for each in findings if each.value)),
    )


def _with_first_name(claim: Reading, parts: Sequence[Reading]) -> Reading:
    """A word that begins a sentence has a capital anyway; that it is a name is seen in the quotation."""
    names = frozenset(word.folded for part in parts for word in part.words if word.name)
    words = tuple(
        msgspec.structs.replace(word, name=True)
        if word.folded in names and claim.pieces[word.place].capital
        else word
        for word in claim.words
    )
    return msgspec.structs.replace(claim, words=words)


def _asks(part: Reading) -> bool:
    """Who asks says nothing."""
    return next((piece.folded for piece in reversed(part.pieces) if piece.folded not in _CLOSING), "") == "?"


def _parts(quote: str, language: str) -> list[Reading]:
    """Its sentences."""
    own = language_of(quote) or language
    return [read(quote[start:end], own) for start, end in sentences(quote, own)]


class _Match:
    """One sentence beside all that is quoted for it."""

    def __init__(self, sentence: str, claim: Reading, parts: list[Reading], context: Reading) -> None:
        self._sentence, self._claim, self._parts = sentence, claim, parts
        self._context = context
        self._aligned = self._choose()
        self._used = [self._used_segments(part) for part in self._aligned]

    def findings(self) -> Iterator[_Finding]:
        """All that speaks against it."""
        yield from self._numbers()
        yield from self._limits()
        yield from self._names()
        yield from self._repeated()
        yield from self._opposites()
        yield from self._denials()
        yield from self._signals()
        yield from self._shaded()
        yield from self._times()
        yield from self._crossed()
        yield from self._uncovered()

    def coverage(self) -> float:
        """The share of its words and numbers that are said."""
        words = self._claim.words
        said = sum(self._is_said(word) for word in words)
        numbers = sum(self._said(one) is not None for one in self._claim.quantities)
        return (said + numbers) / max(1, len(words) + len(self._claim.quantities))

    def _choose(self) -> list[Reading]:
        """For each part of the claim the sentence that says most of it."""
        chosen: dict[int, Reading] = {}
        everything = [self._overlap(part, self._claim.words) for part in self._parts]
        for segment in sorted(
            {word.segment for word in self._claim.words} | set(self._segments_of_numbers())
        ):
            words = [word for word in self._claim.words if word.segment == segment]
            amounts = [one for one in self._claim.quantities if self._claim.segments[one.first] == segment]
            ranked = [
                (self._overlap(part, words) + _amounts(part, amounts), whole, -index)
                for index, (part, whole) in enumerate(zip(self._parts, everything, strict=True))
            ]
            best = -max(ranked)[2]
            chosen[best] = self._parts[best]
        return [chosen[index] for index in sorted(chosen)]

    def _segments_of_numbers(self) -> Iterator[int]:
        return (self._claim.segments[one.first] for one in self._claim.quantities)

    def _overlap(self, part: Reading, words: Sequence[Word]) -> int:
        return sum(any(_same(word, other) for other in part.words) for word in words)

    def _used_segments(self, part: Reading) -> frozenset[int]:
        """Those parts of a quoted sentence that the claim takes up."""
        used = set()
        for segment in set(part.segments):
            words = [word for word in part.words if word.segment == segment]
            hits = sum(any(_same(mine, word) for mine in self._claim.words) for word in words)
            amounts = [one for one in part.quantities if part.segments[one.first] == segment]
            counted = any(matches(mine, one) for mine in self._claim.quantities for one in amounts)
            if hits >= 2 or (words and hits / len(words) >= 0.5) or (counted and (hits or not words)):
                used.add(segment)
        return frozenset(used)

    def _is_said(self, word: Word) -> bool:
        for part in (*self._parts, self._context):
            if any(_same(word, other) or (not word.name and _alike(word, other)) for other in part.words):
                return True
        return False

    def _said(self, one: Quantity) -> Quantity | None:
        quoted = [other for part in self._parts for other in part.quantities]
        candidates = [other for other in quoted if matches(one, other)]
        if not candidates and "repeated" in self._claim.kinds:
            # `Each year 25 days` is `25 days per year`: which time it is, its words say.
            candidates = [other for other in quoted if matches(one, each_time(other))]
        return max(candidates, key=lambda other: other.measure == one.measure, default=None)

    def _text(self, one: Quantity | Word) -> str:
        if isinstance(one, Word):
            piece = self._claim.pieces[one.place]
            return self._sentence[piece.start : piece.end]
        return self._sentence[self._claim.pieces[one.first].start : self._claim.pieces[one.last - 1].end]

    def _numbers(self) -> Iterator[_Finding]:
        for one in self._claim.quantities:
            said = self._said(one)
            if said is None:
                yield _Finding("date" if one.kind == "date" else "number", self._text(one))
            elif not _measures(one.measure, said.measure) or {one.step, said.step} == {"by", "to"}:
                yield _Finding("measure", self._text(one))

    def _limits(self) -> Iterator[_Finding]:
        """`Persons over 65 are exempt` is not said of all persons."""
        for part, used in zip(self._aligned, self._used, strict=True):
            for one in part.quantities:
                bounds = one.measure in _BOUNDS and part.segments[one.first] in used
                if (bounds or self._is_nth(one, part)) and not any(
                    matches(mine, one) or matches(one, mine) for mine in self._claim.quantities
                ):
                    yield _Finding("condition")

    def _is_nth(self, one: Quantity, part: Reading) -> bool:
        """`The second largest` is not the largest."""
        following = next((word for word in part.words if word.place >= one.last), None)
        near = following is not None and following.place <= one.last + 1
        return one.kind == "ordinal" and near and following is not None and self._claims(following)

    def _names(self) -> Iterator[_Finding]:
        for word in self._claim.words:
            if word.name and not self._is_said(word):
                yield _Finding("name", self._text(word))
        for item in broken_names(self._claim, [*self._parts, self._context], _same):
            yield _Finding("name", " ".join(self._text(word) for word in item.words))

    def _repeated(self) -> Iterator[_Finding]:
        """Nothing is said more often than it is quoted: `the tenant pays the tenant` has lost its landlord."""
        for word in self._claim.words:
            mine = sum(_same(word, other) for other in self._claim.words)
            theirs = sum(_same(word, other) for part in self._parts for other in part.words)
            if 0 < theirs < mine:
                yield _Finding("crossed", self._text(word))

    def _opposites(self) -> Iterator[_Finding]:
        opposites = lexicon().opposites
        for word in self._claim.words:
            if any(_same(word, other) for part in self._aligned for other in part.words):
                continue
            others = frozenset().union(
                *(opposites.get(stem, frozenset()) for stem in (*word.stems, word.folded))
            )
            if any(others & (other.stems | {other.folded}) for part in self._aligned for other in part.words):
                yield _Finding("opposite", self._text(word))

    def _denials(self) -> Iterator[_Finding]:
        for word in self._claim.words:
            said = [
                (other.denied, other.segment in used)
                for part, used in zip(self._aligned, self._used, strict=True)
                for other in part.words
                if _same(word, other)
            ]
            near = [denied for denied, used in said if used] or [denied for denied, _ in said]
            if near and word.denied not in near:
                yield _Finding("negation", self._text(word))
                return
        mine = "not" in self._claim.kinds
        if mine and not any("not" in part.kinds for part in self._aligned):
            yield _Finding("negation")

    def _signals(self) -> Iterator[_Finding]:
        claimed = self._claim.kinds
        everywhere = frozenset().union(*(part.kinds for part in self._aligned))
        everywhere |= {_SAID_BY[kind] for kind in everywhere if kind in _SAID_BY}
        taken = frozenset().union(
            *(
                kinds if segment in used else kinds & _OF_ALL
                for part, used in zip(self._aligned, self._used, strict=True)
                for segment, kinds in part.signals.items()
            )
        )
        for kind in sorted(claimed & _STRENGTHENING - everywhere):
            yield _Finding(_reason(kind))
        for kind in sorted(taken & _WEAKENING - claimed):
            yield _Finding(_reason(kind))

    def _shaded(self) -> Iterator[_Finding]:
        """`Paid` is not what `refused to pay` says, nor `president` what `vice president` does."""
        told = {piece.folded for piece in self._claim.pieces}
        for shade in (shade for part in self._aligned for shade in part.shades):
            said = any(map(self._claims, shade.words)) if shade.words else told.issuperset(shade.told)
            if self._claims(shade.of) and not said and shade.also not in self._claim.kinds:
                yield _Finding("hedge")

    def _claims(self, word: Word) -> bool:
        return any(self._same_or_alike(mine, word) for mine in self._claim.words)

    def _times(self) -> Iterator[_Finding]:
        tenses = {part.tense for part in self._aligned}
        if {self._claim.tense, *tenses} == {"past", "future"} and self._claim.tense not in tenses:
            yield _Finding("relation")

    def _crossed(self) -> Iterator[_Finding]:
        for one in self._claim.quantities:
            if self._said(one) is not None and self._is_elsewhere(one):
                yield _Finding("crossed", self._text(one))
        for item in torn(self._claim, self._parts, self._same_or_alike):
            piece = self._claim.pieces[item.place]
            yield _Finding("crossed", self._sentence[piece.start : piece.end])
        for word in beheaded(self._claim, self._aligned, self._same_or_alike):
            yield _Finding("crossed", self._text(word))
        if turned_round(self._claim, self._aligned, _same):
            yield _Finding("crossed")

    @staticmethod
    def _same_or_alike(one: Word, other: Word) -> bool:
        return _same(one, other) or _alike(one, other)

    def _is_elsewhere(self, one: Quantity) -> bool:
        """Whether all that stands by a number in the claim stands by another one in the quotation."""
        segment = self._claim.segments[one.first]
        neighbours = [word for word in self._claim.words if word.segment == segment]
        judged = [near for word in neighbours if (near := self._stands_by(word, one)) is not None]
        return bool(judged) and (not any(judged) or self._is_anothers(one, neighbours))

    def _is_anothers(self, one: Quantity, neighbours: Sequence[Word]) -> bool:
        """Whether the number has a name of its own beside it, and mine have another number beside them."""
        mine = [word for word in neighbours if word.name]
        if not mine or any(self._stands_by(word, one) is not False for word in mine):
            return False
        segments = {
            (index, part.segments[each.first])
            for index, part in enumerate(self._aligned)
            for each in part.quantities
            if matches(one, each)
        }
        return all(
            any(word.name and word.segment == segment for word in self._aligned[index].words)
            for index, segment in segments
        )

    def _stands_by(self, word: Word, one: Quantity) -> bool | None:
        """`None`: nothing is to be told from this word."""
        seen = None
        for part in self._aligned:
            for other in part.words:
                if not _same(word, other):
                    continue
                there = [each for each in part.quantities if part.segments[each.first] == other.segment]
                if any(matches(one, each) for each in there):
                    return True
                if any(_rivals(one, each) for each in there):
                    seen = False
        return seen

    def _uncovered(self) -> Iterator[_Finding]:
        missing = [word for word in self._claim.words if not self._is_said(word)]
        yield from (_Finding("words", self._text(word)) for word in self._only_above())
        if self.coverage() < ENOUGH or self._weak_part(missing):
            yield from (_Finding("words", self._text(word)) for word in missing)

    def _only_above(self) -> Iterator[Word]:
        """What ends a sentence is said of the rest: a heading alone does not carry it, but `for apprentices`."""
        said = [word.place for word in self._claim.words if self._is_told(word)]
        last = max([*said, *(one.last - 1 for one in self._claim.quantities)], default=-1)
        beyond = False
        for word in self._claim.words:
            if word.place > last and self._is_said(word):
                beyond = beyond or before(self._claim.pieces, word.place) in _LINKS
                if not beyond:
                    yield word
            elif not self._is_told(word) and self._is_said(word) and _has_opposite(word):
                yield word

    def _is_told(self, word: Word) -> bool:
        return any(self._same_or_alike(word, other) for part in self._parts for other in part.words)

    def _weak_part(self, missing: list[Word]) -> bool:
        for segment in {word.segment for word in missing}:
            words = [word for word in self._claim.words if word.segment == segment]
            lost = sum(word.segment == segment for word in missing)
            if len(words) >= _SMALL_PART and 1 - lost / len(words) < ENOUGH_OF_A_PART:
                return True
        return False


def _has_opposite(word: Word) -> bool:
    return not lexicon().opposites.keys().isdisjoint({word.folded, *word.stems})


def _amounts(part: Reading, amounts: Sequence[Quantity]) -> int:
    return sum(any(matches(one, other) for other in part.quantities) for one in amounts)


def _measures(claimed: str, said: str) -> bool:
    """Of 35 to 39, at least 35 is true."""
    return claimed in {said, "about"} or (claimed, said) in {("at_least", "from"), ("at_most", "to")}


def _rivals(one: Quantity, other: Quantity) -> bool:
    return (one.kind, one.unit, is_year(one)) == (other.kind, other.unit, is_year(other))


def _same(one: Word, other: Word) -> bool:
    return one.folded == other.folded or not one.stems.isdisjoint(other.stems)


def _alike(one: Word, other: Word) -> bool:
    """Other words for the same, in one language or between two."""
    words = lexicon()
    keys = (*one.stems, one.folded)
    others = other.stems | {other.folded}
    none: frozenset[str] = frozenset()
    return any((words.same.get(key, none) | words.translations.get(key, none)) & others for key in keys)


def _reason(kind: str) -> str:
    if kind == "except":
        return "exception"
    if kind == "if":
        return "condition"
    if kind in {"untrue", "free"}:
        return "negation"
    if kind == "must":
        return "obligation"
    if kind in _HEDGES:
        return "hedge"
    if kind in {
        "before",
        "after",
        "until",
        "since",
        "during",
        "former",
        "greater",
        "smaller",
        "outside",
        "now",
        "repeated",
    }:
        return "relation"
    return "quantifier"
