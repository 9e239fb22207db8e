"""Brings the retrieval sets that the project is measured on into the layout of BEIR: one command reads them all.

What a set's README leaves open is decided here, once, and said in the set's own `README.md`: which text is a document,
which are the questions, what counts as right. The layout: https://github.com/beir-cellar/beir/wiki (a corpus, queries
and judgements as files of lines). Usage: python -m scripts.retrieval_sets TARGET [SET ...]
"""

import argparse
import csv
import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

ROOT: Final = Path(__file__).resolve().parent.parent
PIECE: Final = 1000
"""Characters, about, of a piece of a long text whose judgements are spans."""
PIAF_STEP: Final = 15
"""Every fifteenth question of PIAF: 505 of 7,569, from all articles."""
WIKI_STEP: Final = 5
SHEETS_STEP: Final = 4
"""Every fourth sheet of labour law: they are long, and a model on a laptop reads some millions of signs an hour."""
_SERVICE_PUBLIC: Final = re.compile(r"/([FRPN]\d+)")
_ITS_OWN_TITLE: Final = 4
"""Words that the heading of a section must have to be a question about it."""


class Document(msgspec.Struct, frozen=True):
    """What is to be found."""

    id: str
    title: str
    text: str


class RetrievalSet(msgspec.Struct):
    """A set in the making. `judged`: by question, documents and how right they are."""

    about: str
    documents: list[Document] = []
    questions: dict[str, str] = {}
    judged: dict[str, dict[str, int]] = {}

    def ask(self, question: str, right: dict[str, int]) -> None:
        """One question more; what nothing answers is none."""
        if question.strip() and right:
            id_ = f"q{len(self.questions) + 1}"
            self.questions[id_] = " ".join(question.split())
            self.judged[id_] = right

    def write(self, folder: Path) -> None:
        """`corpus.jsonl`, `queries.jsonl`, `qrels/test.tsv` and a README."""
        (folder / "qrels").mkdir(parents=True, exist_ok=True)
        _lines(
            folder / "corpus.jsonl",
            ({"_id": one.id, "title": one.title, "text": one.text} for one in self.documents),
        )
        _lines(folder / "queries.jsonl", ({"_id": id_, "text": text} for id_, text in self.questions.items()))
        rows = [
            f"{question}\t{document}\t{grade}"
            for question, right in self.judged.items()
            for document, grade in right.items()
        ]
        head = "query-id\tcorpus-id\tscore"
        (folder / "qrels" / "test.tsv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        counts = f"{len(self.documents)} documents, {len(self.questions)} questions, {len(rows)} judgements."
        (folder / "README.md").write_text(f"{self.about}\n\n{counts}\n", encoding="utf-8")


def _lines(path: Path, rows: Iterator[dict[str, str]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def piaf(source: Path) -> RetrievalSet:
    """Paragraphs of Wikipedia."""
    made = RetrievalSet("PIAF 1.1: a document is a paragraph, its title the article's; every 15th question.")
    asked: list[tuple[str, str]] = []
    for article in json.loads((source / "piaf-v1.1.json").read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            id_ = f"p{len(made.documents) + 1}"
            made.documents.append(Document(id_, article["title"], paragraph["context"]))
            asked += ((answered["question"], id_) for answered in paragraph["qas"])
    for question, id_ in asked[::PIAF_STEP]:
        made.ask(question, {id_: 1})
    return made


def faq_administration(source: Path) -> RetrievalSet:
    """Answers of French administrations."""
    made = RetrievalSet(
        "CNIL and CRPA: a document is an answer without its title, which is the question that is asked. "
        "service-public.fr: sheets, help pages and procedures with their titles; the questions of its help and of "
        "its search. The same text is one document."
    )
    known: dict[tuple[str, str], str] = {}
    links: dict[str, str] = {}
    asked: dict[str, dict[str, int]] = {}
    for part, file, titled in (
        ("cnil", "squad.json", False),
        ("crpa", "squad.json", False),
        ("dila", "best_fiche.json", True),
        ("dila", "raw_and_preparation/manual_dataset_aide.json", True),
        ("dila", "raw_and_preparation/manual_dataset_demarches.json", True),
    ):
        for entry in json.loads((source / part / "knowledge_base" / file).read_text("utf-8"))["data"]:
            for paragraph in entry["paragraphs"]:
                title, text = entry["title"] if titled else "", paragraph["context"]
                id_ = known.setdefault((title, text), f"{part}{len(known) + 1}")
                if found := _SERVICE_PUBLIC.search(entry.get("link", "")):
                    links.setdefault(found[1], id_)
                for answered in paragraph["qas"]:
                    asked.setdefault(answered["question"], {})[id_] = 1
    made.documents = [Document(id_, title, text) for (title, text), id_ in known.items()]
    searched = source / "dila" / "knowledge_base" / "raw_and_preparation" / "manual_question_autocomplete.csv"
    with searched.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found = _SERVICE_PUBLIC.search(row["Lien"])
            if found and found[1] in links:
                asked.setdefault(row["Question"], {})[links[found[1]]] = 1
    for question, right in asked.items():
        made.ask(question, right)
    return made


def droit_du_travail(source: Path) -> RetrievalSet:
    """Sheets of the Ministry of Labour."""
    made = RetrievalSet(
        "Sheets of the Ministry of Labour: a document is a section without its heading, its title the sheet's. "
        "A heading that is a question, of five words or more and found once in all of them, is asked. "
        "Every fourth sheet."
    )
    with gzip.open(source / "fiches-travail.json.gz", "rt", encoding="utf-8") as stream:
        sheets = json.load(stream)
    often = Counter(section["title"] for sheet in sheets for section in sheet["sections"])
    for sheet in sheets[::SHEETS_STEP]:
        for section in sheet["sections"]:
            if not section["text"].strip():
                continue
            id_ = f"s{len(made.documents) + 1}"
            made.documents.append(Document(id_, sheet["title"], section["text"]))
            heading = section["title"].strip()
            if (
                often[section["title"]] == 1
                and heading.endswith("?")
                and len(heading.split()) > _ITS_OWN_TITLE
            ):
                made.ask(heading, {id_: 1})
    return made


def cookbook(source: Path) -> RetrievalSet:
    """A product's documentation."""
    made = RetrievalSet("A product's documentation: a document is a section with its heading.")
    pieces = json.loads((source / "data" / "anthropic_docs.json").read_text("utf-8"))
    for piece in pieces:
        text = piece["text"].removeprefix(piece["chunk_heading"]).strip()
        made.documents.append(Document(piece["chunk_link"], piece["chunk_heading"], text))
    answered = json.loads((source / "evaluation" / "docs_evaluation_dataset.json").read_text("utf-8"))
    for one in answered:
        made.ask(one["question"], dict.fromkeys(one["correct_chunks"], 1))
    return made


def cranfield(source: Path) -> RetrievalSet:
    """Abstracts of aeronautics. Judgements go from 1, a complete answer, to 4, of historical interest."""
    made = RetrievalSet(
        "Cranfield: a document is an abstract with its title. The judgements 1 to 4 and -1 become the gains 4, 3, 2, "
        "1 and none; questions count by their place, as the judgements do."
    )
    for number, fields in _smart(source / "cran.all.1400"):
        title = " ".join(fields.get("T", "").split())
        text = " ".join(fields.get("W", "").split()).removeprefix(title).strip()
        made.documents.append(Document(str(int(number)), title, text))
    right: dict[int, dict[str, int]] = {}
    for line in (source / "cranqrel").read_text("utf-8").splitlines():
        place, document, code = (int(word) for word in line.split()[:3])
        if code > 0:
            right.setdefault(place, {})[str(document)] = 5 - code
    for place, (_, fields) in enumerate(_smart(source / "cran.qry"), start=1):
        made.ask(fields["W"], right.get(place, {}))
    return made


def _smart(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Records of SMART's format: a number and its fields."""
    for record in re.split(r"^\.I ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        number, *parts = re.split(r"^\.([TABW])\n", record, flags=re.MULTILINE)
        yield number.strip(), dict(zip(parts[::2], parts[1::2], strict=True))


def chunking_eval(source: Path) -> RetrievalSet:
    """Long texts whose judgements are spans."""
    made = RetrievalSet(
        "Five long texts in pieces of about 1,000 characters, cut between paragraphs, lines or sentences: a piece in "
        "which anything was marked is right."
    )
    places: dict[str, list[tuple[int, int, str]]] = {}
    for path in sorted((source / "corpora").glob("*.md")):
        text = path.read_text("utf-8")
        for start, end in _cut(text):
            id_ = f"{path.stem}-{len(places.get(path.stem, ())) + 1}"
            places.setdefault(path.stem, []).append((start, end, id_))
            made.documents.append(Document(id_, "", text[start:end].strip()))
    with (source / "questions_df.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            spans = [(one["start_index"], one["end_index"]) for one in json.loads(row["references"])]
            right = {
                id_: 1
                for start, end, id_ in places[row["corpus_id"]]
                if any(first < end and start < last for first, last in spans)
            }
            made.ask(row["question"], right)
    return made


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """Places of pieces, at the best border of the second half of each."""
    start = 0
    while start < len(text):
        end = min(start + PIECE, len(text))
        if end < len(text):
            half = start + PIECE // 2
            borders = (text.rfind(mark, half, end) + len(mark) for mark in ("\n\n", "\n", ". ", " "))
            end = next((border for border in borders if border > half), end)
        if text[start:end].strip():
            yield start, end
        start = end


def wiki_multihop(source: Path) -> RetrievalSet:
    """Questions that take two passages."""
    made = RetrievalSet(
        "2WikiMultihopQA, a part: both passages that an answer takes are right. Every fifth of the passages that "
        "answer nothing."
    )
    results = source / "results" / "vdb" / "2wikimultihopqa_101.json"
    asked = json.loads(results.read_text("utf-8"))
    wanted = {title for one in asked for title in one["ground_truth"]}
    by_title: dict[str, list[str]] = {}
    for place, passage in enumerate(json.loads((source / "2wikimultihopqa_corpus.json").read_text("utf-8"))):
        if passage["title"] in wanted or place % WIKI_STEP == 0:
            made.documents.append(Document(f"w{place}", passage["title"], passage["text"]))
            by_title.setdefault(passage["title"], []).append(f"w{place}")
    for one in asked:
        right = {id_: 1 for title in one["ground_truth"] for id_ in by_title[title]}
        made.ask(one["question"], right)
    return made


SETS: Final[dict[str, Callable[[Path], RetrievalSet]]] = {
    "piaf-fr": piaf,
    "faq-administration-fr": faq_administration,
    "droit-du-travail-fr": droit_du_travail,
    "cookbook-docs-en": cookbook,
    "cranfield-en": cranfield,
    "chunking-eval-en": chunking_eval,
    "2wiki-multihop-en": wiki_multihop,
}


def convert(shared: Path, target: Path, names: list[str] | None = None) -> list[Path]:
    """The sets' folders, `names` or all of them, each with its language at the end of its name."""
    folders = []
    for name in names or SETS:
        SETS[name](shared / "data" / f"retrieval-{name}").write(target / name)
        folders.append(target / name)
    return folders


def main(arguments: list[str] | None = None) -> None:
    """Convert them."""
    parser = argparse.ArgumentParser(description="Bring the retrieval sets into the layout of BEIR.")
    parser.add_argument("target", type=Path)
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    given: Any = parser.parse_args(arguments)
    shared = Path(os.environ.get("COUNTERPOINT_SHARED", ROOT.parent / "shared"))
    for folder in convert(shared, given.target, given.sets):
        print((folder / "README.md").read_text("utf-8"), end="")


if __name__ == "__main__":
    main()
