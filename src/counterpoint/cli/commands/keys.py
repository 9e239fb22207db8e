"""`counterpoint keys`: the keys of clients. A new key is alone on standard output, so a script can take it."""

import importlib
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click
from msgspec import UNSET

from counterpoint.api.shapes.keys import (
    KeyShape,
    PairShape,
    key_page,
    key_shape,
    new_key_shape,
    new_pair_shape,
)
from counterpoint.cli import output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import Duration, Moment, json_option, page_options, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, group, option
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint

if TYPE_CHECKING:
    from counterpoint.control.keys import KeyChange

_project = option(
    "--project", metavar="project", default="default", show_default=True, help="cli.keys.project"
)
_reference = argument("reference", metavar="key", help="cli.keys.reference")


@group("keys", help="cli.keys.help", examples="cli.keys.examples")
def command() -> None:
    """Clients' keys."""


@command.command("create", help="cli.keys.create")
@argument("name", metavar="name", help="cli.keys.new_name")
@_project
@option("--model", "models", multiple=True, metavar="pattern", help="cli.keys.models")
@option("--expires", type=Moment(), metavar="date", help="cli.keys.expires")
@option("--value-env", metavar="variable", help="cli.keys.value_from")
@option("--aws", "paired", is_flag=True, help="cli.keys.paired")
@option("--user", metavar="name", help="cli.keys.user")
@json_option
@place_options
def create(name: str, value_env: str | None, as_json: bool, place: Place, **asked: Any) -> None:
    """Makes a key."""
    text = _value_of(value_env) if value_env else None
    with place.open() as control:
        made = control.keys.create(name, text=text, **asked)
    shape = new_key_shape(made)
    if as_json:
        output.print_json(shape)
        return
    output.note(say("cli.keys.shown_once", name=made.key.name))
    click.echo(made.text)
    _tell_pair(shape.pair)


@command.command("list", help="cli.keys.list")
@option("--project", metavar="project", help="cli.keys.project")
@option("--revoked", is_flag=True, help="cli.keys.with_revoked")
@page_options
@json_option
@place_options
def list_keys(
    project: str | None, revoked: bool, limit: int, cursor: str | None, as_json: bool, place: Place
) -> None:
    """Lists keys."""
    with place.open() as control:
        page = control.keys.list(project=project, include_revoked=revoked, cursor=cursor, limit=limit)
    shapes = key_page(page)
    output.print_page(
        shapes.items,
        shapes.next,
        as_json=as_json,
        columns=_columns(),
        row=_row,
        empty=say("cli.keys.empty"),
    )


@command.command("edit", help="cli.keys.edit")
@_reference
@_project
@option("--name", metavar="name", help="cli.keys.other_name")
@option("--model", "models", multiple=True, metavar="pattern", help="cli.keys.models")
@option("--all-models", is_flag=True, help="cli.keys.any_model")
@option("--expires", type=Moment(), metavar="date", help="cli.keys.expires")
@option("--never-expires", is_flag=True, help="cli.keys.no_end")
@json_option
@place_options
def edit(reference: str, project: str, as_json: bool, place: Place, **asked: Any) -> None:
    """Changes what a key is called, what it may use, when it ends."""
    with place.open() as control:
        row = control.keys.change(reference, _change(**asked), project=project)
    if as_json:
        output.print_json(key_shape(row))
        return
    output.note(say("cli.keys.edited", name=row.name))


def _change(
    name: str | None,
    models: tuple[str, ...],
    all_models: bool,
    expires: datetime | None,
    never_expires: bool,
) -> "KeyChange":
    for both, *names in (
        (models and all_models, "--model", "--all-models"),
        (expires and never_expires, "--expires", "--never-expires"),
    ):
        if both:
            raise Complaint("cli.keys.either", one=names[0], other=names[1])
    if not (name or models or all_models or expires or never_expires):
        raise Complaint("cli.keys.no_change")
    change: type[KeyChange] = importlib.import_module("counterpoint.control.keys").KeyChange
    return change(
        name=name if name is not None else UNSET,
        models=models if models or all_models else UNSET,
        expires=expires if expires is not None or never_expires else UNSET,
    )


@command.command("revoke", help="cli.keys.revoke")
@_reference
@_project
@option("--yes", is_flag=True, help="cli.keys.yes")
@json_option
@place_options
def revoke(reference: str, project: str, yes: bool, as_json: bool, place: Place) -> None:
    """Revokes a key."""
    with place.open() as control:
        found = control.keys.find(reference, project=project)
        output.confirm(say("cli.keys.sure", name=found.name, hint=found.hint), yes=yes)
        row = control.keys.revoke(found.id)
    if as_json:
        output.print_json(key_shape(row))
        return
    output.note(say("cli.keys.revoked", name=row.name))


@command.command("rotate", help="cli.keys.rotate")
@_reference
@_project
@option(
    "--grace", type=Duration(), default="24h", metavar="duration", show_default=True, help="cli.keys.grace"
)
@json_option
@place_options
def rotate(reference: str, project: str, grace: timedelta, as_json: bool, place: Place) -> None:
    """Gives a key a new secret."""
    with place.open() as control:
        made = control.keys.rotate(reference, project=project, grace=grace)
    if as_json:
        output.print_json(new_key_shape(made))
        return
    output.note(say("cli.keys.shown_once", name=made.key.name))
    click.echo(made.text)
    _tell_pair(new_key_shape(made).pair)
    until = output.when(datetime.now(UTC) + grace)
    output.note(say("cli.keys.old_valid", until=until) if grace else say("cli.keys.old_ended"))


@command.command("aws", help="cli.keys.aws")
@_reference
@_project
@option(
    "--grace", type=Duration(), default="24h", metavar="duration", show_default=True, help="cli.keys.grace"
)
@json_option
@place_options
def aws(reference: str, project: str, grace: timedelta, as_json: bool, place: Place) -> None:
    """Gives a key a pair for clients that sign."""
    with place.open() as control:
        shape = new_pair_shape(control.keys.pair(reference, project=project, grace=grace))
    if as_json:
        output.print_json(shape)
        return
    output.note(say("cli.keys.pair_shown_once", name=shape.key.name))
    _tell_pair(shape.pair)


def _tell_pair(pair: PairShape | None) -> None:
    """As the environment of AWS's tools takes it."""
    if pair is not None:
        click.echo(f"AWS_ACCESS_KEY_ID={pair.access_key_id}")
        click.echo(f"AWS_SECRET_ACCESS_KEY={pair.secret_access_key}")


def _value_of(variable: str) -> str:
    value = os.environ.get(variable, "")
    if not value:
        raise Complaint("cli.keys.no_variable", variable=variable)
    return value


def _columns() -> list[Column]:
    return [
        Column(say("cli.column.name"), whole=True),
        Column(say("cli.column.state")),
        Column(say("cli.column.models")),
        Column(say("cli.column.ends"), whole=True),
        Column(say("cli.column.hint"), whole=True),
        Column(say("cli.column.project")),
    ]


def _row(key: KeyShape) -> list[str]:
    return [
        key.name,
        say(f"cli.state.{key.state}"),
        ", ".join(key.models) or say("cli.keys.all_models"),
        output.when(key.expires_at) or say("cli.keys.never"),
        key.hint,
        key.project,
    ]
