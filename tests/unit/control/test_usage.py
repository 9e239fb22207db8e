import csv
import io
import json
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from counterpoint.canonical import Usage as Tokens
from counterpoint.control.beginning import Beginning, begin
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.paging import cursor_to
from counterpoint.control.pricing import Pricing, Wanted
from counterpoint.control.usage import Usage, UsageQuery
from counterpoint.control.vault import Vault
from counterpoint.i18n.complaint import Complaint
from counterpoint.ledger import Entry
from counterpoint.storage import keys as key_store
from counterpoint.storage import ledger
from counterpoint.storage.clock import to_micros
from counterpoint.storage.database import Database
from counterpoint.storage.pricing import Rate
from counterpoint.storage.tables import ledger_entries, usage_sums
from tests.entries import make_entry

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def begun(database: Database) -> Beginning:
    return begin(database, Vault([new_master_key()]))


@pytest.fixture
def usage(database: Database, begun: Beginning) -> Usage:
    return Usage(database, begun.organisation_id)


def add(database: Database, begun: Beginning, *entries: dict[str, Any]) -> list[Entry]:
    made = []
    for fields in entries:
        moment = START + timedelta(hours=fields.pop("hours", 0))
        made.append(make_entry(organisation=begun.organisation_id, at=to_micros(moment), **fields))
    with database.write() as connection:
        ledger.add_entries(connection, made)
    return made


def test_totals_keep_classes_currencies_and_what_is_unknown_apart(
    database: Database, begun: Beginning, usage: Usage
) -> None:
    add(
        database,
        begun,
        {
            "usage": Tokens(input=5, output=7),
            "cost": Decimal("0.1"),
            "total_micros": 10,
            "first_event_micros": 4,
        },
        {"usage": Tokens(input=1, cache_read=2), "cost": Decimal("0.2"), "total_micros": 20, "status": 500},
        {"usage": Tokens(), "cost": Decimal(3), "currency": "EUR", "total_micros": 30},
        {"usage": Tokens(reported=False), "total_micros": 40},
    )
    total = usage.report(UsageQuery()).total
    assert (total.exchanges, total.failures, total.unpriced, total.unreported) == (4, 1, 1, 1)
    assert total.tokens["input"] == 6
    assert total.tokens["cache_read"] == 2
    assert total.tokens["output"] == 7
    assert total.cost == {"EUR": Decimal(3), "USD": Decimal("0.3")}
    assert (total.mean_first_event, total.mean_total) == (4, 25)


def test_nothing_used_is_zero_and_costs_nothing(usage: Usage) -> None:
    report = usage.report(UsageQuery(by=("model",)))
    assert report.rows == ()
    assert (report.total.exchanges, report.total.cost, report.total.mean_total) == (0, {}, None)


def test_percentiles_are_of_all_that_a_row_sums(database: Database, begun: Beginning, usage: Usage) -> None:
    add(
        database,
        begun,
        *(
            {
                "hours": number / 10,
                "total_micros": number * 1000,
                "currency": "EUR" if number % 2 else "USD",
                "first_event_micros": None if number > 100 else 2000,
            }
            for number in range(1, 201)
        ),
    )
    total = usage.report(UsageQuery(period="day")).total
    assert total.p50_total == pytest.approx(100_000, rel=0.1)
    assert total.p95_total == pytest.approx(190_000, rel=0.1)
    assert total.p50_first_event == pytest.approx(2000, rel=0.1)
    assert usage.report(UsageQuery(only={"model": ("none",)})).total.p95_first_event is None


@pytest.mark.parametrize(("period", "minutes"), [(None, 0), ("day", 330), ("day", 60), ("hour", 0)])
def test_sums_without_percentiles_are_the_same_sums(
    database: Database, begun: Beginning, usage: Usage, period: Any, minutes: int
) -> None:
    add(database, begun, *({"hours": hours, "model": "m"} for hours in (0, 0.1, 23.5, 53)))
    query = UsageQuery(by=("model",), period=period, offset=timedelta(minutes=minutes))
    quick = usage.report(msgspec.structs.replace(query, latencies=False))
    without = dict.fromkeys(("p50_total", "p95_total", "p50_first_event", "p95_first_event"))
    rows = tuple(msgspec.structs.replace(row, **without) for row in usage.report(query).rows)
    assert quick.rows == rows
    assert quick.total.p95_total is None


def test_groups_come_dearest_first_with_names(database: Database, begun: Beginning, usage: Usage) -> None:
    with database.read() as connection:
        demo = key_store.by_name(connection, begun.project_id, "demo")
    assert demo is not None
    add(
        database,
        begun,
        {"key": demo.id, "project": begun.project_id, "host": "a", "cost": Decimal(1)},
        {"key": demo.id, "project": begun.project_id, "host": "b", "cost": Decimal(2)},
        {"key": "gone", "host": "b", "cost": Decimal(5)},
    )
    rows = usage.report(UsageQuery(by=("key", "host"))).rows
    assert [(row.names["key"], row.group["host"], str(row.cost["USD"])) for row in rows] == [
        ("gone", "b", "5"),
        ("demo", "b", "2"),
        ("demo", "a", "1"),
    ]
    by_name = usage.report(UsageQuery(only={"key": ("demo",), "project": ("default",)}))
    assert by_name.total.exchanges == 2


def test_a_series_has_a_row_per_day_or_hour(database: Database, begun: Beginning, usage: Usage) -> None:
    add(database, begun, {"hours": 0}, {"hours": 0.5}, {"hours": 23}, {"hours": 24}, {"hours": 72})
    days = usage.report(UsageQuery(period="day")).rows
    assert [(row.at, row.exchanges) for row in days] == [
        (START, 3),
        (START + timedelta(days=1), 1),
        (START + timedelta(days=3), 1),
    ]
    hours = usage.report(UsageQuery(period="hour", until=START + timedelta(hours=24))).rows
    assert [(row.at, row.exchanges) for row in hours] == [(START, 2), (START + timedelta(hours=23), 1)]
    local = usage.report(UsageQuery(period="day", offset=timedelta(hours=1))).rows
    assert (local[0].at, local[0].exchanges) == (START - timedelta(hours=1), 2)


def test_filters_choose(database: Database, begun: Beginning, usage: Usage) -> None:
    add(
        database,
        begun,
        {"model": "m1", "maker": "x", "hours": 1},
        {"model": "m2", "maker": "x", "hours": 2, "status": 429, "failure": "rate_limited"},
        {"model": "m3", "maker": "y", "hours": 3},
        {"model": "m4", "maker": "z", "hours": 9, "status": 200, "failure": "upstream_error"},
    )

    def count(**query: Any) -> int:
        return usage.report(UsageQuery(**query)).total.exchanges

    assert count(only={"model": ("m1", "m3")}) == 2
    assert count(only={"maker": ("x",), "model": ("m3",)}) == 0
    assert count(since=START + timedelta(hours=2), until=START + timedelta(hours=3)) == 1
    assert (count(failed=True), count(failed=False)) == (2, 2)
    assert usage.report(UsageQuery()).total.failures == 2


def test_other_organisations_are_not_seen(database: Database, begun: Beginning, usage: Usage) -> None:
    add(database, begun, {})
    with database.write() as connection:
        ledger.add_entries(connection, [make_entry(organisation="other"), make_entry(organisation="")])
    assert usage.report(UsageQuery()).total.exchanges == 2


def test_pages_show_every_entry_once_newest_first(database: Database, begun: Beginning, usage: Usage) -> None:
    made = add(database, begun, *({"hours": number // 3} for number in range(10)))
    seen: list[str] = []
    cursor = None
    while True:
        page = usage.entries(UsageQuery(), cursor=cursor, limit=4)
        seen += [item.entry.id for item in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [entry.id for entry in sorted(made, key=lambda entry: (entry.at, entry.id), reverse=True)]


MADE_UP = ["x", "12", "12.", ".a", "٣.a", "9" * 30 + ".a"]


@pytest.mark.parametrize("cursor", ["", "12.a", *(cursor_to("exchanges", place) for place in MADE_UP)])
def test_a_cursor_of_somebody_else_is_refused(usage: Usage, cursor: str) -> None:
    with pytest.raises(Complaint, match="cursor"):
        usage.entries(UsageQuery(), cursor=cursor)


def test_entries_are_exported_whole(database: Database, begun: Beginning, usage: Usage) -> None:
    made = add(
        database,
        begun,
        {"hours": 1, "requested": "a", "cost": Decimal("0.000000000001"), "usage": Tokens(input=3)},
        {"hours": 0, "requested": "b", "project": begun.project_id},
    )
    out = io.BytesIO()
    assert usage.export_entries(UsageQuery(), "json", out) == 2
    first, second = json.loads(out.getvalue())
    assert (first["requested"], first["project_name"], first["cost"]) == ("b", "default", None)
    assert (second["id"], second["cost"], second["input"]) == (made[0].id, "0.000000000001", 3)
    assert second["at"] == "2026-03-01T01:00:00Z"


def test_reports_are_exported_with_a_row_per_currency(
    database: Database, begun: Beginning, usage: Usage
) -> None:
    add(
        database,
        begun,
        {"model": "m", "cost": Decimal("1.5")},
        {"model": "m", "cost": Decimal(2), "currency": "EUR"},
        {"model": "unpriced"},
    )
    out = io.BytesIO()
    assert usage.export_report(UsageQuery(by=("model", "key"), period="day"), "csv", out) == 3
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))
    assert [(row["model"], row["exchanges"], row["cost"], row["currency"]) for row in rows] == [
        ("m", "2", "2", "EUR"),
        ("m", "0", "1.5", "USD"),
        ("unpriced", "1", "", ""),
    ]


def test_an_export_reads_the_ledger_in_steps(database: Database, begun: Beginning, usage: Usage) -> None:
    add(database, begun, *({"hours": number % 7} for number in range(2100)))
    out = io.BytesIO()
    assert usage.export_entries(UsageQuery(), "csv", out) == 2100
    ids = [row["id"] for row in csv.DictReader(io.StringIO(out.getvalue().decode(), newline=""))]
    assert len(set(ids)) == 2100


FIELDS = st.fixed_dictionaries(
    {
        "hours": st.integers(0, 60),
        "model": st.sampled_from(["a", "b"]),
        "host": st.sampled_from(["x", "y"]),
        "cost": st.none() | st.decimals(0, 1000, places=12, allow_nan=False, allow_infinity=False),
        "currency": st.sampled_from(["USD", "EUR"]),
        "usage": st.builds(Tokens, input=st.integers(0, 10**6), output=st.integers(0, 10**6)),
    }
)


@given(entries=st.lists(FIELDS, max_size=12))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sums_agree_with_the_entries(
    database: Database, begun: Beginning, usage: Usage, entries: list[dict[str, Any]]
) -> None:
    with database.write() as connection:
        for table in (ledger_entries, usage_sums):
            connection.execute(delete(table))
    made = add(database, begun, *(dict(fields) for fields in entries))
    expected: dict[tuple[str, str, int], list[Entry]] = defaultdict(list)
    for entry in made:
        expected[entry.model, entry.host, entry.at // 86_400_000_000].append(entry)
    rows = usage.report(UsageQuery(by=("model", "host"), period="day")).rows
    assert len(rows) == len(expected)
    for row in rows:
        assert row.at is not None
        group = expected[row.group["model"], row.group["host"], to_micros(row.at) // 86_400_000_000]
        assert row.exchanges == len(group)
        assert row.tokens["input"] == sum(entry.usage.input for entry in group)
        assert row.unpriced == sum(entry.cost is None for entry in group)
        for currency in ("USD", "EUR"):
            costs = [entry.cost for entry in group if entry.cost is not None and entry.currency == currency]
            assert row.cost.get(currency) == (sum(costs) if costs else None)


def test_the_sum_is_in_the_organisations_currency_at_the_rates_of_its_time(database: Database) -> None:
    begun = begin(database, Vault([new_master_key()]))
    usage, noon = Usage(database, begun.organisation_id), datetime(2026, 3, 2, 12, tzinfo=UTC)
    later = to_micros(noon + timedelta(days=10))
    with database.write() as connection:
        ledger.add_entries(
            connection,
            [
                make_entry(at=at, organisation=begun.organisation_id, cost=Decimal(cost), currency=currency)
                for at, cost, currency in (
                    (to_micros(noon), "10", "USD"),
                    (later, "10", "USD"),
                    (later, "1", "EUR"),
                )
            ],
        )
    rates = (Rate("USD", Decimal("0.5"), 0), Rate("USD", Decimal("0.9"), later))
    prices = Pricing(database, begun.organisation_id)
    prices.replace(Wanted(currency="EUR", rates=rates[:1]))
    whole = usage.report(UsageQuery())
    assert (whole.currency, whole.own) == ("EUR", Decimal(11))
    prices.replace(Wanted(rates=rates))
    assert usage.report(UsageQuery(by=("model",))).own == 15
    assert usage.report(UsageQuery(since=noon + timedelta(days=1))).own == 10
    prices.replace(Wanted(rates=rates[1:]))
    assert usage.report(UsageQuery()).own is None


@pytest.mark.parametrize(
    ("zone", "first", "hours"),
    [
        ("Europe/Paris", date(2026, 3, 28), [24, 23, 24]),
        ("Europe/Paris", date(2026, 10, 24), [24, 25, 24]),
        ("America/St_Johns", date(2026, 3, 7), [24, 23, 24]),
        ("Asia/Kolkata", date(2026, 3, 28), [24, 24, 24]),
    ],
)
def test_days_begin_at_the_midnights_of_a_zone_over_a_change_of_its_clocks(
    database: Database, begun: Beginning, usage: Usage, zone: str, first: date, hours: list[int]
) -> None:
    local = ZoneInfo(zone)
    days = [first + timedelta(days=each) for each in range(4)]
    midnights = [datetime.combine(day, time(), local).astimezone(UTC) for day in days]
    moments = range(to_micros(midnights[0]), to_micros(midnights[3]), 3_600_000_000)
    with database.write() as connection:
        entries = [make_entry(at=at + 1, organisation=begun.organisation_id) for at in moments]
        ledger.add_entries(connection, entries)
    for since, until in ((None, None), (midnights[0], midnights[3])):
        query = UsageQuery(since=since, until=until, period="day", zone=local)
        report = usage.report(query)
        assert [(row.at, row.exchanges) for row in report.rows] == list(zip(midnights, hours, strict=False))
        assert report.total.exchanges == sum(hours)
    hourly = usage.report(UsageQuery(period="hour", zone=local))
    assert [row.exchanges for row in hourly.rows] == [1] * sum(hours)
    assert (
        usage.report(UsageQuery(since=midnights[3] + timedelta(days=9), period="day", zone=local)).rows == ()
    )


def test_without_entries_a_zone_has_no_days(usage: Usage) -> None:
    assert usage.report(UsageQuery(period="day", zone=ZoneInfo("Europe/Paris"))).rows == ()
