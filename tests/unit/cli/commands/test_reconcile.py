import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from counterpoint.canonical import Usage
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.storage.clock import to_micros
from tests.entries import make_entry
from tests.unit.cli.conftest import Run

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
HEAD = "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens\n"


@pytest.fixture(autouse=True)
def calls(data: Path) -> None:
    with open_control(Settings(data=data)) as control:
        organisation = control.beginning.organisation_id
        spool = SpoolWriter(control.plan.spool, "w")
    for hour in range(2):
        spool.append(
            make_entry(
                at=to_micros(NOON + timedelta(hours=hour)),
                organisation=organisation,
                offering="host/large",
                host="host",
                model="large",
                usage=Usage(input=1000, output=150, reasoning=50),
                cost=Decimal("0.002"),
            )
        )
    spool.close()


def written(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "usage.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), "utf-8")
    return str(path)


def test_a_file_that_agrees(run: Run, tmp_path: Path) -> None:
    found = run(
        "reconcile", written(tmp_path, f"{NOON.date()},large-20260101,2000,400"), "--provider", "host"
    )
    assert found.code == 0
    assert "agree" in found.err


def test_differences_are_shown_line_by_line(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, f"{NOON.date()},large,2500,400", f"{NOON.date()},secret,10,0")
    found = run("reconcile", file)
    assert found.code == 1
    assert "outside the gateway" in found.out
    told = json.loads(run("reconcile", file, "--json").out)
    assert [
        (line["model"], line["class"], line["quantity_delta"], line["cause"]) for line in told["lines"]
    ] == [
        ("large", "input", "500", "outside"),
        ("secret", "input", "10", "outside"),
    ]
    assert len(json.loads(run("reconcile", file, "--all", "--json").out)["lines"]) == 3
    near = written(tmp_path, f"{NOON.date()},large,2500,400")
    assert run("reconcile", near, "--tolerance", "25").code == 0


def test_a_file_of_ones_own(run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        'name = "own"\ncolumns = []\nday = "d"\nmodel = "m"\ncounts = { input = "i", output = "o" }\n'
        'merged = { reasoning = "output" }\n'
    )
    file = tmp_path / "own.csv"
    file.write_text(f"d,m,i,o\n{NOON.date()},large,2000,400\n")
    assert run("reconcile", str(file)).code == 2
    assert run("reconcile", str(file), "--mapping", str(mapping)).code == 0


def test_what_a_file_does_not_count_is_said(run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "own.toml"
    mapping.write_text('name = "own"\ncolumns = []\nday = "d"\nmodel = "m"\ncounts = { input = "i" }\n')
    file = tmp_path / "own.csv"
    file.write_text(f"d,m,i\n{NOON.date()},large,2000\n")
    found = run("reconcile", str(file), "--mapping", str(mapping))
    assert found.code == 0
    assert "output, reasoning" in found.err
    told = json.loads(run("reconcile", str(file), "--mapping", str(mapping), "--json").out)
    assert told["not_compared"] == ["output", "reasoning"]


def test_what_focus_exports_reconciles_with_itself(run: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "focus.csv")
    assert run("usage", "export", "--focus", "--output", file).code == 0
    found = run("reconcile", file)
    assert found.code == 0, found.out
