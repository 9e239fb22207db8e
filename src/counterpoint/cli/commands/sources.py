"""`counterpoint sources`: where documents come from, and how far they are."""

import importlib
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterpoint.cli import exits, knowing, output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import Duration, json_option, page_options, place_options
from counterpoint.cli.tables import Column, printable
from counterpoint.cli.wording import argument, group, option
from counterpoint.i18n import say, system_language
from counterpoint.i18n.complaint import Complaint

if TYPE_CHECKING:
    from counterpoint.api.shapes.documents import DocumentShape
    from counterpoint.api.shapes.sources import SourceShape, SyncShape

_LOOK_SECONDS = 0.5
KINDS = ("folder", "upload", "web", "bucket", "git", "feed")
STATES = ("waiting", "reading", "ready", "skipped", "failed")
_name = argument("name", metavar="name", help="cli.sources.name")


@group("sources", help="cli.sources.help", examples="cli.sources.examples")
def command() -> None:
    """Sources."""


@command.command("list", help="cli.sources.list")
@json_option
@place_options
def list_(as_json: bool, place: Place) -> None:
    """By name, with how far each is."""
    with knowing.opened(place) as (_, knowledge):
        shapes: list[SourceShape] = [_shape(view) for view in knowledge.sources.list()]
    columns = [
        Column(say("cli.column.name"), whole=True),
        Column(say("cli.sources.kind"), whole=True),
        Column(say("cli.sources.ready"), right=True),
        Column(say("cli.sources.waiting"), right=True),
        Column(say("cli.sources.skipped"), right=True),
        Column(say("cli.sources.content")),
        Column(say("cli.sources.rights")),
    ]
    output.print_page(
        shapes,
        None,
        as_json=as_json,
        columns=columns,
        row=_row,
        empty=say("cli.sources.none"),
    )
    if not as_json:
        for shape in shapes:
            _tell_trouble(shape)


@command.command("add", help="cli.sources.add", examples="cli.sources.add_examples")
@_name
@argument("kind", type=click.Choice(KINDS), metavar="kind", help="cli.sources.kind_help")
@option("--set", "settings", multiple=True, metavar="setting", help="cli.sources.settings")
@option("--reader", "readers", multiple=True, metavar="reader", help="cli.sources.readers")
@option("--secret-env", metavar="variable", help="cli.sources.secret")
@option("--every", type=Duration(), metavar="duration", help="cli.sources.every")
@option("--rights-every", type=Duration(), metavar="duration", help="cli.sources.rights_every")
@json_option
@place_options
def add(name: str, kind: str, as_json: bool, place: Place, **asked: Any) -> None:
    """A source."""
    administering = importlib.import_module("counterpoint.knowledge.administering")
    new = administering.NewSource(
        name=name,
        kind=kind,
        settings=_settings(asked["settings"]),
        readers=asked["readers"],
        content_every=_seconds(asked["every"], 3600),
        rights_every=_seconds(asked["rights_every"], 900),
    )
    secret = _secret(asked["secret_env"])
    with knowing.opened(place) as (_, knowledge):
        shape = _shape(knowledge.sources.add(new, secret=secret))
    if as_json:
        output.print_json(shape)
    else:
        said = "added_for_files" if shape.kind == "upload" else "added"
        output.note(say(f"cli.sources.{said}", name=shape.name))


@command.command("documents", help="cli.sources.documents")
@_name
@option("--state", type=click.Choice(STATES), metavar="state", help="cli.sources.state")
@page_options
@json_option
@place_options
def documents(
    name: str, state: str | None, limit: int, cursor: str | None, as_json: bool, place: Place
) -> None:
    """What it holds."""
    shapes = importlib.import_module("counterpoint.api.shapes.knowledge")
    with knowing.opened(place) as (control, knowledge):
        source = knowledge.sources.by_name(name)
        asker = knowing.asker_of(control, None)
        page = knowledge.sources.documents(source.row.id, asker, standing=state, cursor=cursor, limit=limit)
    items: list[DocumentShape] = [shapes.document_shape(view, system_language()) for view in page.items]
    columns = [
        Column(say("cli.sources.path")),
        Column(say("cli.sources.state_of"), whole=True),
        Column(say("cli.sources.passages"), right=True),
        Column(say("cli.sources.reason")),
    ]
    output.print_page(
        items,
        page.next,
        as_json=as_json,
        columns=columns,
        row=lambda item: [
            item.path,
            say(f"cli.sources.document.{item.state}"),
            str(item.passages),
            item.reason or "",
        ],
        empty=say("cli.sources.no_documents"),
    )


@command.command("sync", help="cli.sources.sync")
@_name
@option("--rights", is_flag=True, help="cli.sources.only_rights")
@place_options
def sync(name: str, rights: bool, place: Place) -> None:
    """As soon as a worker is free."""
    with knowing.opened(place) as (_, knowledge):
        source = knowledge.sources.by_name(name)
        knowledge.sources.sync(source.row.id, "rights" if rights else "content")
    output.note(say("cli.sources.asked", name=name))


@command.command("upload", help="cli.sources.upload")
@_name
@argument(
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    nargs=-1,
    required=True,
    metavar="file",
    help="cli.sources.files",
)
@place_options
def upload(name: str, files: tuple[Path, ...], place: Place) -> None:
    """Into a source of kind `upload`."""
    with knowing.opened(place) as (control, knowledge):
        source, asker = knowledge.sources.by_name(name), knowing.asker_of(control, None)
        for file in files:
            knowledge.sources.put_file(source.row.id, file.name, file.read_bytes(), asker)
            output.note(say("cli.sources.uploaded", file=file.name))


@command.command("discard", help="cli.sources.discard")
@_name
@argument("paths", nargs=-1, required=True, metavar="file", help="cli.sources.discarded_files")
@option("--yes", is_flag=True, help="cli.keys.yes")
@place_options
def discard(name: str, paths: tuple[str, ...], yes: bool, place: Place) -> None:
    """Files that were uploaded."""
    with knowing.opened(place) as (control, knowledge):
        source, asker = knowledge.sources.by_name(name), knowing.asker_of(control, None)
        found = [knowledge.sources.file(source.row.id, path, asker) for path in paths]
        output.confirm(say("cli.sources.really_discard", name=name, files=", ".join(paths)), yes=yes)
        for view in found:
            knowledge.sources.remove_file(view.row.id)
            output.note(say("cli.sources.discarded", file=view.row.path))


@command.command("wait", help="cli.sources.wait")
@_name
@option("--for", "patience", type=Duration(), default="10m", metavar="duration", help="cli.sources.patience")
@place_options
def wait(name: str, patience: timedelta, place: Place) -> None:
    """Exit code 1 when there is still something to read after that time, and when its sync did not succeed."""
    until = time.monotonic() + patience.total_seconds()
    with knowing.opened(place) as (_, knowledge):
        while _is_busy(shape := _shape(knowledge.sources.by_name(name))):
            if time.monotonic() > until:
                exits.leave(exits.NO)
            time.sleep(_LOOK_SECONDS)
    if _tell_trouble(shape):
        exits.leave(exits.NO)


@command.command("remove", help="cli.sources.remove")
@_name
@option("--yes", is_flag=True, help="cli.keys.yes")
@place_options
def remove(name: str, yes: bool, place: Place) -> None:
    """With its documents."""
    with knowing.opened(place) as (_, knowledge):
        source = knowledge.sources.by_name(name)
        output.confirm(say("cli.sources.really", name=name), yes=yes)
        knowledge.sources.remove(source.row.id)
    output.note(say("cli.sources.removed", name=name))


def _shape(view: Any) -> "SourceShape":
    shapes = importlib.import_module("counterpoint.api.shapes.knowledge")
    shape: SourceShape = shapes.source_shape(view, system_language())
    return shape


def _is_busy(shape: "SourceShape") -> bool:
    states = {shape.content.state, shape.rights.state}
    return bool(shape.content.waiting) or bool(states & {"waiting", "running"})


def _row(shape: "SourceShape") -> list[str]:
    content = shape.content
    return [
        shape.name,
        shape.kind,
        str(content.ready),
        str(content.waiting),
        str(content.skipped + content.failed),
        _told(content),
        _told(shape.rights),
    ]


def _told(sync: "SyncShape") -> str:
    """As of when it holds; before it what goes on, where it is not that all is well."""
    standing = "" if sync.state == "done" else say(f"cli.sources.standing.{sync.state}")
    return f"{standing} {output.when(sync.ok_at)}".strip()


def _tell_trouble(shape: "SourceShape") -> bool:
    """Why the last syncs did not succeed, each reason once; whether there was one."""
    reasons = dict.fromkeys(sync.error for sync in (shape.content, shape.rights) if sync.error)
    for reason in reasons:
        output.note(f"{printable(shape.name)}: {printable(reason)}")
    return bool(reasons)


def _settings(written: tuple[str, ...]) -> dict[str, Any]:
    """`path=/srv`, more than once for a list. Raises `Complaint`."""
    settings: dict[str, Any] = {}
    for text in written:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise Complaint("cli.sources.no_setting", text=text)
        plain = _plain(value)
        if name in {"include", "exclude"}:
            settings.setdefault(name, []).append(value)
        else:
            settings[name] = plain
    return settings


def _plain(value: str) -> str | int | float:
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value


def _seconds(given: timedelta | None, usual: int) -> int:
    return usual if given is None else int(given.total_seconds())


def _secret(variable: str | None) -> str | None:
    """Raises `Complaint`."""
    if variable is None:
        return None
    if variable not in os.environ:
        raise Complaint("cli.sources.no_variable", name=variable)
    return os.environ[variable]
