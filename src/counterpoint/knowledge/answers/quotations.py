"""A quotation is found where it is said to be, or where it truly is, or nowhere: only what is there is quoted."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from counterpoint.knowledge.answers.places import span_in, span_of
from counterpoint.knowledge.answers.port import Evidence, Whole
from counterpoint.knowledge.documents import Parsed, Span
from counterpoint.knowledge.text import language_of, sentences
from counterpoint.knowledge.text.matching import find_quote

_LONGEST = 1500
"""Characters that a quotation may grow to."""
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
    if sum(sign.isalnum() for sign in quoted.text) < _LEAST:
        return None
    order = sorted(range(len(shown)), key=lambda index: index + 1 != quoted.passage)
    for index in order:
        evidence = shown[index]
        if found := find_quote(quoted.text, evidence.passage.text):
            found = whole_sentences(evidence, *found)
            moved: Moved = "passage" if quoted.passage and index + 1 != quoted.passage else ""
            span = placed(evidence, *found, whole)
            return Located(span, evidence, context_of(evidence), moved)
    return _in_documents(quoted, [shown[index] for index in order], whole)


def whole_sentences(evidence: Evidence, start: int, end: int) -> tuple[int, int]:
    """What a sentence says can turn on its last word; so it is quoted, and judged, whole."""
    passage = evidence.passage
    spans = sentences(passage.text, passage.language or language_of(passage.text))
    touched = [span for span in spans if span[0] < end and start < span[1]]
    first, last = min((start, *(span[0] for span in touched))), max((end, *(span[1] for span in touched)))
    return (first, last) if last - first <= max(_LONGEST, end - start) else (start, end)


def placed(evidence: Evidence, start: int, end: int, whole: Whole) -> Span:
    """Of characters of a passage. Never any other words than the passage's own."""
    passage = evidence.passage
    parsed = whole(passage.document, passage.version)
    span = span_in(passage, start, end, parsed if parsed and _agrees(parsed, evidence) else None)
    if span.quote != passage.text[start:end] or not span.quote:
        raise AssertionError(f"a quotation of {passage.id} is not what the passage says")
    return span


def context_of(evidence: Evidence) -> str:
    """What a passage is about, without the passage."""
    titles = evidence.passage.titles
    return " : ".join(titles if evidence.title in titles else (evidence.title, *titles))


def _agrees(parsed: Parsed, evidence: Evidence) -> bool:
    passage = evidence.passage
    return parsed.text[passage.start : passage.end] == passage.text


def _in_documents(quoted: Quoted, shown: Sequence[Evidence], whole: Whole) -> Located | None:
    seen = set()
    for evidence in shown:
        key = (evidence.passage.document, evidence.passage.version)
        if key in seen:
            continue
        seen.add(key)
        parsed = whole(*key)
        found = find_quote(quoted.text, parsed.text) if parsed else None
        if parsed and found:
            return Located(span_of(parsed, *key, *found), evidence, evidence.title, "document")
    return None
