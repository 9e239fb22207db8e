"""The columns, types, nulls and words of FOCUS 1.2, as the specification's own tables have them."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from counterpoint.canonical import Usage
from counterpoint.control.export import write_table
from counterpoint.control.focus import COLUMNS, Names, begin_of, rows
from counterpoint.directory.values import Price, PriceTier
from counterpoint.ledger.entry import Entry
from counterpoint.storage.clock import to_micros
from tests.entries import make_entry

MANDATORY = {
    *("BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd"),
    *("BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd"),
    *("ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost"),
    *("PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName"),
}
NOT_NULL = (MANDATORY | {"BillingAccountType", "ChargeFrequency", "ServiceSubcategory"}) - {
    *("BillingAccountName", "ChargeClass", "ChargeDescription", "PricingQuantity", "PricingUnit"),
}
OF_USAGE = {
    *("ConsumedQuantity", "ConsumedUnit", "PricingQuantity", "PricingUnit", "PricingCategory"),
    *("SkuId", "SkuPriceId", "SkuMeter"),
}
"""Not null either for a charge of usage that is no correction."""
OTHERS = {
    *("AvailabilityZone", "CapacityReservationId", "CapacityReservationStatus"),
    *("CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName"),
    *("CommitmentDiscountQuantity", "CommitmentDiscountStatus", "CommitmentDiscountType"),
    *("CommitmentDiscountUnit", "ConsumedQuantity", "ConsumedUnit", "ContractedUnitPrice", "InvoiceId"),
    *("ListUnitPrice", "PricingCategory", "PricingCurrency", "PricingCurrencyContractedUnitPrice"),
    *("PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice", "RegionId", "RegionName"),
    *("ResourceId", "ResourceName", "ResourceType", "SkuId", "SkuMeter", "SkuPriceDetails", "SkuPriceId"),
    *("SubAccountId", "SubAccountName", "SubAccountType", "Tags", "BillingAccountType", "ChargeFrequency"),
    "ServiceSubcategory",
}
"""Recommended and conditional ones."""
WORDS = {
    "ChargeCategory": {"Usage", "Purchase", "Tax", "Credit", "Adjustment"},
    "ChargeClass": {"", "Correction"},
    "ChargeFrequency": {"One-Time", "Recurring", "Usage-Based"},
    "PricingCategory": {"Standard", "Dynamic", "Committed", "Other"},
    "ServiceCategory": {"AI and Machine Learning"},
    "ServiceSubcategory": {
        *("AI Platforms", "Bots", "Generative AI", "Machine Learning", "Natural Language Processing"),
        "Other (AI and Machine Learning)",
    },
}
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
AT = datetime(2026, 11, 2, 10, 30, tzinfo=UTC)
LISTED = Price(tiers=(PriceTier(input=2_000_000, output=8_000_000),))
PAID = Price(tiers=(PriceTier(input=1_000_000, output=4_000_000),))
NAMES = Names(
    organisation_id="o",
    organisation="Acme",
    currency="EUR",
    projects={"p": "research"},
    keys={"k": "ci"},
    hosts={"host": "Host Inc."},
    makers={"maker": "Maker"},
    prices={"host/large": PAID},
    listed={"host/large": LISTED},
    own=lambda amount, currency, _: amount * Decimal("0.5") if currency == "USD" else None,
)


def entry(cost: str | None = "1.4", hour: int = 10, **fields: object) -> Entry:
    return make_entry(
        **{
            "at": to_micros(AT.replace(hour=hour)),
            "project": "p",
            "key": "k",
            "offering": "host/large",
            "host": "host",
            "model": "large",
            "maker": "maker",
            "usage": Usage(input=1_000_000, output=100_000),
            "cost": None if cost is None else Decimal(cost),
        }
        | fields
    )


def exported(*entries: Entry, step: str = "day") -> list[dict[str, str]]:
    out = io.BytesIO()
    found = rows(entries, NAMES, "hour" if step == "hour" else "day")
    write_table(COLUMNS, found, "csv", out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


def test_every_column_is_one_of_the_specification_or_marked_as_ours() -> None:
    names = [column.name for column in COLUMNS]
    assert set(names) >= MANDATORY
    assert all(name in MANDATORY | OTHERS or name.startswith("x_") for name in names)
    assert names == sorted(set(names), key=lambda name: (name.startswith("x_"), name))


@pytest.mark.parametrize("cost", ["1.4", None, "0"])
@pytest.mark.parametrize("purpose", ["", "judge"])
def test_values_are_as_the_specification_wants_them(cost: str | None, purpose: str) -> None:
    found = exported(entry(cost, purpose=purpose))
    assert len(found) == 2
    for row in found:
        for column in COLUMNS:
            text = row[column.name]
            if column.name in NOT_NULL | OF_USAGE:
                assert text, column.name
            if column.name in WORDS:
                assert text in WORDS[column.name]
            if text and column.kind == "amount":
                assert DECIMAL.fullmatch(text), (column.name, text)
            if column.kind == "moment":
                assert MOMENT.fullmatch(text), (column.name, text)
            if text and column.kind == "json":
                assert isinstance(json.loads(text), dict)
        assert re.fullmatch(r"[A-Z]{3}", row["BillingCurrency"])
        assert row["ChargePeriodStart"] < row["ChargePeriodEnd"]
        assert row["BillingPeriodStart"] <= row["ChargePeriodStart"] < row["BillingPeriodEnd"]
        if row["x_CostKnown"] == "true":
            for price, charged in (("ContractedUnitPrice", "ContractedCost"), ("ListUnitPrice", "ListCost")):
                assert Decimal(row[price]) * Decimal(row["PricingQuantity"]) == Decimal(row[charged])
        else:
            assert (row["ContractedUnitPrice"], row["BilledCost"]) == ("", "0")


def test_a_charge_is_one_class_of_one_key_in_one_day() -> None:
    found = exported(entry(), entry(hour=23), entry(key="other"), entry(purpose="shadow"))
    assert len(found) == 6
    first = found[0]
    assert (first["BilledCost"], first["ListCost"], first["ContractedUnitPrice"]) == ("2", "4", "1")
    assert (first["ConsumedQuantity"], first["ConsumedUnit"]) == ("2000000", "Tokens")
    assert (first["PricingQuantity"], first["PricingUnit"]) == ("2", "1000000 Tokens")
    assert (first["ProviderName"], first["PublisherName"], first["SubAccountName"]) == (
        "Host Inc.",
        "Maker",
        "research",
    )
    assert (first["x_OrganisationCost"], first["x_OrganisationCurrency"]) == ("1", "EUR")
    assert (first["BillingPeriodStart"], first["ChargePeriodEnd"]) == (
        "2026-11-01T00:00:00Z",
        "2026-11-03T00:00:00Z",
    )
    assert [json.loads(row["Tags"]).get("Purpose") for row in found[-2:]] == ["shadow", "shadow"]
    total = sum(Decimal(row["BilledCost"]) for row in found)
    assert total == Decimal("1.4") * 4


def test_by_the_hour() -> None:
    found = exported(entry(), entry(hour=11), step="hour")
    assert [row["ChargePeriodStart"][11:13] for row in found] == ["10", "10", "11", "11"]
    assert begin_of(AT, "hour").minute == 0
