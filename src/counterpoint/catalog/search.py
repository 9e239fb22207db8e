"""Find and show models: what the command line and the admin API answer from. Pure decisions over a catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from counterpoint.catalog.nearest import nearest
from counterpoint.catalog.values import Listing, Maker, Model
from counterpoint.directory.values import Price

if TYPE_CHECKING:
    # Gateway workers import `nearest` from here; they must not pay for the loader.
    from collections.abc import Iterable, Sequence

    from counterpoint.catalog.catalog import Catalog

__all__ = ["Found", "Offer", "Query", "Shown", "nearest", "search", "show"]


class Query(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is looked for; what is empty does not matter.

    `words` are all found in a model's names, maker, family or hosts. `makers`, `hosts`: any of these names.
    `countries`: of the maker, `host_countries`: of the host's company (ISO codes). `licences`: SPDX identifiers,
    or their beginning. `open_weights`: true or false as known, unknown fits neither. `capabilities`: all of
    these. `max_input`, `max_output_price`: micro-units per million tokens at the cheapest host that fits; an
    unknown price never fits. `retired`: models past their date, left out otherwise.
    """

    words: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    host_countries: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    open_weights: bool | None = None
    capabilities: tuple[str, ...] = ()
    min_context: int = 0
    max_input_price: int | None = None
    max_output_price: int | None = None
    retires_before: str = ""
    retired: bool = False


class Offer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A listing with what it costs at the time asked for."""

    listing: Listing
    price: Price | None = None
    country: str = ""

    @property
    def input_price(self) -> int | None:
        """Of plain input, in the first tier."""
        return self.price.tiers[0].input if self.price and self.price.tiers else None

    @property
    def output_price(self) -> int | None:
        """Of plain output, in the first tier."""
        return self.price.tiers[0].output if self.price and self.price.tiers else None


class Found(msgspec.Struct, frozen=True, omit_defaults=True):
    """A model that fits, with the offers that fit, the cheapest first (unknown prices last)."""

    model: Model
    maker: Maker | None
    offers: tuple[Offer, ...]
    score: float = 0.0


class Shown(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is known of one model. `siblings`: others of its maker's in the same family."""

    model: Model
    maker: Maker | None
    offers: tuple[Offer, ...]
    siblings: tuple[str, ...] = ()


def search(
    catalog: Catalog, query: Query, *, when: datetime | None = None, limit: int | None = None
) -> list[Found]:
    """Models that fit, the best match first."""
    moment = when or datetime.now(UTC)
    found = []
    for model in catalog.models:
        score = _fits_model(catalog, model, query, moment)
        if score is None:
            continue
        offers = _fitting_offers(catalog, model, query, moment)
        if offers is not None:
            found.append(
                Found(model=model, maker=catalog.makers.get(model.maker), offers=offers, score=score)
            )
    found.sort(key=_rank)
    return found[:limit]


def show(catalog: Catalog, name: str, *, when: datetime | None = None) -> Shown | None:
    """Everything about the model of that name (bare, under an alias, or `host/id`); `None`: no such model."""
    moment = when or datetime.now(UTC)
    model = catalog.model(name)
    if model is None and "/" in name:
        host, _, model_id = name.partition("/")
        listing = catalog.find(host, model_id)
        model = catalog.model(listing.model) if listing else None
    if model is None:
        return None
    siblings = [
        other.name
        for other in catalog.models
        if other.maker == model.maker and other.family and other.family == model.family and other != model
    ]
    return Shown(
        model=model,
        maker=catalog.makers.get(model.maker),
        offers=_offers(catalog, catalog.listings_of(model.name), moment),
        siblings=tuple(siblings),
    )


def suggestions(catalog: Catalog, name: str, count: int = 3) -> list[str]:
    """What may have been meant by a name that no model has."""
    return nearest(name, (model.name for model in catalog.models), count)


def _fits_model(catalog: Catalog, model: Model, query: Query, when: datetime) -> float | None:
    """How well a model matches the words; `None`: not at all, or something else does not fit."""
    maker = catalog.makers.get(model.maker)
    fits = (
        (not query.makers or model.maker in query.makers)
        and (not query.countries or (maker is not None and maker.country in query.countries))
        and (query.open_weights is None or model.open_weights is query.open_weights)
        and (not query.licences or _has_licence(model, query.licences))
        and _has_room(model.context, query.min_context)
        and (not query.retires_before or (model.retires or "9999") < query.retires_before)
        and (query.retired or not _is_gone(model, when))
    )
    return _score(catalog, model, maker, query.words) if fits else None


def _fitting_offers(catalog: Catalog, model: Model, query: Query, when: datetime) -> tuple[Offer, ...] | None:
    """The offers that fit; `None` if the query asks something of hosts that none of them satisfies."""
    capabilities = set(query.capabilities)
    by_host = query.hosts or query.host_countries or query.max_input_price is not None
    listings = catalog.listings_of(model.name)
    fitting = [
        offer
        for offer in _offers(catalog, listings, when)
        if (not query.hosts or offer.listing.host in query.hosts)
        and (not query.host_countries or offer.country in query.host_countries)
        and capabilities
        <= (model.capabilities if offer.listing.capabilities is None else offer.listing.capabilities)
        and _is_within(offer.input_price, query.max_input_price)
        and _is_within(offer.output_price, query.max_output_price)
        and (query.retired or not _is_past(offer.listing.retires, when))
    ]
    if not fitting and (
        by_host or query.max_output_price is not None or not capabilities <= model.capabilities
    ):
        return None
    return tuple(fitting)


def _offers(catalog: Catalog, listings: Sequence[Listing], when: datetime) -> tuple[Offer, ...]:
    offers = [
        Offer(
            listing=listing,
            price=catalog.price_of(listing, when),
            country=catalog.hosts[listing.host].country if listing.host in catalog.hosts else "",
        )
        for listing in listings
    ]
    return tuple(sorted(offers, key=_cost_order))


def _cost_order(offer: Offer) -> tuple[bool, int, str, str]:
    """Cheapest first by the sum of both prices; unknown ones last."""
    known = offer.input_price is not None
    total = (offer.input_price or 0) + (offer.output_price or 0)
    return not known, total, offer.listing.host, offer.listing.id


def _rank(found: Found) -> tuple[float, bool, int, str]:
    """Best match, living before dying, then by how widely it is offered."""
    return -found.score, found.model.deprecated, -len(found.offers), found.model.name


def _score(catalog: Catalog, model: Model, maker: Maker | None, words: Iterable[str]) -> float | None:
    names = " ".join((model.name, model.display, *model.also)).lower()
    around = " ".join(
        (model.family, model.maker, maker.display if maker else "", *catalog.hosts_of(model.name))
    )
    score = 0.0
    for word in words:
        text = word.lower()
        if text == model.name:
            score += 4
        elif model.name.startswith(text):
            score += 3
        elif text in names:
            score += 2
        elif text in around.lower():
            score += 1
        else:
            return None
    return score


def _has_licence(model: Model, licences: Iterable[str]) -> bool:
    return (
        any(model.licence.lower().startswith(licence.lower()) for licence in licences)
        if model.licence
        else False
    )


def _has_room(context: int | None, wanted: int) -> bool:
    return not wanted or (context is not None and context >= wanted)


def _is_within(price: int | None, ceiling: int | None) -> bool:
    return ceiling is None or (price is not None and price <= ceiling)


def _is_gone(model: Model, when: datetime) -> bool:
    """Whether its maker has stopped serving it; published weights live on elsewhere."""
    return model.open_weights is not True and _is_past(model.retires, when)


def _is_past(date: str | None, when: datetime) -> bool:
    return date is not None and date < when.date().isoformat()
