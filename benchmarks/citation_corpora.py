"""Documents, questions and answers of the shared sets, as the labelled set of citations is made from."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

_LONGEST = 4000


class Text(msgspec.Struct, frozen=True):
    """A piece of a document. `document`: what splits are made by."""

    corpus: str
    document: str
    language: str
    title: str
    text: str


class Asked(msgspec.Struct, frozen=True):
    """A question that one text answers. `answer`: its words in the text, or a sentence of somebody else's."""

    question: str
    answer: str
    text: Text


def texts(data: Path) -> list[Text]:
    """Of all corpora, in a fixed order."""
    return [*_french(data), *_english(data)]


def _french(data: Path) -> Iterator[Text]:
    for article in _json(data / "retrieval-piaf-fr/piaf-v1.1.json")["data"]:
        for paragraph in article["paragraphs"]:
            yield Text("piaf", article["title"], "fr", article["title"], paragraph["context"])
    for sheet in _zipped(data / "retrieval-droit-du-travail-fr/fiches-travail.json.gz"):
        for section in sheet["sections"]:
            yield Text("travail", sheet["title"], "fr", section["title"], section["text"][:_LONGEST])
    for question in _zipped(data / "retrieval-droit-du-travail-fr/contributions.json.gz"):
        for number, agreement in enumerate(question["answers"]["conventions"][::20]):
            name = f"{question['title']} {number}"
            yield Text("conventions", name, "fr", question["title"], agreement["markdown"].replace("**", ""))
    for name in ("dila/knowledge_base/best_fiche.json", "cnil/knowledge_base/squad.json"):
        for article in _json(data / "retrieval-faq-administration-fr" / name)["data"]:
            for paragraph in article["paragraphs"]:
                yield Text("faq", article["title"], "fr", article["title"], paragraph["context"][:_LONGEST])


def _english(data: Path) -> Iterator[Text]:
    for chunk in _cookbook(data):
        yield _chunk(chunk)
    for passage in _json(data / "retrieval-2wiki-multihop-en/2wikimultihopqa_corpus.json")[:2000]:
        yield Text("2wiki", passage["title"], "en", passage["title"], passage["text"].replace("( ", "("))
    for name in ("state_of_the_union", "pubmed", "finance"):
        whole = (data / f"retrieval-chunking-eval-en/corpora/{name}.md").read_text("utf-8")
        for number, start in enumerate(range(0, min(len(whole), 240_000), 3000)):
            yield Text(name, f"{name} {number}", "en", "", whole[start : start + 3000])


def asked(data: Path) -> Iterator[Asked]:
    """PIAF's questions, whose answers are words of the text."""
    for article in _json(data / "retrieval-piaf-fr/piaf-v1.1.json")["data"]:
        for paragraph in article["paragraphs"]:
            text = Text("piaf", article["title"], "fr", article["title"], paragraph["context"])
            for one in paragraph["qas"]:
                yield Asked(one["question"].strip(), one["answers"][0]["text"], text)


def explained(data: Path) -> Iterator[tuple[Asked, tuple[Text, ...]]]:
    """Questions about a product's documentation with answers in an author's own words, and the chunks they rest on."""
    chunks = {chunk["chunk_link"]: _chunk(chunk) for chunk in _cookbook(data)}
    name = "retrieval-cookbook-docs-en/evaluation/docs_evaluation_dataset.json"
    for one in _json(data / name):
        found = tuple(chunks[link] for link in one["correct_chunks"])
        yield Asked(one["question"], one["correct_answer"], found[0]), found


def _cookbook(data: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = _json(data / "retrieval-cookbook-docs-en/data/anthropic_docs.json")
    return found


def _chunk(chunk: dict[str, str]) -> Text:
    return Text(
        "cookbook", chunk["chunk_link"].partition("#")[0], "en", chunk["chunk_heading"], chunk["text"]
    )


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())


def _zipped(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))
