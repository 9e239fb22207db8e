"""`counterpoint providers`: connect hosts. A secret comes from the environment, a hidden prompt or standard
input, never from the command line, where other users of the machine and the shell's history would see it."""

import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterpoint.api.shapes.providers import (
    OutcomeShape,
    ProviderShape,
    outcome_shape,
    provider_page,
    provider_shape,
)
from counterpoint.cli import exits, output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, page_options, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, group, option, stack
from counterpoint.i18n import numbers, say
from counterpoint.i18n.complaint import Complaint

if TYPE_CHECKING:
    from counterpoint.app.compose import Control
    from counterpoint.catalog.values import HostRow
    from counterpoint.control.providers import NewProvider

_name = argument("name", metavar="name", help="cli.providers.name")
_LONGEST_SECRET = 10_000


@group("providers", help="cli.providers.help", examples="cli.providers.examples")
def command() -> None:
    """Providers."""


_secret_options = stack(
    [
        option("--secret-env", metavar="variable", help="cli.providers.secret_env"),
        option("--secret-stdin", is_flag=True, help="cli.providers.secret_stdin"),
        option(
            "--secret-file", type=click.Path(path_type=Path), metavar="file", help="cli.providers.secret_file"
        ),
        option("--machine", is_flag=True, help="cli.providers.machine"),
    ]
)


@command.command("add", help="cli.providers.add", examples="cli.providers.add_examples")
@_name
@option("--host", metavar="host", help="cli.providers.host")
@option("--base-url", metavar="url", help="cli.providers.base_url")
@option("--setting", "settings", multiple=True, metavar="setting", help="cli.providers.setting")
@option("--model", "models", multiple=True, metavar="model", help="cli.providers.models")
@option("--no-test", is_flag=True, help="cli.providers.no_test")
@_secret_options
@json_option
@place_options
def add(
    name: str,
    place: Place,
    as_json: bool,
    no_test: bool,
    **asked: Any,
) -> None:
    """Adds a provider, after a real call that shows that it works."""
    with place.open() as control:
        new = _new(name, asked)
        secret = _secret(_row(control, new), asked)
        outcome = None
        if not no_test:
            outcome = outcome_shape(control.providers.try_out(new, secret=secret))
        if outcome is not None and not outcome.ok and outcome.verdict != "unverified":
            _refuse(outcome, as_json=as_json)
        added = control.providers.add(new, secret=secret)
        if outcome is not None and outcome.models is not None:
            control.providers.test(name)
            added = control.providers.find(name)
    shape = provider_shape(added)
    if as_json:
        output.print_json({"provider": shape, "test": outcome})
        return
    click.echo(say("cli.providers.added", name=name))
    if outcome is not None:
        click.echo(outcome.sentence)


@command.command("list", help="cli.providers.list")
@page_options
@json_option
@place_options
def list_providers(limit: int, cursor: str | None, as_json: bool, place: Place) -> None:
    """Lists providers."""
    with place.open() as control:
        page = provider_page(control.providers.page(cursor=cursor, limit=limit))
    shapes = page.items
    output.print_page(
        shapes,
        page.next,
        as_json=as_json,
        columns=[
            Column(say("cli.column.name"), whole=True),
            Column(say("cli.column.state")),
            Column(say("cli.column.models"), right=True),
            Column(say("cli.column.address"), whole=True),
            Column(say("cli.column.secret"), whole=True),
        ],
        row=_row_of,
        empty=say("cli.providers.empty"),
    )
    if not as_json:
        for shape in shapes:
            if shape.problem:
                output.note(f"{shape.name}: {shape.problem}")


def _row_of(shape: ProviderShape) -> list[str]:
    served = len(shape.models) if shape.models is not None else shape.found_models
    return [
        shape.name,
        say(f"cli.state.{shape.state}"),
        numbers.number(served) if served is not None else "",
        shape.base_url,
        shape.secret or "-",
    ]


@command.command("test", help="cli.providers.test")
@_name
@json_option
@place_options
def test(name: str, as_json: bool, place: Place) -> None:
    """A real call. Exit code 1 when calls would not get through."""
    with place.open() as control:
        outcome = outcome_shape(control.providers.test(name))
    if as_json:
        output.print_json(outcome)
    else:
        click.echo(outcome.sentence)
    if not outcome.ok:
        exits.leave(exits.NO)


@command.command("enable", help="cli.providers.enable")
@_name
@json_option
@place_options
def enable(name: str, as_json: bool, place: Place) -> None:
    """Takes a provider back into use."""
    _switch(place, name, enabled=True, as_json=as_json)


@command.command("disable", help="cli.providers.disable")
@_name
@json_option
@place_options
def disable(name: str, as_json: bool, place: Place) -> None:
    """Takes a provider out of use."""
    _switch(place, name, enabled=False, as_json=as_json)


def _switch(place: Place, name: str, *, enabled: bool, as_json: bool) -> None:
    with place.open() as control:
        shape = provider_shape(control.providers.set_enabled(name, enabled))
    if as_json:
        output.print_json(shape)
        return
    output.note(say("cli.providers.enabled" if enabled else "cli.providers.disabled", name=name))


@command.command("set-secret", help="cli.providers.set_secret")
@_name
@_secret_options
@json_option
@place_options
def set_secret(name: str, as_json: bool, place: Place, **asked: Any) -> None:
    """Replaces a secret."""
    with place.open() as control:
        row = control.catalog.hosts.get(control.providers.find(name).host)
        secret = _secret(row, asked, always=True)
        shape = provider_shape(control.providers.set_secret(name, secret or ""))
    if as_json:
        output.print_json(shape)
        return
    click.echo(say("cli.providers.secret_set", name=name, secret=shape.secret or "-"))


@command.command("remove", help="cli.providers.remove")
@_name
@option("--yes", is_flag=True, help="cli.keys.yes")
@place_options
def remove(name: str, yes: bool, place: Place) -> None:
    """Removes a provider."""
    with place.open() as control:
        control.providers.find(name)
        output.confirm(say("cli.providers.sure", name=name), yes=yes)
        control.providers.remove(name)
    output.note(say("cli.providers.removed", name=name))


def _new(name: str, asked: dict[str, Any]) -> "NewProvider":
    settings = dict(_setting(text) for text in asked["settings"])
    new: NewProvider = importlib.import_module("counterpoint.control.providers").NewProvider(
        name=name,
        host=asked["host"],
        base_url=asked["base_url"],
        settings=settings,
        models=asked["models"] or None,
    )
    return new


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Complaint("cli.providers.bad_setting", setting=text)
    return name.strip(), value.strip()


def _row(control: "Control", new: "NewProvider") -> "HostRow | None":
    return control.catalog.hosts.get(new.host or new.name)


def _secret(row: "HostRow | None", asked: dict[str, Any], *, always: bool = False) -> str | None:
    """From where the options say; else from the variables that the provider's own tools read; else asked for."""
    given = _given(asked)
    if given is not None:
        return given
    if not always and (row is None or not row.needs_secret):
        return None
    if row is not None and (found := _found(row)) is not None:
        output.note(say("cli.providers.from_variable", variable=found[0]))
        return found[1]
    if not sys.stdin.isatty():
        usual = row.secret_env[0] if row and row.secret_env else say("cli.metavar.variable")
        raise Complaint("cli.providers.no_secret", variable=usual)
    if row is not None and row.secret_url:
        output.note(say("cli.providers.where_to_get", url=row.secret_url))
    return str(click.prompt(say("cli.providers.enter_secret"), hide_input=True, err=True)).strip()


def _given(asked: dict[str, Any]) -> str | None:
    """What the options say."""
    if asked["machine"]:
        return str(_forms().of_this_machine())
    if asked["secret_file"] is not None:
        return str(_forms().read_file(asked["secret_file"]))
    if variable := asked["secret_env"]:
        value = os.environ.get(variable, "").strip()
        if not value:
            raise Complaint("cli.keys.no_variable", variable=variable)
        return value
    if asked["secret_stdin"]:
        value = sys.stdin.read(_LONGEST_SECRET).strip()
        if not value:
            raise Complaint("cli.providers.empty_secret")
        return value
    return None


def _found(row: "HostRow") -> tuple[str, str] | None:
    """A variable that is set, and the secret that it leads to."""
    for usual in row.secret_env:
        if value := os.environ.get(usual, "").strip():
            return usual, value
    found: tuple[str, str] | None = _forms().found_in(row, os.environ)
    return found


def _forms() -> Any:
    """Loaded when it is needed: help comes without it."""
    return importlib.import_module("counterpoint.control.credentials.forms")


def _refuse(outcome: OutcomeShape, *, as_json: bool) -> None:
    if as_json:
        output.print_json({"provider": None, "test": outcome})
    exits.tell(f"{outcome.sentence} {say('cli.providers.not_added')}")
    exits.leave(exits.NO)
