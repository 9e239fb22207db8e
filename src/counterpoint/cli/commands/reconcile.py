"""`counterpoint reconcile`: a vendor's file beside the ledger, line by line."""

import importlib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterpoint.cli import exits, output
from counterpoint.cli.commands.budgets import Amount
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, option
from counterpoint.cli.wording import command as declare
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint

if TYPE_CHECKING:
    from counterpoint.control.reconciling.matching import Difference, Side

_LARGEST = 256 * 1024 * 1024


@declare("reconcile", help="cli.reconcile.help", examples="cli.reconcile.examples")
@argument("file", type=click.Path(exists=True, dir_okay=False), metavar="file", help="cli.reconcile.file")
@option("--provider", "providers", multiple=True, metavar="host", help="cli.reconcile.provider")
@option(
    "--mapping", type=click.Path(exists=True, dir_okay=False), metavar="file", help="cli.reconcile.mapping"
)
@option(
    "--tolerance",
    type=Amount(),
    default="0.5",
    show_default=True,
    metavar="amount",
    help="cli.reconcile.tolerance",
)
@option("--all", "everything", is_flag=True, help="cli.reconcile.all")
@json_option
@place_options
def command(
    file: str,
    providers: tuple[str, ...],
    mapping: str | None,
    tolerance: Decimal,
    everything: bool,
    as_json: bool,
    place: Place,
) -> int:
    """Compares; 1 where there is a difference."""
    matching: Any = importlib.import_module("counterpoint.control.reconciling.matching")
    formats: Any = importlib.import_module("counterpoint.control.reconciling.formats")
    kind = formats.read_format(Path(mapping)) if mapping else None
    allowed = matching.Tolerance(share=tolerance / 100)
    with place.open() as control:
        control.ship_rest()
        found = control.reconciling().reconcile(
            _text(Path(file)), providers=providers, kind=kind, tolerance=allowed
        )
    shown = [each for each in found.differences if everything or each.cause]
    if as_json:
        output.print_json(
            {
                "kind": found.kind,
                "agrees": found.agrees,
                "not_compared": list(found.apart),
                "lines": [_plain(each) for each in shown],
            }
        )
    else:
        if shown:
            _print(shown)
        lines = len(found.differences)
        output.note(
            say(f"cli.reconcile.{'agrees' if found.agrees else 'differs'}", lines=lines, kind=found.kind)
        )
        if found.apart:
            output.note(say("cli.reconcile.apart", classes=", ".join(found.apart), kind=found.kind))
    return exits.OK if found.agrees else exits.NO


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise Complaint("cli.reconcile.too_large", file=str(path))
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Complaint("control.reconciling.unreadable", reason=str(error)) from error


def _print(shown: "list[Difference]") -> None:
    names = (
        "day",
        "model",
        "kind",
        "theirs",
        "ours",
        "difference",
        "their_cost",
        "our_cost",
        "difference",
        "cause",
    )
    right = {"theirs", "ours", "difference", "their_cost", "our_cost"}
    columns = [
        Column(say(f"cli.column.{name}"), right=name in right, whole=name in {"day", "model"})
        for name in names
    ]
    output.print_table(columns, [_row(each) for each in shown])


def _row(each: "Difference") -> list[str]:
    theirs, ours = each.theirs, each.ours
    return [
        each.day.isoformat(),
        each.model,
        each.name,
        _amount(theirs.quantity if theirs else None),
        _amount(ours.quantity if ours else None),
        _amount(each.quantity),
        _amount(theirs.cost if theirs else None),
        _amount(ours.cost if ours else None),
        _amount(each.cost),
        say(f"cli.reconcile.causes.{each.cause}") if each.cause else "",
    ]


def _amount(amount: Decimal | None) -> str:
    if amount is None:
        return "-"
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


def _plain(each: "Difference") -> dict[str, Any]:
    def side(one: "Side | None") -> dict[str, str | None] | None:
        if one is None:
            return None
        return {
            "quantity": None if one.quantity is None else f"{one.quantity:f}",
            "cost": None if one.cost is None else f"{one.cost:f}",
            "currency": one.currency or None,
        }

    return {
        "day": each.day.isoformat(),
        "model": each.model,
        "class": each.name,
        "theirs": side(each.theirs),
        "ours": side(each.ours),
        "quantity_delta": None if each.quantity is None else f"{each.quantity:f}",
        "cost_delta": None if each.cost is None else f"{each.cost:f}",
        "cause": each.cause or None,
    }
