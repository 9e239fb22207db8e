"""What every model costs at every host at one moment: what search, facets and details decide over.

Working out the prices of thousands of listings takes a while and comes out the same for everybody within a minute:
the latest is kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from counterpoint.catalog.values import HostRow, Listing, Maker, Model
from counterpoint.directory.values import Price

if TYPE_CHECKING:  # the gateway's workers import `search` for its `nearest`; they must not pay for the loader
    from collections.abc import Sequence
    from datetime import datetime

    from counterpoint.catalog.catalog import Catalog


class Offer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A listing with what it costs at the time asked for. `first_hand`: the host is the model's own maker."""

    listing: Listing
    price: Price | None = None
    country: str = ""
    first_hand: bool = False

    @property
    def input_price(self) -> int | None:
        """Of plain input, in the first tier."""
        return self.price.tiers[0].input if self.price and self.price.tiers else None

    @property
    def output_price(self) -> int | None:
        """Of plain output, in the first tier."""
        return self.price.tiers[0].output if self.price and self.price.tiers else None


class Stall(msgspec.Struct, frozen=True, omit_defaults=True):
    """A model with all of its offers, the cheapest first, unknown prices last. `names`, `around`: the words by
    which it is found, in lower case: its own, and those of its maker, family and hosts."""

    model: Model
    maker: Maker | None
    offers: tuple[Offer, ...]
    names: str = ""
    around: str = ""


def market(catalog: Catalog, when: datetime) -> tuple[Stall, ...]:
    """Every model, by name. Prices hold for minutes at least."""
    return _market(catalog, when.replace(second=0, microsecond=0))


@lru_cache(maxsize=2)
def _market(catalog: Catalog, when: datetime) -> tuple[Stall, ...]:
    return tuple(_stall(catalog, model, when) for model in catalog.models)


def _stall(catalog: Catalog, model: Model, when: datetime) -> Stall:
    maker = catalog.makers.get(model.maker)
    hosts = catalog.hosts_of(model.name)
    around = (model.family, model.maker, maker.display if maker else "", *hosts)
    return Stall(
        model=model,
        maker=maker,
        offers=offers_of(catalog, model, when),
        names=" ".join((model.name, model.display, *model.also)).lower(),
        around=" ".join(around).lower(),
    )


def offers_of(catalog: Catalog, model: Model, when: datetime) -> tuple[Offer, ...]:
    """Who offers a model, the cheapest first."""
    offers = [
        _offer(catalog, catalog.hosts.get(listing.host), listing, model, when)
        for listing in catalog.listings_of(model.name)
    ]
    return tuple(sorted(offers, key=_cost_order))


def asking(offers: Sequence[Offer]) -> Offer | None:
    """Of offers in that order, the one whose price stands for the model: its maker's own, else the cheapest.

    Trials and subscriptions are listed at nothing: where somebody asks for money, that is what a call costs."""
    priced = [offer for offer in offers if offer.input_price is not None or offer.output_price is not None]
    own = [offer for offer in priced if offer.first_hand]
    paid = [offer for offer in own or priced if (offer.input_price or 0) + (offer.output_price or 0) > 0]
    return next(iter(paid or own or priced), None)


def _offer(catalog: Catalog, row: HostRow | None, listing: Listing, model: Model, when: datetime) -> Offer:
    return Offer(
        listing=listing,
        price=catalog.price_of(listing, when),
        country=row.country if row else "",
        first_hand=row is not None and row.makes(model.maker),
    )


def _cost_order(offer: Offer) -> tuple[bool, int, str, str]:
    """Cheapest first by the sum of both prices; unknown ones last."""
    known = offer.input_price is not None
    total = (offer.input_price or 0) + (offer.output_price or 0)
    return not known, total, offer.listing.host, offer.listing.id
