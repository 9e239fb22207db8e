from decimal import Decimal
from pathlib import Path

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
