"""LanceDB's own hybrid search, as its documentation shows it, to compare with: its tokenizer for the language, its
BM25, the same vectors, and its reciprocal rank fusion (https://docs.lancedb.com/search/hybrid-search)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.index import FTS
from lancedb.query import MatchQuery
from lancedb.rerankers import RRFReranker

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.index.port import Vector
from counterpoint.knowledge.passages import context

_LANGUAGES: Final = {"fr": "French", "en": "English"}


class LanceHybrid:
    """Passages in a table of their own."""

    def __init__(
        self, folder: Path, language: str, passages: Sequence[Passage], vectors: Sequence[Vector]
    ) -> None:
        matrix = np.asarray(vectors, np.float32)
        table = pa.table(
            {
                "document": [passage.document for passage in passages],
                "text": [context(passage) for passage in passages],
                "vector": pa.FixedSizeListArray.from_arrays(pa.array(matrix.ravel()), matrix.shape[1]),
            }
        )
        self._table: Any = lancedb.connect(folder).create_table("hybrid", table)
        words = FTS(
            language=_LANGUAGES.get(language, "English"),
            stem=True,
            remove_stop_words=True,
            ascii_folding=True,
        )
        self._table.create_index("text", config=words)

    def documents(self, question: str, vector: Vector, limit: int) -> list[str]:
        """Of the passages it finds, best first, as often as they are found."""
        query = self._table.search(query_type="hybrid", vector_column_name="vector", fts_columns="text")
        query = query.vector(np.asarray(vector, np.float32)).text(_words(question))
        found = query.distance_type("cosine").rerank(RRFReranker()).limit(limit).to_arrow()
        return [str(document) for document in found.column("document").to_pylist()]


def _words(question: str) -> Any:
    """Any of them, as LanceDB asks for a plain text, whose signs it would read as operators."""
    match: Any = MatchQuery  # its stub asks for what it has defaults for
    return match(question, "text")
