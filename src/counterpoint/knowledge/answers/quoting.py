"""An answer made of quotations alone: the sentences that answer best, word for word, with where they stand.

No model takes part, so nothing can be cited wrongly. What can go wrong is that a quotation answers less than was asked;
where the words of the question are hardly met at all, the answer is that the documents do not say.
"""

from collections.abc import Iterator, Sequence

import msgspec

from counterpoint.knowledge.answers.lexicon import lexicon
from counterpoint.knowledge.answers.orders import gives_orders
from counterpoint.knowledge.answers.port import Evidence, Whole
from counterpoint.knowledge.answers.quotations import context_of, header_of, placed
from counterpoint.knowledge.answers.reading import read
from counterpoint.knowledge.answers.receipt import Claim
from counterpoint.knowledge.answers.tokens import tokens
from counterpoint.knowledge.answers.wanting import Wanted, answers_kind, stems_in, wanted
from counterpoint.knowledge.documents import Span
from counterpoint.knowledge.text import language_of, sentences

ENOUGH = 0.5
"""Of a question's weight that the best passage must meet, and `ENOUGH_OF_A_SENTENCE` its best sentence."""
ENOUGH_OF_A_SENTENCE = 0.35
MOST = 4
_NEAR_THE_BEST = 0.6
_SAME = 0.75
_LONGEST = 1200
_MOST_ITEMS = 12
_BULLETS = "-*•‣▪●\u2013\u2014·"
_FROM_TITLES = 0.3
_FOR_KIND = 0.25
_FOR_RANK = 0.25
_LONG = 60
"""Words: a longer sentence meets a question by its length."""


class _Candidate(msgspec.Struct, frozen=True):
    """Characters of a passage, which are quoted. `header`: a table's, which is quoted before its row."""

    rank: int
    start: int
    end: int
    covered: frozenset[int]
    stems: frozenset[str]
    score: float
    header: Span | None


def quoted(question: str, found: Sequence[Evidence], whole: Whole) -> tuple[list[Claim], list[str]]:
    """Claims, none if the documents do not say; and the words of the question that nothing quoted has."""
    stems = [stems_in(each.passage.text) for each in found]
    asked = wanted(question, stems)
    titles = [stems_in(context_of(each)) for each in found]
    if not answerable(asked, stems, titles):
        return [], []
    candidates = [
        each
        for rank, evidence in enumerate(found)
        for each in _candidates(asked, rank, evidence, asked.covered(titles[rank]), whole)
    ]
    best = max((each for each in candidates), key=lambda each: each.score, default=None)
    if best is None or asked.share(best.covered | asked.covered(titles[best.rank])) < ENOUGH_OF_A_SENTENCE:
        return [], []
    chosen = _chosen(asked, candidates, best)
    met = frozenset().union(*(each.covered | asked.covered(titles[each.rank]) for each in chosen))
    claims = [claim for each in _in_order(chosen) for claim in _claims(found[each.rank], each, whole)]
    return claims, [word for index, word in enumerate(asked.words) if index not in met]


def answerable(asked: Wanted, found: Sequence[frozenset[str]], titles: Sequence[frozenset[str]]) -> bool:
    """Whether a passage, with its titles, meets enough of the question."""
    return confidence(asked, found, titles) >= ENOUGH


def confidence(asked: Wanted, found: Sequence[frozenset[str]], titles: Sequence[frozenset[str]]) -> float:
    """How much of the question's weight the best passage meets."""
    both = zip(found, titles, strict=True)
    return max((asked.share(asked.covered(text | title)) for text, title in both), default=0.0)


def _candidates(
    asked: Wanted, rank: int, evidence: Evidence, by_title: frozenset[int], whole: Whole
) -> Iterator[_Candidate]:
    passage = evidence.passage
    text = passage.text
    language = passage.language or language_of(text)
    spans = sentences(text, language)
    header = header_of(evidence, whole) if passage.table else None
    for place, (start, end) in enumerate(spans):
        first, last = _whole(text, spans, place, table=passage.table)
        piece = text[first:last]
        stems = stems_in(f"{header.quote} {piece}" if header else piece)
        own = asked.covered(stems)
        if (
            not own
            or (header and header.start == passage.start + start)
            or last - first > _LONGEST
            or gives_orders(piece)
        ):
            continue
        reading = read(text[start:end], language)
        folded = f" {' '.join(token.folded for token in tokens(text[start:end]))} "
        score = asked.share(own) + _FROM_TITLES * asked.share(by_title - own)
        score += _FOR_KIND * answers_kind(asked.cues, reading, folded) * asked.share(own)
        score *= 1 + _FOR_RANK / (1 + rank)
        score *= min(1.0, _LONG / max(1, len(reading.pieces))) ** 0.5
        if _is_question(text[start:end]) or len(reading.words) + len(reading.quantities) < 2:
            score *= 0.3
        above = header if header and header.start < passage.start + first else None
        yield _Candidate(rank, first, last, own, stems, score, above)


def _whole(text: str, spans: Sequence[tuple[int, int]], place: int, *, table: bool) -> tuple[int, int]:
    """The sentence with what it cannot do without: the one before if a pronoun begins it, the list that it opens, the
    line that opens its list."""
    start, end = spans[place]
    if table or " | " in text[start:end]:
        return start, end
    if _is_item(text, start):
        lead = place
        while lead > 0 and _is_item(text, spans[lead][0]) and place - lead < _MOST_ITEMS:
            lead -= 1
        opened = text[spans[lead][0] : spans[lead][1]].rstrip().endswith(":")
        return _list(text, spans, lead) if opened else (start, end)
    if text[start:end].rstrip().endswith(":"):
        return _list(text, spans, place)
    if place and _begins_with_pronoun(text[start:end]) and not _is_item(text, spans[place - 1][0]):
        start = spans[place - 1][0]
    return start, end


def _list(text: str, spans: Sequence[tuple[int, int]], lead: int) -> tuple[int, int]:
    last = lead
    while last + 1 < len(spans) and last - lead < _MOST_ITEMS and _is_item(text, spans[last + 1][0]):
        last += 1
    if last == lead and lead + 1 < len(spans):
        last += 1
    while last > lead and spans[last][1] - spans[lead][0] > _LONGEST:
        last -= 1
    return spans[lead][0], spans[last][1]


def _is_item(text: str, start: int) -> bool:
    line = text[start : start + 4]
    return line[:1] in _BULLETS or (line[:1].isdigit() and any(sign in line[1:4] for sign in (". ", ") ")))


def _begins_with_pronoun(sentence: str) -> bool:
    first = tokens(sentence[:40])[:1]
    return bool(first) and first[0].folded in lexicon().pronouns


def _is_question(sentence: str) -> bool:
    return sentence.rstrip().endswith("?")


def _chosen(asked: Wanted, candidates: Sequence[_Candidate], best: _Candidate) -> list[_Candidate]:
    """The best first; then what meets more of the question, or nearly as much of it elsewhere."""
    chosen: list[_Candidate] = []
    for each in sorted(candidates, key=lambda one: (-one.score, one.rank, one.start)):
        if len(chosen) == MOST or each.score < best.score * _NEAR_THE_BEST:
            break
        if not any(_repeats(each, other) for other in chosen):
            chosen.append(each)
    return chosen


def _repeats(one: _Candidate, other: _Candidate) -> bool:
    if one.rank == other.rank and one.start < other.end and other.start < one.end:
        return True
    return len(one.stems & other.stems) >= _SAME * min(len(one.stems), len(other.stems))


def _in_order(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """Passages by their best quotation, and in each as its author wrote."""
    places: dict[int, int] = {}
    for each in chosen:
        places.setdefault(each.rank, len(places))
    return sorted(chosen, key=lambda each: (places[each.rank], each.start))


def _claims(evidence: Evidence, chosen: _Candidate, whole: Whole) -> Iterator[Claim]:
    own = placed(evidence, chosen.start, chosen.end, whole)
    spans = (chosen.header, own) if chosen.header else (own,)
    yield Claim(sentence="\n".join(span.quote for span in spans), state="supported", spans=spans)
