"""`counterpoint ask`: what documents say of a question, with where they say so."""

import importlib
from typing import TYPE_CHECKING

import click

from counterpoint.cli import exits, knowing, output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.wording import argument, option
from counterpoint.cli.wording import command as declared
from counterpoint.i18n import say, system_language

if TYPE_CHECKING:
    from counterpoint.api.shapes.answers import AnswerShape, SpanShape


@declared("ask", help="cli.ask.help", examples="cli.ask.examples")
@argument("question", metavar="question", help="cli.search.question")
@option("--as", "login", metavar="login", help="cli.search.as")
@json_option
@place_options
def command(question: str, login: str | None, as_json: bool, place: Place) -> None:
    """Exit code 1 when the documents do not say."""
    shapes = importlib.import_module("counterpoint.api.shapes.knowledge")
    wanted = importlib.import_module("counterpoint.knowledge.asking").Wanted
    with knowing.opened(place) as (control, knowledge):
        asker = knowing.asker_of(control, login)
        view = knowledge.asking.answer(wanted(question=question), asker, system_language())
    answer: AnswerShape = shapes.answer_shape(view, system_language())
    if as_json:
        output.print_json(answer)
    else:
        _show(answer)
    if not answer.found:
        exits.leave(exits.NO)


def _show(answer: "AnswerShape") -> None:
    if not answer.found:
        output.note(say("cli.ask.nothing"))
    for claim in answer.claims:
        mark = "" if claim.state == "supported" else f"  ({say('cli.ask.unsupported')})"
        click.echo(f"{claim.sentence}{mark}")
        for span in claim.spans:
            click.echo(click.style(f"  {_place(span)}", dim=True))
    for conflict in answer.conflicts:
        output.note(say("cli.ask.conflict", about=conflict.about))
        for span in conflict.spans:
            output.note(f"  « {span.quote} »  {_place(span)}")
    for remark in answer.remarks:
        output.note(remark)


def _place(span: "SpanShape") -> str:
    parts = [span.path or span.title]
    if span.page is not None:
        parts.append(say("cli.search.page", number=span.page))
    if span.sheet:
        parts.append(f"{span.sheet} {span.cell}".rstrip())
    return ", ".join(parts)
