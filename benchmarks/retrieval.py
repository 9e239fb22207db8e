"""How well passages are found, on the seven sets of questions whose right documents are known.

Each set is brought into the layout of BEIR (`scripts.retrieval_sets`) and measured as `counterpoint knowledge evaluate`
does it. `python -m benchmarks.retrieval` measures all of them and keeps the figures in `results/retrieval.json`; names
of sets measure those alone; `--write` puts the tables into docs/knowledge-figures.md.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from counterpoint.knowledge.evaluation.measuring import WAYS, Measured, Way, averages, measure
from counterpoint.knowledge.evaluation.metrics import Figures
from counterpoint.knowledge.evaluation.vectors import kept_local
from scripts.retrieval_sets import SETS, convert

ROOT: Final = Path(__file__).parents[1]
SHARED: Final = Path(os.environ.get("COUNTERPOINT_SHARED") or ROOT.parent / "shared")
RESULTS: Final = ROOT / "benchmarks" / "results" / "retrieval.json"
PAGE: Final = ROOT / "docs" / "knowledge-figures.md"
BEGIN, END = "<!-- retrieval: begin -->", "<!-- retrieval: end -->"
NAMES: Final[dict[Way, str]] = {
    "default": "Counterpoint",
    "words": "words alone (BM25)",
    "vectors": "vectors alone",
    "lancedb": "LanceDB hybrid",
}
_LANGUAGES: Final = {"fr": "French", "en": "English"}


def read(path: Path = RESULTS) -> list[Measured]:
    """What was measured so far, in the order of the sets."""
    if not path.exists():
        return []
    held = msgspec.json.decode(path.read_bytes(), type=list[Measured])
    return sorted(held, key=lambda one: list(SETS).index(one.name))


def keep(measured: Measured, path: Path = RESULTS) -> None:
    """In the place of what was measured of that set before."""
    others = [one for one in read(path) if one.name != measured.name]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode([*others, measured])) + b"\n")


def tables(measured: Sequence[Measured]) -> str:
    """One of nDCG@10, then one of each language with everything."""
    parts = [_overview(measured)]
    for language in sorted({one.language for one in measured}, reverse=True):
        own = [one for one in measured if one.language == language]
        parts.append(f"{_LANGUAGES.get(language, language)}, recall@10 and MRR:\n\n{_details(own)}")
    if lacking := [f"`{name}`" for name in SETS if name not in {one.name for one in measured}]:
        parts.append(f"Not measured yet: {', '.join(lacking)}.")
    return "\n\n".join(parts)


def _overview(measured: Sequence[Measured]) -> str:
    head = ["nDCG@10", "documents", "questions", *NAMES.values(), "from the best"]
    rows = [head, ["---", *["--:"] * (len(head) - 1)]]
    means = averages(measured)
    for language in sorted(means, reverse=True):
        for one in measured:
            if one.language == language:
                counts = [f"{one.documents:,}", f"{one.questions:,}"]
                rows.append([f"`{one.name}`", *counts, *_ndcg(one.figures)])
        rows.append([f"**{_LANGUAGES.get(language, language)}, average**", "", "", *_ndcg(means[language])])
    return _table(rows)


def _ndcg(figures: dict[Way, Figures]) -> list[str]:
    """Each way's, the best in bold, and by how much ours is above the best of the others."""
    known = {way: round(100 * figures[way].ndcg, 1) for way in WAYS if way in figures}
    best = max(known.values())
    shown = [
        (f"**{known[way]:.1f}**" if known[way] == best else f"{known[way]:.1f}") if way in known else ""
        for way in WAYS
    ]
    others = [value for way, value in known.items() if way != "default"]
    return [*shown, f"{known['default'] - max(others):+.1f}" if others else ""]


def _details(measured: Iterable[Measured]) -> str:
    head = ["", *(f"{name}: {figure}" for name in NAMES.values() for figure in ("recall", "MRR"))]
    rows = [head, ["---", *["--:"] * (len(head) - 1)]]
    for one in measured:
        cells = [
            f"{100 * value:.1f}"
            for way in WAYS
            if way in one.figures
            for value in (one.figures[way].recall, one.figures[way].mrr)
        ]
        rows.append([f"`{one.name}`", *cells])
    return _table(rows)


def _table(rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write(measured: Sequence[Measured], page: Path = PAGE) -> None:
    """Between the marks of the page."""
    text = page.read_text("utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{tables(measured)}\n{END}{after}", "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description="Measure how well passages are found.")
    parser.add_argument("sets", nargs="*", help=", ".join(SETS))
    parser.add_argument("--vectors", type=Path, default=Path.home() / ".cache" / "counterpoint" / "vectors")
    parser.add_argument("--write", action="store_true", help="put what was measured so far into the page")
    parser.add_argument("--only-write", action="store_true", help="measure nothing")
    given: Any = parser.parse_args(arguments)
    if not given.only_write:
        embedder = kept_local(given.vectors)
        with tempfile.TemporaryDirectory() as target:
            for folder in convert(SHARED, Path(target), given.sets):
                measured = measure(folder, embedder)
                keep(measured)
                print(_table(_rows(measured)), file=sys.stdout, flush=True)
    if given.write or given.only_write:
        write(read())


def _rows(measured: Measured) -> Iterable[Sequence[str]]:
    for way, figures in measured.figures.items():
        values = (figures.ndcg, figures.recall, figures.mrr)
        yield [measured.name, NAMES[way], *(f"{100 * value:.1f}" for value in values)]


if __name__ == "__main__":
    main()
