"""`counterpoint explain`: which offering a model's name would use, and why, without calling anything."""

import importlib
from typing import TYPE_CHECKING

import click

from counterpoint.cli import exits, output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, option
from counterpoint.cli.wording import command as declare
from counterpoint.i18n import say

if TYPE_CHECKING:
    from counterpoint.api.shapes.rules import ExplanationShape


@declare("explain", help="cli.explain.help", examples="cli.explain.examples")
@argument("model", metavar="model", help="cli.explain.model")
@option("--operation", type=click.Choice(["chat", "embed", "rerank"]), help="cli.explain.operation")
@option("--key", metavar="key", help="cli.explain.key")
@json_option
@place_options
def command(model: str, operation: str | None, key: str | None, as_json: bool, place: Place) -> None:
    """Explains a model's name."""
    explain = importlib.import_module("counterpoint.api.explaining").explain
    with place.open() as control:
        found: ExplanationShape = explain(
            control.directory(asking=False), model, operation=operation, key=key
        )
    if as_json:
        output.print_json(found)
    else:
        _show(found)
    if not found.candidates:
        exits.leave(exits.NOT_FOUND)
    if not found.candidates[0].chosen:
        exits.leave(exits.NO)


def _show(found: "ExplanationShape") -> None:
    if not found.candidates:
        output.note(say("cli.explain.unknown", model=found.requested))
        if found.nearest:
            output.note(say("cli.explain.nearest", names=", ".join(found.nearest)))
        return
    if len(found.steps) > 1:
        click.echo(say("cli.explain.steps", steps=" → ".join(found.steps)))
    first = found.candidates[0]
    if first.chosen:
        click.echo(say("cli.explain.chosen", model=found.requested, offering=first.offering))
    else:
        click.echo(say("cli.explain.none", model=found.requested, operation=found.operation))
    click.echo()
    ruled = any(item.losses for item in found.candidates)
    columns = [
        Column("", whole=True),
        Column(say("cli.column.offering"), whole=True),
        Column(say("cli.column.why")),
        Column(say("cli.column.losses")),
    ]
    rows = [
        [str(number) if item.chosen else "-", item.offering, item.reason, item.losses or ""]
        for number, item in enumerate(found.candidates, 1)
    ]
    shown = len(columns) if ruled else len(columns) - 1
    output.print_table(columns[:shown], [row[:shown] for row in rows])
