"""The labelled set of citations: sentences, the quotations given for them, and whether these carry them.

Made from the shared sets by rules and always the same; a document's cases are all for tuning (`dev`) or all for
measuring (`test`). What is true by construction (the sentence itself, less of it, other words, another order) is
labelled supported; what was turned into something false is not. Two kinds are written by people: answers to questions
on PIAF (a question with its answer as a sentence) and answers of the cookbook's authors in their own words.
"""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from benchmarks.citation_corpora import Asked, Text, asked, explained, texts
from benchmarks.citation_edits import FALSE, SAME, names, other_name, other_word
from counterpoint.knowledge.text import sentences

PER_KIND = 240
"""Of each kind in each language, about half for tuning and half for measuring."""
_WORDS = range(7, 42)
_WHO = re.compile(r"^Qui (?P<rest>(?:est|a|ont|fut|était|sont|était|\w+e|\w+ait)\b (?!-)[^?]{8,80}?) ?\?$")


_EXCEPT = re.compile(r"\b(?:sauf|hors|excepté|except|unless|excluding)\b")


class Case(msgspec.Struct, frozen=True):
    """`quotes`: what is quoted. `context`: the titles above."""

    kind: str
    language: str
    split: Literal["dev", "test"]
    supported: bool
    sentence: str
    quotes: tuple[str, ...]
    context: str = ""


class _Seed(msgspec.Struct, frozen=True):
    """A sentence, the one after it, and names and words of other documents of its corpus."""

    text: Text
    sentence: str
    after: str
    names: tuple[str, ...]
    words: tuple[str, ...]


def cases(data: Path) -> list[Case]:
    """All of them, in a fixed order."""
    counts: Counter[tuple[str, str, str]] = Counter()
    found = []
    for case in _all(data):
        key = (case.kind, case.language, case.split)
        counts[key] += 1
        if counts[key] <= PER_KIND // 2:
            found.append(case)
    return found


def _all(data: Path) -> Iterator[Case]:
    seeds = _seeds(texts(data))
    for seed, other in zip(seeds, [*seeds[1:], seeds[0]], strict=True):
        yield from _of_seed(seed, other)
    yield from _of_questions(sorted(asked(data), key=lambda one: _digest(one.question)))
    yield from _of_explanations(data)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def is_for_tuning(text: Text) -> bool:
    """Whether its document is of `dev`."""
    return int(_digest(f"{text.corpus}/{text.document}")[:8], 16) % 2 == 1


def _split(text: Text) -> Literal["dev", "test"]:
    return "dev" if is_for_tuning(text) else "test"


def _case(text: Text, kind: str, supported: bool, sentence: str, *quotes: str) -> Case:
    return Case(kind, text.language, _split(text), supported, sentence, quotes, text.title)


def _seeds(found: Sequence[Text]) -> list[_Seed]:
    """One or two from each text, neighbours by chance: corpora and documents are mixed."""
    pools: dict[str, list[str]] = {}
    words: dict[str, list[str]] = {}
    for text in found[::5]:
        pools.setdefault(text.corpus, []).extend(names(text.text)[:3])
        words.setdefault(text.corpus, []).extend(re.findall(r"\b[a-zéèêàçîôû]{6,}\b", text.text)[:12])
    seeds = []
    for text in found:
        spans = sentences(text.text, text.language)
        there = [text.text[start:end] for start, end in spans]
        usable = [
            index for index in range(len(there) - 1) if _usable(there[index]) and _usable(there[index + 1])
        ]
        chance = random.Random(_digest(text.text))
        for index in chance.sample(usable, min(2, len(usable))):
            some = tuple(
                chance.sample(pools.get(text.corpus, [""]), min(20, len(pools.get(text.corpus, [""]))))
            )
            other = words.get(text.corpus, [""])
            seeds.append(
                _Seed(
                    text,
                    there[index],
                    there[index + 1],
                    some,
                    tuple(chance.sample(other, min(400, len(other)))),
                )
            )
    unique = {seed.sentence: seed for seed in reversed(seeds)}
    return sorted(unique.values(), key=lambda seed: _digest(seed.sentence))


def _usable(sentence: str) -> bool:
    return (
        len(sentence.split()) in _WORDS
        and sentence.endswith(".")
        and "|" not in sentence
        and "\n" not in sentence
    )


def _of_seed(seed: _Seed, other: _Seed) -> Iterator[Case]:
    text, true, language = seed.text, seed.sentence, seed.text.language
    yield _case(text, "verbatim", True, true, true)
    yield _case(text, "within more", True, true, f"{true} {seed.after}")
    for name, edit in SAME.items():
        if out := edit(true, language, random.Random(f"{name}{true}")):
            excepted = bool(_EXCEPT.search(true)) and not _EXCEPT.search(out)
            yield _case(text, "exception left out" if excepted else name, not excepted, out, true)
    falsehoods = dict(_falsehoods(seed))
    for name, out in falsehoods.items():
        yield _case(text, name, False, out, true)
    yield _case(text, "the next sentence", False, seed.after, true)
    if other.text.language == language and other.text.document != text.document:
        yield _case(text, "another document", False, other.sentence, true)
        yield _case(text, "half: one from elsewhere", False, _joined(true, other.sentence, language), true)
    for name in ("number", "date", "name", "negation"):
        if name in falsehoods:
            wrong = _joined(seed.after, falsehoods[name], language)
            yield _case(text, "half: one of two facts changed", False, wrong, f"{true} {seed.after}")
            break
    yield _case(text, "two facts, both quoted", True, _joined(seed.after, true, language), true, seed.after)
    yield _case(text, "half: one of two facts quoted", False, _joined(seed.after, true, language), true)


def _falsehoods(seed: _Seed) -> Iterator[tuple[str, str]]:
    true, language = seed.sentence, seed.text.language
    for name, edit in FALSE.items():
        out = edit(true, language, random.Random(f"{name}{true}"))
        if out and out != true:
            yield name, out
    if out := other_name(true, seed.names, random.Random(f"name{true}")):
        yield "name", out
    if out := other_word(true, seed.words, random.Random(f"word{true}")):
        yield "a word", out


def _joined(one: str, two: str, language: str) -> str:
    join = ", et " if language == "fr" else ", and "
    return f"{one.rstrip('.')}{join}{two}"


def _of_questions(found: Sequence[Asked]) -> Iterator[Case]:
    """`Qui a fondé X ?` and its answer make a sentence in a person's words; with another name of the text, a wrong
    one."""
    for one in found:
        match = _WHO.match(one.question)
        quote = _sentence_with(one)
        if not match or not quote or not one.answer[:1].isupper() or len(one.answer.split()) > 5:
            continue
        yield _case(one.text, "question and answer", True, f"{one.answer} {match['rest']}.", quote)
        rivals = [name for name in names(quote) if name not in one.answer and one.answer not in name]
        if rivals:
            yield _case(
                one.text, "question, wrong name quoted", False, f"{rivals[0]} {match['rest']}.", quote
            )


def _sentence_with(one: Asked) -> str:
    for start, end in sentences(one.text.text, "fr"):
        if one.answer in one.text.text[start:end]:
            return one.text.text[start:end]
    return ""


def _of_explanations(data: Path) -> Iterator[Case]:
    """An author's answer, sentence by sentence, beside the chunks it rests on; and beside another question's."""
    found = list(explained(data))
    for (one, chunks), (_, others) in zip(found, [*found[7:], *found[:7]], strict=True):
        if any(chunk in others for chunk in chunks):
            continue
        for start, end in sentences(one.answer, "en"):
            sentence = one.answer[start:end]
            yield _case(one.text, "author's own words", True, sentence, *(chunk.text for chunk in chunks))
            yield _case(
                one.text, "author's words, wrong source", False, sentence, *(chunk.text for chunk in others)
            )
