"""Downloads, shown while they run: a bar on a terminal, a line now and then elsewhere; on standard error."""

import sys
from collections.abc import Callable
from typing import Protocol

import click

from counterpoint.cli import output
from counterpoint.i18n import numbers, say

_STEPS = 10
"""Where nobody looks at a bar, this many lines are written for a download."""


Worded = Callable[[int, int | None, float | None], str]


class Shown(Protocol):
    """What shows downloads."""

    def update(self, name: str, done: int, total: int | None, seconds_left: float | None) -> None:
        """A download goes on."""

    def close(self) -> None:
        """Nothing more to show for now."""


class Lines:
    """For logs."""

    def __init__(self, worded: Worded | None = None) -> None:
        self._worded = worded or amount
        self._told: dict[str, int] = {}

    def update(self, name: str, done: int, total: int | None, seconds_left: float | None) -> None:
        """A line for each further tenth."""
        if not total and not done:
            return  # nothing has come yet, and nobody knows how much will
        step = done * _STEPS // total if total else 0
        if step <= self._told.get(name, -1):
            return
        self._told[name] = step
        click.echo(f"{name}: {self._worded(done, total, seconds_left)}", err=True)

    def close(self) -> None:
        """Begin anew with the next download."""
        self._told.clear()


class Bars:
    """For a terminal."""

    def __init__(self, worded: Worded | None = None) -> None:
        from rich.console import Console  # noqa: PLC0415 - only a terminal needs it, and it takes a while
        from rich.progress import BarColumn, Progress, TaskID, TextColumn  # noqa: PLC0415

        self._worded = worded or amount
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("  {task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[told]}"),
            console=Console(stderr=True, no_color=output.coloured() is False or None),
            transient=True,
        )

    def update(self, name: str, done: int, total: int | None, seconds_left: float | None) -> None:
        """Moves the bar."""
        told = self._worded(done, total, seconds_left)
        if name not in self._tasks:
            self._progress.start()
            self._tasks[name] = self._progress.add_task(name, total=total, told=told)
        self._progress.update(self._tasks[name], completed=done, total=total, told=told)

    def close(self) -> None:
        """Takes the bars away."""
        self._progress.stop()
        self._tasks.clear()


def shown(worded: Worded | None = None) -> Shown:
    """As suits where standard error goes. `worded`: puts into words how far it is, where it is not of bytes."""
    return Bars(worded) if sys.stderr.isatty() else Lines(worded)


def sentence(name: str, done: int, total: int | None, seconds_left: float | None) -> str:
    """`name: 45 of 92.9 MB, 12 s left`."""
    return f"{name}: {amount(done, total, seconds_left)}"


def amount(done: int, total: int | None, seconds_left: float | None) -> str:
    """How far it is."""
    if total is None:
        return numbers.size(done)
    known = say("cli.progress.of", done=numbers.size(done), total=numbers.size(total))
    if seconds_left is None or done >= total:
        return known
    return f"{known}, {say('cli.progress.left', time=_time(seconds_left))}"


def rows(done: int, total: int | None, seconds_left: float | None) -> str:
    """How far it is, of rows."""
    known = say("cli.progress.of", done=f"{done:,}", total=f"{total or 0:,}")
    if seconds_left is None or done >= (total or 0):
        return known
    return f"{known}, {say('cli.progress.left', time=_time(seconds_left))}"


def _time(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 100 else f"{round(whole / 60)} min"
