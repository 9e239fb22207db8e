"""What a call will roughly cost at an offering, to compare offerings by: its estimated input, and as much output as it
may bring, at most what answers usually have."""

from decimal import Decimal

from counterpoint.canonical import Usage
from counterpoint.catalog.prices import cost_of
from counterpoint.directory import Directory, Offering
from counterpoint.gateway.routing.constraints import rate_of
from counterpoint.gateway.routing.plan import Facts

USUAL_OUTPUT = 500
"""Tokens of an answer, where nothing better is known. It only weighs the price of output against that of input."""


def estimated(offering: Offering, facts: Facts, directory: Directory, operation: str) -> Decimal | None:
    """In units of the organisation's currency; `None` where a price or a rate is not known."""
    price = offering.price
    if price is None or not price.tiers:
        return None
    rate = rate_of(price.currency, directory)
    output = 0
    if operation == "chat":
        output = USUAL_OUTPUT if facts.output is None else min(facts.output, USUAL_OUTPUT)
    cost = cost_of(Usage(input=max(1, facts.tokens), output=output), price)
    return None if cost is None or rate is None else cost * rate
