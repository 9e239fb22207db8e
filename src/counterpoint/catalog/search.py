"""Find and show models: what the command line and the admin API answer from. Pure decisions over a catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from counterpoint.catalog.fitting import Query, asks_of_offers, is_able, misses, offer_misses, score
from counterpoint.catalog.market import Offer, Stall, asking, market, offers_of
from counterpoint.catalog.nearest import nearest
from counterpoint.catalog.values import Maker, Model

if TYPE_CHECKING:
    # Gateway workers import `nearest` from here; they must not pay for the loader.
    from collections.abc import Callable

    from counterpoint.catalog.catalog import Catalog

__all__ = ["Found", "Offer", "Query", "Shown", "Sort", "nearest", "search", "show"]

Sort = Literal["fit", "name", "maker", "released", "price", "context", "hosts"]


class Found(msgspec.Struct, frozen=True, omit_defaults=True):
    """A model that fits, with the offers that fit, the cheapest first (unknown prices last)."""

    model: Model
    maker: Maker | None
    offers: tuple[Offer, ...]
    score: float = 0.0

    @property
    def hosts(self) -> int:
        """How many hosts offer it."""
        return len({offer.listing.host for offer in self.offers})

    @property
    def asking(self) -> Offer | None:
        """The offer whose price stands for the model."""
        return asking(self.offers)


class Shown(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is known of one model. `siblings`: others of its maker's in the same family."""

    model: Model
    maker: Maker | None
    offers: tuple[Offer, ...]
    siblings: tuple[str, ...] = ()

    @property
    def asking(self) -> Offer | None:
        """The offer whose price stands for the model."""
        return asking(self.offers)


def search(
    catalog: Catalog,
    query: Query,
    *,
    when: datetime | None = None,
    limit: int | None = None,
    sort: Sort = "fit",
    falling: bool = False,
) -> list[Found]:
    """Models that fit, the best match first, or sorted; what has no such value comes last either way."""
    moment = when or datetime.now(UTC)
    found = [item for stall in market(catalog, moment) if (item := _found(stall, query, moment)) is not None]
    found.sort(key=_rank)
    if sort != "fit":
        value = _VALUES[sort]
        known = sorted((item for item in found if value(item) is not None), key=value, reverse=falling)  # type: ignore[arg-type]  # values of one kind
        found = [*known, *(item for item in found if value(item) is None)]
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
        offers=offers_of(catalog, model, moment),
        siblings=tuple(siblings),
    )


def suggestions(catalog: Catalog, name: str, count: int = 3) -> list[str]:
    """What may have been meant by a name that no model has."""
    return nearest(name, (model.name for model in catalog.models), count)


def _found(stall: Stall, query: Query, when: datetime) -> Found | None:
    if misses(stall, query, when):
        return None
    fitting = tuple(offer for offer in stall.offers if not offer_misses(offer, stall, query, when))
    if not fitting and (asks_of_offers(query) or not is_able(stall.model, query.capabilities)):
        return None
    return Found(stall.model, stall.maker, fitting, score(stall, query.words) or 0.0)


def _rank(found: Found) -> tuple[float, bool, int, str]:
    """Best match, living before dying, then by how widely it is offered."""
    return -found.score, found.model.deprecated, -len(found.offers), found.model.name


def _price(found: Found) -> int | None:
    """Of input and output together, where the model is asked for."""
    offer = found.asking
    return None if offer is None else (offer.input_price or 0) + (offer.output_price or 0)


_VALUES: dict[Sort, Callable[[Found], str | int | None]] = {
    "name": lambda found: (found.model.display or found.model.name).lower(),
    "maker": lambda found: found.maker.display.lower() if found.maker else None,
    "released": lambda found: found.model.released,
    "price": _price,
    "context": lambda found: found.model.context,
    "hosts": lambda found: found.hosts,
}
