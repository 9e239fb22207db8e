from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.catalog.contracts import Contract, UnusableContractError, checked, contracted, price_under
from counterpoint.catalog.prices import cost_of
from counterpoint.directory.values import Offering, Price, PriceTier

LISTED = Price(
    tiers=(PriceTier(input=2_000_000, cache_read=500_000, output=8_000_000),), web_search=10_000_000
)
USED = Usage(input=1_000_000, cache_read=200_000, output=100_000)


def offering(name: str = "host/large", price: Price | None = LISTED) -> Offering:
    host, _, model = name.partition("/")
    return Offering(host=host, id=model, model=model, price=price)


def cost(contract: Contract, moment: int = 0) -> Decimal | None:
    return cost_of(USED, contracted(offering(), [contract], moment).price)


def test_a_discount_is_taken_off_every_price_of_the_list() -> None:
    assert cost_of(USED, LISTED) == Decimal("2.9")
    assert cost(Contract(offering="host/*", discount=Decimal("12.5"))) == Decimal("2.5375")
    searched = Usage(web_searches=1000)
    price = contracted(offering(), [Contract(offering="*", discount=Decimal(50))], 0).price
    assert cost_of(searched, price) == Decimal(5)


def test_prices_of_a_contract_stand_instead_of_the_list() -> None:
    agreed = Contract(
        offering="host/large",
        prices={"input": Decimal("1.5"), "cache_read": Decimal("0.15"), "output": Decimal(6)},
        currency="EUR",
    )
    price = contracted(offering(), [agreed], 0).price
    assert price is not None
    assert (cost_of(USED, price), price.currency) == (Decimal("2.13"), "EUR")


def test_what_a_contract_does_not_price_is_known_only_where_a_price_list_would_know_it() -> None:
    agreed = Contract(offering="*", prices={"input": Decimal(1), "output": Decimal(4)})
    price = price_under(agreed, LISTED)
    assert (
        cost_of(Usage(cache_read=1_000_000), price) == 1
    )  # without a price of their own, cached tokens are input
    assert cost_of(Usage(audio_in=1_000_000), price) is None


def test_a_contract_holds_in_its_time_and_the_first_that_holds_counts() -> None:
    first = Contract(offering="*", since=100, until=200, discount=Decimal(50))
    second = Contract(offering="*", discount=Decimal(10))
    found = [
        cost_of(USED, contracted(offering(), [first, second], moment).price) for moment in (99, 100, 199, 200)
    ]
    assert found == [Decimal("2.61"), Decimal("1.45"), Decimal("1.45"), Decimal("2.61")]


def test_only_what_it_names_has_its_price() -> None:
    half = Contract(offering="other/*", discount=Decimal(50))
    assert contracted(offering(), [half], 0) == offering()
    by_model = Contract(offering="large", discount=Decimal(50))
    assert contracted(offering(), [by_model], 0) != offering()
    in_capitals = Contract(offering="LARGE", discount=Decimal(50))
    assert contracted(offering(), [in_capitals], 0) != offering()


def test_a_discount_on_an_unknown_price_is_unknown() -> None:
    half = Contract(offering="*", discount=Decimal(50))
    assert contracted(offering(price=None), [half], 0).price is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "neither"),
        ({"prices": {"input": Decimal(1)}, "discount": Decimal(1)}, "neither"),
        ({"prices": {"inputs": Decimal(1)}}, "unknown_class"),
        ({"prices": {"input": Decimal(-1)}}, "negative"),
        ({"prices": {"input": Decimal("NaN")}}, "negative"),
        ({"prices": {"input": Decimal("0.0000001")}}, "too_fine"),
        ({"prices": {"input": Decimal("1e999999")}}, "too_dear"),
        ({"discount": Decimal(101)}, "over_hundred"),
        ({"discount": Decimal("NaN")}, "over_hundred"),
        ({"discount": Decimal(1), "since": 2, "until": 2}, "backwards"),
    ],
)
def test_contracts_that_cannot_be(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(UnusableContractError) as raised:
        checked(Contract(offering="*", **fields))
    assert raised.value.code == code


@given(
    percent=st.decimals(min_value=0, max_value=100, places=2),
    tokens=st.integers(min_value=0, max_value=10**9),
    listed=st.integers(min_value=0, max_value=10**9),
)
def test_a_discount_never_makes_dearer_and_is_off_by_less_than_a_micro_unit_a_million(
    percent: Decimal, tokens: int, listed: int
) -> None:
    price = Price(tiers=(PriceTier(input=listed),))
    used = Usage(input=tokens)
    before = cost_of(used, price)
    after = cost_of(used, price_under(Contract(offering="*", discount=percent), price))
    assert before is not None
    assert after is not None
    assert 0 <= after <= before
    exact = before * (100 - percent) / 100
    assert abs(after - exact) <= Decimal(tokens).scaleb(-12)
