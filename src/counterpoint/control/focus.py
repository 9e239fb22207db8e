"""What was used and what it cost in the columns of FOCUS, the FinOps Open Cost and Usage Specification, version 1.2
(https://focus.finops.org/focus-specification/v1-2/): one row for each charge, which is what one key used of one class
of one offering's tokens in an hour or a day.

Columns that are about commitments, reservations, zones and regions are left out, as the specification has it for
those who have none; ours begin with `x_`. A charge without a known price has no unit prices and `x_CostKnown` false:
its cost is zero because the specification has no word for unknown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import msgspec

from counterpoint.control.charges import parts_of
from counterpoint.control.export import Cell, Column
from counterpoint.directory.values import Price
from counterpoint.ledger.entry import Entry
from counterpoint.storage.clock import from_micros
from counterpoint.storage.types import DECIMALS, plain

Step = Literal["hour", "day"]
_STEPS: Mapping[Step, timedelta] = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_GRAIN = Decimal(1).scaleb(-DECIMALS)

_UNITS: Mapping[str, tuple[str, str, int]] = {
    "web_searches": ("Searches", "1000 Searches", 1000),
    "images": ("Images", "Images", 1),
    "audio_seconds": ("Seconds", "Hours", 3600),
    "characters": ("Characters", "1000000 Characters", 1_000_000),
    "search_units": ("Requests", "Requests", 1),
    "requests": ("Requests", "Requests", 1),
}
_TOKENS = ("Tokens", "1000000 Tokens", 1_000_000)
"""In which a class is consumed, in which it is priced, and how many of the one are one of the other."""

COLUMNS = (
    Column("BilledCost", "amount"),
    Column("BillingAccountId", "text"),
    Column("BillingAccountName", "text"),
    Column("BillingAccountType", "text"),
    Column("BillingCurrency", "text"),
    Column("BillingPeriodEnd", "moment"),
    Column("BillingPeriodStart", "moment"),
    Column("ChargeCategory", "text"),
    Column("ChargeClass", "text"),
    Column("ChargeDescription", "text"),
    Column("ChargeFrequency", "text"),
    Column("ChargePeriodEnd", "moment"),
    Column("ChargePeriodStart", "moment"),
    Column("ConsumedQuantity", "amount"),
    Column("ConsumedUnit", "text"),
    Column("ContractedCost", "amount"),
    Column("ContractedUnitPrice", "amount"),
    Column("EffectiveCost", "amount"),
    Column("InvoiceId", "text"),
    Column("InvoiceIssuerName", "text"),
    Column("ListCost", "amount"),
    Column("ListUnitPrice", "amount"),
    Column("PricingCategory", "text"),
    Column("PricingCurrency", "text"),
    Column("PricingQuantity", "amount"),
    Column("PricingUnit", "text"),
    Column("ProviderName", "text"),
    Column("PublisherName", "text"),
    Column("ResourceId", "text"),
    Column("ResourceName", "text"),
    Column("ResourceType", "text"),
    Column("ServiceCategory", "text"),
    Column("ServiceName", "text"),
    Column("ServiceSubcategory", "text"),
    Column("SkuId", "text"),
    Column("SkuMeter", "text"),
    Column("SkuPriceDetails", "json"),
    Column("SkuPriceId", "text"),
    Column("SubAccountId", "text"),
    Column("SubAccountName", "text"),
    Column("SubAccountType", "text"),
    Column("Tags", "json"),
    Column("x_CostKnown", "boolean"),
    Column("x_Exchanges", "integer"),
    Column("x_Model", "text"),
    Column("x_Operation", "text"),
    Column("x_OrganisationCost", "amount"),
    Column("x_OrganisationCurrency", "text"),
    Column("x_Purpose", "text"),
    Column("x_TokenClass", "text"),
)


class Names(msgspec.Struct, frozen=True):
    """How things are called. `hosts`, `makers`: display names; `prices`: paid now, `listed`: list prices, both by
    offering. `own`: what an amount of a currency is at a moment in the organisation's, `None` if that is not known."""

    organisation_id: str
    organisation: str
    currency: str
    projects: Mapping[str, str]
    keys: Mapping[str, str]
    hosts: Mapping[str, str]
    makers: Mapping[str, str]
    prices: Mapping[str, Price]
    listed: Mapping[str, Price]
    own: Callable[[Decimal, str, int], Decimal | None]


class _Group(msgspec.Struct, frozen=True):
    at: datetime
    project: str
    key: str
    user: str
    offering: str
    host: str
    model: str
    maker: str
    operation: str
    purpose: str
    currency: str
    known: bool
    name: str


class _Sum(msgspec.Struct):
    quantity: int = 0
    cost: Decimal = Decimal(0)
    listed: Decimal = Decimal(0)
    own: Decimal | None = Decimal(0)
    exchanges: int = 0


def rows(entries: Iterable[Entry], names: Names, step: Step) -> Iterator[list[Cell]]:
    """One for each charge. `entries`: in time; what is held is one step's charges."""
    charges: dict[_Group, _Sum] = {}
    current: datetime | None = None
    for entry in entries:
        at = begin_of(from_micros(entry.at), step)
        if current is not None and at != current:
            yield from _written(charges, names, step)
            charges = {}
        current = at
        _take(charges, entry, names, at)
    yield from _written(charges, names, step)


def begin_of(moment: datetime, step: Step) -> datetime:
    """Of the hour or the day, UTC."""
    moment = moment.astimezone(UTC)
    hour = 0 if step == "day" else moment.hour
    return moment.replace(hour=hour, minute=0, second=0, microsecond=0)


def _take(charges: dict[_Group, _Sum], entry: Entry, names: Names, at: datetime) -> None:
    price, listed = names.prices.get(entry.offering), names.listed.get(entry.offering)
    listed = listed if listed is not None and listed.currency == entry.currency else None
    for part in parts_of(entry.usage, entry.cost, price, listed):
        group = _Group(
            at=at,
            project=entry.project,
            key=entry.key,
            user=entry.user,
            offering=entry.offering,
            host=entry.host,
            model=entry.model,
            maker=entry.maker,
            operation=entry.operation,
            purpose=entry.purpose,
            currency=entry.currency,
            known=part.cost is not None,
            name=part.name,
        )
        into = charges.setdefault(group, _Sum())
        cost = part.cost or Decimal(0)
        into.quantity += part.quantity
        into.cost += cost
        into.listed += cost if part.listed is None else part.listed
        into.exchanges += 1
        own = names.own(cost, entry.currency, entry.at)
        into.own = None if own is None or into.own is None else into.own + own


def _written(charges: Mapping[_Group, _Sum], names: Names, step: Step) -> Iterator[list[Cell]]:
    for group, taken in charges.items():
        cells = _cells(group, taken, names, step)
        yield [cells[column.name] for column in COLUMNS]


def _cells(group: _Group, taken: _Sum, names: Names, step: Step) -> dict[str, Any]:
    consumed, priced, per = _UNITS.get(group.name, _TOKENS)
    quantity = plain((Decimal(taken.quantity) / per).quantize(_GRAIN))
    provider = names.hosts.get(group.host) or group.host or "unknown"
    month = group.at.replace(day=1, hour=0)
    cost = plain(taken.cost)
    sku = f"{group.offering}/{group.name}"
    what = group.name.replace("_", " ").title()
    tags = {
        "Key": names.keys.get(group.key, group.key),
        "Project": names.projects.get(group.project, group.project),
        "Purpose": group.purpose,
        "User": group.user,
    }
    return {
        "BilledCost": cost,
        "BillingAccountId": names.organisation_id,
        "BillingAccountName": names.organisation,
        "BillingAccountType": "Organisation",
        "BillingCurrency": group.currency,
        "BillingPeriodStart": month,
        "BillingPeriodEnd": (month + timedelta(days=32)).replace(day=1),
        "ChargeCategory": "Usage",
        "ChargeClass": None,
        "ChargeDescription": f"{what} of {group.offering}",
        "ChargeFrequency": "Usage-Based",
        "ChargePeriodStart": group.at,
        "ChargePeriodEnd": group.at + _STEPS[step],
        "ConsumedQuantity": Decimal(taken.quantity),
        "ConsumedUnit": consumed,
        "ContractedCost": cost,
        "ContractedUnitPrice": _unit_price(taken.cost, quantity) if group.known else None,
        "EffectiveCost": cost,
        "InvoiceId": None,
        "InvoiceIssuerName": provider,
        "ListCost": plain(taken.listed),
        "ListUnitPrice": _unit_price(taken.listed, quantity) if group.known else None,
        "PricingCategory": "Standard",
        "PricingCurrency": group.currency,
        "PricingQuantity": quantity,
        "PricingUnit": priced,
        "ProviderName": provider,
        "PublisherName": names.makers.get(group.maker) or group.maker or provider,
        "ResourceId": group.offering or "unknown",
        "ResourceName": group.offering.partition("/")[2] or group.model,
        "ResourceType": "Model",
        "ServiceCategory": "AI and Machine Learning",
        "ServiceName": provider,
        "ServiceSubcategory": "Generative AI",
        "SkuId": sku,
        "SkuMeter": f"{what} Tokens" if group.name not in _UNITS else what,
        "SkuPriceDetails": {"x_TokenClass": group.name},
        "SkuPriceId": f"{sku}@{group.currency}",
        "SubAccountId": group.project or None,
        "SubAccountName": names.projects.get(group.project, group.project) or None,
        "SubAccountType": "Project" if group.project else None,
        "Tags": {name: value for name, value in tags.items() if value},
        "x_CostKnown": group.known,
        "x_Exchanges": taken.exchanges,
        "x_Model": group.model,
        "x_Operation": group.operation,
        "x_OrganisationCost": _own(taken, known=group.known),
        "x_OrganisationCurrency": names.currency,
        "x_Purpose": group.purpose or None,
        "x_TokenClass": group.name,
    }


def _unit_price(cost: Decimal, quantity: Decimal) -> Decimal:
    return plain((cost / quantity).quantize(_GRAIN)) if quantity else Decimal(0)


def _own(taken: _Sum, *, known: bool) -> Decimal | None:
    return plain(taken.own.quantize(_GRAIN)) if known and taken.own is not None else None
