"""`counterpoint search`: passages of documents, by word and by meaning."""

import importlib
from typing import TYPE_CHECKING

import click

from counterpoint.cli import knowing, output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.wording import argument, option
from counterpoint.cli.wording import command as declared
from counterpoint.i18n import say

if TYPE_CHECKING:
    from counterpoint.api.shapes.search import FoundShape, SearchShape


@declared("search", help="cli.search.help", examples="cli.search.examples")
@argument("question", metavar="question", help="cli.search.question")
@option("--as", "login", metavar="login", help="cli.search.as")
@option("--limit", type=click.IntRange(1, 50), default=5, metavar="count", help="cli.option.limit")
@json_option
@place_options
def command(question: str, login: str | None, limit: int, as_json: bool, place: Place) -> None:
    """Best first."""
    shapes = importlib.import_module("counterpoint.api.shapes.knowledge")
    wanted = importlib.import_module("counterpoint.knowledge.asking").Wanted
    with knowing.opened(place) as (control, knowledge):
        asker = knowing.asker_of(control, login)
        results = knowledge.asking.search(wanted(question=question, limit=limit), asker)
    shape: SearchShape = shapes.search_shape(results)
    if as_json:
        output.print_json(shape)
        return
    if not shape.items:
        output.note(say("cli.search.nothing"))
    if not shape.by_meaning:
        output.note(say("cli.search.by_word"))
    for item in shape.items:
        click.echo(click.style(_place(item), bold=True))
        click.echo(f"{_marked(item)}\n")


def _place(item: "FoundShape") -> str:
    where = f", {say('cli.search.page', number=item.page)}" if item.page is not None else ""
    where += f", {item.sheet} {item.cell}".rstrip() if item.sheet else ""
    return f"{item.source_name}: {item.path}{where}"


def _marked(item: "FoundShape") -> str:
    text, at, told = item.text, 0, []
    for highlight in item.highlights:
        told += [text[at : highlight.start], click.style(text[highlight.start : highlight.end], bold=True)]
        at = highlight.end
    return "".join([*told, text[at:]])
