"""A quotation is found where it is said to be, or where it truly is, or nowhere: only what is there is quoted."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from counterpoint.knowledge.answers.places import span_in, span_of
from counterpoint.knowledge.answers.port import Evidence, Whole
from counterpoint.knowledge.documents import Parsed, Span
from counterpoint.knowledge.passages import rows_of
from counterpoint.knowledge.text import language_of, sentences
from counterpoint.knowledge.text.matching import Searched

_LONGEST = 1500
"""Characters that a quotation may grow to."""
_MOST_ELSEWHERE = 40
"""Quotations of one draft that are looked for beyond what was shown: a model may invent them all."""
_BETWEEN_CELLS = " | "
_LEAST = 2
"""Letters or digits: less is a quotation of anything."""


Moved = Literal["", "passage", "document"]


class Quoted(msgspec.Struct, frozen=True):
    """As a model gives it: words, and the number of the passage that they are said to be from (0: it says none)."""

    passage: int
    text: str


class Located(msgspec.Struct, frozen=True):
    """`context`: the headings it stands below. `moved`: it was said to be elsewhere."""

    span: Span
    evidence: Evidence
    context: str
    moved: Moved = ""


def locate(quoted: Quoted, shown: Sequence[Evidence], whole: Whole) -> Located | None:
    """In the passage it names, else in the others that were shown, else in the rest of their documents."""
    return locate_all([quoted], shown, whole)[0]


def locate_all(quotes: Sequence[Quoted], shown: Sequence[Evidence], whole: Whole) -> list[Located | None]:
    """Each of them. Documents are long, so that each is read once, for those that no shown passage has."""
    texts = [Searched(evidence.passage.text) for evidence in shown]
    told = [sum(sign.isalnum() for sign in quoted.text) >= _LEAST for quoted in quotes]
    near = [
        _in_passages(quoted, shown, texts, whole) if enough else None
        for quoted, enough in zip(quotes, told, strict=True)
    ]
    lost = [quoted for quoted, enough, one in zip(quotes, told, near, strict=True) if enough and not one]
    wanted = dict.fromkeys(quoted.text for quoted in lost)
    far = _in_documents(list(wanted)[:_MOST_ELSEWHERE], shown, whole)
    return [
        one or _first(quoted, shown, far.get(quoted.text, {}))
        for quoted, one in zip(quotes, near, strict=True)
    ]


def whole_sentences(evidence: Evidence, start: int, end: int) -> tuple[int, int]:
    """What a sentence says can turn on its last word; so it is quoted, and judged, whole."""
    passage = evidence.passage
    return _widened(passage.text, passage.language, start, end)


def placed(evidence: Evidence, start: int, end: int, whole: Whole) -> Span:
    """Of characters of a passage. Never any other words than the passage's own."""
    passage = evidence.passage
    span = span_in(passage, start, end, around(evidence, whole))
    if span.quote != passage.text[start:end] or not span.quote:
        raise AssertionError(f"a quotation of {passage.id} is not what the passage says")
    return span


def around(evidence: Evidence, whole: Whole) -> Parsed | None:
    """The document, if it has the passage where the passage says."""
    passage = evidence.passage
    parsed = whole(passage.document, passage.version)
    agrees = parsed is not None and parsed.text[passage.start : passage.end] == passage.text
    return parsed if agrees else None


def header_of(evidence: Evidence, whole: Whole) -> Span | None:
    """The first row of the table that the passage is a piece of. It may stand in another passage."""
    passage = evidence.passage
    parsed = around(evidence, whole)
    if parsed is None:
        return _first_row(evidence)
    inside = (block for block in parsed.blocks if block.start < passage.end and passage.start < block.end)
    table = next((block for block in inside if block.kind == "table"), None)
    first = rows_of(parsed.text, table)[:1] if table else []
    told = [row for row in first if _BETWEEN_CELLS in parsed.text[slice(*row)]]
    return span_of(parsed, passage.document, passage.version, *told[0]) if told else None


def _first_row(evidence: Evidence) -> Span | None:
    """Without the document: the passage's own, unless it has the header among its titles, and so not in itself."""
    passage = evidence.passage
    if passage.titles and _BETWEEN_CELLS in passage.titles[-1]:
        return None
    rows = sentences(passage.text, passage.language or language_of(passage.text))[:1]
    told = [row for row in rows if _BETWEEN_CELLS in passage.text[slice(*row)]]
    return span_in(passage, *told[0]) if told else None


def context_of(evidence: Evidence) -> str:
    """What a passage is about, without the passage."""
    titles = evidence.passage.titles
    return " : ".join(titles if evidence.title in titles else (evidence.title, *titles))


def _order(quoted: Quoted, shown: Sequence[Evidence]) -> list[int]:
    return sorted(range(len(shown)), key=lambda index: index + 1 != quoted.passage)


def _in_passages(
    quoted: Quoted, shown: Sequence[Evidence], texts: Sequence[Searched], whole: Whole
) -> Located | None:
    for index in _order(quoted, shown):
        if found := texts[index].find(quoted.text):
            evidence = shown[index]
            moved: Moved = "passage" if quoted.passage and index + 1 != quoted.passage else ""
            span = placed(evidence, *whole_sentences(evidence, *found), whole)
            return Located(span, evidence, context_of(evidence), moved)
    return None


_Key = tuple[str, str]


def _in_documents(
    quotes: Sequence[str], shown: Sequence[Evidence], whole: Whole
) -> dict[str, dict[_Key, Span]]:
    """By the quotation, then by document and version."""
    found: dict[str, dict[_Key, Span]] = {}
    for key in dict.fromkeys(map(_key, shown)) if quotes else ():
        parsed = whole(*key)
        if parsed is None:
            continue
        text = Searched(parsed.text)
        for quote in quotes:
            if place := text.find(quote):
                span = span_of(parsed, *key, *_sentences_in(parsed, *place))
                found.setdefault(quote, {})[key] = span
    return found


def _first(quoted: Quoted, shown: Sequence[Evidence], spans: Mapping[_Key, Span]) -> Located | None:
    for index in _order(quoted, shown):
        if span := spans.get(_key(shown[index])):
            return Located(span, shown[index], shown[index].title, "document")
    return None


def _key(evidence: Evidence) -> _Key:
    return evidence.passage.document, evidence.passage.version


def _sentences_in(parsed: Parsed, start: int, end: int) -> tuple[int, int]:
    """Within the blocks that it touches, and no farther than a quotation may grow."""
    touched = [block for block in parsed.blocks if block.start < end and start < block.end]
    if not touched:
        return start, end
    first = max(min(start, touched[0].start), start - _LONGEST)
    last = min(max(end, touched[-1].end), end + _LONGEST)
    begun, done = _widened(parsed.text[first:last], parsed.language, start - first, end - first)
    return first + begun, first + done


def _widened(text: str, language: str, start: int, end: int) -> tuple[int, int]:
    spans = sentences(text, language or language_of(text))
    touched = [span for span in spans if span[0] < end and start < span[1]]
    first, last = min((start, *(span[0] for span in touched))), max((end, *(span[1] for span in touched)))
    return (first, last) if last - first <= max(_LONGEST, end - start) else (start, end)
