"""`counterpoint explain`: which offering a model's name would use, and why, without calling anything; or, of a request
that was answered, who was asked in its course."""

import importlib
import re
from typing import TYPE_CHECKING, Any

import click

from counterpoint.cli import exits, output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, option
from counterpoint.cli.wording import command as declare
from counterpoint.i18n import say

if TYPE_CHECKING:
    from counterpoint.api.shapes.rules import CandidateShape, ExplanationShape
    from counterpoint.app.compose import Control
    from counterpoint.ledger import Entry

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@declare("explain", help="cli.explain.help", examples="cli.explain.examples")
@argument("model", metavar="model", help="cli.explain.model")
@option("--operation", type=click.Choice(["chat", "embed", "rerank"]), help="cli.explain.operation")
@option("--key", metavar="key", help="cli.explain.key")
@option("--project", metavar="project", help="cli.explain.project")
@option("--tokens", type=click.IntRange(0), metavar="count", help="cli.explain.tokens")
@option("--output", "out", type=click.IntRange(0), metavar="count", help="cli.explain.output")
@option("--needs", multiple=True, metavar="capability", help="cli.explain.needs")
@option("--session", metavar="text", default="", help="cli.explain.session")
@json_option
@place_options
def command(model: str, as_json: bool, place: Place, **asked: Any) -> None:
    """Explains a model's name, or a request by its id."""
    with place.open() as control:
        if _ID.fullmatch(model):
            _afterwards(control, model, as_json=as_json)
            return
        found = _explained(control, model, asked)
    if as_json:
        output.print_json(found)
    else:
        show(found)
    leave(found)


def leave(found: "ExplanationShape") -> None:
    """With the exit code that says what came of it."""
    if not found.candidates:
        exits.leave(exits.NOT_FOUND)
    if not found.candidates[0].chosen:
        exits.leave(exits.NO)


def _explained(control: "Control", model: str, asked: dict[str, Any]) -> "ExplanationShape":
    explaining = importlib.import_module("counterpoint.api.explaining")
    facts = importlib.import_module("counterpoint.gateway.routing.plan").Facts(
        tokens=asked["tokens"] or 0,
        output=asked["out"],
        needs=frozenset(asked["needs"]),
        session=asked["session"],
    )
    question = explaining.Question(
        requested=model,
        operation=asked["operation"],
        key=asked["key"],
        project=asked["project"],
        facts=facts,
    )
    found: ExplanationShape = explaining.explain(control.directory(asking=False), question)
    return found


def _afterwards(control: "Control", request: str, *, as_json: bool) -> None:
    control.ship_rest()
    entry: Entry = control.usage.entry(request).entry
    if as_json:
        output.print_json(entry)
        return
    output.print_facts(
        [
            (say("cli.explain.asked"), entry.requested),
            (say("cli.explain.by_route"), entry.route or "-"),
            (say("cli.column.offering"), entry.offering or "-"),
            (say("cli.column.status"), f"{entry.status} {entry.failure or ''}".strip()),
            (say("cli.column.cost"), "-" if entry.cost is None else f"{entry.cost:f} {entry.currency}"),
        ]
    )
    click.echo()
    columns = [
        Column("", right=True),
        Column(say("cli.column.offering"), whole=True),
        Column(say("cli.explain.after"), right=True),
        Column(say("cli.explain.took"), right=True),
        Column(say("cli.column.status")),
        Column(say("cli.column.why")),
    ]
    rows = [
        [
            str(number),
            attempt.offering,
            f"{attempt.after / 1e6:.2f}",
            f"{attempt.micros / 1e6:.2f}",
            f"{attempt.status or '-'} {attempt.failure or ''}".strip(),
            say(f"cli.explain.reason.{attempt.reason}") if attempt.reason else "",
        ]
        for number, attempt in enumerate(entry.attempts, 1)
    ]
    output.print_table(columns, rows)


def show(found: "ExplanationShape") -> None:
    """In words and a table."""
    if not found.candidates:
        output.note(say("cli.explain.unknown", model=found.requested))
        if found.nearest:
            output.note(say("cli.explain.nearest", names=", ".join(found.nearest)))
        return
    if len(found.steps) > 1:
        click.echo(say("cli.explain.steps", steps=" → ".join(found.steps)))
    if found.route:
        click.echo(say("cli.explain.route", route=found.route, policy=found.policy))
    if found.project:
        data_class = found.data_class or "-"
        click.echo(say("cli.explain.for_project", project=found.project, data_class=data_class))
    first = found.candidates[0]
    if not first.chosen:
        click.echo(say("cli.explain.none", model=found.requested, operation=found.operation))
    elif first.share is None:
        click.echo(say("cli.explain.chosen", model=found.requested, offering=first.offering))
    click.echo()
    _table(found)


def _table(found: "ExplanationShape") -> None:
    """Columns in which no candidate has anything are left out."""
    columns = [
        (Column("", whole=True), _place),
        (Column(say("cli.column.offering"), whole=True), lambda _, item: item.offering),
        (Column(say("cli.column.share"), right=True), lambda _, item: _share(item)),
        (Column(say("cli.column.cost"), right=True), lambda _, item: _price(found, item)),
        (Column(say("cli.explain.check")), lambda _, item: item.check or ""),
        (Column(say("cli.column.why")), lambda _, item: item.reason),
        (Column(say("cli.column.losses")), lambda _, item: item.losses or ""),
    ]
    cells = [[tell(number, item) for _, tell in columns] for number, item in enumerate(found.candidates, 1)]
    shown = [index for index in range(len(columns)) if index < 2 or any(row[index] for row in cells)]
    output.print_table(
        [columns[index][0] for index in shown], [[row[index] for index in shown] for row in cells]
    )


def _place(number: int, item: "CandidateShape") -> str:
    return str(number) if item.chosen else "=" if item.shadow else "-"


def _share(item: "CandidateShape") -> str:
    return "" if item.share is None or not item.chosen else f"{item.share:.0%}"


def _price(found: "ExplanationShape", item: "CandidateShape") -> str:
    """Only where the call's length was told: else there is nothing that it could be the price of."""
    known = found.facts is not None and found.facts.tokens
    return f"{item.price} {found.currency}" if known and item.price is not None else ""
