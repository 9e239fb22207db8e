"""What could be chosen in each filter, and how many models that would leave: the numbers beside the choices.

Within one filter the choices are alternatives, so its numbers leave that filter itself aside: with one maker chosen,
the others still say how many models they have. Capabilities add up instead: each says how many of the models
found have it too.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from counterpoint.catalog.catalog import Catalog
from counterpoint.catalog.fitting import (
    Aspect,
    Query,
    asks_of_offers,
    is_able,
    misses,
    offer_misses,
)
from counterpoint.catalog.market import Offer, Stall, market

CONTEXTS = (32_000, 128_000, 200_000, 1_000_000)
PRICES = (100_000, 500_000, 1_000_000, 3_000_000, 10_000_000)
"""Ceilings of input, micro-units per million tokens."""


class Facets(msgspec.Struct, frozen=True):
    """`total`: how many models fit. `counts`: by aspect, how many each value would leave."""

    total: int
    counts: Mapping[Aspect, Mapping[str, int]]


def facets(
    catalog: Catalog,
    query: Query,
    *,
    when: datetime | None = None,
    available: frozenset[str] = frozenset(),
    ends: Sequence[str] = (),
) -> Facets:
    """`available`: models that can be called here. `ends`: days before which a model may retire."""
    moment = when or datetime.now(UTC)
    counter = _Counter(query, moment, available, ends)
    for stall in market(catalog, moment):
        counter.add(stall)
    return Facets(counter.total, {aspect: dict(found) for aspect, found in counter.counts.items()})


class _Counter:
    def __init__(self, query: Query, when: datetime, available: frozenset[str], ends: Sequence[str]) -> None:
        self.total = 0
        self.counts: dict[Aspect, Counter[str]] = {
            aspect: Counter()
            for aspect in (
                "maker", "country", "licence", "open_weights", "context", "retirement", "available",
                "capability", "host", "host_country", "price",
            )
        }  # fmt: skip
        # What was chosen keeps its place, and its name, though nothing is left of it.
        for aspect, values in _chosen(query).items():
            self.counts[aspect].update(dict.fromkeys(values, 0))
        self._query = query
        self._when = when
        self._available = available
        self._ends = ends
        # With the filter of retirement aside, those that are gone stay out unless they are asked for.
        self._any_end = msgspec.structs.replace(query, retires_before="")

    def add(self, stall: Stall) -> None:
        """Counts a model wherever it would be found."""
        missed = misses(stall, self._query, self._when)
        if len(missed) > 1:
            return
        offers = [(offer, offer_misses(offer, stall, self._query, self._when)) for offer in stall.offers]
        if not missed and (fitting := self._fitting(stall, offers, None)) is not None:
            self.total += 1
            self._count("capability", stall, fitting)
        for aspect in self.counts:
            if aspect == "capability" or (missed and aspect not in missed):
                continue
            fitting = self._fitting(stall, offers, aspect)
            if fitting is not None and (aspect != "retirement" or self._lives(stall)):
                self._count(aspect, stall, fitting)

    def _lives(self, stall: Stall) -> bool:
        return "retirement" not in misses(stall, self._any_end, self._when)

    def _fitting(
        self, stall: Stall, offers: Iterable[tuple[Offer, set[Aspect]]], but: Aspect | None
    ) -> list[Offer] | None:
        """The offers that fit with that aspect aside; `None` if the model is not found for want of any."""
        aside: frozenset[Aspect] = frozenset() if but is None or but == "retirement" else frozenset({but})
        fitting = [offer for offer, missed in offers if not missed - aside]
        if fitting:
            return fitting
        lacking = asks_of_offers(self._query, but=but) or not is_able(stall.model, self._query.capabilities)
        return None if lacking else []

    def _count(self, aspect: Aspect, stall: Stall, fitting: Sequence[Offer]) -> None:
        self.counts[aspect].update(set(self._values(aspect, stall, fitting)) - {""})

    def _values(self, aspect: Aspect, stall: Stall, fitting: Sequence[Offer]) -> Iterable[str]:
        model = stall.model
        match aspect:
            case "maker":
                return [model.maker]
            case "country":
                return [stall.maker.country if stall.maker else ""]
            case "licence":
                return [model.licence]
            case "open_weights":
                return [] if model.open_weights is None else ["true" if model.open_weights else "false"]
            case "context":
                return [str(room) for room in CONTEXTS if (model.context or 0) >= room]
            case "retirement":
                today = self._when.date().isoformat()
                end = model.retires or ""
                return [day for day in self._ends if today <= end < day]
            case "available":
                return ["true"] if model.name in self._available else []
            case "capability":
                able = set(model.capabilities) if not fitting else set[str]()
                return able.union(
                    *(
                        model.capabilities
                        if offer.listing.capabilities is None
                        else offer.listing.capabilities
                        for offer in fitting
                    )
                )
            case "host":
                return [offer.listing.host for offer in fitting]
            case "host_country":
                return [offer.country for offer in fitting]
            case "price":
                known = [offer.input_price for offer in fitting if offer.input_price is not None]
                return [str(ceiling) for ceiling in PRICES if known and min(known) <= ceiling]
            case _:
                return []


def _chosen(query: Query) -> Mapping[Aspect, Sequence[str]]:
    return {
        "maker": query.makers,
        "country": query.countries,
        "host": query.hosts,
        "host_country": query.host_countries,
    }
