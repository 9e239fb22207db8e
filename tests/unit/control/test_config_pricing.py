from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from counterpoint.catalog.contracts import Contract
from counterpoint.control.config_check import check, load
from counterpoint.control.config_pricing import wanted_from
from counterpoint.storage.clock import to_micros
from counterpoint.storage.pricing import Rate


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "counterpoint.toml"
    path.write_text(text, "utf-8")
    return path


def test_contracts_and_currencies_are_declared(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [organisation]
        currency = "EUR"
        zone = "Europe/Paris"
        [[organisation.rates]]
        currency = "USD"
        rate = 0.92
        since = 1970-01-01T00:00:01Z
        source = "central bank"
        [[prices]]
        offering = "host/*"
        discount = "12.5"
        until = 1970-01-01T00:00:02Z
        reference = "F-17"
        [[prices]]
        offering = "large"
        prices = { input = 1.5, output = "6" }
        """,
    )
    wanted = wanted_from(load(path, environ={}))
    assert (wanted.currency, wanted.zone) == ("EUR", "Europe/Paris")
    assert wanted.rates == (Rate("USD", Decimal("0.92"), 1_000_000, "central bank"),)
    assert wanted.contracts == (
        Contract(offering="host/*", discount=Decimal("12.5"), until=2_000_000, reference="F-17"),
        Contract(offering="large", prices={"input": Decimal("1.5"), "output": Decimal(6)}),
    )


def test_a_date_begins_at_midnight_in_the_zone_that_the_file_says(tmp_path: Path) -> None:
    text = """
        [[prices]]
        offering = "host/*"
        discount = 5
        since = 2026-01-01
        """
    paris = """
        [organisation]
        zone = "Europe/Paris"
        """
    for zone, hours in ((paris, 1), ("", 0)):
        (contract,) = wanted_from(load(written(tmp_path, zone + text), environ={})).contracts
        begins = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=hours)
        assert contract.since == to_micros(begins)


def test_a_date_in_a_zone_that_is_none_is_told_of_the_zone(tmp_path: Path) -> None:
    text = """
        [organisation]
        zone = "Mars"
        [[prices]]
        offering = "host/*"
        discount = 5
        since = 2026-01-01
        """
    (problem,) = check(written(tmp_path, text), environ={})
    assert problem.path == "organisation.zone"


def test_what_is_wrong_is_told_at_its_place(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [organisation]
        currency = "euro"
        zone = "Mars"
        [[organisation.rates]]
        currency = "USD"
        rate = "much"
        [[prices]]
        offering = "host/*"
        """,
    )
    found = [problem.path for problem in check(path, environ={}, lang="en")]
    assert found == ["organisation.currency", "organisation.zone", "organisation.rates[0]", "prices[0]"]
