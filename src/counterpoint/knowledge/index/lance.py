"""The index as a LanceDB table: in a folder, or by the same library in a bucket that many machines share.

One table, one row a passage. Words are split at white space and otherwise taken as they come; Lance counts BM25 with
k1 1.2 and b 0.75, as the port asks. Its statistics are those of the last `tend()`, and of what came since among the
rows that the filter lets through. Rights and the other filters are prefilters of both searches.

Where the table is a folder, what the vectors' index finds is compared once more, exactly; in a bucket that would be a
request for each, so the bytes' own cosine stands there (off by less than 0.002).

What another process has written is seen by the next search. A call of `put` is one commit, on one condition: that
nobody put the same document at the same time. If somebody did, the newest call wins, and what is left of the other is
deleted in a second commit.
"""

import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final, TypeVar

import lancedb
import pyarrow as pa
from lancedb.index import FTS, BTree, IvfSq, LabelList
from lancedb.query import DocumentGranularity, FullTextOperator, MatchQuery

from counterpoint.canonical.ids import new_id
from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.index import lance_rows as rows
from counterpoint.knowledge.index.lance_kept import Kept
from counterpoint.knowledge.index.port import Filter, Hit, Indexed, OtherDimensions, Vector

TABLE = "passages"
_T = TypeVar("_T")

BRUTE_FORCE: Final = 20_000
"""Up to so many vectors all are compared; above, `tend` makes an index of them: partitions of some 8,000, each value in
a byte, what is near enough then compared exactly. It is made twenty times as fast as a graph and finds as much."""
_PROBES: Final = 40
"""Partitions that are searched at least; if too little of them may be seen, as many more as it takes. 40 of a million
passages' 122 find 99 % of the ten nearest (measured with the vectors of multilingual-e5-small)."""
_SEGMENTS: Final = 16
"""Of an index of vectors, before it is made anew."""
_PASSAGES: Final = 10_000
"""That were found lately are kept in memory."""

_WORDS: Final = FTS(
    base_tokenizer="whitespace",
    max_token_length=None,
    lower_case=False,
    stem=False,
    remove_stop_words=False,
    ascii_folding=False,
)
_INDEX_CACHE: Final = 1 << 30
_METADATA_CACHE: Final = 1 << 28
"""Bytes. A million passages' indexes fit into the former."""
_KEPT: Final = timedelta(minutes=10)
"""For so long an old version of the table stays, for searches that still read it."""
_PATIENCE: Final = 60.0
"""Seconds for which a writer whom others were ahead of tries again."""
_AT_ONCE: Final = 500
"""Documents in one statement of `allow` or `remove`."""


class LanceIndex:
    """`knowledge.index.port.Index`. `uri`: a folder or `s3://bucket/prefix`; for the latter, credentials, endpoint and
    region come from the environment (`AWS_…`) unless `options` (of the object_store library) say otherwise."""

    def __init__(
        self,
        uri: str,
        dimensions: int,
        *,
        options: Mapping[str, str] | None = None,
        brute_force: int = BRUTE_FORCE,
    ) -> None:
        self._dimensions, self._brute_force = dimensions, brute_force
        self._near = "://" not in uri
        self._kept = Kept(_PASSAGES)
        self._connection: Any = lancedb.connect(
            uri,
            storage_options=dict(options or {}),
            session=lancedb.Session(_INDEX_CACHE, _METADATA_CACHE),
        )
        self._held = self._opened()

    def _latest(self) -> Any:
        """The table as it is now, whoever wrote last. Asked once for each thing that is done: the library's own way
        (`read_consistency_interval`) looks several times in each query, each time at the disk or over the network."""
        self._held.checkout_latest()
        return self._held

    def _opened(self) -> Any:
        table = _again(self._open_or_create)
        held = table.schema.field("vector").type.list_size
        if held != self._dimensions:
            raise OtherDimensions(held, self._dimensions)
        return table

    def _open_or_create(self) -> Any:
        if TABLE not in self._connection.list_tables().tables:
            self._connection.create_table(TABLE, schema=rows.schema(self._dimensions), exist_ok=True)
        table = self._connection.open_table(TABLE)
        for column in sorted({"document", "key", "readers", "terms"} - _indexed(table)):
            table.create_index(column, config=_kind_of(column), replace=True)
        return table

    def put(self, documents: Sequence[Indexed]) -> None:
        newest = {each.document: each for each in documents}
        if newest:
            _again(lambda: self._put(newest))

    def _put(self, documents: dict[str, Indexed]) -> None:
        stamp, before = new_id(), self._latest().version
        leftovers = [
            (document, number)
            for document, number in self._numbers(documents)
            if number >= len(documents[document].passages)
        ]
        fresh = rows.rows(documents.values(), stamp, self._dimensions, leftovers)
        if not fresh.num_rows:
            return
        merge = self._held.merge_insert("key").when_matched_update_all(
            where=f"target.put < {rows.quoted(stamp)}"
        )
        done = merge.when_not_matched_insert_all().execute(fresh, on_bad_vectors="null")
        if done.version != before + 1:
            self._settle(documents)

    def _numbers(self, documents: Iterable[str]) -> list[tuple[str, int]]:
        found = self._rows(rows.among("document", documents) + " AND number >= 0", ["document", "number"])
        return [(row["document"], row["number"]) for row in found.to_pylist()]

    def _settle(self, documents: Iterable[str]) -> None:
        """Somebody wrote meanwhile: of each document, only what the newest call put stays."""
        held: dict[str, set[str]] = {}
        for row in self._rows(rows.among("document", documents), ["document", "put"]).to_pylist():
            held.setdefault(row["document"], set()).add(row["put"])
        older = [
            f"(document = {rows.quoted(document)} AND put < {rows.quoted(max(puts))})"
            for document, puts in held.items()
            if len(puts) > 1
        ]
        if older:
            self._delete(" OR ".join(older))

    def remove(self, documents: Collection[str]) -> None:
        for some in _parts(sorted(documents)):
            _again(partial(self._delete, rows.among("document", some)))

    def _delete(self, where: str) -> None:
        self._latest().delete(where)

    def allow(self, readers: dict[str, frozenset[str]]) -> None:
        for some in _parts(sorted(readers)):
            _again(partial(self._allow, {document: readers[document] for document in some}))

    def _allow(self, readers: dict[str, frozenset[str]]) -> None:
        held = self._rows(
            rows.among("document", readers) + " AND number >= 0", rows.schema(self._dimensions).names
        )
        if held.num_rows:
            merge = self._held.merge_insert("key").when_matched_update_all(where="target.put = source.put")
            done = merge.execute(rows.with_readers(held, readers), on_bad_vectors="null")
            if done.num_updated_rows < held.num_rows:
                raise _OvertakenError

    def by_terms(self, terms: Sequence[str], wanted: Filter, limit: int) -> list[Hit]:
        words = " ".join(dict.fromkeys(terms))
        if not words or not wanted.principals or limit < 1:
            return []
        query = self._latest().search(_any_of(words), query_type="fts")
        return self._hits(query, wanted, limit, "_score")

    def by_vector(self, vector: Vector, wanted: Filter, limit: int) -> list[Hit]:
        if not wanted.principals or limit < 1:
            return []
        query = self._latest().search(list(vector), vector_column_name="vector", query_type="vector")
        query = query.distance_type("cosine").minimum_nprobes(_PROBES).maximum_nprobes(0)
        if self._near:
            query = query.refine_factor(2)
        return self._hits(query, wanted, limit, "_distance")

    def _hits(self, query: Any, wanted: Filter, limit: int, score: str) -> list[Hit]:
        query = query.where(rows.condition(wanted), prefilter=True).limit(limit)
        table = query.select(["_rowid", score]).to_arrow()
        found = self._found(table.column("_rowid").to_pylist())
        if len(found) < table.num_rows:  # `tend` has moved rows between the two steps
            table = query.select(["_rowid", score, "passage"]).to_arrow()
            found = _unpacked(table)
        scores = table.column(score).to_pylist()
        if score == "_distance":
            scores = [1.0 - each for each in scores]
        return rows.hits((found[each] for each in table.column("_rowid").to_pylist()), scores)

    def _found(self, addresses: list[int]) -> dict[int, rows.Found]:
        here = self._kept.at(addresses)
        missing = [each for each in addresses if each not in here]
        if missing:
            fresh = _unpacked(self._held.take_row_ids(missing).select(["passage"]).with_row_id().to_arrow())
            self._kept.keep(fresh)
            here |= fresh
        return here

    def passages(self, document: str, version: str, wanted: Filter) -> list[Passage]:
        if not wanted.principals:
            return []
        asked = f"document = {rows.quoted(document)} AND version = {rows.quoted(version)}"
        return rows.passages(self._rows(f"{asked} AND {rows.condition(wanted)}", ["passage"]))

    def count(self, wanted: Filter | None = None) -> int:
        if wanted is None:
            return int(self._latest().count_rows("number >= 0"))
        return int(self._latest().count_rows(rows.condition(wanted))) if wanted.principals else 0

    def _rows(self, where: str, columns: list[str]) -> pa.Table:
        return self._latest().search().where(where).select(columns).limit(None).to_arrow()

    def tend(self) -> None:
        if self._latest().count_rows(rows.LEFTOVER):
            _again(partial(self._delete, rows.LEFTOVER))
        _again(self._tend_vectors)
        _again(lambda: self._latest().optimize(cleanup_older_than=_KEPT))

    def _tend_vectors(self) -> None:
        """An index of vectors has as many partitions as suit the rows that it was made from, which its name tells, and
        a segment more for each time that new ones were added: it is made anew once it no longer fits."""
        held = [index.name for index in self._latest().list_indices() if index.columns == ["vector"]]
        count = int(self._held.count_rows("vector IS NOT NULL"))
        if count <= self._brute_force or (held and self._fits(held[0], count)):
            return
        name = f"vector_{count}"
        self._held.create_index("vector", config=IvfSq(distance_type="cosine"), name=name, replace=True)
        for older in held:
            if older != name:
                self._held.drop_index(older)

    def _fits(self, name: str, count: int) -> bool:
        stats = self._held.index_stats(name)
        return count <= 2 * int(name.partition("_")[2]) and (stats is None or stats.num_indices <= _SEGMENTS)

    def close(self) -> None:
        self._held = self._connection = None


def _unpacked(table: pa.Table) -> dict[int, rows.Found]:
    packed = zip(table.column("_rowid").to_pylist(), table.column("passage").to_pylist(), strict=True)
    return {address: rows.unpacked(each) for address, each in packed}


def _indexed(table: Any) -> set[str]:
    return {column for index in table.list_indices() for column in index.columns}


def _kind_of(column: str) -> FTS | LabelList | BTree:
    match column:
        case "terms":
            return _WORDS
        case "readers":
            return LabelList()
        case _:
            return BTree()


def _any_of(words: str) -> MatchQuery:
    return MatchQuery(
        words,
        "terms",
        boost=1.0,
        fuzziness=0,
        max_expansions=50,
        operator=FullTextOperator.OR,
        prefix_length=0,
        document_granularity=DocumentGranularity.ROW,
    )


def _parts(all_: list[str]) -> Iterable[list[str]]:
    return (all_[at : at + _AT_ONCE] for at in range(0, len(all_), _AT_ONCE))


def _again(step: Callable[[], _T]) -> _T:
    """Until no other writer was ahead. Lance tries a few times by itself, then gives up."""
    end, pause = time.monotonic() + _PATIENCE, 0.02
    while True:
        try:
            return step()
        except (RuntimeError, OSError, ValueError) as error:
            if not _overtaken(error) or time.monotonic() > end:
                raise
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - so that two do not meet again
        pause = min(1.0, 2 * pause)


class _OvertakenError(RuntimeError):
    """What was to be changed has changed."""


def _overtaken(error: Exception) -> bool:
    """Lance has no class of its own for it."""
    said = str(error).lower()
    return isinstance(error, _OvertakenError) or "conflict" in said or "concurrent" in said
