"""`python -m benchmarks.index_at_scale`: fill an index, tend it, and time what is asked of it, with rights in force.

`--index lance` is a folder, `s3` a bucket of SeaweedFS and `postgresql` a server of its own, each on this machine and
for this run. `--write` puts the figures into docs/knowledge-figures.md, beside those of other sizes and kinds.
"""

import argparse
import contextlib
import itertools
import json
import platform
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.index_rows import DIMENSIONS, PASSAGES, Corpus
from benchmarks.processes import machine
from counterpoint.knowledge.index.lance import LanceIndex
from counterpoint.knowledge.index.port import Filter, Index, Indexed
from counterpoint.knowledge.index.postgresql import PostgresqlIndex
from tests.buckets import buckets
from tests.databases import postgresql

LIMIT = 50
"""As many as `knowledge.search` takes from each side."""
AT_ONCE = 200
"""Documents in one call while it is filled."""
CHANGED = 10
"""Documents, of ten passages each, in a call of `put` that is timed."""
PAGE = Path("docs/knowledge-figures.md")
BEGIN, END = "<!-- index at scale: begin -->", "<!-- index at scale: end -->"


def main() -> None:
    """Fills, times, prints, writes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.index_at_scale", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="passages")
    parser.add_argument("--index", choices=("lance", "s3", "postgresql"), default="lance")
    parser.add_argument("--times", type=int, default=50, help="how often each question is asked")
    parser.add_argument("--folder", type=Path, help="where temporary data lies")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE}")
    asked = parser.parse_args()
    with opened(asked.index, asked.folder) as (index, size):
        found = {"index": asked.index, "rows": asked.rows} | measured(index, size, asked.rows, asked.times)
    print(json.dumps(found, indent=1))
    if asked.write:
        write(found)


@contextlib.contextmanager
def opened(kind: str, folder: Path | None) -> Iterator[tuple[Index, Callable[[], int]]]:
    """An empty index, and what tells how many bytes it takes."""
    with contextlib.ExitStack() as stack:
        index: Index
        if kind == "postgresql":
            url = stack.enter_context(postgresql().fresh(migrated=False))
            index = PostgresqlIndex(url, DIMENSIONS, place="measured")
            size = _database_size(url)
        elif kind == "s3":
            index = LanceIndex(buckets().url(), DIMENSIONS, options=buckets().options)
            size = buckets().size
        else:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder)))
            index = LanceIndex(str(home), DIMENSIONS)
            size = lambda: sum(each.stat().st_size for each in home.rglob("*") if each.is_file())  # noqa: E731
        stack.callback(index.close)
        yield index, size


def _database_size(url: str) -> Callable[[], int]:
    import psycopg  # noqa: PLC0415 - only for that kind

    def size() -> int:
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            return int(row[0]) if row else 0

    return size


def measured(index: Index, size: Callable[[], int], rows: int, times: int) -> dict[str, Any]:
    """All that is measured, as plain values. Times are milliseconds."""
    corpus = Corpus()
    at, began = f"{datetime.now(UTC):%Y-%m-%d %H:%M}", time.perf_counter()
    kept: list[tuple[str, frozenset[str], Any]] = []
    for some in _batches(corpus.documents(rows), AT_ONCE):
        index.put(some)
        kept += [(each.document, each.readers, np.asarray(each.vectors, np.float16)) for each in some]
    filled = time.perf_counter()
    index.tend()
    tended = time.perf_counter()
    asks = [(corpus.question(), corpus.vectors(1)[0].tolist(), corpus.asker()) for _ in range(times)]
    found: dict[str, Any] = {
        "at": at,
        "machine": machine(),
        "python": platform.python_version(),
        "times": times,
        "fill_seconds": round(filled - began, 1),
        "tend_seconds": round(tended - filled, 1),
        "bytes": size(),
        "visible": round(statistics.fmean(index.count(wanted) for *_, wanted in asks[:10]) / rows, 3),
    }
    for *_, wanted in asks[:3]:  # what is read for the first time is read from the disk
        _both(index, *asks[0][:2], wanted)
    found["by_terms"] = _timed(lambda ask: index.by_terms(ask[0], ask[2], LIMIT), asks)
    found["by_vector"] = _timed(lambda ask: index.by_vector(ask[1], ask[2], LIMIT), asks)
    found["both"] = _timed(lambda ask: _both(index, *ask), asks)
    found["recall_at_10"] = _recall(index, kept, asks)
    ids = [f"document-{number}" for number in np.random.default_rng(2).integers(rows // PASSAGES, size=200)]
    puts = list(_batches((corpus.document(id_, "2") for id_ in dict.fromkeys(ids)), CHANGED))[:15]
    found["put_100"] = _timed(index.put, puts)
    found["allow"] = _timed(lambda id_: index.allow({id_: frozenset({"group:1"})}), ids[:15])
    found["both_after_writes"] = _timed(lambda ask: _both(index, *ask), asks)
    began = time.perf_counter()
    index.tend()
    found["tend_again_seconds"] = round(time.perf_counter() - began, 1)
    found["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return found


def _both(index: Index, words: list[str], vector: list[float], wanted: Filter) -> None:
    index.by_terms(words, wanted, LIMIT)
    index.by_vector(vector, wanted, LIMIT)


def _timed(step: Callable[[Any], object], values: Iterable[Any]) -> dict[str, float]:
    taken = []
    for value in values:
        began = time.perf_counter()
        step(value)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {"p50": round(statistics.median(taken), 1), "p95": round(taken[int(len(taken) * 0.95)], 1)}


def _recall(index: Index, kept: list[tuple[str, frozenset[str], Any]], asks: list[Any]) -> float:
    """Of the ten nearest that may be seen, how many are found: against all vectors compared."""
    shares = []
    for _, vector, wanted in asks[:30]:
        seen = [each for each in kept if not wanted.principals.isdisjoint(each[1])]
        matrix = np.concatenate([vectors for *_, vectors in seen]).astype(np.float32)
        scores = matrix @ np.asarray(vector, np.float32)
        nearest = (divmod(int(at), PASSAGES) for at in np.argpartition(-scores, 10)[:10])
        right = {(seen[at][0], number) for at, number in nearest}
        hits = index.by_vector(vector, wanted, LIMIT)[:10]
        shares.append(len(right & {(hit.passage.document, hit.passage.number) for hit in hits}) / 10)
    return round(statistics.fmean(shares), 3)


def _batches(values: Iterable[Indexed], count: int) -> Iterator[list[Indexed]]:
    iterator = iter(values)
    while some := list(itertools.islice(iterator, count)):
        yield some


def write(found: dict[str, Any]) -> None:
    """Puts a row into the page, in the place of an older one of the same kind and size."""
    page = PAGE.read_text()
    inside = page.partition(BEGIN)[2].partition(END)[0]
    rows = {}
    for line in inside.splitlines():
        if cells := re.match(r"\| (\w+) \| ([\d,]+) \|", line):
            rows[cells[1], int(cells[2].replace(",", ""))] = line
    rows[found["index"], found["rows"]] = _row(found)
    table = "\n".join([_HEAD, *(rows[key] for key in sorted(rows, key=lambda key: (key[1], key[0])))])
    PAGE.write_text(page.replace(BEGIN + inside + END, f"{BEGIN}\n{table}\n{END}"))


_HEAD = (
    "| Index | Passages | Filled s | Tended s | MB | By word | By meaning | Both | Recall@10 | Both, while written to "
    "| Put of 100 | Revoke | At (UTC) |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
)


def _row(found: dict[str, Any]) -> str:
    def pair(name: str) -> str:
        return f"{found[name]['p50']:g} / {found[name]['p95']:g}"

    cells = [
        found["index"],
        f"{found['rows']:,}",
        found["fill_seconds"],
        found["tend_seconds"],
        round(found["bytes"] / 1e6),
        *map(pair, ("by_terms", "by_vector", "both")),
        found["recall_at_10"],
        *map(pair, ("both_after_writes", "put_100", "allow")),
        found["at"],
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    main()
