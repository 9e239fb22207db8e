from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from counterpoint.canonical import Usage
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
