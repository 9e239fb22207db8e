from datetime import date
from decimal import Decimal

import pytest

from counterpoint.i18n.numbers import day, money, number, size


@pytest.mark.parametrize(("lang", "written"), [("en", "1,234.50"), ("fr", "1\u202f234,50")])
def test_numbers(lang: str, written: str) -> None:
    assert number(Decimal("1234.5"), 2, lang=lang) == written


@pytest.mark.parametrize(
    ("count", "english", "french"),
    [
        (0, "0 B", "0 o"),
        (999, "999 B", "999 o"),
        (92_900_000, "92.9 MB", "92,9 Mo"),
        (10**15, "1,000 TB", "1\u202f000 To"),
    ],
)
def test_sizes(count: int, english: str, french: str) -> None:
    assert size(count, lang="en") == english
    assert size(count, lang="fr") == french


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "0.00 USD"),
        ("12", "12.00 USD"),
        ("0.0135", "0.0135 USD"),
        ("0.00000012", "0.000000 USD"),
        ("1.5", "1.50 USD"),
    ],
)
def test_money(amount: str, written: str) -> None:
    assert money(Decimal(amount), "USD", lang="en") == written


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (date(2026, 11, 30), "30 November 2026", "30 novembre 2026"),
        (date(2027, 5, 1), "1 May 2027", "1er mai 2027"),
        (date(2027, 8, 2), "2 August 2027", "2 août 2027"),
    ],
)
def test_days(value: date, english: str, french: str) -> None:
    assert day(value, lang="en") == english
    assert day(value, lang="fr") == french
