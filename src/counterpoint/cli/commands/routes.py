"""`counterpoint routes`: which routes there are, what one says, and whether something answers to each."""

import importlib
from typing import TYPE_CHECKING

import click

from counterpoint.cli import exits, output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, group, option
from counterpoint.i18n import say

if TYPE_CHECKING:
    from counterpoint.api.shapes.routes import ConstraintsShape, RouteShape
    from counterpoint.api.shapes.rules import ExplanationShape
    from counterpoint.app.compose import Control


@group("routes", help="cli.routes.help", examples="cli.routes.examples")
def command() -> None:
    """Routes."""


@command.command("list", help="cli.routes.list")
@json_option
@place_options
def list_(as_json: bool, place: Place) -> None:
    """By name."""
    with place.open() as control:
        shapes = _shapes(control)
    if as_json:
        output.print_json({"items": shapes})
        return
    if not shapes:
        output.note(say("cli.routes.no_routes"))
        return
    columns = [
        Column(say("cli.column.name"), whole=True),
        Column(say("cli.routes.policy"), whole=True),
        Column(say("cli.routes.targets")),
        Column(say("cli.routes.fallbacks")),
        Column(say("cli.routes.owner"), whole=True),
    ]
    rows = [
        [
            route.name,
            route.policy,
            ", ".join(target.model for target in route.targets),
            ", ".join(route.fallbacks),
            say(f"cli.routes.{route.owner}"),
        ]
        for route in shapes
    ]
    output.print_table(columns, rows)


@command.command("show", help="cli.routes.show")
@argument("name", metavar="name", help="cli.routes.name")
@json_option
@place_options
def show(name: str, as_json: bool, place: Place) -> None:
    """One, whole."""
    shapes = importlib.import_module("counterpoint.api.shapes.routes")
    with place.open() as control:
        route: RouteShape = shapes.route_shape(control.routes.find(name))
    if as_json:
        output.print_json(route)
        return
    output.print_facts(
        [
            (say("cli.column.name"), route.name),
            (say("cli.routes.policy"), route.policy),
            (say("cli.routes.owner"), say(f"cli.routes.{route.owner}")),
            (say("cli.routes.fallbacks"), ", ".join(route.fallbacks) or "-"),
            (say("cli.routes.constraints"), _conditions(route.constraints) or "-"),
            (say("cli.routes.shadows"), ", ".join(route.shadows) or "-"),
        ]
    )
    click.echo()
    columns = [
        Column(say("cli.column.model"), whole=True),
        Column(say("cli.routes.weight"), right=True),
        Column(say("cli.explain.check")),
    ]
    rows = [
        [
            target.model,
            str(target.weight),
            "" if target.check is None else f"{target.check.kind} ≥ {target.check.least:g}",
        ]
        for target in route.targets
    ]
    output.print_table(columns, rows)


@command.command("check", help="cli.routes.check")
@argument("name", required=False, metavar="name", help="cli.routes.name")
@option("--project", metavar="project", help="cli.explain.project")
@json_option
@place_options
def check(name: str | None, project: str | None, as_json: bool, place: Place) -> None:
    """Exit code 1 when nothing answers to one of them."""
    explaining = importlib.import_module("counterpoint.api.explaining")
    with place.open() as control:
        names = [control.routes.find(name).route.name] if name else [each.name for each in _shapes(control)]
        directory = control.directory(asking=False)
    found: list[ExplanationShape] = [
        explaining.explain(directory, explaining.Question(requested=each, project=project)) for each in names
    ]
    dead = [each for each in found if each.refusal is not None]
    if as_json:
        output.print_json({"ok": not dead, "routes": found})
    else:
        for each in found:
            kept = sum(item.chosen for item in each.candidates)
            click.echo(say("cli.routes.kept", name=each.requested, kept=kept, of=len(each.candidates)))
            if each.refusal is not None:
                click.echo(f"  {each.refusal}")
    if dead:
        exits.leave(exits.NO)


def _shapes(control: "Control") -> "list[RouteShape]":
    shapes = importlib.import_module("counterpoint.api.shapes.routes")
    return [shapes.route_shape(row) for row in control.routes.list()]


def _conditions(constraints: "ConstraintsShape") -> str:
    """Those that are set, as the configuration file calls them."""
    told = []
    for name, value in vars(constraints).items():
        if value in (None, False, []):
            continue
        told.append(f"{name} = {', '.join(value) if isinstance(value, list) else value}")
    return "; ".join(told)
