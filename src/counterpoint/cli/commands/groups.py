"""`counterpoint groups`: people who may see the same documents."""

import importlib
from typing import TYPE_CHECKING

from counterpoint.cli import output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, group, option
from counterpoint.i18n import say

if TYPE_CHECKING:
    from counterpoint.api.shapes.groups import PeopleGroupShape

_name = argument("name", metavar="name", help="cli.groups.name")


@group("groups", help="cli.groups.help", examples="cli.groups.examples")
def command() -> None:
    """Groups."""


@command.command("list", help="cli.groups.list")
@json_option
@place_options
def list_(as_json: bool, place: Place) -> None:
    """By name."""
    shapes = importlib.import_module("counterpoint.api.shapes.groups")
    with place.open() as control:
        items: list[PeopleGroupShape] = [shapes.group_shape(view) for view in control.groups.list()]
    output.print_page(
        items,
        None,
        as_json=as_json,
        columns=[Column(say("cli.column.name"), whole=True), Column(say("cli.groups.members"))],
        row=lambda item: [item.name, ", ".join(member.login for member in item.members)],
        empty=say("cli.groups.none"),
    )


@command.command("add", help="cli.groups.add")
@_name
@option("--member", "logins", multiple=True, metavar="login", help="cli.groups.member")
@place_options
def add(name: str, logins: tuple[str, ...], place: Place) -> None:
    """With some people, if they are named."""
    with place.open() as control:
        people = [control.accounts.by_login(login).id for login in logins]
        control.groups.put_members(control.groups.add(name).id, people)
    output.note(say("cli.groups.added", name=name))


@command.command("members", help="cli.groups.put_members")
@_name
@argument("logins", nargs=-1, metavar="login", help="cli.groups.logins")
@place_options
def members(name: str, logins: tuple[str, ...], place: Place) -> None:
    """These and no others."""
    with place.open() as control:
        people = [control.accounts.by_login(login).id for login in logins]
        control.groups.put_members(control.groups.by_name(name).id, people)
    output.note(say("cli.groups.put", name=name, count=len(people)))


@command.command("remove", help="cli.groups.remove")
@_name
@option("--yes", is_flag=True, help="cli.keys.yes")
@place_options
def remove(name: str, yes: bool, place: Place) -> None:
    """Nobody sees anything through it any more."""
    with place.open() as control:
        view = control.groups.by_name(name)
        output.confirm(say("cli.groups.really", name=name), yes=yes)
        control.groups.remove(view.id)
    output.note(say("cli.groups.removed", name=name))
