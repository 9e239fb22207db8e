"""Whether a model fits what is looked for, and if not, what about it does not: search and facets ask the same.

A model misses in aspects that have names (`maker`, `context`); an offer misses in others (`host`, `price`). What
misses in nothing is found. What misses in one aspect alone is what another choice there would find.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal

import msgspec

from counterpoint.catalog.market import Offer, Stall
from counterpoint.catalog.values import Model

Aspect = Literal[
    "words", "maker", "country", "licence", "open_weights", "context", "retirement", "available",
    "capability", "host", "host_country", "price",
]  # fmt: skip
OF_OFFERS: Final[frozenset[Aspect]] = frozenset({"host", "host_country", "price"})


class Query(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is looked for; what is empty does not matter.

    `words` are all found in a model's names, maker, family or hosts. `makers`, `hosts`: any of these names.
    `countries`: of the maker, `host_countries`: of the host's company (ISO codes). `licences`: SPDX identifiers,
    or their first parts (`CC-BY`). `open_weights`: true or false as known, unknown fits neither. `capabilities`: all of
    these. `max_input`, `max_output_price`: micro-units per million tokens at the cheapest host that fits; an
    unknown price never fits. `retires_before`: those that have an end, still to come, before this day. `retired`:
    models past their date, left out otherwise. `among`: only these names.
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
    among: frozenset[str] | None = None


def misses(stall: Stall, query: Query, when: datetime) -> set[Aspect]:
    """The aspects in which a model itself is not what is looked for; `retired` ones miss in `retirement`."""
    model, maker = stall.model, stall.maker
    country = maker.country if maker else ""
    missed: set[Aspect] = set()
    if query.words and score(stall, query.words) is None:
        missed.add("words")
    if query.makers and model.maker not in query.makers:
        missed.add("maker")
    if query.countries and country not in query.countries:
        missed.add("country")
    if query.licences and not _has_licence(model, query.licences):
        missed.add("licence")
    if query.open_weights is not None and model.open_weights is not query.open_weights:
        missed.add("open_weights")
    if query.min_context and (model.context or 0) < query.min_context:
        missed.add("context")
    if not _lives_as_wanted(model, query, when):
        missed.add("retirement")
    if query.among is not None and model.name not in query.among:
        missed.add("available")
    return missed


def offer_misses(offer: Offer, stall: Stall, query: Query, when: datetime) -> set[Aspect]:
    """The same of an offer."""
    missed: set[Aspect] = set()
    if query.hosts and offer.listing.host not in query.hosts:
        missed.add("host")
    if query.host_countries and offer.country not in query.host_countries:
        missed.add("host_country")
    within = _is_within(offer.input_price, query.max_input_price)
    if not within or not _is_within(offer.output_price, query.max_output_price):
        missed.add("price")
    able = stall.model.capabilities if offer.listing.capabilities is None else offer.listing.capabilities
    if not able.issuperset(query.capabilities):
        missed.add("capability")
    if not query.retired and is_past(offer.listing.retires, when):
        missed.add("retirement")
    return missed


def asks_of_offers(query: Query, *, but: Aspect | None = None) -> bool:
    """Whether some host has to satisfy it."""
    asked = {
        "host": bool(query.hosts),
        "host_country": bool(query.host_countries),
        "price": query.max_input_price is not None or query.max_output_price is not None,
    }
    return any(wanted for aspect, wanted in asked.items() if aspect != but)


def is_able(model: Model, capabilities: Collection[str]) -> bool:
    """Whether the model itself has all of these."""
    return model.capabilities.issuperset(capabilities)


def score(stall: Stall, words: Collection[str]) -> float | None:
    """How well a model matches the words; `None`: not at all."""
    total = 0.0
    for word in words:
        text = word.lower()
        if text == stall.model.name:
            total += 4
        elif stall.model.name.startswith(text):
            total += 3
        elif text in stall.names:
            total += 2
        elif text in stall.around:
            total += 1
        else:
            return None
    return total


def is_past(date: str | None, when: datetime) -> bool:
    """Whether a date is over."""
    return date is not None and date < when.date().isoformat()


def _lives_as_wanted(model: Model, query: Query, when: datetime) -> bool:
    if query.retires_before and (
        model.retires is None or model.retires >= query.retires_before or is_past(model.retires, when)
    ):
        return False
    return query.retired or not _is_gone(model, when)


def _is_gone(model: Model, when: datetime) -> bool:
    """Whether its maker has stopped serving it; published weights live on elsewhere."""
    return model.open_weights is not True and is_past(model.retires, when)


def _has_licence(model: Model, licences: Collection[str]) -> bool:
    """Of Llama 3.1's licence, Llama 3's is not the beginning: it is another licence."""
    own = f"{model.licence.lower()}-"
    return bool(model.licence) and any(own.startswith(f"{licence.lower()}-") for licence in licences)


def _is_within(price: int | None, ceiling: int | None) -> bool:
    return ceiling is None or (price is not None and price <= ceiling)
