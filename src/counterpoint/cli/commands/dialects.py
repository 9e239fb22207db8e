"""`counterpoint dialects`: the proof on any recordings that nothing is lost silently between APIs, and what each pair
of them can say."""

import importlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterpoint.cli import exits, output
from counterpoint.cli.options import json_option
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, group, option
from counterpoint.i18n import numbers, say
from counterpoint.i18n.complaint import Complaint

if TYPE_CHECKING:
    from counterpoint.testing.matrix import Matrix
    from counterpoint.testing.proving import Report

_BUCKETS = ("exact", "lossy", "refused", "failed")
_STEPS = 20
"""Where nobody looks at a terminal, this many lines tell how far it is."""
_NAMED = 20
"""Failures that are named in text; `--json` has all."""


@group("dialects", help="cli.dialects.help", examples="cli.dialects.examples")
def command() -> None:
    """The dialects."""


@command.command("check", help="cli.dialects.check", examples="cli.dialects.check_examples")
@argument(
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="directory",
    help="cli.dialects.folder",
)
@option("--jobs", type=click.IntRange(1, 256), metavar="count", help="cli.dialects.jobs")
@json_option
def check(folder: Path, jobs: int | None, as_json: bool) -> None:
    """Proves."""
    prove = importlib.import_module("counterpoint.testing.proving").prove
    told = Told()
    try:
        report: Report = prove(folder, jobs=jobs or os.cpu_count() or 1, progress=told)
    finally:
        told.close()
    if as_json:
        output.print_json(report)
    else:
        _show(report, folder)
    if report.totals.failed:
        exits.leave(exits.NO)


class Told:
    """How far it is, on standard error: one line that is written over on a terminal, some lines elsewhere."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._step = -1
        self._over = sys.stderr.isatty()
        self._width = 0

    def __call__(self, done: int, total: int) -> None:
        """So many files are done."""
        step = done * (200 if self._over else _STEPS) // total
        if step == self._step:
            return
        self._step = step
        left = (time.monotonic() - self._began) / done * (total - done)
        values = {"done": numbers.number(done), "total": numbers.number(total)}
        sentence = "cli.dialects.progress_left" if done < total else "cli.dialects.progress"
        text = (
            say(sentence, **values, time=numbers.number(left + 1))
            if done < total
            else say(sentence, **values)
        )
        if self._over:
            click.echo(f"\r{text.ljust(self._width)}", err=True, nl=False)
            self._width = len(text)
        else:
            click.echo(text, err=True)

    def close(self) -> None:
        """Leaves the line clean."""
        if self._over and self._width:
            click.echo(f"\r{'':{self._width}}\r", err=True, nl=False)


def _show(report: "Report", folder: Path) -> None:
    total = sum(getattr(report.totals, name) for name in _BUCKETS)
    if not total:
        output.note(say("cli.dialects.empty", folder=folder))
        return
    columns = [Column(say("cli.column.dialect"), whole=True), Column(say("cli.dialects.own"), whole=True)]
    columns += [Column(name, right=True) for name in _BUCKETS]
    rows = [
        [name, counts.speaks or "-", *(numbers.number(getattr(counts, bucket)) for bucket in _BUCKETS)]
        for name, counts in report.dialects.items()
    ]
    sums = [numbers.number(getattr(report.totals, bucket)) for bucket in _BUCKETS]
    output.print_table(columns, [*rows, [say("cli.dialects.all"), "", *sums]])
    _show_refused(report)
    if report.failed:
        click.echo(f"\n{say('cli.dialects.failed_head')}")
    for each in report.failed[:_NAMED]:
        click.echo(
            "  " + say("cli.dialects.row", **{name: getattr(each, name) for name in each.__struct_fields__})
        )
    if len(report.failed) > _NAMED:
        click.echo(f"  … {numbers.number(len(report.failed) - _NAMED)}")
    click.echo()
    if report.skipped:
        output.note(say("cli.dialects.skipped", count=numbers.number(len(report.skipped))))
    failed = report.totals.failed
    sentence = "cli.dialects.broken" if failed else "cli.dialects.held"
    values = {"failed": numbers.number(failed)} if failed else {}
    output.note(say(sentence, total=numbers.number(total), **values))


def _show_refused(report: "Report") -> None:
    if not report.totals.refused:
        return
    click.echo(f"\n{say('cli.dialects.refused_head')}")
    for name, counts in report.dialects.items():
        for reason, count in list(counts.reasons.items())[:3]:
            click.echo(f"  {name}: {reason} ({numbers.number(count)})")


@command.command("matrix", help="cli.dialects.matrix", examples="cli.dialects.matrix_examples")
@option("--client", metavar="dialect", help="cli.dialects.client")
@option("--upstream", metavar="dialect", help="cli.dialects.upstream")
@option("--markdown", is_flag=True, help="cli.dialects.markdown")
@json_option
def matrix(client: str | None, upstream: str | None, markdown: bool, as_json: bool) -> None:
    """Shows what can be said."""
    reading = importlib.import_module("counterpoint.testing.matrix")
    shipped: Matrix = reading.shipped()
    clients, upstreams = _chosen(client, shipped), _chosen(upstream, shipped)
    if as_json:
        output.print_json(reading.named(shipped, clients, upstreams))
        return
    if markdown:
        click.echo(reading.markdown(shipped, clients, upstreams), nl=False)
        return
    for number, name in enumerate(clients):
        others = [other for other in upstreams if other != name]
        if number:
            click.echo()
        click.echo(click.style(say("cli.dialects.clients", dialect=name), bold=True))
        columns = [Column(say("cli.column.feature"), whole=True), *(Column(other) for other in others)]
        output.print_table(columns, reading.rows(shipped, name, others))


def _chosen(name: str | None, shipped: "Matrix") -> list[str]:
    names = list(shipped.cells)
    if name is None:
        return names
    if name not in names:
        raise Complaint("cli.dialects.unknown", kind="not_found", name=name, names=", ".join(names))
    return [name]
