"""`python -m benchmarks.syncing`: how fast the product brings documents in, from a folder until they are found.

`counterpoint up` is started as users start it, with the embedded models; a folder of files becomes a source by command,
and its documents are counted until all are found by word, then by meaning. After that one file is changed and the
source synced again. `--write` puts the figures into docs/knowledge-figures.md.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.processes import machine, pss_bytes
from benchmarks.retrieval import SHARED
from counterpoint.knowledge.syncing.state import sync_of
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.database import Database, open_database
from tests.running import Running, running

PROGRAM = Path(sys.executable).with_name("counterpoint")
NAME = "Measured"
POLL_SECONDS = 0.25
MOST_FILES = 10_000
MOST_SECONDS = 3600
PAGE = Path("docs/knowledge-figures.md")
BEGIN, END = "<!-- syncing: begin -->", "<!-- syncing: end -->"
_HEAD = (
    "| Files | | MB | Passages | Found by word after s | Files a second | Passages a second | Found by meaning after s "
    "| Passages a second | Synced again s | Memory MB | At (UTC) |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
)


def main() -> None:
    """Syncs, prints, writes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.syncing", description=__doc__)
    parser.add_argument("--files", choices=("office", "articles"), default="articles")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE}")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        {"office": _office, "articles": _articles}[asked.files](folder / "files")
        found = {"files": asked.files} | measured(folder)
    print(json.dumps(found, indent=1))
    if asked.write:
        write(found)


def _office(files: Path) -> None:
    """The shared office files, as they lie there."""
    for number, path in enumerate(sorted((SHARED / "data" / "office").rglob("*"))):
        if path.is_file():
            target = files / path.parent.name / f"{number}-{path.name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def _articles(files: Path) -> None:
    """PIAF's encyclopedia articles, each a file of Markdown, as a wiki would be."""
    files.mkdir()
    told = json.loads((SHARED / "data" / "retrieval-piaf-fr" / "piaf-v1.1.json").read_text("utf-8"))["data"]
    for number, article in enumerate(told):
        parts = [f"# {article['title']}", *(one["context"] for one in article["paragraphs"])]
        (files / f"{number}.md").write_text("\n\n".join(parts), "utf-8")


def measured(folder: Path) -> dict[str, Any]:
    """All that is measured, as plain values; seconds since the source was added."""
    files = folder / "files"
    sizes = [path.stat().st_size for path in files.rglob("*") if path.is_file()]
    settings = folder / "counterpoint.toml"
    settings.write_text(f"[knowledge]\nfolders = [{json.dumps(str(files))}]\n")
    found: dict[str, Any] = {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        "machine": machine(),
        "count": len(sizes),
        "bytes": sum(sizes),
    }
    with (
        running([PROGRAM], folder / "data", "--config", str(settings)) as platform,
        _database(platform) as of,
    ):
        memory = _Memory(platform)
        began = time.perf_counter()
        _tell(platform, settings, "add", NAME, "folder", "--set", f"path={files}", "--reader", "all")
        _wait(lambda: _synced(of) and not _left(of, "read"), memory)
        found["by_word_seconds"] = time.perf_counter() - began
        _wait(lambda: not _left(of, "embed"), memory)
        found["by_meaning_seconds"] = time.perf_counter() - began
        found |= _counts(of)
        changed = next(path for path in sorted(files.rglob("*.md")))
        changed.write_text(changed.read_text("utf-8") + "\n\nOne more line.\n", "utf-8")
        began = time.perf_counter()
        before = _synced(of)
        _tell(platform, settings, "sync", NAME)
        _wait(lambda: _synced(of) > before and not _left(of, "read") and not _left(of, "embed"), memory)
        found["again_seconds"] = time.perf_counter() - began
    return found | {"peak_bytes": memory.peak}


@contextmanager
def _database(platform: Running) -> Iterator[Database]:
    """The platform's, to look into while it works."""
    database = open_database(f"sqlite:///{next(platform.data.glob('*.sqlite3'))}")
    try:
        yield database
    finally:
        database.close()


def _tell(platform: Running, settings: Path, *words: str) -> None:
    subprocess.run(
        [PROGRAM, "sources", *words, "--data", str(platform.data), "--config", str(settings)],
        env={**os.environ, "COUNTERPOINT_LANG": "en"},
        check=True,
        stdout=subprocess.DEVNULL,
    )


class _Memory:
    """The most that the platform's processes took together, pages that they share counted once."""

    def __init__(self, platform: Running) -> None:
        self._platform = platform
        self._next = 0.0
        self.peak = 0

    def look(self) -> None:
        """Now and then: looking takes time, too."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + 5
            self.peak = max(self.peak, sum(map(pss_bytes, self._platform.members())))


def _wait(done: Callable[[], object], memory: _Memory) -> None:
    until = time.monotonic() + MOST_SECONDS
    while not done():
        memory.look()
        if time.monotonic() > until:
            raise TimeoutError(f"not done after {MOST_SECONDS} seconds")
        time.sleep(POLL_SECONDS)


def _synced(database: Database) -> int:
    """When the source was last looked at as a whole, in microseconds; 0: not yet."""
    with database.read() as connection:
        return sync_of(sources.listed(connection)[0].content).succeeded_at


def _counts(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return documents.counts(connection, sources.listed(connection)[0].id)


def _left(database: Database, work: str) -> bool:
    """Whether documents are still to be read, or to be embedded."""
    with database.read() as connection:
        rows = documents.listed(connection, sources.listed(connection)[0].id, limit=MOST_FILES)
    if work == "read":
        return any(row.state not in {documents.READY, documents.SKIPPED} for row in rows)
    return any(row.passages and not row.embedded for row in rows)


def write(found: dict[str, Any]) -> None:
    """Puts a row into the page, in the place of an older one of the same files."""
    page = PAGE.read_text()
    inside = page.partition(BEGIN)[2].partition(END)[0]
    rows = {
        cells[1]: line
        for line in inside.splitlines()
        if (cells := re.match(r"\| (office|articles) \|", line))
    }
    rows[found["files"]] = _row(found)
    table = "\n".join([_HEAD, *(rows[key] for key in sorted(rows))])
    PAGE.write_text(page.replace(BEGIN + inside + END, f"{BEGIN}\n{table}\n{END}"))


def _row(found: dict[str, Any]) -> str:
    word, meaning = found["by_word_seconds"], found["by_meaning_seconds"]
    cells = [
        found["files"],
        found["count"],
        f"{found['bytes'] / 1e6:.1f}",
        f"{found['passages']:,}",
        f"{word:.1f}",
        f"{found['count'] / word:.1f}",
        f"{found['passages'] / word:.0f}",
        f"{meaning:.1f}",
        f"{found['passages'] / meaning:.0f}",
        f"{found['again_seconds']:.1f}",
        round(found["peak_bytes"] / 1e6),
        found["at"],
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    main()
