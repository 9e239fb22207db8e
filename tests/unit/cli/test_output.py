import json
from datetime import datetime, timedelta, timezone

import pytest

from counterpoint.cli import output
from counterpoint.cli.tables import Column


def test_times_are_utc() -> None:
    moment = datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert output.when(moment) == "2026-12-31 23:30"
    assert output.when(None) == ""


def test_no_colour_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert output.coloured() is None
    monkeypatch.setenv("NO_COLOR", "1")
    assert output.coloured() is False


def test_money_of_two_currencies() -> None:
    assert output.money({"EUR": "0.5", "USD": "0.0135"}) == "0.50 EUR + 0.0135 USD"
    assert output.money({}) == ""


def test_a_page_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    columns = [Column("Name")]
    output.print_page(["a"], "x1", as_json=False, columns=columns, row=lambda item: [item], empty="none")
    shown = capsys.readouterr()
    assert shown.out == "Name\na\n"
    assert "--cursor x1" in shown.err


def test_an_empty_list_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_page([], None, as_json=False, columns=[], row=list, empty="make one")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "make one\n")
    output.print_page([], None, as_json=True, columns=[], row=list, empty="make one")
    assert json.loads(capsys.readouterr().out) == {"items": [], "next": None}


def test_facts_leave_out_what_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_facts([("A", "1"), ("Long", "2"), ("B", "")])
    assert capsys.readouterr().out == "A     1\nLong  2\n"
