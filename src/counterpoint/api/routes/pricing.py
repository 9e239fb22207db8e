"""What the organisation pays, and in which currency it counts."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from counterpoint.api.access import require
from counterpoint.api.editing import Edited, Tag
from counterpoint.api.routes.given import Given, Input, Moment
from counterpoint.api.shapes.pricing import PricingShape, pricing_shape
from counterpoint.catalog.contracts import Contract
from counterpoint.control.pricing import Wanted, decimal_of, moment_of
from counterpoint.storage.clock import to_micros
from counterpoint.storage.pricing import Rate

router = APIRouter(prefix="/pricing", tags=["budgets"])
Decimals = Annotated[str, Field(max_length=40, pattern=r"^\d+(\.\d+)?$", examples=["1.50"])]
Code = Annotated[str, Field(min_length=3, max_length=3, examples=["EUR"])]


class RateInput(Input):
    """One unit of `currency` is `rate` of the organisation's, from `since` on."""

    currency: Code
    rate: Decimals
    since: Moment | None = None
    source: str = Field(default="", max_length=200)


class ContractInput(Input):
    """Either prices or a discount."""

    offering: str = Field(max_length=200, examples=["host/*"])
    prices: dict[str, Decimals] = Field(default={}, max_length=20)
    discount: Decimals | None = None
    currency: Code = "USD"
    since: Moment | None = None
    until: Moment | None = None
    reference: str = Field(default="", max_length=200)


class PricingInput(Input):
    """What the studio says. Without `currency` or `zone`, these stay as they are."""

    currency: Code | None = None
    zone: str | None = Field(default=None, max_length=60)
    rates: list[RateInput] = Field(default=[], max_length=2000)
    contracts: list[ContractInput] = Field(default=[], max_length=1000)


@router.get("", summary="Show prices and currencies", dependencies=[require("budgets.read")])
def show_pricing(services: Given, tag: Tag) -> PricingShape:
    """What the configuration file declares comes first."""
    book = services.money.pricing.book()
    tag(book.revision)
    return pricing_shape(book)


@router.put("", summary="Replace the prices of the studio", dependencies=[require("budgets.write")])
def put_pricing(services: Given, wanted: PricingInput, revision: Edited, tag: Tag) -> PricingShape:
    """All of them, in order. What the configuration file declares stays."""
    book = services.money.pricing.replace(
        Wanted(
            currency=wanted.currency,
            zone=wanted.zone,
            rates=tuple(
                Rate(each.currency, decimal_of(each.rate), moment_of(each.since), each.source)
                for each in wanted.rates
            ),
            contracts=tuple(_contract(each) for each in wanted.contracts),
        ),
        revision=revision,
    )
    tag(book.revision)
    return pricing_shape(book)


def _contract(given: ContractInput) -> Contract:
    return Contract(
        offering=given.offering,
        since=None if given.since is None else to_micros(given.since),
        until=None if given.until is None else to_micros(given.until),
        prices={name: decimal_of(amount) for name, amount in given.prices.items()},
        discount=None if given.discount is None else decimal_of(given.discount),
        currency=given.currency,
        reference=given.reference,
    )
