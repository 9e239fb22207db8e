import json
from datetime import date
from decimal import Decimal

import pytest

from counterpoint.control.reconciling.formats import known, recognised
from counterpoint.control.reconciling.matching import Line
from counterpoint.control.reconciling.reading import day_of, lines_of, rows_of, squashed
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
