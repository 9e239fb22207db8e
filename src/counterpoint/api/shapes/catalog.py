"""The catalogue as it is shown: models, and what each of their hosts asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterpoint.api.shapes.common import Shape

if TYPE_CHECKING:  # the command line shows help without loading the catalogue
    from counterpoint.catalog.search import Found, Offer, Shown
    from counterpoint.catalog.values import Maker, Model


@dataclass(frozen=True)
class OfferShape(Shape):
    """A model at one host."""

    host: str
    id: str
    """The host's own name for it: it is called as `host/id`."""
    region: str
    country: str
    """ISO code of the country whose law binds the host; empty: unknown."""
    input_price: str | None
    """Per million tokens, exact, in `currency`; null: unknown, which is not zero."""
    output_price: str | None
    cache_read_price: str | None
    currency: str | None
    price_source: str | None
    """The open catalogue that the price is from."""
    context: int | None
    quantisation: str
    deprecated: bool
    retires: str | None


@dataclass(frozen=True)
class ModelShape(Shape):
    """A model, whoever serves it."""

    name: str
    display: str
    maker: str
    maker_country: str
    family: str
    capabilities: list[str]
    context: int | None
    max_output: int | None
    open_weights: bool | None
    licence: str
    parameters: float | None
    """Billions."""
    released: str | None
    deprecated: bool
    retires: str | None
    offers: list[OfferShape]
    """Cheapest first, unknown prices last."""


@dataclass(frozen=True)
class ModelDetailShape(ModelShape):
    """All that is known of one model."""

    also: list[str]
    """Other names it is known by."""
    knowledge: str | None
    """How far its knowledge reaches."""
    weights: str
    """Where its weights are published."""
    siblings: list[str]
    """Others of the same family."""


def model_shape(found: "Found") -> ModelShape:
    """One of the models found."""
    return ModelShape(**_common(found.model, found.maker, found.offers))  # type: ignore[arg-type]  # by name


def detail_shape(shown: "Shown") -> ModelDetailShape:
    """One model in full."""
    return ModelDetailShape(
        **_common(shown.model, shown.maker, shown.offers),  # type: ignore[arg-type]  # by name
        also=list(shown.model.also),
        knowledge=shown.model.knowledge,
        weights=shown.model.weights,
        siblings=list(shown.siblings),
    )


def _common(model: "Model", maker: "Maker | None", offers: "Iterable[Offer]") -> dict[str, object]:
    return {
        "name": model.name,
        "display": model.display,
        "maker": maker.display if maker else model.maker,
        "maker_country": maker.country if maker else "",
        "family": model.family,
        "capabilities": sorted(model.capabilities),
        "context": model.context,
        "max_output": model.max_output,
        "open_weights": model.open_weights,
        "licence": model.licence,
        "parameters": model.parameters,
        "released": model.released,
        "deprecated": model.deprecated,
        "retires": model.retires,
        "offers": [_offer(offer) for offer in offers],
    }


def _offer(offer: "Offer") -> OfferShape:
    listing, price = offer.listing, offer.price
    tier = price.tiers[0] if price and price.tiers else None
    return OfferShape(
        host=listing.host,
        id=listing.id,
        region=listing.region,
        country=offer.country,
        input_price=micros(tier.input if tier else None),
        output_price=micros(tier.output if tier else None),
        cache_read_price=micros(tier.cache_read if tier else None),
        currency=price.currency if price else None,
        price_source=listing.prices.source if listing.prices else None,
        context=listing.context,
        quantisation=listing.quantisation,
        deprecated=listing.deprecated,
        retires=listing.retires,
    )


def micros(amount: int | None) -> str | None:
    """An amount in micro-units as exact decimal text: `0.15`."""
    if amount is None:
        return None
    whole, rest = divmod(amount, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
