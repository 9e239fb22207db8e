import csv
import io
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

YESTERDAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


@pytest.fixture(autouse=True)
def calls(data: Path) -> None:
    """Three calls of yesterday, in a spool that nobody has shipped yet."""
    with open_control(Settings(data=data)) as control:
        organisation = control.beginning.organisation_id
        (key,) = control.keys.list().items
        spool = SpoolWriter(control.plan.spool, "w")
    for minute, (model, status, cost) in enumerate(
        [("small", 200, "0.0000125"), ("large", 200, None), ("small", 500, "0")]
    ):
        spool.append(
            make_entry(
                at=to_micros(YESTERDAY + timedelta(minutes=minute)),
                organisation=organisation,
                project=key.project_id,
                key=key.id,
                requested=model,
                offering=f"host/{model}",
                host="host",
                model=model,
                status=status,
                usage=Usage(input=1000, output=200),
                cost=Decimal(cost) if cost is not None else None,
                total_micros=1_500_000,
            )
        )
    spool.close()


def test_sums_by_model(run: Run) -> None:
    ran = run("usage")
    assert ran.code == 0
    lines = {line.split()[0]: line for line in ran.out.splitlines()}
    assert "0.000012 USD" in lines["small"] or "0.000013 USD" in lines["small"]
    assert "?" in lines["large"]
    assert "3,000" in lines["Total"]
    assert "1 calls have no known price" in ran.err


def test_json_of_a_report(run: Run) -> None:
    report = run("usage", "--by", "day,key", "--json").json
    assert report.keys() == {"since", "until", "rows", "total", "own_currency", "own_cost"}
    assert report["total"]["exchanges"] == 3
    assert report["total"]["unpriced"] == 1
    assert report["total"]["cost"] == {"USD": "0.0000125"}
    (row,) = report["rows"]
    assert row["group"]["key"]["name"] == "demo"
    assert row["at"].startswith(YESTERDAY.date().isoformat())
    assert row.keys() == {
        *("at", "group", "exchanges", "failures", "unpriced", "unreported", "tokens", "web_searches"),
        *("cost", "side_calls", "side_cost", "mean_first_event_ms", "mean_total_ms"),
        *("p50_total_ms", "p95_total_ms", "p50_first_event_ms", "p95_first_event_ms"),
    }


def test_single_calls_in_pages(run: Run) -> None:
    first = run("usage", "--entries", "--limit", "2", "--json").json
    rest = run("usage", "--entries", "--limit", "2", "--cursor", first["next"], "--json").json
    assert [item["status"] for item in first["items"] + rest["items"]] == [500, 200, 200]
    assert first["items"][1]["cost"] is None
    assert rest["next"] is None
    assert "host/large" in run("usage", "--entries").out


def test_one_call_by_its_request_id(run: Run) -> None:
    entry = run("usage", "--entries", "--failed", "--json").json["items"][0]
    assert run("usage", "--entry", entry["id"], "--json").json == entry
    shown = run("usage", "--entry", entry["id"]).out
    assert entry["id"] in shown
    assert "host/small" in shown
    assert run("usage", "--entry", "absent").code == 3


def test_filters(run: Run) -> None:
    assert run("usage", "--failed", "--json").json["total"]["exchanges"] == 1
    assert run("usage", "--model", "large", "--json").json["total"]["exchanges"] == 1
    assert run("usage", "--key", "demo", "--json").json["total"]["exchanges"] == 3
    assert run("usage", "--since", "1h").err.strip() == "Nothing was used in this time."


def test_exports(run: Run, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("usage", "--format", "csv").out)))
    assert {row["model"] for row in rows} == {"small", "large"}
    assert len(json.loads(run("usage", "--entries", "--format", "json").out)) == 3
    target = tmp_path / "usage.parquet"
    ran = run("usage", "--entries", "--format", "parquet", "-o", str(target))
    assert "3 rows written" in ran.err
    assert target.read_bytes().startswith(b"PAR1")


@pytest.mark.parametrize(
    "arguments",
    [("--by", "colour"), ("--by", "day,hour"), ("--since", "soon"), ("--format", "xml"), ("--cursor", "x")],
)
def test_wrong_input_is_a_usage_error(run: Run, arguments: tuple[str, str]) -> None:
    ran = run("usage", *arguments)
    assert ran.code == 2
    assert ran.out == ""


def test_a_folder_that_cannot_be_written_is_told(run: Run) -> None:
    assert run("usage", "--format", "csv", "-o", "/nowhere/x.csv").code == 5


def test_french(run: Run) -> None:
    ran = run("usage", lang="fr")
    assert "Coût" in ran.out
    assert "3\u202f000" in ran.out
