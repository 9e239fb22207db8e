"""Pricing: exact, additive over classes, monotonic, and unknown exactly where a needed price is unknown."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.catalog.prices import (
    INPUT_CLASSES,
    OUTPUT_CLASSES,
    TOKEN_CLASSES,
    cost_of,
    is_free,
)
from counterpoint.directory.values import FREE, Price, PriceTier

SONNET = Price(
    tiers=(
        PriceTier(
            input=3_000_000,
            cache_read=300_000,
            cache_write=3_750_000,
            cache_write_1h=6_000_000,
            output=15_000_000,
        ),
        PriceTier(
            above=200_000,
            input=6_000_000,
            cache_read=600_000,
            cache_write=7_500_000,
            cache_write_1h=12_000_000,
            output=22_500_000,
        ),
    ),
    web_search=10_000_000,
)

tokens = st.integers(0, 2_000_000)
rates = st.integers(0, 200_000_000)
usages = st.builds(Usage, **dict.fromkeys(TOKEN_CLASSES, tokens), web_searches=st.integers(0, 20))


def _named(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields by a name that only the test's run knows."""
    return fields


@st.composite
def prices(draw: st.DrawFn, *, known: bool = True) -> Price:
    """Any price whose higher tiers are not cheaper, as everywhere in reality."""
    any_rate = rates if known else st.none() | rates
    thresholds = sorted(draw(st.sets(st.integers(1, 1_000_000), max_size=3)))
    tiers = [PriceTier(**_named({name: draw(any_rate) for name in TOKEN_CLASSES}))]
    for threshold in thresholds:
        below = tiers[-1]
        more = {name: draw(st.integers(0, 5_000_000)) for name in TOKEN_CLASSES}
        raised = {
            name: None if getattr(below, name) is None else getattr(below, name) + more[name]
            for name in TOKEN_CLASSES
        }
        tiers.append(PriceTier(above=threshold, **raised))
    return Price(
        tiers=tuple(tiers),
        marginal=draw(st.booleans()),
        request=draw(st.integers(0, 100_000)),
        web_search=draw(any_rate),
    )


def reached(price: Price, usage: Usage) -> PriceTier:
    """The tier that the whole input reaches, told another way than the code tells it."""
    return [tier for tier in price.tiers if tier.above == 0 or usage.input_total > tier.above][-1]


def rate(tier: PriceTier, name: str) -> int | None:
    known: int | None = getattr(tier, name)
    return tier.output if known is None and name == "reasoning" else known


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        (Usage(input=100_000), "0.3"),
        (Usage(input=1), "0.000003"),
        (Usage(input=3, cache_read=9511, cache_write=1956, output=44), "0.0108573"),
        (Usage(input=10, cache_write_1h=1000), "0.00603"),
        (Usage(input=7744, output=273, reasoning=80, web_searches=1), "0.038527"),
        (Usage(input=401_468, output=792, web_searches=10), "2.526628"),
        (Usage(), "0"),
    ],
)
def test_costs_as_published(usage: Usage, cost: str) -> None:
    assert cost_of(usage, SONNET) == Decimal(cost)


def test_a_tier_is_reached_by_more_than_its_threshold_and_cached_tokens_count() -> None:
    assert cost_of(Usage(input=200_000), SONNET) == Decimal("0.6")
    assert cost_of(Usage(input=200_001), SONNET) == Decimal("1.200006")
    assert cost_of(Usage(input=1, cache_read=200_000), SONNET) == Decimal("0.120006")
    assert cost_of(Usage(input=1, output=900_000), SONNET) == Decimal("13.500003")


def test_marginal_bands_price_only_what_lies_in_them() -> None:
    price = msgspec.structs.replace(SONNET, marginal=True)
    assert cost_of(Usage(input=300_000), price) == Decimal("0.6") + Decimal("0.6")
    # The cached prefix comes first and fills the first band.
    assert cost_of(Usage(cache_read=200_000, input=1), price) == Decimal("0.06") + Decimal("0.000006")
    assert cost_of(Usage(input=200_001, output=10), price) == Decimal("0.600006") + Decimal("0.000225")


def test_reasoning_costs_what_output_costs_unless_it_has_a_price() -> None:
    own = Price(tiers=(PriceTier(input=1, output=8_000_000, reasoning=3_000_000),))
    assert cost_of(Usage(reasoning=1000), SONNET) == cost_of(Usage(output=1000), SONNET)
    assert cost_of(Usage(reasoning=1000), own) == Decimal("0.003")


def test_a_request_and_its_searches_are_charged_beside_its_tokens() -> None:
    price = Price(tiers=(PriceTier(input=1_000_000, output=1_000_000),), request=12_000, web_search=5_000_000)
    assert cost_of(Usage(input=1000, output=1000, web_searches=2), price) == Decimal("0.024")
    assert cost_of(Usage(), Price(request=5)) == Decimal("0.000005")


@pytest.mark.parametrize("name", [*TOKEN_CLASSES, "web_searches"])
def test_a_price_that_is_needed_and_not_known_makes_the_cost_unknown(name: str) -> None:
    assert cost_of(Usage(**_named({name: 1})), Price(tiers=(PriceTier(),))) is None
    assert cost_of(Usage(**_named({name: 1})), Price()) is None
    assert cost_of(Usage(**_named({name: 1})), None) is None
    assert cost_of(Usage(**_named({name: 5})), FREE) == 0


def test_usage_that_was_not_reported_has_no_known_cost_but_where_nothing_is_charged() -> None:
    assert cost_of(Usage(reported=False), SONNET) is None
    assert cost_of(Usage(reported=False), FREE) == 0
    assert is_free(FREE)
    assert not is_free(SONNET)
    assert not is_free(Price())


def test_an_amount_is_exact_however_large() -> None:
    usage = Usage(input=999_999_999_999_937)
    assert cost_of(usage, Price(tiers=(PriceTier(input=7),))) == Decimal(999_999_999_999_937 * 7) / 10**12


@given(usage=usages, price=prices(known=False))
def test_unknown_exactly_where_a_used_class_has_no_price(usage: Usage, price: Price) -> None:
    tier = reached(price, usage)
    priced: list[Any] = [rate(tier, name) for name in TOKEN_CLASSES if getattr(usage, name)]
    if usage.web_searches:
        priced.append(price.web_search)
    cost = cost_of(usage, price)
    # Prices of higher tiers are known where the lowest tier's are, so the reached tier decides for marginal ones, too.
    assert (cost is None) == (None in priced)
    assert cost is None or cost >= 0


@given(usage=usages, price=prices())
def test_input_and_output_are_charged_independently(usage: Usage, price: Price) -> None:
    """Additivity over disjoint classes: input and output, priced apart in the same tier, make up the whole."""
    tier = reached(price, usage)
    flat = Price(tiers=(msgspec.structs.replace(tier, above=0),), web_search=price.web_search)
    alone = [
        cost_of(Usage(**_named({name: getattr(usage, name)})), flat) or Decimal(0)
        for name in (*INPUT_CLASSES, *OUTPUT_CLASSES, "web_searches")
    ]
    assert cost_of(usage, flat) == sum(alone, Decimal(0))
    if not price.marginal or len(price.tiers) < 2:
        fee = Decimal(price.request).scaleb(-6)
        assert cost_of(usage, price) == sum(alone, Decimal(0)) + fee


@given(
    usage=usages,
    price=prices(),
    name=st.sampled_from([*TOKEN_CLASSES, "web_searches"]),
    more=st.integers(0, 500_000),
)
def test_more_of_anything_never_costs_less(usage: Usage, price: Price, name: str, more: int) -> None:
    larger = msgspec.structs.replace(usage, **{name: getattr(usage, name) + more})
    before, after = cost_of(usage, price), cost_of(larger, price)
    assert before is not None
    assert after is not None
    # In marginal bands tokens of a cheaper class push dearer ones up, never down: prices rise with the bands.
    assert after >= before


@pytest.mark.parametrize(
    ("usage", "unit", "cost"),
    [
        (Usage(images=2), "hd/1024x1792", "0.24"),
        (Usage(images=1), "low/1024x1024", "0.04"),
        (Usage(images=1), "1x1", None),
        (Usage(audio_seconds=3601), "", "0.3601"),
        (Usage(audio_seconds=1), "", "0.0001"),
        (Usage(characters=64), "", "0.00096"),
    ],
)
def test_what_is_charged_by_the_piece(usage: Usage, unit: str, cost: str | None) -> None:
    images = {"hd/1024x1792": 120_000, "1024x1024": 40_000}
    price = Price(images=images, audio_hour=360_000, characters=15_000_000)
    assert cost_of(usage, price, unit) == (None if cost is None else Decimal(cost))
    assert cost_of(usage, Price(), unit) is None
    assert cost_of(usage, FREE, unit) == 0


def test_a_reranking_is_charged_by_the_search_unit() -> None:
    price = Price(request=2000)
    assert cost_of(Usage(search_units=1), price) == Decimal("0.002")
    assert cost_of(Usage(search_units=3), price) == Decimal("0.006")
    assert cost_of(Usage(), price) == Decimal("0.002")


def test_tokens_beside_what_is_charged_by_the_piece() -> None:
    heard = Usage(input=5, output=20, audio_seconds=3600)
    assert cost_of(heard, Price(audio_hour=180_000)) == Decimal("0.18")
    assert cost_of(Usage(input=5), Price(audio_hour=180_000)) is None
    both = Price(tiers=(PriceTier(input=1_000_000, output=1_000_000),), audio_hour=180_000)
    assert cost_of(heard, both) == Decimal("0.180025")
