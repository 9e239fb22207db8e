"""Two documents that say different things of the same are said to conflict; which is right is not ours to say."""

from collections.abc import Iterator, Sequence
from typing import Literal

from counterpoint.knowledge.answers.port import Evidence, Whole
from counterpoint.knowledge.answers.quantities import Quantity, is_year, may_be
from counterpoint.knowledge.answers.quotations import placed
from counterpoint.knowledge.answers.reading import Reading, Word, read
from counterpoint.knowledge.answers.receipt import Conflict
from counterpoint.knowledge.answers.wanting import stems_in
from counterpoint.knowledge.documents import Span
from counterpoint.knowledge.text import language_of, sentences

Kind = Literal["number", "date", "negation"]

_ALIKE = 0.6
"""Of the words of the shorter one that the other has: less, and they speak of different things."""
_LEAST = 3
_MOST = 3


def conflicts(
    question: str, spans: Sequence[Span], found: Sequence[Evidence], whole: Whole
) -> list[Conflict]:
    """Between what is quoted and what other documents among the found say."""
    asked = stems_in(question)
    said: list[Conflict] = []
    seen: set[frozenset[tuple[str, int, int]]] = set()
    for span in spans:
        mine = _read(span.quote)
        for evidence in found:
            if evidence.passage.document == span.document:
                continue
            for other, start, end in _sentences(evidence):
                kind = _differ(mine, other, asked)
                rival = placed(evidence, start, end, whole) if kind else None
                if kind and rival and (key := frozenset({_key(span), _key(rival)})) not in seen:
                    seen.add(key)
                    said.append(Conflict(kind, _about(mine, other, span.quote), (span, rival)))
    return said[:_MOST]


def _key(span: Span) -> tuple[str, int, int]:
    return span.document, span.start, span.end


def _read(text: str) -> Reading:
    return read(text, language_of(text))


def _sentences(evidence: Evidence) -> Iterator[tuple[Reading, int, int]]:
    text = evidence.passage.text
    language = evidence.passage.language or language_of(text)
    for start, end in sentences(text, language):
        yield read(text[start:end], language), start, end


def _differ(one: Reading, other: Reading, asked: frozenset[str]) -> Kind | None:
    shared = _shared(one, other)
    least = min(len(one.words), len(other.words))
    names = {word.folded for word in one.words if word.name} ^ {
        word.folded for word in other.words if word.name
    }
    if len(shared) < _LEAST or len(shared) < _ALIKE * least or names:
        return None
    if not any(word.stems & asked for word in shared):
        return None
    if _unequal(
        [each for each in one.quantities if each.kind == "date"],
        [each for each in other.quantities if each.kind == "date"],
    ):
        return "date"
    if _numbers_differ(one, other):
        return "number"
    if _denied_otherwise(one, other):
        return "negation"
    return None


def _shared(one: Reading, other: Reading) -> list[Word]:
    theirs = other.stems
    return [word for word in one.words if word.stems & theirs]


def _numbers_differ(one: Reading, other: Reading) -> bool:
    mine = [each for each in one.quantities if each.kind == "number"]
    theirs = [each for each in other.quantities if each.kind == "number"]
    units = {each.unit for each in mine if not is_year(each)} & {
        each.unit for each in theirs if not is_year(each)
    }
    if any(is_year(each) for each in mine) and any(is_year(each) for each in theirs):
        years = ([each for each in mine if is_year(each)], [each for each in theirs if is_year(each)])
        if _unequal(*years):
            # Of different years different numbers hold; that is no conflict unless the year itself is all there is.
            return not units
    return any(
        _unequal(
            [each for each in mine if each.unit == unit and not is_year(each)],
            [each for each in theirs if each.unit == unit and not is_year(each)],
        )
        for unit in units
    )


def _unequal(mine: Sequence[Quantity], theirs: Sequence[Quantity]) -> bool:
    """Both say something, and nothing of it is the same."""
    return bool(mine and theirs) and not any(
        may_be(one, two) or may_be(two, one) for one in mine for two in theirs
    )


def _denied_otherwise(one: Reading, other: Reading) -> bool:
    denied = {stem for word in other.words if word.denied for stem in word.stems}
    plain = {stem for word in other.words if not word.denied for stem in word.stems}
    turned = [word for word in one.words if word.stems & (plain - denied if word.denied else denied - plain)]
    return bool(turned) and ("not" in one.kinds) != ("not" in other.kinds)


def _about(one: Reading, other: Reading, text: str) -> str:
    words = [text[one.pieces[word.place].start : one.pieces[word.place].end] for word in _shared(one, other)]
    return " ".join(dict.fromkeys(words))[:200]
