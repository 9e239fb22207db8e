from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.control.charges import divided, parts_of
from counterpoint.directory.values import Price, PriceTier

PRICE = Price(tiers=(PriceTier(input=2_000_000, cache_read=200_000, output=8_000_000),))
USED = Usage(input=1_000_000, cache_read=1_000_000, output=500_000)


def test_a_cost_is_divided_by_what_each_class_costs() -> None:
    found = {part.name: part.cost for part in parts_of(USED, Decimal("6.2"), PRICE, PRICE)}
    assert found == {"input": 2, "cache_read": Decimal("0.2"), "output": 4}


def test_at_another_price_than_now_the_parts_still_add_up() -> None:
    found = parts_of(USED, Decimal("3.1"), PRICE, PRICE)
    assert {part.name: (part.cost, part.listed) for part in found} == {
        "input": (1, 2),
        "cache_read": (Decimal("0.1"), Decimal("0.2")),
        "output": (2, 4),
    }


def test_without_a_price_it_is_divided_by_what_was_used() -> None:
    found = {part.name: part.cost for part in parts_of(USED, Decimal(5), None, None)}
    assert found == {"input": 2, "cache_read": 2, "output": 1}


def test_an_unknown_cost_has_unknown_parts_and_a_call_that_cost_is_a_call() -> None:
    assert {part.cost for part in parts_of(USED, None, PRICE, None)} == {None}
    (part,) = parts_of(Usage(reported=False), Decimal("0.01"), PRICE, None)
    assert (part.name, part.quantity, part.cost) == ("requests", 1, Decimal("0.01"))
    assert parts_of(Usage(), Decimal(0), PRICE, None) == []


@given(
    cost=st.decimals(0, 1000, places=12),
    used=st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.integers(1, 10**9), min_size=1),
    weights=st.lists(st.none() | st.decimals(0, 1000, places=6), min_size=4, max_size=4),
)
def test_parts_add_up_to_the_pico_unit(
    cost: Decimal, used: dict[str, int], weights: list[Decimal | None]
) -> None:
    found = divided(cost, dict(zip(used, weights, strict=False)), used)
    assert sum(part for part in found.values() if part is not None) == cost
    assert all(part is not None and part >= 0 for part in found.values())
