from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.control.currencies import Stretch, converted, rates_at, stretches
from counterpoint.storage.pricing import Rate

EARLY = Rate("USD", Decimal("0.9"), 100)
LATE = Rate("USD", Decimal("0.8"), 200)


def test_the_last_rate_that_has_begun_holds() -> None:
    found = [rates_at("EUR", [LATE, EARLY], moment).get("USD") for moment in (99, 100, 199, 200)]
    assert found == [None, Decimal("0.9"), Decimal("0.9"), Decimal("0.8")]
    assert rates_at("EUR", [], 0) == {"EUR": Decimal(1)}


def test_a_range_is_cut_where_rates_change() -> None:
    cut = stretches("EUR", [EARLY, LATE], 150, 300)
    assert [(each.since, each.until, each.rates["USD"]) for each in cut] == [
        (150, 200, Decimal("0.9")),
        (200, 300, Decimal("0.8")),
    ]
    assert stretches("EUR", [], None, None) == [Stretch(None, None, {"EUR": Decimal(1)})]


def test_before_the_first_rate_nothing_is_known() -> None:
    before, *_ = stretches("EUR", [EARLY], None, None)
    assert converted({"USD": Decimal(1)}, before.rates) is None
    assert converted({"USD": Decimal(0), "EUR": Decimal(2)}, before.rates) == 2


_rates = st.lists(
    st.builds(
        Rate, st.sampled_from(["USD", "GBP"]), st.decimals("0.01", 100, places=4), st.integers(0, 1000)
    ),
    max_size=8,
    unique_by=lambda rate: (rate.currency, rate.since),
)


@given(rates=_rates, since=st.integers(0, 1000), length=st.integers(1, 1000), at=st.integers(0, 999))
def test_every_moment_is_in_one_stretch_with_the_rates_of_that_moment(
    rates: list[Rate], since: int, length: int, at: int
) -> None:
    moment = since + at % length
    found = [
        each
        for each in stretches("EUR", rates, since, since + length)
        if (each.since or 0) <= moment < (each.until or 0)
    ]
    assert len(found) == 1
    assert found[0].rates == rates_at("EUR", rates, moment)
