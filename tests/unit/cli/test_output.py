from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from counterpoint.cli import output
from counterpoint.i18n import system_language


@pytest.fixture(params=["en", "fr"])
def lang(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COUNTERPOINT_LANG", request.param)
    system_language.cache_clear()
    return str(request.param)


def test_numbers_in_the_readers_writing(lang: str) -> None:
    assert output.number(Decimal("1234.5"), 2) == {"en": "1,234.50", "fr": "1\u202f234,50"}[lang]


@pytest.mark.parametrize(
    ("count", "english", "french"),
    [
        (0, "0 B", "0 o"),
        (999, "999 B", "999 o"),
        (92_900_000, "92.9 MB", "92,9 Mo"),
        (10**15, "1,000 TB", "1\u202f000 To"),
    ],
)
def test_sizes(lang: str, count: int, english: str, french: str) -> None:
    assert output.size(count) == {"en": english, "fr": french}[lang]


def test_times_are_utc() -> None:
    moment = datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert output.when(moment) == "2026-12-31 23:30"
    assert output.when(None) == ""


def test_no_colour_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert output.coloured() is None
    monkeypatch.setenv("NO_COLOR", "1")
    assert output.coloured() is False
