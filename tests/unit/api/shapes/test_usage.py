from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.api.shapes.usage import entry_shape, plain
from counterpoint.control.usage import EntryView
from counterpoint.ledger import Entry
from counterpoint.limits import Charge, Limit
from tests.entries import ENTRIES, make_entry


@given(st.decimals(0, 10**6, places=12))
def test_amounts_are_exact_and_plain(amount: Decimal) -> None:
    assert "E" not in plain(amount)
    assert Decimal(plain(amount)) == amount


@given(ENTRIES)
def test_any_entry_has_a_shape(entry: Entry) -> None:
    shape = entry_shape(EntryView(entry, "key", "project"))
    assert shape.id == entry.id
    assert (shape.cost is None) == (entry.cost is None)
    assert sum(shape.tokens.values()) == entry.usage.input + entry.usage.reasoning
    assert len(shape.attempts) == len(entry.attempts)


def test_unknown_is_not_zero() -> None:
    shape = entry_shape(EntryView(make_entry(), "", ""))
    assert shape.cost is None
    assert shape.first_event_ms is None


def test_what_was_taken_of_money_is_in_the_organisations_currency() -> None:
    entry = make_entry(currency="USD", charges=(Charge("money", "a", 0, 3_300), Charge("calls", "b", 0, 1)))
    limits = (
        Limit("money", "organisation", "", "money", 2_000_000, "day"),
        Limit("calls", "organisation", "", "requests", 60, "minute"),
    )
    shape = entry_shape(EntryView(entry, "", ""), limits, "EUR")
    assert [(each.limit, each.currency) for each in shape.charges] == [("money", "EUR"), ("calls", None)]
