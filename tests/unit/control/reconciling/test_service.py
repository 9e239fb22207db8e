import io
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from counterpoint.canonical import Usage
from counterpoint.catalog.prices import TOKEN_CLASSES
from counterpoint.control.charges import COUNTED
from counterpoint.control.export import Format
from counterpoint.control.usage import UsageQuery
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import ledger
from tests.entries import make_entry

DAY = 1_793_620_800_000_000  # 2026-11-02 12:00 UTC
HEAD = "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens\n"


def test_calls_without_usage_are_known_to_be_the_likely_cause(tmp_path: Path) -> None:
    with open_control(Settings(data=tmp_path / "data")) as control:
        common = {
            "organisation": control.beginning.organisation_id,
            "offering": "host/large",
            "host": "host",
            "model": "large",
        }
        entries = [
            make_entry(at=DAY, usage=Usage(input=100, output=10), cost=Decimal("0.1"), **common),
            make_entry(at=DAY, usage=Usage(reported=False), **common),
        ]
        with control.database.write() as connection:
            ledger.add_entries(connection, entries)
        reconciling = control.reconciling()
        found = reconciling.reconcile(HEAD + "2026-11-02,large,150,10\n", providers=("host",))
        assert [(each.name, each.cause) for each in found.differences] == [
            ("input", "unreported"),
            ("output", ""),
        ]
        assert not found.agrees
        other = reconciling.reconcile(HEAD + "2026-11-02,large,150,10\n", providers=("elsewhere",))
        assert {each.cause for each in other.differences} == {"outside"}
        with pytest.raises(Complaint, match="no usage"):
            reconciling.reconcile(HEAD)


def test_a_file_of_counts_is_compared_in_what_it_counts(tmp_path: Path) -> None:
    counted = {"input_tokens": 1000, "output_tokens": 100, "input_cached_tokens": 0, "num_model_requests": 2}
    bucket = {"start_time": DAY // 1_000_000 // 86_400 * 86_400, "results": [{"model": "gpt"} | counted]}
    usage = msgspec.json.encode({"object": "page", "data": [{"object": "bucket"} | bucket]}).decode()
    with open_control(Settings(data=tmp_path / "data")) as control:
        common = {
            "organisation": control.beginning.organisation_id,
            "offering": "openai/gpt",
            "host": "openai",
            "model": "gpt",
            "at": DAY,
            "cost": Decimal("0.1"),
        }
        entries = [
            make_entry(usage=Usage(input=1000, output=100, web_searches=50), **common),
            make_entry(usage=Usage(), **common),  # of a price per request
        ]
        with control.database.write() as connection:
            ledger.add_entries(connection, entries)
        found = control.reconciling().reconcile(usage)
        assert [(each.name, each.cause) for each in found.differences] == [("input", ""), ("output", "")]
        assert (found.kind, found.agrees) == ("openai-usage", True)
        assert found.apart == ("requests", "web_searches")
        costs = 'start_time,line_item,amount.value,amount.currency\n2026-11-02,"gpt, input",0.1,usd\n'
        assert not control.reconciling().reconcile(costs).agrees  # where there is money, all of it counts


def test_what_others_used_of_a_model_with_a_longer_name_is_not_ours(tmp_path: Path) -> None:
    head = "date,meterName,quantity,unitOfMeasure,costInBillingCurrency,billingCurrency\n"
    text = (
        head
        + "11/02/2026,gpt 4o Inp glbl Tokens,1,1K,1,USD\n11/02/2026,gpt 4o mini Inp glbl Tokens,5,1K,1,USD\n"
    )
    with open_control(Settings(data=tmp_path / "data")) as control:
        entry = make_entry(
            at=DAY,
            organisation=control.beginning.organisation_id,
            offering="azure/gpt-4o",
            host="azure",
            model="gpt-4o",
            usage=Usage(input=1000),
            cost=Decimal(1),
            currency="USD",
        )
        with control.database.write() as connection:
            ledger.add_entries(connection, [entry])
        found = control.reconciling().reconcile(text)
        assert [(each.model, each.cause) for each in found.differences] == [
            ("gpt-4o", ""),
            ("gpt-4o-mini", "outside"),
        ]


def test_thinking_is_compared_apart_only_where_the_file_has_it_apart(tmp_path: Path) -> None:
    head = (
        "ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,ConsumedQuantity,ConsumedUnit,SkuMeter,"
        "ChargeDescription\n"
    )
    row = "2026-11-02T00:00:00Z,Usage,{},USD,{},Tokens,{} Tokens,large\n"
    with open_control(Settings(data=tmp_path / "data")) as control:
        entry = make_entry(
            at=DAY,
            organisation=control.beginning.organisation_id,
            offering="host/large",
            host="host",
            model="large",
            usage=Usage(output=100, reasoning=300),
            cost=Decimal(4),
            currency="USD",
        )
        with control.database.write() as connection:
            ledger.add_entries(connection, [entry])
        reconciling = control.reconciling()
        assert reconciling.reconcile(head + row.format(4, 400, "Output")).agrees
        both = row.format(1, 100, "Output") + row.format(3, 300, "Reasoning")
        assert reconciling.reconcile(head + both).agrees


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_our_own_export_agrees_with_the_ledger_in_every_class(tmp_path: Path, kind: Format) -> None:
    every = {name: 1000 + number for number, name in enumerate((*TOKEN_CLASSES, *COUNTED))}
    with open_control(Settings(data=tmp_path / "data")) as control:
        common = {
            "at": DAY,
            "organisation": control.beginning.organisation_id,
            "offering": "host/large",
            "host": "host",
            "model": "large",
            "currency": "USD",
        }
        entries = [
            make_entry(usage=msgspec.convert(every, Usage), cost=Decimal("7.3"), **common),
            make_entry(usage=Usage(), cost=Decimal("0.1"), **common),  # of a price per request
        ]
        with control.database.write() as connection:
            ledger.add_entries(connection, entries)
        out = io.BytesIO()
        control.focus().export(UsageQuery(), kind, "day", out)
        found = control.reconciling().reconcile(out.getvalue().decode())
        assert {each.name for each in found.differences} == {*every, "requests"}
        assert found.agrees
