"""Where results go: tables and sentences for people, one JSON value for programs, notes beside both.

Results are on standard output, everything else on standard error, so that a pipe carries results alone.
"""

import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import click
import msgspec

from counterpoint.cli.tables import Column, Head, layout, printable
from counterpoint.i18n import numbers, say
from counterpoint.i18n.complaint import Complaint


def coloured() -> bool | None:
    """What click is to do about colour: none with NO_COLOR (no-color.org), else as the terminal can."""
    return False if os.environ.get("NO_COLOR") else None


def interactive() -> bool:
    """Whether a person is at the terminal to answer a question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, *, yes: bool) -> None:
    """Goes on if the person at the terminal says so. Raises `Complaint` where nobody can be asked: what cannot be
    undone is not done because a script forgot to say that it means it."""
    if yes:
        return
    if not interactive():
        raise Complaint("cli.nobody_to_ask")
    click.confirm(question, abort=True, err=True)


def width() -> int | None:
    """Columns of the terminal; `None` when the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def print_json(value: Any) -> None:
    """One JSON value, indented, since people look at it too."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """A table with its titles."""
    for line in layout(columns, rows, width()):
        click.echo(click.style(line, bold=True) if isinstance(line, Head) else line)


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """What is known of one thing: labels and values, those that are empty left out."""
    known = [(label, value) for label, value in facts if value]
    longest = max((len(label) for label, _ in known), default=0)
    for label, value in known:
        first, *more = _beside(printable(value), longest + 2)
        click.echo(f"{click.style(label.ljust(longest), dim=True)}  {first}")
        for line in more:
            click.echo(f"{'':{longest}}  {line}")


def _beside(text: str, taken: int) -> list[str]:
    """Lines for what is left of the terminal; words stay whole, so that names and paths can be copied."""
    columns = width()
    if columns is None:
        return [text]
    return textwrap.wrap(text, max(20, columns - taken), break_long_words=False, break_on_hyphens=False)


def print_page(
    items: Sequence[Any],
    following: str | None,
    *,
    as_json: bool,
    columns: Sequence[Column],
    row: Callable[[Any], Sequence[str]],
    empty: str,
) -> None:
    """A page of a list: `{"items": [...], "next": cursor}`, or a table. `empty`: what to say of no items."""
    if as_json:
        print_json({"items": list(items), "next": following})
        return
    if not items:
        note(empty)
        return
    print_table(columns, [row(item) for item in items])
    if following is not None:
        note(say("cli.more", cursor=following))


def note(text: str) -> None:
    """Something to know, on standard error."""
    click.echo(text, err=True)


def when(moment: datetime | None) -> str:
    """To the minute, UTC (the column's title says so)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if moment is not None else ""


def money(amounts: Mapping[str, str]) -> str:
    """Exact amounts by currency; empty for none."""
    return " + ".join(numbers.money(Decimal(amount), currency) for currency, amount in amounts.items())
