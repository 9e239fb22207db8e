"""`counterpoint models`: the models that run on this machine."""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterpoint.api.shapes.models import LocalModelShape, model_shape
from counterpoint.cli import output, progress
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, group, option
from counterpoint.i18n import numbers, say

if TYPE_CHECKING:
    from counterpoint.engines.manifest import Manifest
    from counterpoint.engines.sources.base import Progress
    from counterpoint.engines.store import ModelStore

_KIND = click.Choice(["chat", "embed"])
_kind = option("--kind", type=_KIND, help="cli.models.kind")
_as_name = option("--name", metavar="name", help="cli.models.as_name")
_replace = option("--replace", is_flag=True, help="cli.models.replace")


@group("models", help="cli.models.help", examples="cli.models.examples")
def command() -> None:
    """Local models."""


@command.command("pull", help="cli.models.pull", examples="cli.models.pull_examples")
@argument("source", required=False, metavar="source", help="cli.models.source")
@_as_name
@_kind
@option("--sha256", metavar="hash", help="cli.models.sha256")
@_replace
@json_option
@place_options
def pull(
    source: str | None,
    name: str | None,
    kind: str | None,
    sha256: str | None,
    replace: bool,
    as_json: bool,
    place: Place,
) -> None:
    """Fetches a model; without a source, those of the first start."""
    store = _store(place)
    bar = _Bar()
    try:
        if source is None:
            pulled = list(store.pull_defaults(bar))
        else:
            pulled = [
                store.pull(source, name=name, sha256=sha256, kind=kind, replace=replace, report=bar)  # type: ignore[arg-type]  # click checks the kind
            ]
    finally:
        bar.close()
    if as_json:
        output.print_json({"items": [_shape(manifest) for manifest in pulled]})
        return
    for manifest in pulled:
        click.echo(say("cli.models.pulled", name=manifest.name, size=numbers.size(manifest.size)))


@command.command("add", help="cli.models.add", examples="cli.models.add_examples")
@argument("file", metavar="file", help="cli.models.file")
@_as_name
@_kind
@option("--projector", metavar="file", help="cli.models.projector")
@_replace
@json_option
@place_options
def add(
    file: str,
    name: str | None,
    kind: str | None,
    projector: str | None,
    replace: bool,
    as_json: bool,
    place: Place,
) -> None:
    """Uses a file where it lies."""
    store = _store(place)
    bar = _Bar()
    try:
        manifest = store.add(
            Path(file),
            name=name,
            kind=kind,  # type: ignore[arg-type]  # click checks it
            projector=Path(projector) if projector else None,
            replace=replace,
            report=bar,
        )
    finally:
        bar.close()
    if as_json:
        output.print_json(_shape(manifest))
        return
    click.echo(say("cli.models.added", name=manifest.name, file=manifest.file))


@command.command("list", help="cli.models.list")
@json_option
@place_options
def list_models(as_json: bool, place: Place) -> None:
    """Lists models."""
    shapes = [_shape(manifest) for manifest in _store(place).list()]
    output.print_page(
        shapes,
        None,
        as_json=as_json,
        columns=[
            Column(say("cli.column.name"), whole=True),
            Column(say("cli.column.kind")),
            Column(say("cli.column.size"), right=True),
            Column(say("cli.column.memory"), right=True),
            Column(say("cli.column.context"), right=True),
            Column(say("cli.column.licence")),
        ],
        row=_row,
        empty=say("cli.models.empty"),
    )


@command.command("show", help="cli.models.show")
@argument("name", metavar="name", help="cli.models.name")
@json_option
@place_options
def show(name: str, as_json: bool, place: Place) -> None:
    """Shows one model."""
    shape = _shape(_store(place).show(name))
    if as_json:
        output.print_json(shape)
        return
    click.echo(click.style(shape.display, bold=True))
    click.echo()
    output.print_facts(
        [
            (say("cli.column.name"), shape.name),
            (say("cli.column.kind"), say(f"cli.kind.{shape.kind}")),
            (say("cli.column.capabilities"), ", ".join(shape.capabilities)),
            (say("cli.column.architecture"), f"{shape.architecture} {shape.quantisation}".strip()),
            (
                say("cli.column.parameters"),
                f"{numbers.number(shape.parameters / 1e6)} M" if shape.parameters else "",
            ),
            (say("cli.column.context"), numbers.number(shape.context) if shape.context else ""),
            (say("cli.column.dimensions"), str(shape.dimensions or "")),
            (say("cli.column.size"), numbers.size(shape.size)),
            (say("cli.column.memory"), numbers.size(shape.memory_bytes)),
            (say("cli.column.licence"), shape.licence),
            (say("cli.column.source"), shape.source),
            (say("cli.column.file"), shape.file),
            ("SHA-256", shape.sha256),
            (say("cli.column.pulled"), output.when(shape.pulled_at)),
            (say("cli.column.notes"), shape.notes),
        ]
    )


@command.command("remove", help="cli.models.remove")
@argument("name", metavar="name", help="cli.models.name")
@option("--yes", is_flag=True, help="cli.keys.yes")
@place_options
def remove(name: str, yes: bool, place: Place) -> None:
    """Removes a model."""
    store = _store(place)
    manifest = store.show(name)
    output.confirm(say("cli.models.sure", name=name, size=numbers.size(manifest.size)), yes=yes)
    store.remove(name)
    output.note(say("cli.models.removed", name=name))


class _Bar:
    """Shows how far a pull is."""

    def __init__(self) -> None:
        self._shown = progress.shown()

    def __call__(self, at: "Progress") -> None:
        if at.total is not None:
            phase = say(f"cli.phase.{at.phase}")
            self._shown.update(f"{at.name}, {phase}", at.done, at.total, at.eta)

    def close(self) -> None:
        """Nothing is pulled any more."""
        self._shown.close()


def _store(place: Place) -> "ModelStore":
    settings = place.settings()
    plan = importlib.import_module("counterpoint.app.plan").plan_of(settings, settings.configuration)
    plan.models.mkdir(mode=0o700, parents=True, exist_ok=True)
    store: ModelStore = importlib.import_module("counterpoint.engines.store").ModelStore(plan.models)
    return store


def _shape(manifest: "Manifest") -> LocalModelShape:
    needed: int = importlib.import_module("counterpoint.engines.memory").needed(manifest, None)
    return model_shape(manifest, needed)


def _row(shape: LocalModelShape) -> list[str]:
    return [
        shape.name,
        say(f"cli.kind.{shape.kind}"),
        numbers.size(shape.size),
        numbers.size(shape.memory_bytes),
        numbers.number(shape.context) if shape.context else "",
        shape.licence,
    ]
