"""Quotations measured: is each given its true place, and does an answer of quotations alone answer, or keep silent?

Questions are PIAF's and a manual's, written by people, about documents of `test`: the thresholds of quote mode were
chosen with questions about those of `dev`. They are asked of their own corpus, of a corpus that cannot know, and of
their own without the one text that answers. The corpora that are searched are the same for both halves.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

import msgspec

from benchmarks.citation_cases import is_for_tuning
from benchmarks.citation_corpora import Asked, Text, asked, explained, texts
from benchmarks.citation_edits import other_number, other_word
from counterpoint.knowledge.answers.port import Evidence
from counterpoint.knowledge.answers.quotations import Quoted, locate
from counterpoint.knowledge.answers.quoting import quoted
from counterpoint.knowledge.documents import Block, Parsed, Passage
from counterpoint.knowledge.text import question_terms, sentences, terms

QUESTIONS = 300
DOCUMENTS = 150
_SHOWN = 8


class Places(msgspec.Struct, frozen=True):
    """Of quotations that are there, how many got their true place although a wrong one was named; of quotations with
    one word or number changed, how many were found all the same."""

    named_right: int
    named_wrong: int
    elsewhere: int
    of: int
    altered_found: int
    altered: int


class Answers(msgspec.Struct, frozen=True):
    """`answered`: of `questions`, with quotations. `holding`: whose quotations hold the answer. `wrong`: quotations
    that are not word for word what their document says there."""

    asked_of: str
    questions: int
    answered: int
    holding: int | None
    quotations: int
    wrong: int


class Ranked:
    """BM25 over a corpus in memory."""

    def __init__(self, corpus: Sequence[Text]) -> None:
        self._corpus = corpus
        counts = [Counter(terms(f"{text.title} {text.text}", text.language)) for text in corpus]
        self._lengths = [sum(each.values()) for each in counts]
        self._average = sum(self._lengths) / len(self._lengths)
        self._postings: dict[str, list[tuple[int, int]]] = {}
        for number, each in enumerate(counts):
            for term, times in each.items():
                self._postings.setdefault(term, []).append((number, times))

    def best(self, question: str, without: str = "") -> list[Evidence]:
        """As the search would give them, were it by word alone."""
        scores: Counter[int] = Counter()
        for term in question_terms(question):
            postings = self._postings.get(term, [])
            rare = math.log(1 + (len(self._corpus) - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, times in postings:
                length = 0.25 + 0.75 * self._lengths[number] / self._average
                scores[number] += rare * times * 2.2 / (times + 1.2 * length)  # type: ignore[assignment]
        numbers = [number for number, _ in scores.most_common(_SHOWN + 8)]
        found = [(number, self._corpus[number]) for number in numbers]
        return [_evidence(str(number), text) for number, text in found if text.text != without][:_SHOWN]


def _evidence(document: str, text: Text) -> Evidence:
    passage = Passage(document, "1", 0, 0, len(text.text), text.text, (text.title,), text.language)
    return Evidence(passage, text.title, "all:benchmark")


def answers(data: Path) -> list[Answers]:
    """Of quote mode."""
    every = texts(data)
    own = Ranked([text for text in every if text.corpus == "piaf"])
    offices = Ranked([text for text in every if text.corpus in {"travail", "conventions", "faq"}])
    manual = Ranked([text for text in every if text.corpus == "cookbook"])
    french = [one for one in asked(data) if len(one.question.split()) > 4 and not is_for_tuning(one.text)]
    french = random.Random(20).sample(french, QUESTIONS)
    english = [one for one, _ in explained(data) if not is_for_tuning(one.text)]
    return [
        _answers("PIAF, of its own articles", french, lambda one: own.best(one.question), holding=True),
        _answers(
            "PIAF, without the text that answers", french, lambda one: own.best(one.question, one.text.text)
        ),
        _answers("PIAF, of sheets of French offices", french, lambda one: offices.best(one.question)),
        _answers("PIAF, of an English manual", french, lambda one: manual.best(one.question)),
        _answers("the manual's, of itself", english, lambda one: manual.best(one.question)),
        _answers("the manual's, of PIAF's articles", english, lambda one: own.best(one.question)),
    ]


def _answers(
    name: str, questions: Sequence[Asked], found: Callable[[Asked], list[Evidence]], *, holding: bool = False
) -> Answers:
    answered, held, spans, wrong = 0, 0, 0, 0
    for one in questions:
        evidence = found(one)
        claims = quoted(one.question, evidence, lambda document, version: None)[0]
        by_document = {each.passage.document: each.passage.text for each in evidence}
        quotes = [span for claim in claims for span in claim.spans]
        answered += bool(claims)
        held += any(one.answer in span.quote for span in quotes)
        spans += len(quotes)
        wrong += sum(by_document[span.document][span.start : span.end] != span.quote for span in quotes)
    return Answers(name, len(questions), answered, held if holding else None, spans, wrong)


def places(data: Path) -> Places:
    """Of quotations from articles, each paragraph a page."""
    articles: dict[str, list[str]] = {}
    for text in texts(data):
        if text.corpus == "piaf" and not is_for_tuning(text):
            articles.setdefault(text.document, []).append(text.text)
    counts: Counter[str] = Counter()
    words = [word for pages in articles.values() for word in pages[0].split() if word.islower()][:4000]
    for name, pages in [each for each in articles.items() if len(each[1]) > 2][:DOCUMENTS]:
        _count(counts, name, pages, words)
    return Places(
        counts["right"],
        counts["wrong"],
        counts["elsewhere"],
        counts["of"],
        counts["found"],
        counts["altered"],
    )


def _count(counts: Counter[str], name: str, pages: Sequence[str], words: Sequence[str]) -> None:
    starts = [0, *accumulate(len(page) + 2 for page in pages)]
    blocks = tuple(
        Block("paragraph", start, start + len(page), page=number)
        for number, (start, page) in enumerate(zip(starts, pages, strict=False), 1)
    )
    parsed = Parsed("\n\n".join(pages), blocks, language="fr", pages=len(pages))
    shown = [
        Evidence(
            Passage(name, "1", number, start, start + len(page), page, (name,), "fr", number + 1, number + 1),
            name,
            "all:benchmark",
        )
        for number, (start, page) in enumerate(zip(starts, pages, strict=False))
    ][:2]
    chance = random.Random(name)
    for number, page in enumerate(pages[:3], 1):
        first, last = chance.choice(sentences(page, "fr"))
        quote = page[first:last]
        counts["of"] += number == 1
        for kind, given in (("right", number), ("wrong", 3 - number)):
            if number < 3:
                found = locate(Quoted(given, quote), shown, lambda document, version: parsed)
                counts[kind] += number == 1 and bool(found and found.span.page == number)
        if number == 3:
            found = locate(Quoted(1, quote), shown, lambda document, version: parsed)
            counts["elsewhere"] += bool(found and found.span.page == 3)
        other = other_number(quote, "fr", chance) or other_word(quote, words, chance)
        if other and other not in parsed.text:
            counts["altered"] += 1
            counts["found"] += (
                locate(Quoted(number, other), shown, lambda document, version: parsed) is not None
            )
