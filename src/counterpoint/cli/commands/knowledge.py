"""`counterpoint knowledge`: documents that are searched, and how well that goes."""

import importlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterpoint.cli import output, progress
from counterpoint.cli.options import json_option
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, group, option
from counterpoint.i18n import numbers, say

if TYPE_CHECKING:
    from counterpoint.knowledge.evaluation.measuring import Measured, Way
    from counterpoint.knowledge.evaluation.metrics import Figures

_EVALUATION = "counterpoint.knowledge.evaluation"


@group("knowledge", help="cli.knowledge.help", examples="cli.knowledge.examples")
def command() -> None:
    """Knowledge."""


@command.command("evaluate", help="cli.knowledge.evaluate", examples="cli.knowledge.evaluate_examples")
@argument(
    "folders",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    nargs=-1,
    required=True,
    metavar="directory",
    help="cli.knowledge.folders",
)
@option(
    "--vectors",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="directory",
    help="cli.knowledge.vectors",
)
@option("--words-only", is_flag=True, help="cli.knowledge.words_only")
@json_option
def evaluate(folders: tuple[Path, ...], vectors: Path | None, words_only: bool, as_json: bool) -> None:
    """Measures."""
    made = importlib.import_module(f"{_EVALUATION}.vectors")
    measuring = importlib.import_module(f"{_EVALUATION}.measuring")
    shown = progress.shown(progress.rows)
    embedder = None if words_only else made.kept_local(vectors or _kept())
    measured: list[Measured] = []
    try:
        for folder in folders:
            name = folder.resolve().name
            if embedder is not None:
                embedder.told = _told(shown, say("cli.knowledge.embedding", name=name))
            told = _told(shown, say("cli.knowledge.asking", name=name))
            measured.append(measuring.measure(folder, embedder, told))
            shown.close()
    finally:
        shown.close()
    averages = measuring.averages(measured)
    if as_json:
        output.print_json({"sets": measured, "averages": averages})
    else:
        _show(measured, averages)


def _kept() -> Path:
    """Where vectors stay: a person's folder of things that can be made again
    (https://specifications.freedesktop.org/basedir-spec/)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "counterpoint" / "vectors"


def _told(shown: progress.Shown, name: str) -> Callable[[int, int], None]:
    began = time.monotonic()

    def told(done: int, total: int) -> None:
        left = (time.monotonic() - began) / done * (total - done) if done else None
        shown.update(name, done, total, left)

    return told


def _show(measured: "list[Measured]", averages: "dict[str, dict[Way, Figures]]") -> None:
    rows: list[tuple[str, ...]] = []
    for one in measured:
        for way, figures in one.figures.items():
            rows.append((one.name, one.language, say(f"cli.knowledge.way.{way}"), *_percents(figures)))
    for language, ways in averages.items():
        if sum(one.language == language for one in measured) > 1:
            for way, figures in ways.items():
                name = say("cli.knowledge.average")
                rows.append((name, language, say(f"cli.knowledge.way.{way}"), *_percents(figures)))
    columns = [
        Column(say("cli.knowledge.column.set"), whole=True),
        Column(say("cli.knowledge.column.language")),
        Column(say("cli.knowledge.column.way")),
        *(Column(title, right=True) for title in ("nDCG@10", say("cli.knowledge.column.recall"), "MRR")),
    ]
    output.print_table(columns, rows)
    for one in measured:
        output.note(
            say(
                "cli.knowledge.about",
                name=one.name,
                documents=numbers.number(one.documents),
                passages=numbers.number(one.passages),
                questions=numbers.number(one.questions),
                milliseconds=numbers.number(one.milliseconds),
                model=one.model or say("cli.knowledge.no_model"),
            )
        )


def _percents(figures: "Figures") -> tuple[str, str, str]:
    ndcg, recall, mrr = (
        numbers.number(100 * share, 1) for share in (figures.ndcg, figures.recall, figures.mrr)
    )
    return ndcg, recall, mrr
