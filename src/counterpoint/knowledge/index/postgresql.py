"""The index in PostgreSQL with pgvector, for who wants one database: everything a call changes is one transaction.

Vectors are of 16 bits with an HNSW graph over them. It is asked for more and more until enough of what it yields may be
seen (`hnsw.iterative_scan`, pgvector 0.8); where it gives up early, which it does when the asker may see little, all
that he may see is compared. BM25 is counted in SQL over the postings of the terms asked for, with the rights inside.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, event

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.index.port import Filter, Hit, Indexed, Vector
from counterpoint.knowledge.index.postgresql_tables import lock, prepare, schema_of
from counterpoint.storage.copying import copied
from counterpoint.storage.database import open_database

BRUTE_FORCE: Final = 10_000
"""Up to so many vectors all are compared; above, `tend` builds the graph."""
_WIDTH: Final = 200
_WIDEST: Final = 1000
"""Of `hnsw.ef_search`: what we want, and pgvector's limit."""

_NODE_BYTES: Final = 700
_MOST_BYTES: Final = 2 << 30
"""Of memory for a graph that is built: what pgvector keeps of each vector beside its values (neighbours at m = 16), and
in all. What no longer fits is built in the table, many times slower (pgvector's README, "Index Build Time")."""

_MEMORY = """
SELECT set_config('maintenance_work_mem', greatest(
    (SELECT setting::bigint FROM pg_settings WHERE name = 'maintenance_work_mem'),
    least(%(most)s, (SELECT count(vector) FROM {s}.passages) * %(vector)s) / 1024
)::text || 'kB', false)
"""

_SETTINGS = f"""
SET hnsw.iterative_scan = relaxed_order;
SET hnsw.ef_search = {_WIDTH};
SET plan_cache_mode = force_custom_plan;
SET jit = off
"""
"""A plan must fit the very terms and principals; compiling one takes longer than a search."""

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Passage).decode

_GONE = """
DELETE FROM {s}.passages p USING {s}.documents d
WHERE d.key = p.document AND d.id = ANY(%s) RETURNING p.key, p.length, p.terms
"""

_UNPOST = """
DELETE FROM {s}.postings o USING unnest(%(terms)s::integer[], %(passages)s::integer[]) AS w (term, passage)
WHERE o.term = w.term AND o.passage = w.passage
"""

_FEWER = """
UPDATE {s}.terms t SET passages = t.passages - c.n
FROM unnest(%(terms)s::integer[], %(fewer)s::integer[]) AS c (key, n) WHERE t.key = c.key
"""

_TOTALS = "UPDATE {s}.totals SET passages = passages + %s, length = length + %s"

_DOCUMENTS = """
INSERT INTO {s}.documents (id, source, version, readers, media_type, modified)
SELECT * FROM json_to_recordset(%s)
    AS d (id text, source text, version text, readers text[], media_type text, modified bigint)
ON CONFLICT (id) DO UPDATE SET source = excluded.source, version = excluded.version, readers = excluded.readers,
    media_type = excluded.media_type, modified = excluded.modified
RETURNING id, key
"""

_MORE = """
UPDATE {s}.terms t SET passages = t.passages + c.n
FROM unnest(%(terms)s::text[], %(more)s::integer[]) AS c (term, n) WHERE t.term = c.term RETURNING t.term, t.key
"""

_NEW = """
INSERT INTO {s}.terms (term, passages) SELECT * FROM unnest(%(terms)s::text[], %(more)s::integer[]) RETURNING term, key
"""

_POSTINGS = """
INSERT INTO {s}.postings (term, passage, document, count, length)
SELECT t.term, p.key, p.document, t.count, p.length
FROM {s}.passages p, unnest(p.terms, p.counts) AS t (term, count) WHERE p.document = ANY(%s)
"""

_ALLOW = """
UPDATE {s}.documents d SET readers = r.readers
FROM json_to_recordset(%s) AS r (id text, readers text[]) WHERE d.id = r.id
"""

_ASKED = """
SELECT t.key, ln(1 + (s.passages - t.passages + 0.5) / (t.passages + 0.5))::float8, s.length::float8 / s.passages
FROM {s}.terms t, {s}.totals s WHERE t.term = ANY(%s) AND t.passages > 0
"""

_BY_TERMS = """
WITH best AS (
    SELECT o.passage, sum(
        a.idf * o.count * 2.2::float8 / (o.count + 0.3::float8 + 0.9::float8 / %(mean)s::float8 * o.length)
    ) AS score
    FROM unnest(%(keys)s::integer[], %(idf)s::float8[]) AS a (key, idf)
    JOIN {s}.postings o ON o.term = a.key JOIN {s}.documents d ON d.key = o.document {join}
    WHERE {condition}
    GROUP BY o.passage ORDER BY score DESC, o.passage LIMIT %(limit)s
)
SELECT p.passage, d.source, b.score
FROM best b JOIN {s}.passages p ON p.key = b.passage JOIN {s}.documents d ON d.key = p.document
"""
"""The terms come as values, so that the planner knows how few they are."""

_BY_VECTOR = """
SELECT p.passage, d.source, 1 - (p.vector <=> %(vector)s::halfvec) AS score
FROM {s}.passages p JOIN {s}.documents d ON d.key = p.document
WHERE {condition} AND p.vector IS NOT NULL ORDER BY {order} LIMIT %(limit)s
"""
_NEAREST = "p.vector <=> %(vector)s::halfvec"
_COMPARED = f"({_NEAREST}) + 0"
"""Not what the graph is ordered by, so that it is left alone."""

_PASSAGES = """
SELECT p.passage FROM {s}.passages p JOIN {s}.documents d ON d.key = p.document
WHERE d.id = %(document)s AND d.version = %(version)s AND {condition} ORDER BY p.number
"""

_COUNT = "SELECT count(*) FROM {s}.passages p JOIN {s}.documents d ON d.key = p.document WHERE {condition}"


class PostgresqlIndex:
    """`knowledge.index.port.Index`. `url`: of the database; `place`: which index in it, an organisation's."""

    def __init__(self, url: str, dimensions: int, *, place: str, brute_force: int = BRUTE_FORCE) -> None:
        self._dimensions, self._brute_force = dimensions, brute_force
        self._schema = schema_of(place)
        self._database = open_database(url)
        self._database.engine.dispose()
        event.listen(self._database.engine, "connect", _set_up)
        try:
            with self._database.engine.begin() as connection:
                prepare(connection, self._schema, dimensions)
        except BaseException:
            self._database.close()
            raise

    def put(self, documents: Sequence[Indexed]) -> None:
        newest = {each.document: each for each in documents}
        if not newest:
            return
        with self._database.engine.begin() as connection:
            lock(connection, self._schema)
            self._forget(connection, list(newest))
            rows = [_document(each) for _, each in sorted(newest.items())]
            keys = dict(self._run(connection, _DOCUMENTS, (_json(rows),)).all())
            self._insert(connection, newest.values(), keys)

    def _forget(self, connection: Connection, documents: list[str]) -> None:
        """Their passages. What goes is told by value: the planner knows then how little that is of the postings."""
        gone = self._run(connection, _GONE, (documents,)).all()
        if not gone:
            return
        postings = {
            "terms": [term for _, _, terms in gone for term in terms],
            "passages": [passage for passage, _, terms in gone for _ in terms],
        }
        self._run(connection, _UNPOST, postings)
        fewer = Counter(postings["terms"])
        self._run(connection, _FEWER, {"terms": list(fewer), "fewer": list(fewer.values())})
        self._run(connection, _TOTALS, (-len(gone), -sum(length for _, length, _ in gone)))

    def _insert(self, connection: Connection, documents: Iterable[Indexed], keys: dict[str, int]) -> None:
        passages = [
            (document, at, passage, _counted(document.terms[at]))
            for document in documents
            for at, passage in enumerate(document.passages)
        ]
        terms = self._terms(connection, Counter(term for *_, counts in passages for term in counts))
        rows = (
            (
                keys[document.document],
                at,
                passage.language,
                counts.total(),
                _array(terms[term] for term in counts),
                _array(counts.values()),
                _pack(passage),
                None if document.vectors is None else _halfvec(document.vectors[at]),
            )
            for document, at, passage, counts in passages
        )
        columns = "document, number, language, length, terms, counts, passage, vector"
        copied(connection, f"COPY {self._schema}.passages ({columns}) FROM STDIN", rows)
        self._run(connection, _POSTINGS, (list(keys.values()),))
        self._run(connection, _TOTALS, (len(passages), sum(counts.total() for *_, counts in passages)))

    def _terms(self, connection: Connection, more: Counter[str]) -> dict[str, int]:
        """Their keys; each is then in so many passages more."""
        words = sorted(more)
        counted = {"terms": words, "more": [more[word] for word in words]}
        known = dict(self._run(connection, _MORE, counted).all())
        missing = [word for word in words if word not in known]
        counted = {"terms": missing, "more": [more[word] for word in missing]}
        return known | dict(self._run(connection, _NEW, counted).all())

    def remove(self, documents: Collection[str]) -> None:
        with self._database.engine.begin() as connection:
            lock(connection, self._schema)
            self._forget(connection, list(documents))
            self._run(connection, "DELETE FROM {s}.documents WHERE id = ANY(%s)", (list(documents),))

    def allow(self, readers: dict[str, frozenset[str]]) -> None:
        rows = [{"id": document, "readers": sorted(may)} for document, may in readers.items()]
        with self._database.engine.begin() as connection:
            lock(connection, self._schema)
            self._run(connection, _ALLOW, (_json(rows),))

    def by_terms(self, terms: Sequence[str], wanted: Filter, limit: int) -> list[Hit]:
        words = [term for term in dict.fromkeys(terms) if "\0" not in term]
        if not words or not wanted.principals or limit < 1:
            return []
        join = "JOIN {s}.passages p ON p.key = o.passage" if wanted.languages else ""
        condition, values = _condition(wanted)
        asked = _BY_TERMS.replace("{join}", join).replace("{condition}", condition)
        with self._database.read() as connection:
            weights = self._run(connection, _ASKED, (words,)).all()
            if not weights:
                return []
            keys, idf, means = zip(*weights, strict=True)
            values |= {"keys": list(keys), "idf": list(idf), "mean": means[0], "limit": limit}
            return _hits(self._run(connection, asked, values))

    def by_vector(self, vector: Vector, wanted: Filter, limit: int) -> list[Hit]:
        if not wanted.principals or limit < 1:
            return []
        condition, values = _condition(wanted)
        asked = _BY_VECTOR.replace("{condition}", condition)
        values |= {"vector": _halfvec(vector), "limit": limit}
        with self._database.read() as connection:
            if limit > _WIDTH // 2:
                connection.exec_driver_sql(f"SET LOCAL hnsw.ef_search = {min(_WIDEST, 2 * limit):d}")
            hits = _hits(self._run(connection, asked.replace("{order}", _NEAREST), values))
            if len(hits) < limit:
                hits = _hits(self._run(connection, asked.replace("{order}", _COMPARED), values))
        return hits

    def passages(self, document: str, version: str, wanted: Filter) -> list[Passage]:
        if not wanted.principals:
            return []
        condition, values = _condition(wanted)
        asked = _PASSAGES.replace("{condition}", condition)
        with self._database.read() as connection:
            rows = self._run(connection, asked, values | {"document": document, "version": version})
            return [_unpack(packed) for (packed,) in rows]

    def count(self, wanted: Filter | None = None) -> int:
        if wanted is not None and not wanted.principals:
            return 0
        condition, values = ("true", {}) if wanted is None else _condition(wanted)
        asked = _COUNT.replace("{condition}", condition)
        with self._database.read() as connection:
            return int(self._run(connection, asked, values).scalar_one())

    def tend(self) -> None:
        with self._database.engine.begin() as connection:
            lock(connection, self._schema)
            self._run(connection, "DELETE FROM {s}.terms WHERE passages = 0")
            vectors = self._run(connection, "SELECT count(vector) FROM {s}.passages").scalar_one()
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if vectors > self._brute_force:
                self._build_graph(connection)
            for table in ("documents", "passages", "terms", "postings"):
                # Vacuumed, a posting is read from its index alone.
                vacuum = "VACUUM (ANALYZE)" if table == "postings" else "ANALYZE"
                self._run(connection, f"{vacuum} {{s}}.{table}")

    def _build_graph(self, connection: Connection) -> None:
        """Writers go on meanwhile. What a build that was cut off left behind is made anew."""
        state = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"
        valid = connection.exec_driver_sql(state, (f"{self._schema}.passages_vector",)).scalar()
        if valid:
            return
        self._run(connection, "DROP INDEX IF EXISTS {s}.passages_vector")
        self._run(connection, _MEMORY, {"vector": 2 * self._dimensions + _NODE_BYTES, "most": _MOST_BYTES})
        self._run(
            connection,
            "CREATE INDEX CONCURRENTLY passages_vector ON {s}.passages USING hnsw (vector halfvec_cosine_ops)",
        )
        connection.exec_driver_sql("RESET maintenance_work_mem")

    def close(self) -> None:
        self._database.close()

    def _run(self, connection: Connection, statement: str, values: Any = None) -> Any:
        return connection.exec_driver_sql(statement.replace("{s}", self._schema), values)


def _set_up(connection: Any, record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
    connection.commit()


def _document(document: Indexed) -> dict[str, Any]:
    return {
        "id": document.document,
        "source": document.source,
        "version": document.version,
        "readers": sorted(document.readers),
        "media_type": document.media_type,
        "modified": document.modified,
    }


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _array(values: Iterable[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _counted(terms: Iterable[str]) -> Counter[str]:
    """PostgreSQL's texts hold no zero."""
    return Counter(term for term in terms if "\0" not in term)


def _halfvec(vector: Vector) -> str:
    return "[" + ",".join(["%.6g"] * len(vector)) % tuple(map(float, vector)) + "]"


def _condition(wanted: Filter) -> tuple[str, dict[str, Any]]:
    """On a document `d` and a passage `p`; the latter only where languages are asked for."""
    parts, values = ["d.readers && %(principals)s::text[]"], {"principals": sorted(wanted.principals)}
    for name, column in (
        ("sources", "d.source"),
        ("documents", "d.id"),
        ("languages", "p.language"),
        ("media_types", "d.media_type"),
    ):
        if asked := getattr(wanted, name):
            parts.append(f"{column} = ANY(%({name})s)")
            values[name] = sorted(asked)
    for name, sign in (("modified_from", ">="), ("modified_to", "<=")):
        if (bound := getattr(wanted, name)) is not None:
            parts.append(f"d.modified {sign} %({name})s")
            values[name] = bound
    return " AND ".join(parts), values


def _hits(found: Iterable[Any]) -> list[Hit]:
    all_ = [Hit(_unpack(packed), source, float(score)) for packed, source, score in found]
    return sorted(all_, key=lambda hit: (-hit.score, hit.passage.document, hit.passage.number))
