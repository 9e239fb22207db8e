"""`counterpoint catalog`: what the world offers, searched offline."""

import importlib
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from counterpoint.api.shapes.catalog import (
    ModelDetailShape,
    ModelShape,
    OfferShape,
    detail_shape,
    model_shape,
)
from counterpoint.cli import output, progress
from counterpoint.cli.opening import Place
from counterpoint.cli.options import json_option, place_options
from counterpoint.cli.tables import Column
from counterpoint.cli.wording import argument, group, option, stack
from counterpoint.i18n import numbers, say
from counterpoint.i18n.complaint import Complaint

if TYPE_CHECKING:
    from counterpoint.catalog.catalog import Catalog
    from counterpoint.catalog.search import Query

_LISTS = ("maker", "host", "country", "licence", "capability")


@group("catalog", help="cli.catalog.help", examples="cli.catalog.examples")
def command() -> None:
    """The catalogue."""


_filters = stack(
    [
        *(option(f"--{name}", multiple=True, metavar=name, help=f"cli.catalog.by.{name}") for name in _LISTS),
        option("--host-country", multiple=True, metavar="country", help="cli.catalog.by.host_country"),
        option("--open/--closed", "open_weights", default=None, help="cli.catalog.by.open"),
        option(
            "--min-context", type=click.IntRange(0), default=0, metavar="count", help="cli.catalog.by.context"
        ),
        option("--max-input", metavar="price", help="cli.catalog.by.input"),
        option("--max-output", metavar="price", help="cli.catalog.by.output"),
        option("--retired", is_flag=True, help="cli.catalog.by.retired"),
    ]
)


@command.command("search", help="cli.catalog.search", examples="cli.catalog.search_examples")
@argument("words", nargs=-1, metavar="words", help="cli.catalog.words")
@_filters
@option(
    "--limit",
    type=click.IntRange(1, 500),
    default=20,
    show_default=True,
    metavar="count",
    help="cli.option.limit",
)
@option("--cursor", metavar="cursor", help="cli.option.cursor")
@json_option
@place_options
def search(place: Place, as_json: bool, limit: int, cursor: str | None, **asked: Any) -> None:
    """Searches."""
    finding = importlib.import_module("counterpoint.catalog.search")
    start = _start(cursor)
    found = finding.search(_load(place), _query(asked), limit=start + limit + 1)[start:]
    shapes = [model_shape(item) for item in found[:limit]]
    output.print_page(
        shapes,
        str(start + limit) if len(found) > limit else None,
        as_json=as_json,
        columns=[
            Column(say("cli.column.model"), whole=True),
            Column(say("cli.column.maker")),
            Column(say("cli.column.context"), right=True),
            Column(say("cli.column.in_out"), right=True),
            Column(say("cli.column.hosts"), right=True),
        ],
        row=_row,
        empty=say("cli.catalog.nothing"),
    )


@command.command("show", help="cli.catalog.show")
@argument("model", metavar="model", help="cli.catalog.model")
@json_option
@place_options
def show(model: str, as_json: bool, place: Place) -> None:
    """Shows one model."""
    catalog = _load(place)
    finding = importlib.import_module("counterpoint.catalog.search")
    found = finding.show(catalog, model)
    if found is None:
        names = ", ".join(finding.suggestions(catalog, model))
        sentence = "cli.catalog.unknown_but" if names else "cli.catalog.unknown"
        raise Complaint(sentence, kind="not_found", model=model, names=names)
    shape = detail_shape(found)
    if as_json:
        output.print_json(shape)
    else:
        _show(shape)


@command.command("update", help="cli.catalog.update")
@argument("source", metavar="source", help="cli.catalog.source")
@option("--sha256", metavar="hash", default="", help="cli.catalog.sha256")
@json_option
@place_options
def update(source: str, sha256: str, as_json: bool, place: Place) -> None:
    """Takes newer data."""
    updating = importlib.import_module("counterpoint.catalog.updating")
    bar = progress.shown()
    try:
        done = updating.update(
            source,
            place.settings().data,
            sha256=sha256,
            progress=lambda got, total: bar.update(source, got, total, None),
        )
    except updating.UpdateError as error:
        raise Complaint("cli.catalog.not_updated", kind="unavailable", reason=error) from error
    finally:
        bar.close()
    if as_json:
        output.print_json(
            {"date": done.date, "sha256": done.sha256, "models": done.models, "changed": done.changed}
        )
        return
    sentence = "cli.catalog.updated" if done.changed else "cli.catalog.unchanged"
    click.echo(say(sentence, date=done.date, models=numbers.number(done.models)))


def _load(place: Place) -> "Catalog":
    catalog: Catalog = importlib.import_module("counterpoint.catalog.loading").load(place.settings().data)
    if catalog.problem:
        output.note(catalog.problem)
    return catalog


def _query(asked: dict[str, Any]) -> "Query":
    query: type[Query] = importlib.import_module("counterpoint.catalog.search").Query
    return query(
        words=asked["words"],
        makers=asked["maker"],
        hosts=asked["host"],
        countries=tuple(code.upper() for code in asked["country"]),
        host_countries=tuple(code.upper() for code in asked["host_country"]),
        licences=asked["licence"],
        open_weights=asked["open_weights"],
        capabilities=asked["capability"],
        min_context=asked["min_context"],
        max_input_price=_price(asked["max_input"]),
        max_output_price=_price(asked["max_output"]),
        retired=asked["retired"],
    )


def _price(text: str | None) -> int | None:
    """Micro-units of an amount per million tokens."""
    if text is None:
        return None
    try:
        amount = Decimal(text) * 1_000_000
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise Complaint("cli.catalog.not_a_price", price=text)
    return int(amount)


def _start(cursor: str | None) -> int:
    """The catalogue does not change between two pages, so a place in it is a number."""
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 9:
        raise Complaint("cli.catalog.bad_cursor", cursor=cursor)
    return int(cursor)


def _row(model: ModelShape) -> list[str]:
    best = model.offers[0] if model.offers else None
    return [model.name, model.maker, _tokens(model.context), _prices(best), str(len(model.offers))]


def _prices(offer: OfferShape | None) -> str:
    if offer is None or offer.input_price is None:
        return "?"
    output_price = offer.output_price if offer.output_price is not None else "?"
    return f"{_amount(offer.input_price)} / {_amount(output_price)} {offer.currency}"


def _amount(text: str) -> str:
    if text == "?":
        return text
    amount = Decimal(text)
    places = max(2, -int(amount.normalize().as_tuple().exponent)) if amount else 0
    return numbers.number(amount, min(places, 4))


def _tokens(count: int | None) -> str:
    if count is None:
        return "?"
    return f"{numbers.number(count // 1000)}k" if count >= 1000 else str(count)


def _show(model: ModelDetailShape) -> None:
    click.echo(click.style(model.display or model.name, bold=True))
    click.echo()
    weights = {True: "cli.catalog.open", False: "cli.catalog.closed", None: "cli.catalog.unknown_weights"}
    output.print_facts(
        [
            (say("cli.column.name"), model.name),
            (say("cli.column.also"), ", ".join(model.also)),
            (
                say("cli.column.maker"),
                " ".join(filter(None, (model.maker, model.maker_country and f"({model.maker_country})"))),
            ),
            (say("cli.column.capabilities"), ", ".join(model.capabilities)),
            (say("cli.column.context"), _tokens(model.context)),
            (say("cli.column.weights"), say(weights[model.open_weights])),
            (say("cli.column.licence"), model.licence),
            (
                say("cli.column.parameters"),
                f"{numbers.number(model.parameters, 1)} B" if model.parameters else "",
            ),
            (say("cli.column.released"), model.released or ""),
            (say("cli.column.knowledge"), model.knowledge or ""),
            (say("cli.column.retires"), model.retires or ""),
            (say("cli.column.siblings"), ", ".join(model.siblings)),
        ]
    )
    if not model.offers:
        return
    click.echo()
    output.print_table(
        [
            Column(say("cli.column.offering"), whole=True),
            Column(say("cli.column.in_out"), right=True),
            Column(say("cli.column.context"), right=True),
            Column(say("cli.column.country")),
            Column(say("cli.column.retires")),
        ],
        [
            [
                f"{offer.host}/{offer.id}",
                _prices(offer),
                _tokens(offer.context or model.context),
                offer.country,
                offer.retires or "",
            ]
            for offer in model.offers
        ],
    )
    output.note(say("cli.catalog.price_unit"))
