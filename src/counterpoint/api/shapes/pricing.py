"""The organisation's currency, what others are worth in it, and what its contracts say."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from counterpoint.api.shapes.common import Shape, instant, moment

if TYPE_CHECKING:  # the command line shows help without loading a database library
    from counterpoint.control.pricing import PriceBook

Owner = Literal["studio", "file"]


@dataclass(frozen=True)
class RateShape(Shape):
    """One unit of `currency` is `rate` of the organisation's, from `since` on."""

    currency: str
    rate: str
    since: datetime | None
    """Null: ever since."""
    source: str
    owner: Owner


@dataclass(frozen=True)
class ContractShape(Shape):
    """What is paid instead of the list price."""

    offering: str
    """A pattern over `host/model` and bare names; of several that fit and hold, the first counts."""
    prices: dict[str, str]
    """By what is priced, per million tokens, in `currency`."""
    discount: str | None
    """In percent off the list price, instead of prices."""
    currency: str
    since: datetime | None
    """Included; null: open."""
    until: datetime | None
    """Not included; null: open."""
    reference: str
    """The organisation's own, of the contract."""
    owner: Owner


@dataclass(frozen=True)
class PricingShape(Shape):
    """All of it."""

    currency: str
    zone: str
    """In which the organisation's days begin."""
    own_by: Owner
    """Who declares currency and zone."""
    rates: list[RateShape]
    contracts: list[ContractShape]
    revision: int
    """Counts changes; also the ETag."""


def pricing_shape(book: "PriceBook") -> PricingShape:
    """As it is shown."""
    return PricingShape(
        currency=book.own.currency,
        zone=book.own.zone,
        own_by=_owner(book.own.owner),
        rates=[
            RateShape(
                each.rate.currency,
                f"{each.rate.rate:f}",
                instant(each.rate.since) if each.rate.since else None,
                each.rate.source,
                _owner(each.owner),
            )
            for each in book.rates
        ],
        contracts=[
            ContractShape(
                offering=each.contract.offering,
                prices={name: f"{amount:f}" for name, amount in each.contract.prices.items()},
                discount=None if each.contract.discount is None else f"{each.contract.discount:f}",
                currency=each.contract.currency,
                since=moment(each.contract.since),
                until=moment(each.contract.until),
                reference=each.contract.reference,
                owner=_owner(each.owner),
            )
            for each in book.contracts
        ],
        revision=book.revision,
    )


def _owner(owner: str) -> Owner:
    return "file" if owner == "file" else "studio"
