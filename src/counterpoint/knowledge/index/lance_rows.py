"""Documents as rows of a Lance table and back, and filters as its conditions.

A row is a passage. Its key is the document and the passage's number, so that a new version's passages take the places
of the old one's; what is left of a longer old version becomes a *leftover*: a row that nobody may see, swept later.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.index.port import Filter, Hit, Indexed

LEFTOVER = "number < 0"
"""Which rows are."""

_PRIMARY = {"lance-schema:unenforced-primary-key": "true"}
"""So that of two writers who put the same row at once, Lance tells one to try again."""


class Found(msgspec.Struct, frozen=True, array_like=True):
    """What a hit is made of: one column, since each that is read of a row is a request where the table is remote."""

    passage: Passage
    source: str


_pack = msgspec.msgpack.Encoder().encode
unpacked = msgspec.msgpack.Decoder(Found).decode


def schema(dimensions: int) -> pa.Schema:
    """`put`: by which call a row was written; the greatest is the newest. Vectors are of 16 bits: at the length of 1
    that costs a cosine less than 0.001."""
    return pa.schema(
        [
            pa.field("key", pa.string(), nullable=False, metadata=_PRIMARY),
            pa.field("document", pa.string()),
            pa.field("version", pa.string()),
            pa.field("number", pa.int32()),
            pa.field("put", pa.string()),
            pa.field("source", pa.string()),
            pa.field("readers", pa.list_(pa.string())),
            pa.field("language", pa.string()),
            pa.field("media_type", pa.string()),
            pa.field("modified", pa.int64()),
            pa.field("passage", pa.binary()),
            pa.field("terms", pa.string()),
            pa.field("vector", pa.list_(pa.float16(), dimensions)),
        ]
    )


def key(document: str, number: int) -> str:
    """Of a row."""
    return f"{document}.{number}"


def rows(
    documents: Iterable[Indexed], put: str, dimensions: int, leftovers: Iterable[tuple[str, int]] = ()
) -> pa.Table:
    """Of these documents, and in the places of leftovers (document, number)."""
    records: list[dict[str, Any]] = []
    vectors: list[Sequence[float] | None] = []
    for document in documents:
        readers = sorted(document.readers)
        for at, passage in enumerate(document.passages):
            records.append(
                {
                    "key": key(document.document, at),
                    "document": document.document,
                    "version": document.version,
                    "number": at,
                    "put": put,
                    "source": document.source,
                    "readers": readers,
                    "language": passage.language,
                    "media_type": document.media_type,
                    "modified": document.modified,
                    "passage": _pack(Found(passage, document.source)),
                    "terms": " ".join(document.terms[at]),
                }
            )
            vectors.append(None if document.vectors is None else document.vectors[at])
    for document_id, number in leftovers:
        gone = {"key": key(document_id, number), "document": document_id, "number": -1 - number, "put": put}
        records.append({**gone, "version": "", "source": "", "readers": []})
        vectors.append(None)
    wanted = schema(dimensions)
    plain = pa.Table.from_pylist(records, schema=wanted.remove(wanted.get_field_index("vector")))
    return plain.append_column(wanted.field("vector"), _vectors(vectors, dimensions))


def _vectors(vectors: list[Sequence[float] | None], dimensions: int) -> pa.Array:
    matrix = np.zeros((len(vectors), dimensions), np.float16)
    for at, vector in enumerate(vectors):
        if vector is not None:
            matrix[at] = vector
    missing = pa.array([vector is None for vector in vectors], pa.bool_())
    return pa.FixedSizeListArray.from_arrays(pa.array(matrix.ravel()), dimensions, mask=missing)


def with_readers(held: pa.Table, readers: dict[str, frozenset[str]]) -> pa.Table:
    """The same rows, seen by others."""
    at = held.schema.get_field_index("readers")
    fresh = [sorted(readers[document]) for document in held.column("document").to_pylist()]
    return held.set_column(at, held.schema.field(at), pa.array(fresh, pa.list_(pa.string())))


def hits(found: Iterable[Found], scores: Iterable[float]) -> list[Hit]:
    """What a search has found, best first."""
    all_ = [Hit(each.passage, each.source, score) for each, score in zip(found, scores, strict=True)]
    return sorted(all_, key=lambda hit: (-hit.score, hit.passage.document, hit.passage.number))


def passages(found: pa.Table) -> list[Passage]:
    """In order."""
    all_ = [unpacked(each).passage for each in found.column("passage").to_pylist()]
    return sorted(all_, key=lambda passage: passage.number)


def condition(wanted: Filter) -> str:
    """What a row must fulfil. Never empty: principals are always asked for."""
    parts = [f"array_has_any(readers, [{_listed(wanted.principals)}])"]
    for column, values in (
        ("source", wanted.sources),
        ("document", wanted.documents),
        ("language", wanted.languages),
        ("media_type", wanted.media_types),
    ):
        if values:
            parts.append(among(column, values))
    if wanted.modified_from is not None:
        parts.append(f"modified >= {wanted.modified_from:d}")
    if wanted.modified_to is not None:
        parts.append(f"modified <= {wanted.modified_to:d}")
    return " AND ".join(parts)


def among(column: str, values: Iterable[str]) -> str:
    """Whether the column is one of them."""
    return f"{column} IN ({_listed(values)})"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(map(quoted, sorted(values)))


def quoted(value: str) -> str:
    """As a literal. Quotes are doubled; nothing else has a meaning between them."""
    return "'" + value.replace("'", "''") + "'"
