import json
from datetime import date
from decimal import Decimal

import pytest

from counterpoint.control.reconciling.formats import known, recognised
from counterpoint.control.reconciling.matching import Line
from counterpoint.control.reconciling.reading import (
    day_of,
    lines_of,
    model_within,
    rows_of,
    squashed,
    unit_of,
)
from counterpoint.i18n.complaint import Complaint

DAY = date(2026, 11, 2)


def read(text: str, *models: str) -> list[Line]:
    rows = rows_of(text)
    kind = recognised(frozenset(name for row in rows for name in row), known())
    return lines_of(rows, kind, models)


def test_usage_as_an_api_nests_it() -> None:
    bucket = {
        "object": "bucket",
        "start_time": 1_793_577_600,
        "results": [
            {
                "model": "large",
                "input_tokens": 1000,
                "input_cached_tokens": 400,
                "input_audio_tokens": 0,
                "output_tokens": 50,
                "output_audio_tokens": 0,
                "num_model_requests": 3,
            }
        ],
    }
    found = read(json.dumps({"data": [bucket, {"start_time": 1, "results": []}]}))
    assert [(each.day, each.name, each.quantity) for each in found] == [
        (DAY, "input", Decimal(600)),
        (DAY, "cache_read", Decimal(400)),
        (DAY, "output", Decimal(50)),
    ]


def test_costs_in_cents_by_kind_of_token() -> None:
    result = {
        "amount": "123.45",
        "currency": "USD",
        "model": "large",
        "token_type": "uncached_input_tokens",
        "cost_type": "tokens",
    }
    text = json.dumps({"data": [{"starting_at": "2026-11-02T00:00:00Z", "results": [result]}]})
    assert read(text) == [Line(DAY, "large", "input", None, Decimal("1.2345"), "USD")]


def test_a_spreadsheet_of_a_cloud_names_the_model_within_a_meter() -> None:
    text = (
        "\ufeffdate,meterName,quantity,unitOfMeasure,costInBillingCurrency,billingCurrency\r\n"
        "11/02/2026,gpt 4o 1120 Inp glbl Tokens,12.5,1K,0.05,EUR\r\n"
        '11/02/2026,gpt 4o mini Outp glbl Tokens,"1,000",1K,$2,EUR\r\n'
        "11/02/2026,Bandwidth,1,1 GB,1,EUR\r\n"
    )
    assert read(text, "gpt-4o-2024-11-20", "gpt-4o-mini") == [
        Line(DAY, "gpt-4o-2024-11-20", "input", Decimal(12500), Decimal("0.05"), "EUR"),
        Line(DAY, "gpt-4o-mini", "output", Decimal(1_000_000), Decimal(2), "EUR"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-02",
        "2026-11-02T23:59:59Z",
        "2026-11-03 01:00:00+02:00",
        "1793577600",
        "20261102",
        "11/02/2026",
        "2026-11-02 10:00:00 UTC",
    ],
)
def test_days_as_vendors_write_them(text: str) -> None:
    assert day_of(text) == DAY


def test_names_within_names() -> None:
    assert squashed("host/Claude-3.5-Sonnet-20241022") == "claude35sonnet"
    assert squashed("gpt-4o-2024-11-20") == "gpt4o"


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": 1}\n{'])
def test_what_is_no_file_of_lines(text: str) -> None:
    with pytest.raises(Complaint, match="cannot be read"):
        rows_of(text)


def test_a_line_that_is_wrong_is_named() -> None:
    text = (
        "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens\n2026-11-02,m,many,1\n"
    )
    with pytest.raises(Complaint, match="Line 2"):
        read(text)


CUR = """identity_line_item_id,line_item_usage_start_date,line_item_line_item_type,line_item_product_code,\
line_item_usage_type,line_item_usage_amount,line_item_unblended_cost,line_item_currency_code,pricing_unit
a,2026-11-02T00:00:00.000Z,Usage,AmazonBedrock,USE1-Claude4.6Sonnet-input-tokens,23,0.069,USD,1K tokens
b,2026-11-02T00:00:00.000Z,EdpDiscount,AmazonBedrock,USE1-Claude4.6Sonnet-input-tokens,23,-0.007,USD,1K tokens
c,2026-11-02T00:00:00.000Z,Usage,AmazonBedrock,USE1-Claude4.6Sonnet-cache-read-input-token-count,4,0.002,USD,1K tokens
d,2026-11-02T00:00:00.000Z,Usage,AmazonBedrock,USE1-Claude4.6Opus-output-tokens,0.039,0.99,USD,1M tokens
e,2026-11-02T00:00:00.000Z,Tax,AmazonBedrock,USE1-Claude4.6Opus-output-tokens,1,0.2,USD,
f,2026-11-02T00:00:00.000Z,Usage,AmazonEC2,USE1-BoxUsage:input,1,9,USD,Hrs
"""
CLAUDE = ("claude-sonnet-4", "claude-sonnet-4-6", "claude-opus-4-6")


def test_cost_and_usage_reports_of_a_cloud_name_models_in_their_own_order() -> None:
    expected = [
        Line(DAY, "claude-sonnet-4-6", "input", Decimal(23_000), Decimal("0.069"), "USD"),
        Line(DAY, "claude-sonnet-4-6", "cache_read", Decimal(4000), Decimal("0.002"), "USD"),
        Line(DAY, "claude-opus-4-6", "output", Decimal("39000.000"), Decimal("0.99"), "USD"),
    ]
    assert read(CUR, *CLAUDE) == expected
    head, _, rest = CUR.partition("\n")
    legacy = {
        "identity_line_item_id": "identity/LineItemId",
        "line_item_usage_start_date": "lineItem/UsageStartDate",
        "line_item_line_item_type": "lineItem/LineItemType",
        "line_item_product_code": "lineItem/ProductCode",
        "line_item_usage_type": "lineItem/UsageType",
        "line_item_usage_amount": "lineItem/UsageAmount",
        "line_item_unblended_cost": "lineItem/UnblendedCost",
        "line_item_currency_code": "lineItem/CurrencyCode",
        "pricing_unit": "pricing/unit",
    }
    assert read(",".join(legacy[name] for name in head.split(",")) + "\n" + rest, *CLAUDE) == expected


def test_lists_in_a_line_of_a_billing_export_are_no_lines() -> None:
    line = {
        "usage_start_time": "2026-11-02 10:00:00 UTC",
        "service": {"id": "x", "description": "Vertex AI"},
        "sku": {"id": "y", "description": "Gemini 2.5 Flash Text Input - Predictions"},
        "labels": [{"key": "team", "value": "a"}, {"key": "env", "value": "b"}],
        "credits": [{"name": "promotion", "amount": -0.1}, {"name": "other", "amount": -0.2}],
        "cost": 0.3,
        "currency": "EUR",
        "usage": {"amount": 1000.0, "unit": "count"},
    }
    stored = line | {"sku": {"description": "Gemini 2.5 Flash Text Input Caching Storage"}, "cost": 1}
    text = "\n".join(json.dumps(each) for each in (line, stored))
    rows = rows_of(text, lambda columns: "sku.description" in columns)
    kind = recognised(frozenset(name for row in rows for name in row), known())
    assert kind.name == "google-billing"
    assert [(each.name, each.quantity, each.cost) for each in lines_of(rows, kind, ["gemini-2.5-flash"])] == [
        ("input", Decimal("1000.0"), Decimal("0.3")),
        ("cache_storage", Decimal("1000.0"), Decimal(1)),
    ]


def test_focus_of_a_vendor() -> None:
    text = (
        "ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,ConsumedQuantity,ConsumedUnit,SkuMeter,"
        "ChargeDescription\n"
        "2026-11-02T00:00:00Z,Usage,0.5,USD,12,1K tokens,Cached Input Tokens,gpt 4o mini cached input\n"
        "2026-11-02T00:00:00Z,Usage,0.5,USD,2,1 Million Tokens,Output Tokens,gpt 4o mini output\n"
        "2026-11-02T00:00:00Z,Tax,0.5,USD,,,Output Tokens,gpt 4o mini output\n"
    )
    assert read(text, "gpt-4o", "gpt-4o-mini") == [
        Line(DAY, "gpt-4o-mini", "cache_read", Decimal(12_000), Decimal("0.5"), "USD"),
        Line(DAY, "gpt-4o-mini", "output", Decimal(2_000_000), Decimal("0.5"), "USD"),
    ]


def test_costs_that_no_class_fits_stay_visible() -> None:
    results = [
        {"line_item": "gpt-4o-2024-11-20, cached input", "amount": {"value": 0.06, "currency": "usd"}},
        {"line_item": "Code interpreter sessions", "amount": {"value": "0.03", "currency": "usd"}},
        {"line_item": None, "amount": {"value": 1, "currency": "usd"}},
    ]
    text = json.dumps({"object": "page", "data": [{"start_time": 1_793_577_600, "results": results}]})
    assert [(each.model, each.name, each.cost) for each in read(text)] == [
        ("gpt-4o-2024-11-20", "cache_read", Decimal("0.06")),
        ("Code interpreter sessions", "other", Decimal("0.03")),
        ("", "other", Decimal(1)),
    ]


def test_costs_that_are_not_of_tokens_are_told_apart() -> None:
    common = {"currency": "USD", "model": None, "token_type": None, "amount": "100"}
    results = [common | {"cost_type": kind} for kind in ("web_search", "code_execution")]
    text = json.dumps({"data": [{"starting_at": "2026-11-02T00:00:00Z", "results": results}]})
    assert [(each.name, each.cost) for each in read(text)] == [
        ("web_searches", Decimal(1)),
        ("other", Decimal(1)),
    ]


def test_usage_by_kind_of_cache() -> None:
    result = {
        "model": "large",
        "uncached_input_tokens": 100,
        "cache_creation": {"ephemeral_1h_input_tokens": 7, "ephemeral_5m_input_tokens": 5},
        "cache_read_input_tokens": 40,
        "output_tokens": 10,
        "server_tool_use": {"web_search_requests": 2},
    }
    text = json.dumps({"data": [{"starting_at": "2026-11-02T00:00:00Z", "results": [result]}]})
    assert {each.name: each.quantity for each in read(text)} == {
        "input": 100,
        "cache_read": 40,
        "cache_write": 5,
        "cache_write_1h": 7,
        "output": 10,
        "web_searches": 2,
    }


@pytest.mark.parametrize(
    ("text", "count"),
    [("1K", 1000), ("1k TOKENS", 1000), ("1M", 10**6), ("1,000,000 Tokens", 10**6), ("Tokens", 1), ("", 1)],
)
def test_units_as_vendors_write_them(text: str, count: int) -> None:
    assert unit_of(text, {}) == count
    assert unit_of(text, {text.upper(): 7}) == 7


def test_a_decimal_comma_is_not_taken_for_thousands() -> None:
    head = "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens\n"
    (line,) = read(head + '2026-11-02,m,"1,234,567",\n')
    assert line.quantity == 1_234_567
    with pytest.raises(Complaint, match="12,5"):
        read(head + '2026-11-02,m,"12,5",1\n')


def test_a_longer_name_is_not_taken_for_a_shorter_one() -> None:
    assert model_within("gpt 4o mini 0718 Outp glbl", ["gpt-4o-mini", "gpt-4o"]) == "gpt-4o-mini"
    assert model_within("USE1-Claude4Sonnet-input-tokens", ["claude-sonnet-4-1", "claude-sonnet-4"]) == (
        "claude-sonnet-4"
    )
    assert not model_within("Bandwidth", ["gpt-4o"])
