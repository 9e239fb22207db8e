"""Small sets in the layout of BEIR."""

import json
from collections.abc import Iterable
from pathlib import Path


def beir_set(
    folder: Path,
    corpus: Iterable[tuple[str, str, str]],
    queries: Iterable[tuple[str, str]],
    judged: Iterable[tuple[str, str, int]],
    name: str = "test.tsv",
) -> Path:
    """Files of a set: (id, title, text), (id, text), (query, document, grade)."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    documents = [json.dumps({"_id": id_, "title": title, "text": text}) for id_, title, text in corpus]
    (folder / "corpus.jsonl").write_text("\n".join(documents), "utf-8")
    asked = [json.dumps({"_id": id_, "text": text, "metadata": {}}) for id_, text in queries]
    (folder / "queries.jsonl").write_text("\n".join(asked), "utf-8")
    rows = ["query-id\tcorpus-id\tscore", *(f"{one}\t{other}\t{grade}" for one, other, grade in judged)]
    (folder / "qrels" / name).write_text("\n".join(rows) + "\n", "utf-8")
    return folder


ANIMALS = (
    ("cat", "Cats", "A cat sleeps most of the day and hunts mice at dusk."),
    ("dog", "Dogs", "A dog guards the house and fetches sticks."),
    ("bee", "Bees", "Bees make honey from nectar.\nThey dance to show the way to flowers."),
    ("owl", "Owls", "An owl hunts mice in the dark without a sound."),
)
ASKED = (("q1", "which animal makes honey"), ("q2", "who hunts mice"), ("q3", "never judged"))
JUDGED = (("q1", "bee", 1), ("q2", "cat", 1), ("q2", "owl", 2), ("q2", "dog", 0))


def animals(folder: Path) -> Path:
    """A set that is easy."""
    return beir_set(folder, ANIMALS, ASKED, JUDGED)
