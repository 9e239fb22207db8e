"""`counterpoint audit`: who changed what, and whether the log of it is whole."""

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterpoint.api.shapes.audit import AuditShape, ChangeShape, audit_page, verdict_shape
from counterpoint.cli import output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import Moment, json_option, page_options, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, group, option, stack
from counterpoint.i18n import numbers, say

if TYPE_CHECKING:
    from counterpoint.control.audit import AuditQuery

_times = stack(
    [
        option("--since", type=Moment(past=True), metavar="date", help="cli.audit.since"),
        option("--until", type=Moment(past=True), metavar="date", help="cli.audit.until"),
    ]
)


@group("audit", help="cli.audit.help", examples="cli.audit.examples")
def command() -> None:
    """The audit log."""


def _query(**asked: Any) -> "AuditQuery":
    query: type[AuditQuery] = importlib.import_module("counterpoint.control.audit").AuditQuery
    return query(**asked)


@command.command("list", help="cli.audit.list")
@_times
@option("--actor", default="", metavar="name", help="cli.audit.actor")
@option("--words", default="", metavar="text", help="cli.audit.words")
@page_options
@json_option
@place_options
def list_acts(place: Place, as_json: bool, limit: int, cursor: str | None, **asked: Any) -> None:
    """Lists acts."""
    with place.open() as control:
        page = audit_page(control.audit.entries(_query(**asked), cursor=cursor, limit=limit))
    output.print_page(
        page.items,
        page.next,
        as_json=as_json,
        columns=[
            Column("#", right=True),
            Column(say("cli.column.time"), whole=True),
            Column(say("cli.column.actor")),
            Column(say("cli.column.origin")),
            Column(say("cli.column.act")),
            Column(say("cli.column.changes")),
        ],
        row=_row,
        empty=say("cli.audit.empty"),
    )


def _row(act: AuditShape) -> list[str]:
    refused = f" ({say('cli.audit.refused')})" if act.outcome == "refused" else ""
    return [
        str(act.sequence),
        act.at.strftime("%Y-%m-%d %H:%M:%S"),
        act.actor.name or act.actor.kind,
        act.origin,
        f"{act.action}{refused}",
        ", ".join(map(_told, act.changes)),
    ]


def _told(change: ChangeShape) -> str:
    sign = "+" if change.before is None else "-" if change.after is None else "~"
    return f"{sign}{change.what} {change.name}".rstrip()


@command.command("export", help="cli.audit.export")
@_times
@option("--output", "-o", type=click.Path(dir_okay=False), metavar="file", help="cli.usage.output")
@place_options
def export(place: Place, **asked: Any) -> None:
    """Writes the log as lines of JSON."""
    name: str | None = asked.pop("output")
    with place.open() as control:
        control.note()  # first, so that the last act of an export says when it was made
        if name is None:
            control.audit.export(_query(**asked), sys.stdout.buffer)
        else:
            with Path(name).open("wb") as out:
                count = control.audit.export(_query(**asked), out)
            output.note(say("cli.audit.written", count=numbers.number(count), file=name))


@command.command("verify", help="cli.audit.verify")
@argument(
    "file",
    metavar="file",
    required=False,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="cli.audit.file",
)
@option("--anchor", type=click.Path(exists=True, dir_okay=False), metavar="file", help="cli.audit.anchor")
@json_option
@place_options
def verify(place: Place, file: str | None, anchor: str | None, as_json: bool) -> int:
    """Checks an export, or, without one, the log in the database."""
    if file is None:
        with place.open() as control:
            verdict = control.audit.verify()
    else:
        check = importlib.import_module("counterpoint.control.audit").verify_file
        with click.open_file(file, "rb") as lines:
            verdict = check(lines, Path(anchor) if anchor else None)
    shape = verdict_shape(verdict)
    if as_json:
        output.print_json(shape)
    elif shape.whole:
        counts = {"count": numbers.number(shape.entries), "anchors": numbers.number(shape.anchors)}
        output.note(say("cli.audit.whole", **counts))
    else:
        number = "?" if shape.sequence is None else str(shape.sequence)
        line = verdict.broken.line if verdict.broken is not None else 0
        output.note(say(f"cli.audit.fault.{shape.fault}", number=number, line=line))
    return 0 if shape.whole else 1
