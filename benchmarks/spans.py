"""How exactly passages and the sentences cited from them hit what answers a question.

Two sets with answers marked in the text, character by character: questions on five English corpora (Chroma's chunking
evaluation) and on French encyclopedia articles (PIAF). Passages are ranked by BM25 alone, so that what is compared is
the cut and not the model. `python -m benchmarks.spans` prints the tables, `--write` puts them into
docs/knowledge-figures.md; `--sizes 1200` makes it quicker.
"""

import argparse
import csv
import heapq
import json
import math
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from counterpoint.knowledge.answers.port import Evidence
from counterpoint.knowledge.answers.quoting import quoted
from counterpoint.knowledge.documents import Block, BlockKind, Parsed, Passage
from counterpoint.knowledge.passages import SIZE, context, passages_of
from counterpoint.knowledge.text import question_terms, sentences, terms

ROOT: Final = Path(__file__).parents[1]
DATA: Final = Path(os.environ.get("COUNTERPOINT_SHARED") or ROOT.parent / "shared") / "data"
CHROMA: Final = "retrieval-chunking-eval-en"
PIAF: Final = "retrieval-piaf-fr"
PAGE: Final = ROOT / "docs" / "knowledge-figures.md"
BEGIN, END = "<!-- spans: begin -->", "<!-- spans: end -->"
SIZES: Final = f"600,900,{SIZE},1600,2000"
K1, B = 1.2, 0.75
DEPTH: Final = 5

Span = tuple[int, int]
Place = tuple[str, Span]


class Question(msgspec.Struct, frozen=True):
    """`gold`: where in `document` the answer is. `every`: all of it is needed; else one place will do."""

    text: str
    document: str
    gold: tuple[Span, ...]
    every: bool


class Set(msgspec.Struct, frozen=True):
    """Documents by name and what is asked of them."""

    name: str
    documents: dict[str, Parsed]
    questions: list[Question]


def chroma(only: Sequence[str] = ()) -> Set:
    """472 questions; an answer may be several spans, and all of them count."""
    folder = DATA / CHROMA
    names = [path.stem for path in sorted((folder / "corpora").glob("*.md")) if not only or path.stem in only]
    documents = {name: plain((folder / "corpora" / f"{name}.md").read_text("utf-8")) for name in names}
    with (folder / "questions_df.csv").open(encoding="utf-8", newline="") as file:
        questions = [
            Question(row["question"], row["corpus_id"], _gold(row["references"]), every=True)
            for row in csv.DictReader(file)
            if row["corpus_id"] in documents
        ]
    return Set(CHROMA, documents, questions)


def _gold(references: str) -> tuple[Span, ...]:
    return tuple((one["start_index"], one["end_index"]) for one in json.loads(references))


def piaf() -> Set:
    """7,569 questions on 480 articles; an answer is one of a few short spans."""
    documents: dict[str, Parsed] = {}
    questions: list[Question] = []
    for number, article in enumerate(json.loads((DATA / PIAF / "piaf-v1.1.json").read_text("utf-8"))["data"]):
        name, text, blocks = f"{number}", "", []
        for paragraph in article["paragraphs"]:
            start = len(text)
            text += paragraph["context"] + "\n\n"
            blocks.append(Block("paragraph", start, start + len(paragraph["context"])))
            for one in paragraph["qas"]:
                places = {
                    (start + it["answer_start"], start + it["answer_start"] + len(it["text"]))
                    for it in one["answers"]
                }
                if places:
                    questions.append(Question(one["question"], name, tuple(sorted(places)), every=False))
        documents[name] = Parsed(text, tuple(blocks), title=article.get("title", ""))
    return Set(PIAF, documents, questions)


_HEADING: Final = re.compile(r"\s*(?:(#{1,6}) .+|((?:= )+)[^=]+ \2?=.*)")


def plain(text: str) -> Parsed:
    """Paragraphs, headings and tables of a text, each where it stands: the marks are on the text as it is."""
    blocks = []
    for match in re.finditer(r"[^\n](?:[^\n]|\n(?!\s*\n))*", text):
        for start, end, kind in _kinds(text, *match.span()):
            if text[start:end].strip():
                level = (
                    text[start:end].strip().partition(" =" if kind == "heading" else "\0")[0].count("=") or 1
                )
                blocks.append(Block(kind, start, end, level=level if kind == "heading" else 0))
    return Parsed(text, tuple(blocks))


def _kinds(text: str, start: int, end: int) -> Iterator[tuple[int, int, BlockKind]]:
    if " | " in text[start:end] and "\n" in text[start:end]:
        yield start, end, "table"
        return
    held = start
    for line in re.finditer(r"[^\n]+", text[start:end]):
        if _HEADING.fullmatch(line[0]) and len(line[0]) < 120:
            yield held, start + line.start(), "paragraph"
            yield start + line.start(), start + line.end(), "heading"
            held = start + line.end()
    yield held, end, "paragraph"


def overlapping(passages: Sequence[Passage], text: str) -> Iterator[Passage]:
    """Each with the last sentence of the one before it below the same titles: to compare, not in use."""
    before: Passage | None = None
    for passage in passages:
        if before and before.titles == passage.titles and not passage.table and not before.table:
            start = before.start + sentences(before.text, before.language)[-1][0]
            yield msgspec.structs.replace(passage, start=start, text=text[start : passage.end])
        else:
            yield passage
        before = passage


class Bm25:
    """Every passage of a set by its terms."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        counts = [Counter(terms(context(passage), passage.language)) for passage in passages]
        self._lengths = [count.total() for count in counts]
        self._mean = sum(self._lengths) / len(counts)
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, count in enumerate(counts):
            for term, times in count.items():
                self._postings[term].append((place, times))

    def weight(self, term: str) -> float:
        """The rarer the more."""
        has = len(self._postings.get(term, ()))
        return math.log(1 + (len(self.passages) - has + 0.5) / (has + 0.5))

    def best(self, asked: Iterable[str], limit: int) -> list[Passage]:
        """The best first."""
        scores: dict[int, float] = defaultdict(float)
        for term in asked:
            weight = self.weight(term)
            for place, times in self._postings.get(term, ()):
                norm = K1 * (1 - B + B * self._lengths[place] / self._mean)
                scores[place] += weight * times * (K1 + 1) / (times + norm)
        return [
            self.passages[place] for place in heapq.nlargest(limit, scores, key=lambda place: scores[place])
        ]


def sentence(index: Bm25, asked: Sequence[str], found: Sequence[Passage]) -> list[Place]:
    """The one that says most of what was asked, by the weight of its words: what quoting has to be better than."""
    weights = {term: index.weight(term) for term in asked}
    best, place = 0.0, None
    for passage in found:
        for start, end in sentences(passage.text, passage.language):
            said = sum(
                weights.get(term, 0.0) for term in set(terms(passage.text[start:end], passage.language))
            )
            if said > best:
                best, place = said, (passage.document, (passage.start + start, passage.start + end))
    return [place] if place else []


def quotations(among: Set, question: str, found: Sequence[Passage]) -> list[Place]:
    """What an answer of quotations alone cites."""
    evidence = [Evidence(passage, among.documents[passage.document].title, "") for passage in found]
    claims, _ = quoted(question, evidence, lambda document, _: among.documents[document])
    return [(span.document, (span.start, span.end)) for claim in claims for span in claim.spans]


class Score(msgspec.Struct):
    """Sums over questions; `precision` over those with something given."""

    questions: int = 0
    given: int = 0
    precision: float = 0.0
    recall: float = 0.0
    overlap: float = 0.0

    def add(self, gold: Sequence[Span], got: Sequence[Span], *, every: bool) -> None:
        """Characters in common: of all that was marked, or whether one marked place is there as a whole."""
        self.questions += 1
        self.given += bool(got)
        marked, given = _signs(gold), _signs(got)
        common = len(marked & given)
        if every:
            self.precision += common / len(given) if given else 0.0
            self.recall += common / len(marked)
            self.overlap += common / len(marked | given)
            return
        hit = [any(start <= first and last <= end for first, last in gold) for start, end in got]
        self.precision += sum(hit) / len(hit) if hit else 0.0
        self.recall += any(hit)
        self.overlap += max((_overlap(one, other) for one in gold for other in got), default=0.0)

    def row(self) -> tuple[float, float, float]:
        """Means."""
        count = max(1, self.questions)
        return self.precision / max(1, self.given), self.recall / count, self.overlap / count


def _signs(spans: Iterable[Span]) -> set[int]:
    return {place for span in spans for place in range(*span)}


def _overlap(one: Span, other: Span) -> float:
    common = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return common / (max(one[1], other[1]) - min(one[0], other[0]))


class Result(msgspec.Struct, frozen=True):
    """Of one set cut in one way."""

    set: str
    size: int
    overlap: bool
    passages: int
    mean: float
    scores: dict[str, Score]


WHATS: Final = {
    "first": "the first passage",
    "five": "the first five passages",
    "sentence": "of these, the sentence with most of the question's words",
    "quotations": "of these, what an answer of quotations cites",
}


def measure(among: Set, size: int, *, step: int = 1, overlap: bool = False) -> Result:
    """Ask every `step`th question."""
    cut: list[Passage] = []
    for name, parsed in among.documents.items():
        passages = passages_of(parsed, name, "1", size=size)
        cut.extend(overlapping(passages, parsed.text) if overlap else passages)
    index = Bm25(cut)
    scores = {what: Score() for what in WHATS}
    for question in among.questions[::step]:
        asked = question_terms(question.text)
        found = index.best(asked, DEPTH)
        places = [(one.document, (one.start, one.end)) for one in found]
        given = {
            "first": places[:1],
            "five": places,
            "sentence": sentence(index, asked, found),
            "quotations": quotations(among, question.text, found),
        }
        for what, got in given.items():
            scores[what].add(question.gold, _placed(question, got), every=question.every)
    mean = sum(len(passage.text) for passage in cut) / len(cut)
    return Result(among.name, size, overlap, len(cut), mean, scores)


def _placed(question: Question, got: Sequence[Place]) -> list[Span]:
    """What is from another document hits nothing, but counts among what was given."""
    return [span if document == question.document else (-span[1], -span[0]) for document, span in got]


def tables(results: Sequence[Result]) -> str:
    """In Markdown: the size in use at length, then all sizes beside each other."""
    return "\n".join([*_in_use(results), "", *_beside(results)])


def _in_use(results: Sequence[Result]) -> Iterator[str]:
    yield "| set | questions | what is cited | given | precision | recall | overlap |"
    yield "|---|---|---|---|---|---|---|"
    for result in results:
        if result.size != SIZE or result.overlap:
            continue
        for what, score in result.scores.items():
            given = f"{100 * score.given / max(1, score.questions):.0f} %"
            yield f"| {result.set} | {score.questions} | {WHATS[what]} | {given} | {_shares(score.row())} |"


def _beside(results: Sequence[Result]) -> Iterator[str]:
    each = "precision | recall | overlap"
    yield f"| set | at most | passages | mean | five: {each} | sentence: {each} | quotations: {each} |"
    yield "|---" * 13 + "|"
    for result in results:
        name = f"{result.size}{', one sentence shared' if result.overlap else ''}"
        shares = " | ".join(_shares(result.scores[what].row()) for what in ("five", "sentence", "quotations"))
        yield f"| {result.set} | {name} | {result.passages} | {result.mean:.0f} | {shares} |"


def _shares(values: Iterable[float]) -> str:
    return " | ".join(f"{100 * value:.1f}" for value in values)


def write(text: str) -> None:
    """Between the page's marks; the rest of it stays."""
    before, begin, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{PAGE} lacks {BEGIN} or {END}")
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--sizes", default=SIZES, help="characters")
    options.add_argument("--sets", default="chroma,piaf")
    options.add_argument("--step", type=int, default=4, help="ask every Nth question of PIAF's")
    options.add_argument("--write", action="store_true", help="into the documentation")
    chosen = options.parse_args()
    sets = {"chroma": chroma, "piaf": piaf}
    results = []
    for among in (sets[name]() for name in chosen.sets.split(",")):
        step = chosen.step if among.name == PIAF else 1
        for size in map(int, chosen.sizes.split(",")):
            results.append(measure(among, size, step=step))
            if size == SIZE:
                results.append(measure(among, size, step=step, overlap=True))
    text = tables(results)
    print(text)
    if chosen.write:
        write(text)


if __name__ == "__main__":
    main()
