from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.control.reconciling.matching import Cause, Line, Tolerance, agrees, compare

DAY = date(2026, 11, 2)
EXACT = Tolerance(Decimal(0), Decimal(0), Decimal(0))


def line(quantity: int | None = None, cost: str | None = None, *, day: int = 0, **fields: object) -> Line:
    return Line(
        DAY + timedelta(days=day),
        str(fields.get("model", "large")),
        str(fields.get("name", "input")),
        None if quantity is None else Decimal(quantity),
        None if cost is None else Decimal(cost),
        str(fields.get("currency", "USD" if cost else "")),
        1 if fields.get("unreported") else 0,
    )


@pytest.mark.parametrize(
    ("theirs", "ours", "cause"),
    [
        ([line(1000, "2")], [line(1000, "2")], ""),
        ([line(1000)], [], "outside"),
        ([], [line(1000)], "missing"),
        ([line(1500)], [line(1000)], "outside"),
        ([line(1500)], [line(1000), line(0, unreported=True)], "unreported"),
        ([line(1000)], [line(1500)], "unbilled"),
        ([line(1000, "3")], [line(1000, "2")], "price"),
        ([line(1000, "2", currency="EUR")], [line(1000, "2")], "currency"),
        ([line(cost="3")], [line(cost="2")], "outside"),
        ([line(1004)], [line(1000)], ""),
    ],
)
def test_a_difference_is_told_with_its_likely_cause(
    theirs: list[Line], ours: list[Line], cause: Cause
) -> None:
    (found,) = compare(theirs, ours, Tolerance())
    assert found.cause == cause
    assert agrees([found]) == (not cause)


def test_calls_around_midnight_are_on_the_next_day() -> None:
    theirs = [line(900), line(1100, day=1)]
    ours = [line(1000), line(1000, day=1)]
    assert [each.cause for each in compare(theirs, ours, Tolerance())] == ["day", "day"]


def test_models_are_one_under_all_their_names_and_classes_that_are_not_told_apart() -> None:
    theirs = [line(300, model="large-2026-01-01", name="output")]
    ours = [line(100, model="large", name="output"), line(200, model="large", name="reasoning")]
    found = compare(theirs, ours, EXACT, lambda name: name[:5], {"reasoning": "output"})
    assert [(each.model, each.name, each.cause) for each in found] == [("large-2026-01-01", "output", "")]


_lines = st.lists(
    st.builds(
        Line,
        st.integers(0, 3).map(lambda days: DAY + timedelta(days=days)),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["input", "output"]),
        st.integers(0, 10**6).map(Decimal),
        st.decimals(0, 100, places=2),
        st.just("USD"),
    ),
    max_size=12,
)


@given(lines=_lines)
def test_a_ledger_agrees_with_itself_in_any_order_and_any_pieces(lines: list[Line]) -> None:
    pieces = [
        Line(each.day, each.model, each.name, part, cost, each.currency)
        for each in reversed(lines)
        for part, cost in (
            ((each.quantity or Decimal(0)) // 2, (each.cost or Decimal(0)) / 2),
            (
                (each.quantity or Decimal(0)) - (each.quantity or Decimal(0)) // 2,
                (each.cost or Decimal(0)) - (each.cost or Decimal(0)) / 2,
            ),
        )
    ]
    assert agrees(compare(lines, pieces, EXACT))


@given(theirs=_lines, ours=_lines)
def test_deltas_add_up_to_the_whole_difference(theirs: list[Line], ours: list[Line]) -> None:
    found = compare(theirs, ours, EXACT)
    for amount, delta in (("quantity", "quantity"), ("cost", "cost")):
        whole = sum(getattr(each, amount) for each in theirs) - sum(getattr(each, amount) for each in ours)
        assert sum(getattr(each, delta) for each in found) == whole
    keys = [(each.day, each.model, each.name) for each in found]
    assert keys == sorted(set(keys))


@given(theirs=_lines, ours=_lines)
def test_who_is_whose_turns_every_delta_around(theirs: list[Line], ours: list[Line]) -> None:
    there, back = compare(theirs, ours, EXACT), compare(ours, theirs, EXACT)
    assert [each.quantity for each in there] == [-(each.quantity or Decimal(0)) for each in back]
    assert agrees(there) == agrees(back)
