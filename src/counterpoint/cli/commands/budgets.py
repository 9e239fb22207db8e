"""`counterpoint budgets`: what may be spent, what is, and requests for more."""

import importlib
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, get_args

import click

from counterpoint.api.shapes.budgets import (
    BudgetShape,
    MeasureName,
    PeriodName,
    RaiseShape,
    RaiseState,
    ScopeName,
    budget_page,
    budget_shape,
    raise_page,
    raise_shape,
    spending_shape,
)
from counterpoint.cli import output
from counterpoint.cli.opening import Place
from counterpoint.cli.options import Moment, json_option, page_options, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, group, option
from counterpoint.i18n import numbers, say

if TYPE_CHECKING:
    from counterpoint.control.budgets.raising import Asker

_reference = argument("reference", metavar="id", help="cli.budgets.reference")


class Amount(click.ParamType[Decimal]):
    """A decimal number, exact."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Raises click's usage error."""
        if isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except InvalidOperation:
            self.fail(say("control.pricing.not_an_amount", value=value), param, ctx)


@group("budgets", help="cli.budgets.help", examples="cli.budgets.examples")
def command() -> None:
    """Budgets and limits."""


@command.command("list", help="cli.budgets.list")
@page_options
@json_option
@place_options
def list_budgets(limit: int, cursor: str | None, as_json: bool, place: Place) -> None:
    """Lists budgets and limits."""
    with place.open() as control:
        control.ship_rest()
        page = budget_page(control.budgets.list(cursor=cursor, limit=limit))
    output.print_page(
        page.items,
        page.next,
        as_json=as_json,
        columns=[
            Column(say("cli.column.id"), whole=True),
            Column(say("cli.column.subject"), whole=True),
            Column(say("cli.column.period")),
            Column(say("cli.column.spent"), right=True),
            Column(say("cli.column.leased"), right=True),
            Column(say("cli.column.left"), right=True),
            Column(say("cli.column.allowed"), right=True),
            Column(say("cli.column.share"), right=True),
        ],
        row=_row,
        empty=say("cli.budgets.empty"),
    )


def _row(budget: BudgetShape) -> list[str]:
    return [
        budget.id,
        f"{budget.scope} {budget.subject.name}",
        f"{budget.measure}/{budget.per}",
        *(
            _amount(text, budget.currency)
            for text in (budget.spent, budget.leased, budget.left, budget.allowed)
        ),
        f"{numbers.number(budget.share * 100, 1)} %",
    ]


def _amount(text: str, currency: str) -> str:
    return output.money({currency: text}) if currency else numbers.number(int(Decimal(text)))


@command.command("show", help="cli.budgets.show")
@_reference
@json_option
@place_options
def show(reference: str, as_json: bool, place: Place) -> None:
    """Shows one, and what it will come to."""
    with place.open() as control:
        control.ship_rest()
        budget = budget_shape(control.budgets.find(reference))
        spending = spending_shape(control.budgets.spending(reference))
    if as_json:
        output.print_json({"budget": budget, "spending": spending})
        return
    titles = ("id", "subject", "period", "spent", "leased", "left", "allowed", "share")
    facts = [(say(f"cli.column.{name}"), text) for name, text in zip(titles, _row(budget), strict=True)]
    if budget.ends is not None:
        facts.append((say("cli.column.ends"), output.when(budget.ends)))
    found = spending.forecast
    if found is None:
        told = say("cli.budgets.no_forecast")
    else:
        told = say(
            f"cli.budgets.forecast.{found.method}",
            amount=_amount(found.expected, budget.currency),
            days=found.days,
        )
        if found.runs_out is not None:
            told += " " + say("cli.budgets.runs_out", day=found.runs_out.isoformat())
    output.print_facts([*facts, (say("cli.column.forecast"), told)])


@command.command("set", help="cli.budgets.set")
@argument("amount", type=Amount(), metavar="amount", help="cli.budgets.amount")
@option("--scope", type=click.Choice(get_args(ScopeName)), default="organisation", help="cli.budgets.scope")
@option("--of", "subject", default="", metavar="name", help="cli.budgets.subject")
@option("--measure", type=click.Choice(get_args(MeasureName)), default="money", help="cli.budgets.measure")
@option("--per", type=click.Choice(get_args(PeriodName)), help="cli.budgets.per")
@option("--model", "models", multiple=True, metavar="pattern", help="cli.budgets.models")
@option("--route", default="", metavar="name", help="cli.budgets.route")
@option("--unpriced", is_flag=True, help="cli.budgets.unpriced")
@option("--id", "reference", metavar="id", help="cli.budgets.change")
@json_option
@place_options
def set_budget(
    amount: Decimal, reference: str | None, per: str | None, as_json: bool, place: Place, **asked: Any
) -> None:
    """Makes one, or changes the amount of one that is there."""
    values = importlib.import_module("counterpoint.control.budgets.values")
    with place.open() as control:
        if reference is not None:
            view = control.budgets.change(reference, values.BudgetChange(amount=amount))
        else:
            usual = "total" if asked["measure"] == "concurrent" else "month"
            view = control.budgets.add(values.NewBudget(amount=amount, per=per or usual, **asked))
    shape = budget_shape(view)
    if as_json:
        output.print_json(shape)
        return
    output.note(say("cli.budgets.done", id=shape.id, name=shape.subject.name, allowed=_row(shape)[6]))


@command.command("remove", help="cli.budgets.remove")
@_reference
@option("--yes", is_flag=True, help="cli.keys.yes")
@place_options
def remove(reference: str, yes: bool, place: Place) -> None:
    """Removes one."""
    with place.open() as control:
        shape = budget_shape(control.budgets.find(reference))
        output.confirm(say("cli.budgets.sure", name=shape.subject.name, allowed=_row(shape)[6]), yes=yes)
        control.budgets.remove(reference)
    output.note(say("cli.budgets.removed"))


@command.command("raise", help="cli.budgets.raise")
@_reference
@argument("amount", type=Amount(), metavar="amount", help="cli.budgets.more")
@option("--until", type=Moment(), metavar="date", help="cli.budgets.until")
@option("--reason", required=True, metavar="text", help="cli.budgets.reason")
@option("--approve", is_flag=True, help="cli.budgets.at_once")
@json_option
@place_options
def ask(
    reference: str,
    amount: Decimal,
    until: datetime | None,
    reason: str,
    approve: bool,
    as_json: bool,
    place: Place,
) -> None:
    """Asks for more, or grants it."""
    raising = importlib.import_module("counterpoint.control.budgets.raising")
    with place.open() as control:
        asked = control.raising.ask(_asker(), raising.NewRaise(reference, amount, until, reason))
        if approve:
            asked = control.raising.approve(asked.row.id, _asker())
    _told(raise_shape(asked, ""), as_json=as_json)


@command.command("raises", help="cli.budgets.raises")
@option("--state", type=click.Choice(get_args(RaiseState)), help="cli.budgets.state")
@page_options
@json_option
@place_options
def list_raises(state: str | None, limit: int, cursor: str | None, as_json: bool, place: Place) -> None:
    """Lists requests."""
    with place.open() as control:
        page = raise_page(control.raising.page(_asker(), state=state, cursor=cursor, limit=limit), "")
    output.print_page(
        page.items,
        page.next,
        as_json=as_json,
        columns=[
            Column(say("cli.column.id"), whole=True),
            Column(say("cli.column.subject")),
            Column(say("cli.column.amount"), right=True),
            Column(say("cli.column.state")),
            Column(say("cli.column.actor")),
            Column(say("cli.column.ends")),
            Column(say("cli.column.why")),
        ],
        row=_raise_row,
        empty=say("cli.budgets.no_raises"),
    )


@command.command("approve", help="cli.budgets.approve")
@_reference
@option("--note", default="", metavar="text", help="cli.budgets.note")
@json_option
@place_options
def approve_raise(reference: str, note: str, as_json: bool, place: Place) -> None:
    """Grants a request."""
    with place.open() as control:
        _told(raise_shape(control.raising.approve(reference, _asker(), note=note), ""), as_json=as_json)


@command.command("refuse", help="cli.budgets.refuse")
@_reference
@option("--note", default="", metavar="text", help="cli.budgets.note")
@json_option
@place_options
def refuse_raise(reference: str, note: str, as_json: bool, place: Place) -> None:
    """Refuses a request."""
    with place.open() as control:
        _told(raise_shape(control.raising.refuse(reference, _asker(), note=note), ""), as_json=as_json)


def _asker() -> "Asker":
    """Who works on the machine may do everything."""
    asker: type[Asker] = importlib.import_module("counterpoint.control.budgets.raising").Asker
    return asker("", "cli", all=True)


def _raise_row(shape: RaiseShape) -> list[str]:
    subject = f"{shape.subject.name} {shape.measure}/{shape.per}" if shape.subject else "-"
    amount = _amount(shape.amount, shape.currency)
    state = say(f"cli.budgets.states.{shape.state}")
    until = output.when(shape.until) if shape.until else "-"
    return [shape.id, subject, amount, state, shape.asked_by, until, shape.reason]


def _told(shape: RaiseShape, *, as_json: bool) -> None:
    if as_json:
        output.print_json(shape)
        return
    row = _raise_row(shape)
    output.note(say("cli.budgets.raised", id=row[0], amount=row[2], state=row[3]))
