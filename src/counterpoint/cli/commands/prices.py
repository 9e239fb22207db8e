"""`counterpoint prices`: what contracts say, what currencies are worth, and in which one the organisation counts."""

import importlib
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from counterpoint.api.shapes.pricing import ContractShape, pricing_shape
from counterpoint.cli import output
from counterpoint.cli.commands.budgets import Amount
from counterpoint.cli.opening import Place
from counterpoint.cli.options import Moment, json_option, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, group, option
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint

if TYPE_CHECKING:
    from counterpoint.control.pricing import Pricing, Wanted


@group("prices", help="cli.prices.help", examples="cli.prices.examples")
def command() -> None:
    """Contract prices and currencies."""


@command.command("list", help="cli.prices.list")
@json_option
@place_options
def list_prices(as_json: bool, place: Place) -> None:
    """Lists contracts and rates."""
    with place.open() as control:
        shape = pricing_shape(control.pricing.book())
    if as_json:
        output.print_json(shape)
        return
    output.note(say("cli.prices.own", currency=shape.currency, zone=shape.zone))
    for rate in shape.rates:
        since = output.when(rate.since) if rate.since else "-"
        output.note(
            say("cli.prices.rate_is", one=rate.currency, rate=rate.rate, currency=shape.currency, since=since)
        )
    columns = [
        Column("#", right=True),
        Column(say("cli.column.offering"), whole=True),
        Column(say("cli.column.price")),
        Column(say("cli.column.since")),
        Column(say("cli.column.ends")),
        Column(say("cli.column.reference")),
    ]
    rows = [[str(number), *_row(each)] for number, each in enumerate(shape.contracts, start=1)]
    output.print_table(columns, rows)


def _row(each: ContractShape) -> list[str]:
    priced = ", ".join(f"{name} {amount}" for name, amount in each.prices.items())
    return [
        each.offering,
        f"-{each.discount} %" if each.discount is not None else f"{priced} {each.currency}",
        output.when(each.since) if each.since else "-",
        output.when(each.until) if each.until else "-",
        each.reference or "-",
    ]


class _Priced(click.ParamType[tuple[str, Decimal]]):
    """`input=1.50`."""

    name = "price"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Decimal]:
        """Raises click's usage error."""
        if isinstance(value, tuple):
            return value
        name, _, amount = str(value).partition("=")
        return name, Amount().convert(amount, param, ctx)


@command.command("add", help="cli.prices.add")
@argument("offering", metavar="pattern", help="cli.prices.offering")
@option("--discount", type=Amount(), metavar="amount", help="cli.prices.discount")
@option("--price", "prices", type=_Priced(), multiple=True, metavar="setting", help="cli.prices.price")
@option("--currency", default="USD", metavar="name", help="cli.prices.in_currency")
@option("--since", type=Moment(), metavar="date", help="cli.prices.since")
@option("--until", type=Moment(), metavar="date", help="cli.prices.until")
@option("--reference", default="", metavar="text", help="cli.prices.reference")
@place_options
def add(
    offering: str,
    prices: tuple[tuple[str, Decimal], ...],
    since: datetime | None,
    until: datetime | None,
    place: Place,
    **said: Any,
) -> None:
    """Adds a contract, after those that are there."""
    contract: Any = importlib.import_module("counterpoint.catalog.contracts").Contract
    micros: Any = importlib.import_module("counterpoint.storage.clock").to_micros
    made = contract(
        offering=offering,
        since=None if since is None else micros(since),
        until=None if until is None else micros(until),
        prices=dict(prices),
        **said,
    )
    with place.open() as control:
        wanted = _as_it_is(control.pricing)
        _put(control.pricing, contracts=(*wanted.contracts, made))
    output.note(say("cli.prices.done"))


@command.command("remove", help="cli.prices.remove")
@argument("number", type=click.IntRange(1), metavar="count", help="cli.prices.number")
@place_options
def remove(number: int, place: Place) -> None:
    """Removes a contract of the studio's."""
    with place.open() as control:
        book = control.pricing.book()
        if number > len(book.contracts):
            raise Complaint("cli.prices.no_such", kind="not_found", number=number)
        if book.contracts[number - 1].owner == "file":
            raise Complaint("control.declared_in_file.price", kind="conflict")
        kept = [each for at, each in enumerate(book.contracts, start=1) if at != number]
        _put(control.pricing, contracts=tuple(each.contract for each in kept if each.owner != "file"))
    output.note(say("cli.prices.done"))


@command.command("rate", help="cli.prices.rate")
@argument("currency", metavar="name", help="cli.prices.rate_of")
@argument("rate", type=Amount(), metavar="amount", help="cli.prices.rate_amount")
@option("--since", type=Moment(past=True), metavar="date", help="cli.prices.rate_since")
@option("--source", default="", metavar="text", help="cli.prices.source")
@place_options
def add_rate(currency: str, rate: Decimal, since: datetime | None, source: str, place: Place) -> None:
    """Says what a currency is worth."""
    rates: Any = importlib.import_module("counterpoint.storage.pricing").Rate
    moment_of: Any = importlib.import_module("counterpoint.control.pricing").moment_of
    made = rates(currency, rate, moment_of(since), source)
    with place.open() as control:
        before = _as_it_is(control.pricing).rates
        kept = [each for each in before if (each.currency, each.since) != (made.currency, made.since)]
        _put(control.pricing, rates=(*kept, made))
    output.note(say("cli.prices.done"))


@command.command("currency", help="cli.prices.currency")
@argument("currency", metavar="name", help="cli.prices.own_currency")
@option("--zone", metavar="name", help="cli.prices.zone")
@place_options
def set_currency(currency: str, zone: str | None, place: Place) -> None:
    """Says in which currency the organisation counts."""
    with place.open() as control:
        _put(control.pricing, currency=currency, zone=zone)
    output.note(say("cli.prices.done"))


def _as_it_is(pricing: "Pricing") -> "Wanted":
    """What the studio says."""
    wanted: type[Wanted] = importlib.import_module("counterpoint.control.pricing").Wanted
    book = pricing.book()
    return wanted(
        rates=tuple(each.rate for each in book.rates if each.owner != "file"),
        contracts=tuple(each.contract for each in book.contracts if each.owner != "file"),
    )


def _put(pricing: "Pricing", **changes: Any) -> None:
    replaced: Any = importlib.import_module("msgspec").structs.replace
    revision = pricing.book().revision
    pricing.replace(replaced(_as_it_is(pricing), **changes), revision=revision)
